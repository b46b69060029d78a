import '#server-only';
import { randomUUID } from 'node:crypto';
import { type Log, log as processLog } from '#lib/log.ts';
import { clientAddress } from '#lib/request-context.ts';
import { site } from '#lib/site.ts';
import { replyDueAt } from './deadline.ts';
import { readPhone } from './phone.ts';
import {
  type Answers,
  answersSchema,
  type Fault,
  QUESTIONS,
  type Question,
  type SubmitOutcome,
  sourceSchema,
  submissionIdSchema,
  TRAP,
  type Typed,
} from './schema.ts';
import { processScreening, type Screening } from './screening.ts';
import { type LeadStore, openStore } from './store.ts';
import { describeFailure } from './store-error.ts';

export type SubmitOptions = {
  store?: LeadStore;
  clock?: () => Date;
  log?: Log;
  screening?: Screening;
  client?: string | undefined;
};

/**
 * Takes one post of the form. `accepted` means: lead and mails are committed and synced to disk, once, however often
 * the same `submission_id` arrives. `invalid` and `unstored` give back what was typed; after `unstored` nothing is
 * promised to the visitor, and sending the same form again is safe. `limited`: nothing was stored, and the same client may
 * send again from `retryAt` on. What looks like a machine's is `accepted` too, and quarantined (lib/leads/suspicion.ts).
 *
 * Fields are looked up by name; anything else in the form, files, and all but the first of a repeated field count for
 * nothing. A missing or malformed `submission_id` or source never costs a lead.
 */
export async function submit(form: FormData, options: SubmitOptions = {}): Promise<SubmitOutcome> {
  const { clock = () => new Date(), log = processLog } = options;
  const { screening = processScreening(), client = clientAddress() } = options;
  const typed = {
    name: field(form, 'name'),
    email: field(form, 'email'),
    phone: field(form, 'phone'),
    start: field(form, 'start'),
  } satisfies Typed;
  const checked = check(typed);
  if (checked.status === 'invalid') return { status: 'invalid', faults: checked.faults, typed };
  const receivedAt = clock();
  const sentId = submissionIdSchema.safeParse(field(form, 'submission_id')).data;
  const submissionId = sentId ?? randomUUID();
  try {
    const { name, email } = checked.answers;
    const marks = { trap: field(form, TRAP), mark: field(form, 'page_mark'), proof: field(form, 'proof') };
    const screened = await screening.screen({ name, email, sentId, submissionId, ...marks }, client, receivedAt);
    if (screened.status === 'limited') {
      log.warn({ event: 'lead.limited' });
      return { status: 'limited', retryAt: screened.retryAt, typed };
    }
    const { verdict } = screened;
    const { store = openStore() } = options;
    const { status, receipt } = await store.accept({
      submissionId,
      answers: checked.answers,
      source: sourceSchema.parse({
        article: field(form, 'from'),
        cta: field(form, 'cta'),
        referrer: field(form, 'referrer'),
        utm: field(form, 'utm'),
      }),
      consentVersion: site.privacyVersion,
      receivedAt,
      replyDueAt: replyDueAt(receivedAt),
      verdict,
    });
    log.info({ event: 'lead.accepted', leadId: receipt.leadId, as: status, verdict: verdict.status });
    return { status: 'accepted', receipt };
  } catch (error) {
    // Whatever it was, a visitor who is told the truth and keeps the text can try again or telephone.
    log.error({ event: 'lead.unstored', ...describeFailure(error) });
    return { status: 'unstored', typed };
  }
}

type Checked = { status: 'valid'; answers: Answers & { phoneE164: string } } | { status: 'invalid'; faults: Fault[] };

/** One fault a question, in the order of the form. */
function check(typed: Record<Question, string>): Checked {
  const parsed = answersSchema.safeParse(typed);
  const phone = readPhone(typed.phone);
  if (parsed.success && phone.status === 'dialable') {
    return { status: 'valid', answers: { ...parsed.data, phoneE164: phone.e164 } };
  }
  const faults = QUESTIONS.flatMap((question) => {
    const issue = parsed.error?.issues.find(({ path }) => path[0] === question);
    const message = issue?.message ?? (question === 'phone' && phone.status === 'fault' ? phone.message : undefined);
    return message === undefined ? [] : { field: question, message };
  });
  return { status: 'invalid', faults };
}

/** The first text value of a field, empty when there is none. */
function field(form: FormData, name: string): string {
  return form.getAll(name).find((value) => typeof value === 'string') ?? '';
}
