import '#server-only';
import { describeInstant } from './deadline.ts';
import { signReceipt } from './receipt.ts';
import type { FormAnswer } from './schema.ts';
import { submit } from './submit.ts';

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
