import { describeInstant } from '#lib/leads/deadline.ts';
import { signReceipt } from '#lib/leads/receipt.ts';
import type { FormAnswer } from '#lib/leads/schema.ts';
import { submit } from '#lib/leads/submit.ts';

/** The status of each answer, where the way of the request allows one. */
export const STATUS: Record<FormAnswer['status'], number> = {
  accepted: 200,
  invalid: 422,
  limited: 429,
  unstored: 503,
};

/** Registers what a form carries and puts the outcome into what a browser is told. */
export async function answerTo(form: FormData): Promise<FormAnswer> {
  const outcome = await submit(form);
  switch (outcome.status) {
    case 'accepted':
      return { status: 'accepted', thanks: `/register/thanks?r=${signReceipt(outcome.receipt)}` };
    case 'invalid':
      return { status: 'invalid', faults: outcome.faults };
    case 'limited':
      return { status: 'limited', retryFrom: describeInstant(outcome.retryAt) };
    case 'unstored':
      return { status: 'unstored' };
  }
}
