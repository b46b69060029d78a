import { expect, onTestFinished, test } from 'vitest';
import { postOnce, readForm } from '../support/form-post.ts';
import { runSite } from '../support/running-site.ts';

test('ログの読み手がいなくなっても、登録を受け付け、停止の合図で終わる', async () => {
  const site = await runSite();
  onTestFinished(() => site.remove('SIGKILL'));
  const form = await readForm(`${site.url}/register`);
  site.process.stdout?.destroy();
  site.process.stderr?.destroy();
  // Both are written down, the second by Next: an action that no build had.
  expect((await postOnce(form)).status).toBe(303);
  const stranger = { origin: site.url, 'next-action': '7f'.padEnd(42, '0') };
  const body = new FormData();
  body.append('name', '山田');
  expect((await fetch(`${site.url}/register`, { method: 'POST', headers: stranger, body })).status).toBe(409);
  expect((await fetch(`${site.url}/healthz`)).status).toBe(200);
  expect(await site.stop()).toBe(0);
});
