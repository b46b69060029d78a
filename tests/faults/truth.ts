import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import type { Rows } from './checker.ts';

// What the product says of itself, to the operator and to the agent team, beside what the database holds.

const countRow = z.object({ leads: z.number(), pending: z.number(), dead: z.number(), quarantined: z.number() });
const readyz = z.object({ ready: z.boolean(), leads: countRow.omit({ leads: true }) });
const exportedLead = z.object({ id: z.string(), number: z.string(), receivedAt: z.string(), email: z.string() });

/** What `/readyz` of a built site and `leads export` say otherwise than the database; empty when they tell the truth. */
export async function liesOf({ url, dataDir }: { url: string; dataDir: string }, rows: Rows): Promise<string[]> {
  const { leads, ...waiting } = countRow.parse(
    (
      await rows(`SELECT (SELECT count(*) FROM leads) AS leads,
        (SELECT count(*) FROM outbox WHERE state = 'pending') AS pending,
        (SELECT count(*) FROM outbox WHERE state = 'dead') AS dead,
        (SELECT count(*) FROM leads WHERE state = 'quarantined') AS quarantined`)
    )[0],
  );
  const said = readyz.parse(await (await fetch(`${url}/readyz`)).json());
  const listed = exportedLeads(dataDir).length;
  return [
    ...(JSON.stringify(said.leads) === JSON.stringify(waiting) && said.ready
      ? []
      : [`readyz: ${JSON.stringify(said)}`]),
    ...(listed === leads ? [] : [`export: ${listed} of ${leads}`]),
  ];
}

/** `leads …` as somebody at the shell runs it. */
export function runLeads(dataDir: string, ...parameters: string[]): string {
  const environment = { PATH: process.env.PATH, NODE_ENV: 'production' as const, DATA_DIR: dataDir };
  const options = { env: environment, encoding: 'utf8' as const, maxBuffer: 2 ** 28 };
  return execFileSync(process.execPath, ['scripts/leads.ts', ...parameters], options);
}

/** Each lead of an export by its id, without what changes as mails go out and people correct themselves. */
export function exportedLeads(dataDir: string): [id: string, lead: string][] {
  const all = z.array(exportedLead).parse(JSON.parse(runLeads(dataDir, 'export')));
  return all.map(({ id, ...lead }) => [id, JSON.stringify(lead)]);
}
