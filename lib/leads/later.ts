import '#server-only';
import { type Log, log as processLog } from '#lib/log.ts';
import { signingKey } from '#lib/signature.ts';
import type { Amendment } from './amendment.ts';
import { FOLLOW_UP_MESSAGES, readFollowUp } from './follow-up.ts';
import { readLink } from './links.ts';
import { readPhone } from './phone.ts';
import { answersSchema, type Fault, type Lead, QUESTIONS, type Question } from './schema.ts';
import { type LeadStore, openStore } from './store.ts';
import { describeFailure } from './store-error.ts';

// What somebody who has registered says later: further answers, a correction, a withdrawal.

type Options = { store?: LeadStore; clock?: () => Date; log?: Log; key?: string };

/**
 * What became of it. `kept`: the lead says so now and the agents are told, once, however often it was sent. `gone`: the
 * link is too old, was made for another address, or the lead was withdrawn or erased. `full`: changed too often, a person
 * has to look. After `unstored` nothing has changed.
 */
export type LaterOutcome =
  | { status: 'kept' | 'gone' | 'full' | 'unstored' }
  | { status: 'fault'; message: string }
  | { status: 'invalid'; faults: Fault[] };

/** Takes the form of the questions after acceptance; its `t` says for which lead. */
export async function takeFollowUp(form: FormData, options: Options = {}): Promise<LaterOutcome> {
  const { clock = () => new Date(), key = signingKey() } = options;
  const link = readLink('follow-up', field(form, 't'), clock(), key);
  if (link.status === 'invalid') return { status: 'gone' };
  const read = readFollowUp(Object.fromEntries(form));
  switch (read.status) {
    case 'nothing':
      return { status: 'fault', message: FOLLOW_UP_MESSAGES.nothing };
    case 'fault':
      return read;
    case 'answered':
      return amend(link.leadId, { kind: 'follow-up', followUp: read.followUp }, options);
  }
}

/** Takes a withdrawal (`withdraw`), or a correction: of the four answers only those that were filled in change. */
export async function takeChange(form: FormData, options: Options = {}): Promise<LaterOutcome> {
  const found = await findByLink(field(form, 't'), options);
  if (found.status !== 'found') return found;
  if (field(form, 'withdraw') !== '') return amend(found.lead.id, { kind: 'withdrawal' }, options);
  const checked = checkFilled(form);
  if (checked.status === 'invalid') return checked;
  return amend(found.lead.id, { kind: 'correction', answers: checked.answers }, options);
}

/** The lead that a link to correct or withdraw opens; nothing of its answers may be shown to whoever holds the link. */
export async function findByLink(
  token: string,
  options: Options = {},
): Promise<{ status: 'found'; lead: Lead } | { status: 'gone' | 'unstored' }> {
  const { clock = () => new Date(), key = signingKey(), store = openStore(), log = processLog } = options;
  const link = readLink('change', token, clock(), key);
  if (link.status === 'invalid') return { status: 'gone' };
  try {
    const lead = await store.find(link.leadId);
    if (lead === undefined || lead.state === 'erased' || lead.occasion === 'withdrawal') return { status: 'gone' };
    if (link.revision === lead.revision) return { status: 'found', lead };
    // Whoever was written to by mistake loses the link when the address is corrected.
    const then = (await store.history(lead.id)).find(({ revision }) => revision === link.revision);
    return then?.email === lead.email ? { status: 'found', lead } : { status: 'gone' };
  } catch (error) {
    log.error({ event: 'lead.unread', leadId: link.leadId, ...describeFailure(error) });
    return { status: 'unstored' };
  }
}

async function amend(leadId: string, amendment: Amendment, options: Options): Promise<LaterOutcome> {
  const { clock = () => new Date(), store = openStore(), log = processLog } = options;
  try {
    const { status } = await store.amend(leadId, amendment, clock());
    log.info({ event: 'lead.amended', leadId, kind: amendment.kind, as: status });
    switch (status) {
      case 'amended':
      case 'repeated':
        return { status: 'kept' };
      case 'withdrawn':
      case 'unknown':
        return { status: 'gone' };
      case 'full':
        return { status: 'full' };
    }
  } catch (error) {
    log.error({ event: 'lead.unamended', ...describeFailure(error) });
    return { status: 'unstored' };
  }
}

export const NOTHING_FILLED = '直したい項目を1つ以上入力してください';

type Filled = Extract<Amendment, { kind: 'correction' }>['answers'];
type Checked = { status: 'valid'; answers: Filled } | { status: 'invalid'; faults: Fault[] };

/** The same rules as for the form, for what was filled in; one fault a question, in the order of the form. */
function checkFilled(form: FormData): Checked {
  const filled = QUESTIONS.filter((question) => field(form, question).trim() !== '');
  if (filled.length === 0) return { status: 'invalid', faults: [{ field: 'name', message: NOTHING_FILLED }] };
  const typed = Object.fromEntries(filled.map((question) => [question, field(form, question)]));
  const faults: Fault[] = [];
  const fault = (question: Question, message: string) => void faults.push({ field: question, message });
  const read = answersSchema.partial().safeParse(typed);
  for (const question of filled) {
    const issue = read.error?.issues.find(({ path }) => path[0] === question);
    if (issue) fault(question, issue.message);
  }
  const phone = read.data?.phone === undefined ? undefined : readPhone(read.data.phone);
  if (phone?.status === 'fault') fault('phone', phone.message);
  if (!read.success || faults.length > 0) return { status: 'invalid', faults };
  const answers = read.data;
  return {
    status: 'valid',
    answers: phone?.status === 'dialable' ? { ...answers, phoneE164: phone.e164 } : answers,
  };
}

/** The first text value of a field, empty when there is none. */
function field(form: FormData, name: string): string {
  return form.getAll(name).find((value) => typeof value === 'string') ?? '';
}
