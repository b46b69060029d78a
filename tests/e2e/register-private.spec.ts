import { expect, type Page } from 'playwright/test';
import { site as operator } from '#lib/site.ts';
import { test } from './site.ts';
import { expectThanks, fillIn, leadsOf, newVisitor, press } from './visitor.ts';

/** Every form in which a typed value could stand in an address, a log or a cookie. */
function spellings(typed: readonly string[]): string[] {
  return typed.flatMap((text) => [
    ...[text, encodeURIComponent(text), encodeURIComponent(encodeURIComponent(text))],
    ...[Buffer.from(text).toString('base64').replace(/=+$/, ''), Buffer.from(text).toString('base64url')],
    Buffer.from(text).toString('hex'),
  ]);
}

async function answerFurther(page: Page, note: string): Promise<void> {
  await page.getByLabel('担当者に伝えておきたいこと').fill(note);
  await page.getByRole('button', { name: '回答を送る' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toBeFocused();
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'スクリプトあり' : 'スクリプトなし', () => {
    test.use({ javaScriptEnabled });

    test('登録から取り消しまで、書いた人の情報は、どの住所、題名、クッキー、記録にも出ない', async ({
      page,
      context,
      site,
    }) => {
      const visitor = { ...newVisitor(), name: '秘密野 太郎', phone: '090-8765-4321' };
      const corrected = { ...visitor, email: `corrected-${visitor.email}` };
      const note = '秘密の希望があります';
      const seen: string[] = [];
      page.on('request', (request) => seen.push(request.url(), request.headers().referer ?? ''));
      page.on('response', (answer) => {
        seen.push(answer.headers().location ?? '', answer.headers()['set-cookie'] ?? '');
      });
      page.on('domcontentloaded', async () => seen.push(await page.title().catch(() => '')));
      const look = async () => seen.push(await page.title(), page.url());

      await page.goto('/register?from=pmo-yametoke&cta=end');
      await fillIn(page, { ...visitor, phone: '03' });
      await press(page);
      await expect(page).toHaveTitle(/^エラー: /);
      await look();
      await fillIn(page, visitor);
      await press(page);
      await expectThanks(page);
      await look();
      await answerFurther(page, note);
      await look();
      await page.getByRole('link', { name: '訂正と取り消しのページ' }).click();
      await page.getByLabel('メールアドレス').fill('秘密@');
      await page.getByRole('button', { name: '入力した項目を直す' }).click();
      await expect(page).toHaveTitle(/^エラー: /);
      await look();
      await page.getByLabel('メールアドレス').fill(corrected.email);
      await page.getByRole('button', { name: '入力した項目を直す' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('登録の内容を直しました');
      await look();
      const [mail] = await site.inbox.waitFor(({ to }) => to[0] === corrected.email);
      await page.goto(/http:\S+\/register\/change\?t=[\w-]+/.exec(mail?.parsed.text ?? '')?.[0] ?? '');
      await page.getByRole('button', { name: 'この登録を取り消す' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('登録を取り消しました');
      await look();

      expect(await leadsOf(site.dataDir, corrected)).toMatchObject([{ state: 'answered', name: visitor.name }]);
      expect(seen.length).toBeGreaterThan(20);
      const typed = spellings([visitor.name, visitor.email, visitor.phone, '+819087654321', corrected.email, note]);
      const leaks = (texts: readonly string[]) => texts.filter((text) => typed.some((one) => text.includes(one)));
      expect(leaks(seen)).toEqual([]);
      expect(leaks(site.output().split('\n'))).toEqual([]);
      expect(site.output()).toContain('"event":"lead.amended"');
      expect(await context.cookies()).toEqual([]);
    });
  });
}

test('同意する前に、使いみちとプライバシーポリシーが読め、登録に同意した版が残る', async ({ page, site }) => {
  const visitor = newVisitor();
  await page.goto('/register');
  const order = await page
    .locator('.form-purpose, .form-button')
    .evaluateAll((parts) => parts.map((part) => part.className));
  expect(order).toEqual(['form-purpose', 'button form-button']);
  await fillIn(page, visitor);
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ consent: { version: operator.privacyVersion } }]);
  await page.goto('/privacy');
  const [year, month, day] = operator.privacyVersion.split('-').map(Number);
  await expect(page.getByRole('main')).toContainText(`${year}年${month}月${day}日版`);
});
