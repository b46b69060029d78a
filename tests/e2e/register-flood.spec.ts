import { type BrowserContext, expect } from 'playwright/test';
import { formAnswerSchema } from '#lib/leads/schema.ts';
import type { RunningSite } from '../support/running-site.ts';
import { untilScriptRuns } from '../support/script-runs.ts';
import { test } from './site.ts';
import { expectThanks, fillIn, leadsOf, newVisitor, press } from './visitor.ts';

// More registrations in a minute than PROOF_ABOVE: a browser with script does some work unseen, one without is put into
// quarantine, and nobody notices either.

const FLOOD = { PROOF_ABOVE: '2', TRUST_PROXY: '1' };

/** Registers from `count` addresses in a row, as an older build's pages do. */
async function flood(site: RunningSite, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const body = new FormData();
    const fields = { ...newVisitor(), submission_id: crypto.randomUUID() };
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    const headers = { 'x-forwarded-for': `198.51.100.${index}`, origin: site.url, accept: 'application/json' };
    const answer = await fetch(`${site.url}/register/receive`, { method: 'POST', body, headers });
    expect(formAnswerSchema.parse(await answer.json()).status).toBe('accepted');
  }
}

async function register(context: BrowserContext, site: RunningSite, withScript: boolean) {
  const page = await context.newPage();
  const refusedByPolicy: string[] = [];
  page.on('console', (message) => message.type() === 'error' && refusedByPolicy.push(message.text()));
  const visitor = newVisitor();
  await page.goto(`${site.url}/register`);
  if (withScript) await untilScriptRuns(page);
  await fillIn(page, visitor);
  const sent = page.waitForRequest((request) => request.method() === 'POST');
  await press(page);
  await expectThanks(page);
  expect(refusedByPolicy).toEqual([]);
  expect(await context.cookies()).toEqual([]);
  const [lead] = await leadsOf(site.dataDir, visitor);
  return { lead, body: (await sent).postData() ?? '' };
}

test('集中していないときは証明を求めず、集中すると、気づかれずに解いた証明が添えられ、登録になる', async ({
  browser,
  startSite,
}) => {
  const site = await startSite(FLOOD);
  const context = await browser.newContext({ extraHTTPHeaders: { 'x-forwarded-for': '203.0.113.7' } });
  const calm = await register(context, site, true);
  expect(calm.lead?.state).toBe('new');
  expect(calm.body).not.toContain('signature');
  await flood(site, 4);
  const flooded = await register(context, site, true);
  expect(flooded.body).toMatch(/\\?"signature\\?"/);
  expect(flooded.lead?.state).toBe('new');
  await context.close();
});

test('JavaScriptがなければ、集中している間の登録は、理由をつけて隔離される。画面は同じ', async ({
  browser,
  startSite,
}) => {
  const site = await startSite(FLOOD);
  await flood(site, 4);
  const headers = { 'x-forwarded-for': '203.0.113.8' };
  const context = await browser.newContext({ javaScriptEnabled: false, extraHTTPHeaders: headers });
  const { lead } = await register(context, site, false);
  expect(lead).toMatchObject({ state: 'quarantined', reason: expect.stringContaining('JavaScript'), mails: [] });
  await context.close();
});

test('見えない欄は、画面にも読み上げにもタブの順にもない。自動で埋められても登録になる', async ({ page, site }) => {
  const visitor = newVisitor();
  await page.goto('/register');
  await untilScriptRuns(page);
  const trap = page.locator('textarea[name=message]');
  await expect(trap).toBeHidden();
  await expect(page.getByRole('textbox')).toHaveCount(3);
  await page.getByLabel('お名前').focus();
  await page.keyboard.press('Shift+Tab');
  await expect(trap).not.toBeFocused();
  await fillIn(page, visitor);
  await trap.evaluate((field) => {
    if (field instanceof HTMLTextAreaElement) field.value = '株式会社サンプル';
  });
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toHaveLength(1);
});
