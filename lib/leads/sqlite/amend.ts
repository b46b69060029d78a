import '#server-only';
import type { Addressing } from '../acceptance.ts';
import { type Amendment, amended, CURRENT_REVISION, currentSchema } from '../amendment.ts';
import type { Amended } from '../store.ts';
import { insert, queueMails } from './accept.ts';
import type { Database } from './database.ts';

/** `LeadStore.amend`, inside a write transaction. */
export function amend(
  db: Database,
  to: Addressing,
  now: number,
  leadId: string,
  amendment: Amendment,
  at: Date,
): Amended {
  const row = db.get(`${CURRENT_REVISION} ?`, leadId);
  if (row === undefined) return { status: 'unknown' };
  const current = currentSchema.parse(row);
  const next = amended(current, amendment, at);
  if (next.status === 'repeated') return { status: 'repeated', revision: current.revision };
  if (next.status !== 'next') return next;
  const { revision, email } = next.row;
  insert(db, 'lead_revisions', next.row);
  db.run(
    'UPDATE leads SET revision = ?, state = ?, reason = ? WHERE id = ?',
    revision,
    next.lead.state,
    next.lead.reason,
    leadId,
  );
  if (next.tell !== 'nobody') {
    const agentsOnly = next.tell === 'agents';
    queueMails(db, to, now, { id: leadId, number: current.number, revision, email, agentsOnly });
  }
  return { status: 'amended', revision };
}
