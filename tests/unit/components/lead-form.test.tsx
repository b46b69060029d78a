import { act, cleanup, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { ANSWER_MESSAGES } from '#lib/leads/schema.ts';
import { site } from '#lib/site.ts';
import {
  actionAnswering,
  expectTypedKept,
  fillIn,
  freshTab,
  press,
  START,
  SUBMISSION_ID,
  show,
} from './lead-form-stage.tsx';

freshTab();

test('4つの質問が決まった順に並び、入力を助ける属性が付いている', () => {
  show(actionAnswering().action);
  const attributes = (label: string) =>
    Object.fromEntries([...screen.getByLabelText(label).attributes].map(({ name, value }) => [name, value]));
  const names = [...document.querySelectorAll('input:not([type=hidden])')].map((input) => input.getAttribute('name'));
  expect([...new Set(names)]).toEqual(['name', 'email', 'phone', 'start']);
  expect(attributes('お名前')).toMatchObject({ type: 'text', autocomplete: 'name', spellcheck: 'false' });
  expect(attributes('メールアドレス')).toMatchObject({
    type: 'email',
    inputmode: 'email',
    autocomplete: 'email',
    autocapitalize: 'none',
    spellcheck: 'false',
  });
  expect(attributes('電話番号')).toMatchObject({ type: 'tel', inputmode: 'tel', autocomplete: 'tel' });
  expect(screen.getByRole('group', { name: 'いつから稼働できますか' }).tagName).toBe('FIELDSET');
  expect(screen.getAllByText('すべて必須です')).toHaveLength(1);
});

test('入力を切ったり邪魔したりする属性がない', () => {
  const { form } = show(actionAnswering().action);
  expect(form.noValidate).toBe(true);
  expect(form.querySelectorAll('[placeholder], [required], [pattern], [maxlength], [disabled]')).toHaveLength(0);
});

test('最初の欄からボタンまでの文字は120文字以内', () => {
  const { form } = show(actionAnswering().action);
  const text = document.createTreeWalker(form, NodeFilter.SHOW_TEXT);
  const [name] = screen.getAllByLabelText('お名前');
  const button = screen.getByRole('button');
  let characters = 0;
  while (text.nextNode()) {
    const { currentNode } = text;
    const isBetween =
      name?.compareDocumentPosition(currentNode) === Node.DOCUMENT_POSITION_FOLLOWING &&
      button.compareDocumentPosition(currentNode) === Node.DOCUMENT_POSITION_PRECEDING;
    if (isBetween) characters += [...(currentNode.textContent ?? '')].length;
  }
  expect(characters).toBeGreaterThan(40);
  expect(characters).toBeLessThanOrEqual(120);
});

test('入力の途中でも、欄を離れても、直したあとも、次に送るまで何も言わない', async () => {
  show(actionAnswering().action);
  await userEvent.type(screen.getByLabelText('メールアドレス'), 'yamada');
  await userEvent.tab();
  await userEvent.tab();
  expect(document.querySelectorAll('.question-error')).toHaveLength(0);
  await press();
  expect(screen.getByLabelText('メールアドレス').getAttribute('aria-invalid')).toBe('true');
  await userEvent.type(screen.getByLabelText('メールアドレス'), '@example.jp');
  await userEvent.tab();
  expect(screen.getByLabelText('メールアドレス').getAttribute('aria-invalid')).toBe('true');
});

test('空のまま送ると、直すところの一覧に移り、欄にも同じ言葉が出る', async () => {
  const { action, received } = actionAnswering();
  show(action);
  await press();
  const summary = screen.getByRole('region', { name: '入力内容に問題があります' });
  expect(document.activeElement).toBe(summary);
  const { nameEmpty, emailEmpty, phoneEmpty, startEmpty } = ANSWER_MESSAGES;
  const links = within(summary).getAllByRole('link');
  expect(links.map((link) => [link.getAttribute('href'), link.textContent])).toEqual([
    ['#name', nameEmpty],
    ['#email', emailEmpty],
    ['#phone', phoneEmpty],
    ['#start', startEmpty],
  ]);
  expect([...document.querySelectorAll('.question-error')].map((error) => error.textContent)).toEqual([
    nameEmpty,
    emailEmpty,
    phoneEmpty,
    startEmpty,
  ]);
  expect(screen.getByLabelText('お名前').getAttribute('aria-describedby')).toBe('name-error');
  expect(screen.getByLabelText('電話番号').getAttribute('aria-describedby')).toBe('phone-hint phone-error');
  expect(screen.getByRole('group').getAttribute('aria-describedby')).toBe('start-error');
  expect(document.title).toBe(`エラー: 無料登録｜${site.name}`);
  expect(received).toEqual([]);
});

test('一覧から、その欄へ移れる', async () => {
  Element.prototype.scrollIntoView = vi.fn();
  show(actionAnswering().action);
  await press();
  await userEvent.click(screen.getByRole('link', { name: ANSWER_MESSAGES.phoneEmpty }));
  expect(document.activeElement).toBe(screen.getByLabelText('電話番号'));
  await userEvent.click(screen.getByRole('link', { name: ANSWER_MESSAGES.startEmpty }));
  expect(document.activeElement).toBe(screen.getByLabelText('すぐに'));
});

test('書いたとおりの内容が、受付の番号と来た道とともに送られる', async () => {
  const { action, received } = actionAnswering();
  show(action);
  await fillIn();
  await press();
  expect(received).toEqual([
    {
      submission_id: SUBMISSION_ID,
      from: 'pmo-yametoke',
      cta: 'opening',
      // The field that nobody sees, empty.
      message: '',
      name: '山田 太郎',
      email: 'yamada@example.jp',
      phone: '090-1234-5678',
      start: 'month',
    },
  ]);
});

test('同じ瞬間に3回送っても、1回だけ届く', async () => {
  const { action, received } = actionAnswering();
  const { form } = show(action);
  await fillIn();
  await act(async () => {
    form.requestSubmit();
    form.requestSubmit();
    form.requestSubmit();
  });
  expect(await screen.findByRole('alert')).toBeTruthy();
  expect(received).toHaveLength(1);
});

test('書きかけは同じタブで戻り、受付の番号も同じになる', async () => {
  const { action, received } = actionAnswering();
  show(action);
  await fillIn();
  cleanup();
  show(action, { ...START, hidden: { submission_id: 'another-id-0123456789', cta: 'header' } });
  expectTypedKept();
  await press();
  expect(received[0]).toMatchObject({ submission_id: SUBMISSION_ID, cta: 'header', name: '山田 太郎' });
});

test('断られて戻ったページでは、下書きより、送ったものが優先される', () => {
  const draft = { submission_id: 'x'.repeat(20), name: '古い下書き', email: 'a@example.jp', phone: '03', start: 'now' };
  sessionStorage.setItem('register', JSON.stringify(draft));
  const faults = [{ field: 'phone' as const, message: ANSWER_MESSAGES.phoneEmpty }];
  const typed = { name: '山田 太郎', email: 'yamada@example.jp', start: 'month' };
  const { form } = show(actionAnswering().action, { ...START, typed, refused: { status: 'invalid', faults } });
  expect(Object.fromEntries(new FormData(form))).toMatchObject({ ...typed, phone: '', submission_id: SUBMISSION_ID });
  expect(document.title).toBe(`エラー: 無料登録｜${site.name}`);
});
