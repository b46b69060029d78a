import '#server-only';
import type { Addressing } from '../acceptance.ts';
import { type Amendment, amended, CURRENT_REVISION, currentSchema } from '../amendment.ts';
import type { Amended } from '../store.ts';
import { insert, queueMails } from './accept.ts';
import type { Session } from './database.ts';

/** `LeadStore.amend`, inside a write transaction. Amendments and corrections of one lead take turns. */
export async function amend(
  session: Session,
  to: Addressing,
  leadId: string,
  amendment: Amendment,
  at: Date,
): Promise<Amended> {
  // Two statements: only a later one sees what the lock waited for.
  await session.get('SELECT id FROM leads WHERE id = $1 FOR UPDATE', leadId);
  const row = await session.get(`${CURRENT_REVISION} $1`, leadId);
  if (row === undefined) return { status: 'unknown' };
  const current = currentSchema.parse(row);
  const next = amended(current, amendment, at);
  if (next.status === 'repeated') return { status: 'repeated', revision: current.revision };
  if (next.status !== 'next') return next;
  const { revision, email } = next.row;
  await insert(session, 'lead_revisions', next.row);
  await session.run(
    'UPDATE leads SET revision = $1, state = $2, reason = $3 WHERE id = $4',
    revision,
    next.lead.state,
    next.lead.reason,
    leadId,
  );
  if (next.tell !== 'nobody') {
    const agentsOnly = next.tell === 'agents';
    await queueMails(session, to, { id: leadId, number: current.number, revision, email, agentsOnly });
  }
  return { status: 'amended', revision };
}
