import { describeDue, describeInstant } from '#lib/leads/deadline.ts';
import { STATE_NAMES } from '#lib/leads/export.ts';
import { describeFollowUp } from '#lib/leads/follow-up.ts';
import { LABELS, type Lead, type LeadRecord, QUESTIONS, START_CHOICES } from '#lib/leads/schema.ts';
import type { Condition } from '#lib/leads/store.ts';
import { CTA_NAMES } from '#lib/site.ts';

// What `npm run leads` prints. Columns are aligned for terminals that draw Japanese two cells wide.

const KIND_NAMES = { agent: '担当者宛', visitor: '本人宛' } as const;
const MAIL_STATE_NAMES = { pending: '未送信', sent: '送信済み', dead: '送れず' } as const;
const HEADINGS = ['受付番号', '受付', '連絡期限', '状態', 'お名前', '電話番号', 'メール'];

/** A table, newest first. */
export function describeList(leads: readonly LeadRecord[]): string {
  if (leads.length === 0) return '登録はまだありません。';
  return table([
    HEADINGS,
    ...leads.map((lead) => [
      lead.number,
      describeInstant(lead.receivedAt),
      describeDue(lead.replyDueAt),
      STATE_NAMES[lead.state],
      ...(lead.state === 'erased' ? [] : [lead.name, lead.phone, mailSummary(lead)]),
    ]),
  ]);
}

function mailSummary({ mails, reason }: Lead): string {
  const parts = (['sent', 'pending', 'dead'] as const).flatMap((state) => {
    const count = mails.filter((mail) => mail.state === state).length;
    return count === 0 ? [] : `${MAIL_STATE_NAMES[state]}${count}`;
  });
  return reason === undefined ? parts.join(' ') : [...parts, `（${reason}）`].join(' ');
}

/** What waits for a person, in one line each. */
export function describeCondition({ pending, oldestUnsentAt, dead, quarantined }: Condition, now: Date): string {
  const oldest =
    oldestUnsentAt === undefined
      ? ''
      : `（最も古いもの: ${describeInstant(oldestUnsentAt)}、${describeAge(now.getTime() - oldestUnsentAt.getTime())}前）`;
  return [
    `未送信のメール: ${pending}通${oldest}`,
    `送れなかったメール: ${dead}通${dead > 0 ? '（resend でもう一度送れます）' : ''}`,
    `保留の登録: ${quarantined}件${quarantined > 0 ? '（release で保留を解けます）' : ''}`,
  ].join('\n');
}

function describeAge(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return `${minutes}分`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}時間` : `${Math.floor(minutes / (24 * 60))}日`;
}

/** Everything about one lead; `history` is what it said before corrections. */
export function describeLead(lead: LeadRecord, history: readonly Lead[]): string {
  const head = [
    ['受付番号', lead.number],
    ['ID', lead.id],
    ['状態', STATE_NAMES[lead.state]],
    ['受付日時', describeInstant(lead.receivedAt)],
    ['連絡期限', describeDue(lead.replyDueAt)],
  ];
  if (lead.state === 'erased') return table(head);
  const { source, consent, followUp, reason } = lead;
  return table([
    ...head,
    ...(reason === undefined ? [] : [[lead.state === 'quarantined' ? '保留の理由' : '状態の理由', reason]]),
    ...answers(lead),
    ['電話番号（国際形式）', lead.phoneE164],
    ...describeFollowUp(followUp ?? {}).map(({ label, answer }) => [label, answer.replaceAll('\n', ' ')]),
    ['読んでいた記事', source.article ?? '記録なし'],
    ['押したボタン', source.cta === undefined ? '記録なし' : CTA_NAMES[source.cta]],
    ...(source.referrer === undefined ? [] : [['参照元', source.referrer]]),
    ...(source.utm === undefined ? [] : [['広告の識別子', source.utm]]),
    ['同意', `${consent.version}版（${describeInstant(consent.at)}）`],
    ...lead.mails.map((mail) => [
      `メール（${KIND_NAMES[mail.kind]}）`,
      [
        MAIL_STATE_NAMES[mail.state],
        mail.sentAt === undefined ? '' : describeInstant(mail.sentAt),
        mail.state === 'sent' ? '' : `${mail.attempts}回試行`,
        mail.lastError ?? '',
        mail.messageId,
      ]
        .filter(Boolean)
        .join(' '),
    ]),
    ...beforeCorrections(lead, history).flatMap((earlier, index) => [
      [`— 訂正前（${index + 1}回目）`],
      ...answers(earlier),
    ]),
  ]);
}

/** Further answers and a withdrawal are revisions too, in which the four answers stay what they were. */
function beforeCorrections(lead: Lead, history: readonly Lead[]): Lead[] {
  return history.filter((_, index) => (history[index + 1] ?? lead).occasion === undefined);
}

function answers(lead: Lead): string[][] {
  return QUESTIONS.map((question) => [
    LABELS[question],
    question === 'start' ? START_CHOICES[lead.start] : lead[question],
  ]);
}

function table(rows: readonly (readonly string[])[]): string {
  const printable = rows.map((row) => row.map(harmless));
  const widths = printable.reduce<number[]>(
    (widest, row) =>
      row.map((cell, index) => Math.max(cellsWide(cell), widest[index] ?? 0)).concat(widest.slice(row.length)),
    [],
  );
  return printable
    .map((row) =>
      row
        .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - cellsWide(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Without what could move a terminal's cursor or turn a line around. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '');
}

const graphemes = new Intl.Segmenter('ja', { granularity: 'grapheme' });
// Wide and full-width blocks of Unicode's EastAsianWidth, as far as names and addresses use them.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

function cellsWide(text: string): number {
  return [...graphemes.segment(text)].reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0);
}
