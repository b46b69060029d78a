import { expect, type Page } from 'playwright/test';
import { untilScriptRuns } from '../support/script-runs.ts';
import { expectThanks, fillIn, newVisitor, press, type Visitor } from './visitor.ts';

/** Every state of the form and of what comes after it that a visitor can meet. */
export const STATES = [
  'はじめ',
  '直すところ',
  '届かない',
  '保存できない',
  '混み合っている',
  '受付',
  '打ち間違いかもしれない受付',
  '追加の質問の誤り',
  '追加の質問のあと',
  '訂正と取り消し',
  '訂正の誤り',
  '取り消しのあと',
  '記録のない受付',
] as const;
export type State = (typeof STATES)[number];

const main = (page: Page) => page.getByRole('main');

/** Brings the page into a state as a visitor would come there. */
export async function bring(page: Page, state: State): Promise<void> {
  switch (state) {
    case 'はじめ':
      return open(page);
    case '直すところ':
      await open(page);
      await press(page);
      await expect(page.getByRole('region', { name: '入力内容に問題があります' })).toBeFocused();
      return;
    case '届かない':
      return refused(page, undefined);
    case '保存できない':
      return refused(page, { status: 'unstored' });
    case '混み合っている':
      return refused(page, { status: 'limited', retryFrom: '2026年11月24日(火)9:05' });
    case '受付':
      return registered(page, newVisitor());
    case '打ち間違いかもしれない受付': {
      const visitor = newVisitor();
      await registered(page, { ...visitor, email: visitor.email.replace('example.jp', 'gmial.com') });
      await expect(page.getByRole('button', { name: /に直す/ })).toBeVisible();
      return;
    }
    case '追加の質問の誤り':
      await registered(page, newVisitor());
      await page.getByRole('button', { name: '回答を送る' }).click();
      await expect(page).toHaveTitle(/^エラー: /);
      return;
    case '追加の質問のあと':
      await registered(page, newVisitor());
      await page.getByLabel('希望する役割').selectOption('PMO');
      await page
        .getByLabel('担当者に伝えておきたいこと')
        .fill('月・水・金だと助かります。\n打ち合わせは午後を希望します。');
      await page.getByRole('button', { name: '回答を送る' }).click();
      await expect(main(page).getByRole('alert')).toBeFocused();
      return;
    case '訂正と取り消し':
      return change(page);
    case '訂正の誤り':
      await change(page);
      await page.getByLabel('電話番号').fill('03-12');
      await page.getByRole('button', { name: '入力した項目を直す' }).click();
      await expect(page).toHaveTitle(/^エラー: /);
      return;
    case '取り消しのあと':
      await change(page);
      await page.getByRole('button', { name: 'この登録を取り消す' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('登録を取り消しました');
      return;
    case '記録のない受付':
      await page.goto('/register/thanks');
  }
}

async function open(page: Page): Promise<void> {
  await page.goto('/register?from=pmo-yametoke&cta=opening');
  await untilScriptRuns(page);
}

/** Sends answers that come back with `answer`, or with none at all. */
async function refused(page: Page, answer: object | undefined): Promise<void> {
  await open(page);
  await page.route(/\/register/, (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const isPlain = route.request().url().includes('/receive');
    return answer && isPlain ? route.fulfill({ status: 503, json: answer }) : route.abort();
  });
  await fillIn(page, newVisitor());
  await press(page);
  await expect(main(page).getByRole('alert')).toBeFocused();
  await page.unrouteAll();
}

async function registered(page: Page, visitor: Visitor): Promise<void> {
  await open(page);
  await fillIn(page, visitor);
  await press(page);
  await expectThanks(page);
}

async function change(page: Page): Promise<void> {
  await registered(page, newVisitor());
  await page.getByRole('link', { name: '訂正と取り消しのページ' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('登録内容の訂正と取り消し');
}
