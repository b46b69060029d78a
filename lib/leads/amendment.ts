import '#server-only';
import { z } from 'zod';
import { addressKey, type Row, storable } from './acceptance.ts';
import type { FollowUp } from './follow-up.ts';
import type { Answers } from './schema.ts';

// What every store makes of a later word of somebody who has registered: the next revision of the same lead. Erasing,
// moving and mailing go by revisions, so that nothing of it can be forgotten there.

type Kept = Answers & { phoneE164: string };

/** `correction`: only the answers that change. `withdrawal`: nobody is to call; the data go with the next purges. */
export type Amendment =
  | { kind: 'correction'; answers: { [Key in keyof Kept]?: Kept[Key] | undefined } }
  | { kind: 'follow-up'; followUp: FollowUp }
  | { kind: 'withdrawal' };

/** Who holds a link can fill the agents' mailboxes with no more mails than this. */
const MOST_REVISIONS = 30;

/** What the agents' records say of a lead that was withdrawn. */
const WITHDRAWN = '本人が登録を取り消しました';

/** The last revision of a lead, all of it, and what the lead itself says. */
export const currentSchema = z.object({
  number: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  lead_id: z.string(),
  revision: z.number(),
  received_at: z.number(),
  name: z.string(),
  email: z.string(),
  email_key: z.string(),
  phone: z.string(),
  phone_e164: z.string(),
  start: z.string(),
  consent_version: z.string(),
  follow_up: z.string().nullable(),
  occasion: z.string().nullable(),
  consent_at: z.number().nullable(),
});
type Current = z.infer<typeof currentSchema>;

/** Selects what `currentSchema` reads, for the lead whose id follows. */
export const CURRENT_REVISION = `SELECT number, state, reason, shown.* FROM leads
  JOIN lead_revisions AS shown ON shown.lead_id = leads.id AND shown.revision = leads.revision WHERE leads.id =`;

/**
 * `next`: the row of the next revision, the columns of its lead, and whom to tell. Quarantined leads stay so: nobody is
 * told. `repeated`: the lead says so already. A consent is given with the form alone and is not changed here.
 */
type Next =
  | {
      status: 'next';
      row: Row & { email: string; revision: number };
      lead: { state: string; reason: string | null };
      tell: 'nobody' | 'agents' | 'agents and visitor';
    }
  | { status: 'repeated' }
  | { status: 'withdrawn' | 'full' };

export function amended(current: Current, amendment: Amendment, at: Date): Next {
  const { number: _number, state, reason, ...revision } = current;
  const isWithdrawn = revision.occasion === 'withdrawal';
  if (isWithdrawn) return { status: amendment.kind === 'withdrawal' ? 'repeated' : 'withdrawn' };
  if (revision.revision >= MOST_REVISIONS) return { status: 'full' };
  const next = {
    ...revision,
    revision: revision.revision + 1,
    received_at: at.getTime(),
    consent_at: revision.consent_at ?? revision.received_at,
    occasion: null,
  };
  const isHeld = state === 'quarantined';
  switch (amendment.kind) {
    case 'correction': {
      const { name, email, phone, phoneE164, start } = amendment.answers;
      const row = {
        ...next,
        name: storable(name ?? next.name),
        email: storable(email ?? next.email),
        email_key: addressKey(email ?? next.email),
        phone: storable(phone ?? next.phone),
        phone_e164: phoneE164 ?? next.phone_e164,
        start: start ?? next.start,
      };
      const isSame = (['name', 'email', 'phone', 'start'] as const).every((key) => row[key] === current[key]);
      if (isSame) return { status: 'repeated' };
      const lead = isHeld ? { state, reason } : { state: 'new', reason: null };
      return { status: 'next', row, lead, tell: isHeld ? 'nobody' : 'agents and visitor' };
    }
    case 'follow-up': {
      const followUp = storable(JSON.stringify(amendment.followUp));
      if (followUp === current.follow_up) return { status: 'repeated' };
      const row = { ...next, follow_up: followUp, occasion: 'follow-up' };
      return { status: 'next', row, lead: { state, reason }, tell: isHeld ? 'nobody' : 'agents' };
    }
    case 'withdrawal': {
      const row = { ...next, occasion: 'withdrawal' };
      const lead = { state: 'answered', reason: WITHDRAWN };
      return { status: 'next', row, lead, tell: isHeld ? 'nobody' : 'agents' };
    }
  }
}
