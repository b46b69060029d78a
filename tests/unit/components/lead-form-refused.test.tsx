import { act, fireEvent, screen, within } from '@testing-library/react';
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
  show,
  UNSTORED,
} from './lead-form-stage.tsx';

freshTab();

test('サーバーが見つけた問題も、同じ一覧に出て、書いたものは残る', async () => {
  const faults = [{ field: 'phone' as const, message: ANSWER_MESSAGES.phoneLong }];
  show(actionAnswering({ status: 'invalid', faults }).action);
  await fillIn();
  await press();
  expect(screen.getByRole('link', { name: ANSWER_MESSAGES.phoneLong }).getAttribute('href')).toBe('#phone');
  expectTypedKept();
});

test('保存できなかったとき、混み合ったときは、電話番号とともに伝え、書いたものは残る', async () => {
  show(actionAnswering(UNSTORED, { status: 'limited', retryFrom: '2026年11月24日(火)9:05' }).action);
  await fillIn();
  await press();
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('登録を保存できませんでした');
  expect(within(alert).getByRole('link', { name: site.operator.phone.display })).toBeTruthy();
  expect(document.activeElement).toBe(alert);
  await press();
  expect(screen.getByRole('alert').textContent).toContain('2026年11月24日(火)9:05以降に');
  expectTypedKept();
});

test('アクションが投げたら、同じ受付の番号のまま、もう1つの住所へ送る', async () => {
  const sent: unknown[][] = [];
  vi.mocked(fetch).mockImplementation(async (address, options) => {
    sent.push([address, options?.body instanceof FormData && Object.fromEntries(options.body)]);
    return Response.json(UNSTORED, { status: 503 });
  });
  const { action, received } = actionAnswering(new Error('unknown action'));
  show(action);
  await fillIn();
  await press();
  expect((await screen.findByRole('alert')).textContent).toContain('登録を保存できませんでした');
  expect(sent).toEqual([['/register/receive', received[0]]]);
  await press();
  expect(received, 'the action is not asked a second time').toHaveLength(1);
  expect(sent).toHaveLength(2);
});

test('どちらにも届かなければ、そう伝え、書いたものは残り、もう一度送れる', async () => {
  const { action } = actionAnswering(new Error('connection lost'));
  show(action);
  await fillIn();
  await press();
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('登録できたか、確認できませんでした');
  expect(alert.textContent).toContain('何度押しても、登録は1件です');
  expect(within(alert).getByRole('link', { name: site.operator.phone.display })).toBeTruthy();
  expectTypedKept();
  vi.mocked(fetch).mockResolvedValue(Response.json(UNSTORED, { status: 503 }));
  await press();
  expect(screen.getByRole('alert').textContent).toContain('登録を保存できませんでした');
});

test('返事のないサーバーを、30秒を超えて待たせない', async () => {
  vi.useFakeTimers();
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException('timeout', 'TimeoutError')), ms);
    return controller.signal;
  });
  vi.mocked(fetch).mockImplementation(
    (_address, options) => new Promise((_resolve, reject) => options?.signal?.addEventListener('abort', reject)),
  );
  const { form } = show(() => new Promise(() => undefined), {
    ...START,
    typed: { name: '山田 太郎', email: 'yamada@example.jp', phone: '090-1234-5678', start: 'month' },
  });
  fireEvent.submit(form);
  await act(() => vi.advanceTimersByTimeAsync(29_000));
  expect(screen.getByRole('status').textContent).toBe('送信しています…');
  expect(screen.queryByRole('alert')).toBeNull();
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  expect(screen.getByRole('alert').textContent).toContain('確認できませんでした');
  expectTypedKept();
});
