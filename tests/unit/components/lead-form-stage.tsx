import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { type FormStart, LeadForm } from '#components/lead-form.tsx';
import type { RegisterAction } from '#components/send-answers.ts';
import type { FormAnswer } from '#lib/leads/schema.ts';

// The browser's half alone: actions are plain functions, and `fetch`, the network, is stood in for. The same form with
// the real server behind it: tests/e2e/register*.spec.ts.

export const SUBMISSION_ID = '7d5f2571-6c1e-4a55-9d0b-1f3c5b7a9e11';
export const START: FormStart = {
  hidden: { submission_id: SUBMISSION_ID, from: 'pmo-yametoke', cta: 'opening' },
  typed: {},
  refused: undefined,
};
export const UNSTORED: FormAnswer = { status: 'unstored' };

/** A clean tab without a network for every test of the file that calls this. */
export function freshTab(): void {
  beforeEach(() => {
    vi.stubGlobal('fetch', vi.fn<typeof fetch>().mockRejectedValue(new TypeError('offline')));
  });

  afterEach(() => {
    cleanup();
    sessionStorage.clear();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
}

export function show(action: RegisterAction, start = START) {
  const view = render(
    <LeadForm action={action} start={start}>
      <h1>無料登録</h1>
    </LeadForm>,
  );
  const form = view.container.querySelector('form');
  if (!form) throw new Error('no form');
  return { ...view, form };
}

/** Answers `answers` one after the other, and keeps what it was given. */
export function actionAnswering(...answers: (FormAnswer | Error)[]) {
  const received: Record<string, unknown>[] = [];
  async function action(_previous: unknown, form: FormData): Promise<FormAnswer> {
    received.push(Object.fromEntries(form));
    const answer = answers[received.length - 1] ?? UNSTORED;
    if (answer instanceof Error) throw answer;
    return answer;
  }
  return { action, received };
}

export async function fillIn() {
  await userEvent.type(screen.getByLabelText('お名前'), '山田 太郎');
  await userEvent.type(screen.getByLabelText('メールアドレス'), 'yamada@example.jp');
  await userEvent.type(screen.getByLabelText('電話番号'), '090-1234-5678');
  await userEvent.click(screen.getByLabelText('1か月以内'));
}

export function press() {
  return userEvent.click(screen.getByRole('button', { name: '同意して無料登録する' }));
}

export function expectTypedKept() {
  expect(screen.getByLabelText('お名前')).toHaveProperty('value', '山田 太郎');
  expect(screen.getByLabelText('メールアドレス')).toHaveProperty('value', 'yamada@example.jp');
  expect(screen.getByLabelText('電話番号')).toHaveProperty('value', '090-1234-5678');
  expect(screen.getByLabelText('1か月以内')).toHaveProperty('checked', true);
}
