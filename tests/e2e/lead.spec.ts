import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { expect, type Page } from 'playwright/test';
import { postOnce, readForm } from '../support/form-post.ts';
import { type Inbox, openInbox } from '../support/inbox.ts';
import { freePort } from '../support/running-site.ts';
import { test } from './site.ts';

// The whole way: from an article in a browser to two mails that can be opened and read.

const ARTICLE = '/articles/pmo-yametoke';
const TITLE = 'PMOはやめとけ？言われる理由と後悔しない働き方';
const PHONE = { width: 390, height: 844 };

type Thanks = { number: string; due: string; dueWords: string };

/** Reads the article, follows its middle call to action, registers, and reads the thanks page. */
async function registerFromArticle(page: Page, email: string): Promise<Thanks> {
  await page.goto(ARTICLE);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(TITLE);
  await page.locator('.cta-middle').getByRole('link', { name: '無料で登録する' }).click();
  await page.getByLabel('お名前').fill('髙橋 花子');
  await page.getByLabel('メールアドレス').fill(email);
  await page.getByLabel('電話番号').fill('０９０-1234-5678');
  await page.getByLabel('1か月以内').check();
  await page.getByRole('button', { name: '同意して無料登録する' }).click();
  await expect(page).toHaveURL(/\/register\/thanks\?r=[\w-]+$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('登録を受け付けました');
  const deadline = page.locator('main time').first();
  return {
    number: await page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).innerText(),
    due: (await deadline.getAttribute('datetime')) ?? '',
    dueWords: await deadline.innerText(),
  };
}

/** What the agent team must find in its mail, in text and in HTML. */
function expectAgentMail(mail: Pick<ParsedMail, 'text' | 'html'>, email: string, thanks: Thanks) {
  for (const part of [mail.text ?? '', mail.html || '']) {
    for (const fact of [
      '髙橋 花子',
      '０９０-1234-5678',
      '+819012345678',
      email,
      '1か月以内',
      thanks.number,
      thanks.dueWords,
      ARTICLE,
    ]) {
      expect(part).toContain(fact);
    }
    expect(part).toContain('記事の途中');
  }
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'JavaScriptが動くとき' : 'JavaScriptが動かないとき', () => {
    test.use({ javaScriptEnabled, viewport: PHONE });

    test('記事から登録すると、受付番号と期限が表示され、同じ内容のメールが2通届く', async ({ page, site }) => {
      const email = `hanako-${javaScriptEnabled}@example.jp`;
      const thanks = await registerFromArticle(page, email);
      expect(thanks.due).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*\+09:00$/);

      const about = (to: string) => (mail: { to: string[]; raw: Buffer; parsed: { text?: string | undefined } }) =>
        mail.to.includes(to) && (mail.parsed.text ?? '').includes(thanks.number);
      const [agentMail] = await site.inbox.waitFor(about('team@example.jp'));
      const [visitorMail] = await site.inbox.waitFor(about(email));
      if (!agentMail || !visitorMail) throw new Error('no mail');
      expectAgentMail(agentMail.parsed, email, thanks);
      expect(agentMail.parsed.replyTo?.value.map(({ address }) => address)).toEqual([email]);

      expect(visitorMail.parsed.text).toContain(thanks.dueWords);
      expect(visitorMail.parsed.html).toContain(thanks.dueWords);
      for (const typed of ['髙橋', '花子', '1234-5678', '9012345678'])
        expect(visitorMail.raw.toString()).not.toContain(typed);
      expect(`${visitorMail.parsed.subject}${visitorMail.parsed.text}${visitorMail.parsed.html}`).not.toContain('髙橋');
    });
  });
}

test('SMTPの設定がなければ、同じメールが1通1ファイルで残る', async ({ browser, startSite }) => {
  const site = await startSite();
  const page = await browser.newPage({ baseURL: site.url, viewport: PHONE, locale: 'ja-JP' });
  const thanks = await registerFromArticle(page, 'file@example.jp');
  await page.close();
  const folder = path.join(site.dataDir, 'mail');
  await expect
    .poll(async () => (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.eml')).length)
    .toBe(2);
  const mails = await Promise.all(
    (await readdir(folder)).map(async (file) => simpleParser(await readFile(path.join(folder, file)))),
  );
  const agentMail = mails.find(({ replyTo }) => replyTo?.value[0]?.address === 'file@example.jp');
  if (!agentMail) throw new Error('no mail to the agents');
  expectAgentMail(agentMail, 'file@example.jp', thanks);
});

test('同じ送信番号が同時に50回届いても、登録は1件、メールは2通', async ({ site }) => {
  const form = await readForm(`${site.url}/register`);
  const email = 'fifty@example.jp';
  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      postOnce(form, { email, phone: '03-1234-5678', submission_id: 'fifty-times-the-same-id' }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 303));
  await site.inbox.waitFor((mail) => mail.to.includes(email));
  await expect.poll(async () => (await readiness(site.url)).leads.pending).toBe(0);
  const mine = site.inbox.mails.filter(
    (mail) => mail.to.includes(email) || mail.parsed.replyTo?.value[0]?.address === email,
  );
  expect(mine.map((mail) => mail.to).sort()).toEqual([[email], ['team@example.jp']].sort());
});

/** An address of a mail server that nobody listens at, and what opens it: leads are stored, their mails cannot leave. */
async function closedInbox(): Promise<{ settings: Record<string, string>; open: () => Promise<Inbox> }> {
  const port = await freePort();
  const settings = { SMTP_URL: `smtp://127.0.0.1:${port}`, LEADS_TO: 'team@example.jp', MAIL_FROM: 'site@example.jp' };
  return { settings, open: () => openInbox(port) };
}

test('保存した直後に強制終了しても、再び動けば両方のメールが届く', async ({ startSite }) => {
  // A mail that was being tried when the process died waits for its lease to end.
  test.setTimeout(120_000);
  const { settings, open } = await closedInbox();
  const site = await startSite(settings);
  const form = await readForm(`${site.url}/register`);
  expect((await postOnce(form, { email: 'killed@example.jp' })).status).toBe(303);
  await site.stop('SIGKILL');
  const inbox = await open();
  await site.start();
  await inbox.waitFor((mail) => mail.to.includes('killed@example.jp'), 1, 100_000);
  await inbox.waitFor((mail) => mail.to.includes('team@example.jp'), 1, 100_000);
  expect(inbox.mails).toHaveLength(2);
  await site.stop();
  await inbox.close();
});

test('メールサーバーが止まっていても登録でき、動けば届く', async ({ startSite }) => {
  test.setTimeout(120_000);
  const { settings, open } = await closedInbox();
  const site = await startSite(settings);
  const form = await readForm(`${site.url}/register`);
  expect((await postOnce(form, { email: 'later@example.jp' })).status).toBe(303);
  expect((await readiness(site.url)).leads.pending).toBe(2);
  const inbox = await open();
  await inbox.waitFor((mail) => mail.to.includes('later@example.jp'), 1, 100_000);
  await inbox.waitFor((mail) => mail.to.includes('team@example.jp'), 1, 100_000);
  await expect.poll(async () => (await readiness(site.url)).leads.pending).toBe(0);
  await site.stop();
  await inbox.close();
});

async function readiness(url: string): Promise<{ leads: { pending: number } }> {
  return (await fetch(`${url}/readyz`)).json();
}
