import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';
import { ensureChromium, launchOptions } from '../support/chromium.ts';
import { measureForm } from '../support/form-measure.ts';
import { runSite } from '../support/running-site.ts';
import { type Figure, median } from './figure.ts';
import { tidily } from './tidily.ts';

// The seconds of 「簡単60秒」: the built form driven in Chromium by every mode as every person. What comes out is also
// written to the file that the site's footnote prints (docs/decisions/0012-measure-sixty-seconds.md).

const PROJECT = path.resolve(import.meta.dirname, '../..');
const FILE = path.join(PROJECT, 'lib', 'claim-measured.json');

export async function measure(): Promise<Figure[]> {
  return await tidily(async (afterwards) => {
    const site = await runSite();
    afterwards(() => site.remove());
    const browser = await chromium.launch(launchOptions(ensureChromium()));
    afterwards(() => browser.close());
    const measured = await measureForm(browser, site.url, { commit: state(), middle: median });
    writeFileSync(FILE, `${JSON.stringify(measured, undefined, 2)}\n`);
    return measured.runs.map(({ mode, person, promisedSeconds, limitSeconds }) => ({
      id: `form.${mode}.${person}`,
      value: promisedSeconds,
      unit: 's',
      goal: { op: '<=', number: limitSeconds },
    }));
  });
}

/** What was measured: the commit, with `+` where files of the site differ from it. */
function state(): string {
  const git = (...parameters: string[]) => execFileSync('git', parameters, { cwd: PROJECT, encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--', 'app', 'components', 'lib', ':!lib/claim-measured.json');
    return git('rev-parse', '--short', 'HEAD') + (changed === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}
