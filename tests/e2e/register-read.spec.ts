import { expect } from 'playwright/test';
import { untilScriptRuns } from '../support/script-runs.ts';
import { bring } from './form-states.ts';
import { test } from './site.ts';
import { expectThanks, leadsOf, newVisitor } from './visitor.ts';

// Without a mouse, and without eyes: the way through by keyboard, and the names, roles, states and order that a screen
// reader gets.

test('マウスなしで、上から順に答えて登録できる', async ({ page }) => {
  const visitor = newVisitor();
  await page.goto('/register');
  await untilScriptRuns(page);
  await page.getByLabel('お名前').focus();
  await page.keyboard.type(visitor.name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(visitor.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(visitor.phone);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByLabel('1か月以内')).toBeChecked();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('main').getByRole('link', { name: 'プライバシーポリシー' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: '同意して無料登録する' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expectThanks(page);
});

test('マウスなしで、追加の質問に答え、登録を直せる', async ({ page, site }) => {
  await bring(page, '受付');
  await page.getByLabel('希望する役割').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('午後を希望します');
  // Enter in a text of several lines makes a line; only the button sends.
  await page.keyboard.press('Enter');
  await page.keyboard.type('電話は夕方に');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: '回答を送る' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main').getByRole('alert')).toBeFocused();
  await expect(page.getByText('電話は夕方に')).toBeVisible();
  await page.getByRole('link', { name: '訂正と取り消しのページ' }).focus();
  await page.keyboard.press('Enter');
  const corrected = newVisitor();
  await page.getByLabel('メールアドレス').focus();
  await page.keyboard.type(corrected.email);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('登録の内容を直しました');
  expect(await leadsOf(site.dataDir, corrected)).toMatchObject([
    { followUp: { role: 'pm', days: 'one-or-two', note: '午後を希望します\n電話は夕方に' } },
  ]);
});

test('焦点のあるところは、いつも見える線で囲まれている', async ({ page }) => {
  for (const state of ['はじめ', '受付', '訂正と取り消し'] as const) {
    await bring(page, state);
    const stops = await page.getByRole('main').locator('a, button, input:visible, select, textarea:visible').count();
    await page.locator('h1').evaluate((heading) => {
      heading.tabIndex = -1;
      heading.focus();
    });
    for (let count = 0; count < Math.min(stops, 12); count += 1) {
      await page.keyboard.press('Tab');
      const width = await page.evaluate(() => {
        const focused = document.activeElement;
        const drawn = focused?.matches('.choice input') ? focused.parentElement : focused;
        return drawn ? Number.parseFloat(getComputedStyle(drawn).outlineWidth) : 0;
      });
      expect(width, state).toBeGreaterThanOrEqual(4);
    }
  }
});

test('読み上げに、質問と選択肢と誤りが順に伝わる', async ({ page }) => {
  await bring(page, '直すところ');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - region "入力内容に問題があります":
        - heading "入力内容に問題があります" [level=2]
        - list:
          - listitem:
            - link "お名前を入力してください"
          - listitem:
            - link "メールアドレスを入力してください"
          - listitem:
            - link "電話番号を入力してください"
          - listitem:
            - link "いつから稼働できるかを選んでください"
      - heading "無料登録" [level=1]
      - paragraph: すべて必須です
      - text: お名前
      - paragraph: お名前を入力してください
      - textbox "お名前"
      - text: メールアドレス
      - paragraph: メールアドレスを入力してください
      - textbox "メールアドレス"
      - text: 電話番号
      - paragraph: ハイフンはなくても構いません
      - paragraph: 電話番号を入力してください
      - textbox "電話番号"
      - group "いつから稼働できますか":
        - paragraph: いつから稼働できるかを選んでください
        - radio "すぐに"
        - radio "1か月以内"
        - radio "3か月以内"
        - radio "未定・情報収集"
      - paragraph:
        - link "プライバシーポリシー"
      - button "同意して無料登録する"
      - status
  `);
});

test('読み上げに、はじめのフォームの質問、補足、選択肢、使いみち、ボタンが順に伝わる', async ({ page }) => {
  await bring(page, 'はじめ');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - heading "無料登録" [level=1]
      - term: ご入力
      - definition:
        - link /60秒の根拠/
      - term: ご連絡
      - paragraph: すべて必須です
      - textbox "お名前"
      - textbox "メールアドレス"
      - paragraph: ハイフンはなくても構いません
      - textbox "電話番号"
      - group "いつから稼働できますか":
        - radio "すぐに"
        - radio "1か月以内"
        - radio "3か月以内"
        - radio "未定・情報収集"
      - paragraph:
        - link "プライバシーポリシー"
      - button "同意して無料登録する"
      - status
  `);
  await expect(page.getByLabel('電話番号')).toHaveAccessibleDescription('ハイフンはなくても構いません');
});

test('読み上げに、受付の番号と期限、打ち間違いの案内、流れ、内容、追加の質問が順に伝わる', async ({ page }) => {
  await bring(page, '打ち間違いかもしれない受付');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - heading "登録を受け付けました" [level=1]
      - term: 受付番号
      - definition:
        - strong: /[0-9A-Z]{4}-[0-9A-Z]{4}/
      - term: ご連絡
      - definition:
        - strong:
          - time: /\\d+月\\d+日/
      - region "メールアドレスをお確かめください":
        - heading "メールアドレスをお確かめください" [level=2]
        - button "@gmail.com に直す"
      - heading "これからの流れ" [level=2]
      - list
      - heading "受け付けた内容" [level=2]
      - term: お名前
      - definition: 髙橋 𠮷郎
      - region "よろしければ、もう少しお聞かせください":
        - heading "よろしければ、もう少しお聞かせください" [level=2]
        - combobox "希望する役割":
          - option "選ばない" [selected]
        - combobox "1週間に働ける日数":
          - option "選ばない" [selected]
          - option "週1〜2日"
          - option "週3日"
        - combobox "希望する月額の目安（税別）"
        - textbox "担当者に伝えておきたいこと"
        - button "回答を送る"
      - heading "お問い合わせ" [level=2]
      - paragraph:
        - link "読んでいた記事に戻る"
  `);
});

test('読み上げに、追加の質問の誤りと、訂正と取り消しの画面の誤りが、先に伝わる', async ({ page }) => {
  await bring(page, '追加の質問の誤り');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - region "入力内容に問題があります":
        - list:
          - listitem:
            - link "答えたい質問を1つ以上選ぶか、入力してください"
      - heading "登録を受け付けました" [level=1]
      - region "よろしければ、もう少しお聞かせください":
        - paragraph: 答えたい質問を1つ以上選ぶか、入力してください
        - textbox "担当者に伝えておきたいこと"
  `);
  await bring(page, '訂正の誤り');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - region "入力内容に問題があります":
        - list:
          - listitem:
            - link "電話番号の桁数が足りません。市外局番から入力してください"
      - heading "登録内容の訂正と取り消し" [level=1]
      - heading "内容を直す" [level=2]
      - textbox "お名前"
      - textbox "メールアドレス"
      - paragraph: 電話番号の桁数が足りません。市外局番から入力してください
      - textbox "電話番号": 03-12
      - group "いつから稼働できますか"
      - button "入力した項目を直す"
      - heading "登録を取り消す" [level=2]
      - button "この登録を取り消す"
      - heading "お問い合わせ" [level=2]
  `);
  await expect(page.getByLabel('電話番号')).toHaveAttribute('aria-invalid', 'true');
});
