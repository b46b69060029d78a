import { expect, type Page } from 'playwright/test';
import { FOLLOW_UP_MESSAGES } from '#lib/leads/follow-up.ts';
import { signLink } from '#lib/leads/links.ts';
import { signReceipt } from '#lib/leads/receipt.ts';
import { ANSWER_MESSAGES } from '#lib/leads/schema.ts';
import { secrets } from '#lib/secrets.ts';
import { test } from './site.ts';
import { expectThanks, fillIn, leadsOf, newVisitor, press, type Visitor } from './visitor.ts';

// What somebody who has registered says later: further answers, a likely slip, a correction, a withdrawal.

async function register(page: Page, visitor: Visitor): Promise<void> {
  await page.goto('/register?cta=home');
  await fillIn(page, visitor);
  await press(page);
  await expectThanks(page);
}

const told = (page: Page) => page.getByRole('main').getByRole('alert');

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'スクリプトあり' : 'スクリプトなし', () => {
    test.use({ javaScriptEnabled, viewport: { width: 390, height: 844 } });

    test('追加の質問に答えると、同じ登録に加わり、担当者に2通目が届き、送り直しても増えない', async ({
      page,
      site,
    }) => {
      const visitor = newVisitor();
      await register(page, visitor);
      const [lead] = await leadsOf(site.dataDir, visitor);
      const number = lead?.number ?? '';
      // 1通目は、追加の質問を待たずに届いている。
      const [first] = await site.inbox.waitFor(
        ({ to, parsed }) => to[0] === 'team@example.jp' && parsed.subject?.includes(number) === true,
      );
      expect(first?.parsed.subject).toContain('【新規登録】');

      await page.getByLabel('希望する役割').selectOption('PMO');
      await page.getByLabel('1週間に働ける日数').selectOption('週3日');
      await page.getByLabel('担当者に伝えておきたいこと').fill('月・水・金だと\n助かります');
      await page.getByRole('button', { name: '回答を送る' }).dblclick();
      await expect(told(page)).toHaveText('追加の回答を受け取り、担当者に伝えました');
      await expect(page.getByText('月・水・金だと')).toBeVisible();
      await expect(page.getByRole('button', { name: '回答を送る' })).toHaveCount(0);
      const followUp = { role: 'pmo', days: 'three', note: '月・水・金だと\n助かります' };
      expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 2, followUp, name: visitor.name }]);
      const [second] = await site.inbox.waitFor(
        ({ parsed }) => parsed.subject?.startsWith('【追加の回答】') === true && parsed.subject.includes(number),
      );
      expect(second?.parsed.text).toContain('希望する役割：PMO');
      expect(second?.to).toEqual(['team@example.jp']);

      // 2度押した1度目も2度目も同じ回答で、戻って開き直しても、もう聞かれない。
      await page.goBack();
      await expectThanks(page);
      await expect(page.getByRole('button', { name: '回答を送る' })).toHaveCount(0);
      expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 2 }]);
    });

    test('何も答えずに送るか、長すぎると、書いたものは残り、何を直せばよいか分かり、登録は変わらない', async ({
      page,
      site,
    }) => {
      const visitor = newVisitor();
      await register(page, visitor);
      await page.getByRole('button', { name: '回答を送る' }).click();
      const summary = page.getByRole('region', { name: '入力内容に問題があります' });
      await expect(summary).toBeFocused();
      await expect(summary.getByRole('link')).toHaveText(FOLLOW_UP_MESSAGES.nothing);
      await page.getByLabel('希望する月額').selectOption('相談して決めたい');
      const note = page.getByLabel('担当者に伝えておきたいこと');
      await note.fill('あ'.repeat(1001));
      const refused = page.waitForResponse((answer) => answer.request().method() === 'POST');
      await page.getByRole('button', { name: '回答を送る' }).click();
      expect((await refused).status()).toBe(422);
      await expect(page).toHaveTitle(/^エラー: /);
      await expect(summary.getByRole('link')).toHaveText(FOLLOW_UP_MESSAGES.noteLong);
      await summary.getByRole('link').click();
      await expect(note).toBeFocused();
      await expect(note).toHaveValue('あ'.repeat(1001));
      await expect(note).toHaveAccessibleDescription(FOLLOW_UP_MESSAGES.noteLong);
      await expect(page.getByLabel('希望する月額')).toHaveValue('talk');
      expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 1 }]);
      await note.fill('あ'.repeat(1000));
      await page.getByRole('button', { name: '回答を送る' }).click();
      await expect(told(page)).toHaveText('追加の回答を受け取り、担当者に伝えました');
    });

    test('打ち間違いらしいアドレスは登録のあとで1押しで直せ、直さなくてもよく、直した先にメールが届く', async ({
      page,
      site,
    }) => {
      const meant = newVisitor();
      const visitor = { ...meant, email: meant.email.replace('example.jp', 'gmial.com') };
      const corrected = { ...meant, email: meant.email.replace('example.jp', 'gmail.com') };
      await register(page, visitor);
      expect(await leadsOf(site.dataDir, visitor)).toHaveLength(1);
      await page.getByRole('button', { name: '@gmail.com に直す' }).click();
      await expect(told(page)).toHaveText('登録の内容を直し、担当者に伝えました');
      await expect(page.getByText(corrected.email)).toBeVisible();
      await expect(page.getByText('打ち間違い')).toHaveCount(0);
      expect(await leadsOf(site.dataDir, visitor)).toEqual([]);
      expect(await leadsOf(site.dataDir, corrected)).toMatchObject([{ revision: 2, name: visitor.name }]);
      const mailed = (address: string) => site.inbox.waitFor(({ to }) => to[0] === address);
      const [[wrong], [right]] = await Promise.all([mailed(visitor.email), mailed(corrected.email)]);
      // 間違えて届いた先の人のリンクは、もう何もできない。
      const linkIn = (mail: typeof wrong) => /(\/register\/change\?t=[\w-]+)/.exec(mail?.parsed.text ?? '')?.[1] ?? '';
      await page.goto(linkIn(wrong));
      await expect(page.getByText('このリンクは使えません')).toHaveCount(0);
      await expect(page.getByRole('main')).toContainText('メールアドレスが直されています');
      await page.goto(linkIn(right));
      await expect(page.getByRole('button', { name: 'この登録を取り消す' })).toBeVisible();
    });

    test('メールのリンクは、開くだけでは何も変えず、登録の内容を見せず、直した項目だけを変える', async ({
      page,
      site,
    }) => {
      const visitor = newVisitor();
      await register(page, visitor);
      const [mail] = await site.inbox.waitFor(({ to }) => to[0] === visitor.email);
      const link = /http:\S+\/register\/change\?t=[\w-]+/.exec(mail?.parsed.text ?? '')?.[0] ?? '';
      for (const typed of [visitor.name, visitor.email, visitor.phone]) {
        expect(`${mail?.parsed.subject}${mail?.parsed.text}${mail?.parsed.html}`).not.toContain(typed);
      }
      const answer = await page.goto(link);
      expect(answer?.headers()['cache-control']).toBe('no-store');
      const html = await page.content();
      for (const typed of [visitor.name, visitor.email, visitor.phone, 'quarter" checked']) {
        expect(html).not.toContain(typed);
      }
      expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 1, state: 'new' }]);

      await page.getByRole('button', { name: '入力した項目を直す' }).click();
      await expect(page).toHaveTitle(/^エラー: /);
      await page.getByLabel('電話番号').fill('03-123');
      await page.getByLabel('1か月以内').check();
      await page.getByRole('button', { name: '入力した項目を直す' }).click();
      const summary = page.getByRole('region', { name: '入力内容に問題があります' });
      await expect(summary).toBeFocused();
      await expect(summary.getByRole('link')).toHaveText([ANSWER_MESSAGES.phoneShort]);
      await expect(page.getByLabel('電話番号')).toHaveValue('03-123');
      await expect(page.getByLabel('1か月以内')).toBeChecked();
      await page.getByLabel('電話番号').fill('03-1234-5678');
      await page.getByRole('button', { name: '入力した項目を直す' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('登録の内容を直しました');
      expect(await leadsOf(site.dataDir, visitor)).toMatchObject([
        { revision: 2, name: visitor.name, phoneE164: '+81312345678', start: 'month' },
      ]);
    });

    test('取り消すと、担当者に知らせ、リンクも受付のページも、取り消されたと言う', async ({ page, site }) => {
      const visitor = newVisitor();
      await register(page, visitor);
      const thanks = page.url();
      await page.getByRole('link', { name: '訂正と取り消しのページ' }).click();
      await page.waitForURL('/register/change?*');
      const link = page.url();
      const [lead] = await leadsOf(site.dataDir, visitor);
      await page.getByRole('button', { name: 'この登録を取り消す' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('登録を取り消しました');
      expect(await leadsOf(site.dataDir, visitor)).toMatchObject([
        { state: 'answered', reason: '本人が登録を取り消しました' },
      ]);
      const [mail] = await site.inbox.waitFor(
        ({ parsed }) => parsed.subject === `【登録の取り消し】ご連絡は不要です（受付番号 ${lead?.number}）`,
      );
      expect(mail?.raw.toString()).not.toContain(visitor.email);
      await page.goto(link);
      await expect(page.getByRole('main')).toContainText('登録が取り消されたか');
      await page.goto(thanks);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('登録は取り消されています');
    });
  });
}

test('期限の過ぎたリンク、ほかの目的の印、ほかのサイトからの送信では、何も変わらない', async ({ page, site }) => {
  const visitor = newVisitor();
  await register(page, visitor);
  const [lead] = await leadsOf(site.dataDir, visitor);
  const linked = { leadId: lead?.id ?? '', revision: 1 };
  const key = secrets(site.dataDir).signingKey;
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  const fresh = signLink('change', linked, new Date(), key);
  const late = signLink('change', linked, daysAgo(31), key);
  const other = signLink('follow-up', linked, new Date(), key);
  const send = (address: string, t: string, headers: Record<string, string> = { origin: site.url }) =>
    page.request.post(address, { headers, form: { t, withdraw: 'yes', role: 'pmo' }, maxRedirects: 0 });
  for (const token of [late, other, '', 'x', `${fresh}x`]) {
    const answer = await send('/register/change/receive', token);
    expect([answer.status(), answer.headers().location]).toEqual([303, '/register/change?done=gone']);
  }
  const answering = await send('/register/thanks/receive', signLink('follow-up', linked, daysAgo(1.1), key));
  expect(answering.headers().location).toBe('/register/change?done=late');
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
  ]) {
    for (const address of ['/register/change/receive', '/register/thanks/receive']) {
      expect((await send(address, fresh, headers)).status()).toBe(403);
    }
  }
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 1, state: 'new' }]);
  expect((await send('/register/change/receive', fresh)).status()).toBe(303);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ state: 'answered' }]);
});

test('追加の質問は、受付から1時間を過ぎて開いたページには出ない', async ({ page, site }) => {
  const visitor = newVisitor();
  await register(page, visitor);
  const [lead] = await leadsOf(site.dataDir, visitor);
  const old = signReceipt(
    { leadId: lead?.id ?? '' },
    new Date(Date.now() - 7_200_000),
    secrets(site.dataDir).signingKey,
  );
  await page.goto(`/register/thanks?r=${old}`);
  await expectThanks(page);
  await expect(page.locator('form, [href*="/register/change"]')).toHaveCount(0);
});
