'use server';

import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { FormAnswer } from '#lib/leads/schema.ts';
import { noteFormRead } from '#lib/request-context.ts';
import { answerTo } from './answer.ts';
import { showAgain } from './form-start.ts';

/**
 * The public endpoint behind the form, with and without script. Its place, name and parameters are part of the action's
 * id, which pages of every build carry: they never change (docs/decisions/0008-one-form-two-ways.md).
 */
export async function register(_previous: unknown, form: FormData): Promise<FormAnswer> {
  noteFormRead();
  // Typed as a form, but whoever calls the endpoint by hand may send anything.
  const sent = form instanceof FormData ? form : new FormData();
  const answer = await answerTo(sent);
  if ((await headers()).has('next-action')) return answer;
  if (answer.status === 'accepted') redirect(answer.thanks);
  showAgain(sent, answer);
  return answer;
}
