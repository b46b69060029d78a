import '#server-only';
import { jstIso } from '#lib/jst.ts';
import { CTA_NAMES } from '#lib/site.ts';
import { describeFollowUp } from './follow-up.ts';
import { LABELS, type LeadRecord, START_CHOICES } from './schema.ts';

export const STATE_NAMES: Record<LeadRecord['state'], string> = {
  new: '未対応',
  quarantined: '保留',
  answered: '対応済み',
  erased: '消去済み',
};

/** A record as `leads export -- --format json` prints it (README "Lead record"), one line; instants at +09:00. */
export function toJson(record: LeadRecord): string {
  const { id, number, state } = record;
  const instants = { receivedAt: jstIso(record.receivedAt), replyDueAt: jstIso(record.replyDueAt) };
  if (record.state === 'erased') return JSON.stringify({ id, number, ...instants, state, mails: [] });
  const { name, email, phone, phoneE164, start, followUp, source, consent, reason } = record;
  return JSON.stringify({
    ...{ id, number, ...instants, name, email, phone, phoneE164, start, followUp, source },
    consent: { version: consent.version, at: jstIso(consent.at) },
    ...{ state, reason },
    mails: record.mails.map(({ sentAt, ...mail }) => ({ ...mail, ...(sentAt && { sentAt: jstIso(sentAt) }) })),
  });
}

/** Excel reads a file as UTF-8 only with this in front. */
export const BYTE_ORDER_MARK = '\uFEFF';

const COLUMNS: Record<string, (record: LeadRecord) => string | undefined> = {
  受付番号: ({ number }) => number,
  受付日時: ({ receivedAt }) => jstIso(receivedAt),
  連絡期限: ({ replyDueAt }) => jstIso(replyDueAt),
  状態: ({ state }) => STATE_NAMES[state],
  ...column(LABELS.name, (lead) => lead.name),
  ...column(LABELS.email, (lead) => lead.email),
  ...column(LABELS.phone, (lead) => lead.phone),
  ...column('電話番号（国際形式）', (lead) => lead.phoneE164),
  ...column(LABELS.start, (lead) => START_CHOICES[lead.start]),
  ...column('読んでいた記事', (lead) => lead.source.article),
  ...column('押したボタン', (lead) => lead.source.cta && CTA_NAMES[lead.source.cta]),
  ...column('参照元', (lead) => lead.source.referrer),
  ...column('広告の識別子', (lead) => lead.source.utm),
  ...column('同意した版', (lead) => lead.consent.version),
  ...column('同意した日時', (lead) => jstIso(lead.consent.at)),
  ...column('保留の理由', (lead) => lead.reason),
  ...column('追加の回答', (lead) =>
    describeFollowUp(lead.followUp ?? {})
      .map(({ label, answer }) => `${label}: ${answer}`)
      .join(' / '),
  ),
  ID: ({ id }) => id,
};

function column(name: string, read: (lead: Exclude<LeadRecord, { state: 'erased' }>) => string | undefined) {
  return { [name]: (record: LeadRecord) => (record.state === 'erased' ? undefined : read(record)) };
}

/** The first line of a CSV export, with its line end. */
export function csvHeader(): string {
  return csvLine(Object.keys(COLUMNS));
}

/** One record as a line of CSV (RFC 4180), with its line end. */
export function toCsv(record: LeadRecord): string {
  return csvLine(Object.values(COLUMNS).map((read) => read(record) ?? ''));
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${inert(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** A cell that a spreadsheet would run as a formula becomes text (OWASP, CSV injection). */
function inert(cell: string): string {
  return /^[=+\-@\t\r＝＋－＠]/.test(cell) ? `'${cell}` : cell;
}
