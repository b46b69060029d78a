'use server';

import { answerTo } from '#lib/leads/answer.ts';
import type { FormAnswer } from '#lib/leads/schema.ts';
import { noteFormRead } from '#lib/request-context.ts';

/**
 * The public endpoint behind the form's script; without script the same post is taken in front of Next
 * (lib/leads/plain-post.ts). Its place, name and parameters are part of the action's id, which pages of every build carry: they
 * never change (docs/decisions/0008-one-form-two-ways.md).
 */
export async function register(_previous: unknown, form: FormData): Promise<FormAnswer> {
  noteFormRead();
  // Typed as a form, but whoever calls the endpoint by hand may send anything.
  return answerTo(form instanceof FormData ? form : new FormData());
}
