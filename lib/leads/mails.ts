import '#server-only';
import { site } from '#lib/site.ts';
import { describeDueBy } from './deadline.ts';
import { deliverable } from './mail-address.ts';
import { type MailContent, toHtml, toText } from './mail-layout.ts';
import { agentWords, showCommand, visitorWords } from './mail-words.ts';
import type { Lead, MailKind } from './schema.ts';

type Mailbox = { name: string; address: string };

/** What nodemailer sends. Objects, never strings, wherever an address stands: a comma in a string is two recipients. */
export type ComposedMail = {
  from: Mailbox;
  to: Mailbox;
  replyTo?: Mailbox;
  subject: string;
  text: string;
  html?: string;
  messageId: string;
  headers: Record<string, string>;
  envelope: { from: string; to: string };
};

/** The part of an outbox row that a mail is made from. `revision` above 1 is a correction of what came before. */
export type MailRow = { kind: MailKind; recipient: string; messageId: string; revision: number };

export type MailContext = { siteUrl: string; mailFrom: string };

/**
 * The mail of one outbox row. The same row gives the same mail, with the same Message-ID, on every retry.
 *
 * To agents: the deadline first, then every field. The only typed bytes in the header are a checked address in
 * `Reply-To`; no name, because subjects are kept in the logs of every relay and shown on locked screens.
 * To a visitor: nothing that was typed, not even the name, so that nobody can send an advert through the form.
 *
 * @throws {Error} when the recipient is no address that may stand in an envelope; ask `deliverable` before queueing.
 */
export function composeMail(lead: Lead, row: MailRow, context: MailContext): ComposedMail {
  switch (row.kind) {
    case 'agent': {
      const replyAddress = deliverable(lead.email);
      const due = describeDueBy(lead.replyDueAt);
      const subject = `【${row.revision > 1 ? '登録の訂正' : '新規登録'}】${due}連絡（受付番号 ${lead.number}）`;
      const content = agentWords(lead, row.revision, context.siteUrl);
      // auto-generated keeps an agent's absence note from being sent to the visitor by Reply-To (RFC 3834).
      const mail = write(row, context, subject, content, 'auto-generated');
      return replyAddress === undefined ? mail : { ...mail, replyTo: { name: '', address: replyAddress } };
    }
    case 'visitor': {
      const matter = row.revision > 1 ? 'ご登録内容の訂正' : 'ご登録';
      const subject = `【${site.name}】${matter}を受け付けました（受付番号 ${lead.number}）`;
      const mail = write(row, context, subject, visitorWords(lead, row.revision, context.siteUrl), 'auto-replied');
      return { ...mail, replyTo: { name: site.operator.name, address: site.operator.email } };
    }
  }
}

/**
 * What an agent gets when `composeMail` failed for good: the number to look the lead up with. It uses nothing else of
 * the lead and no HTML, so that what broke the real mail cannot break this one. Never for a visitor's row.
 */
export function composeFallback(
  number: string,
  row: Pick<MailRow, 'recipient' | 'messageId'>,
  context: MailContext,
): ComposedMail {
  const subject = `【要確認】登録の通知を作れませんでした（受付番号 ${number}）`;
  const text = `登録は保存されていますが、内容をお知らせするメールを作れませんでした。
連絡期限が近いことがあります。次のコマンドで内容を確認し、ご連絡ください。

    ${showCommand(number)}

受付番号：${number}
サイト：${context.siteUrl}
`;
  return { ...addressed(row, context), subject, text, headers: automatic('auto-generated') };
}

function write(
  row: MailRow,
  context: MailContext,
  subject: string,
  content: MailContent,
  submitted: 'auto-generated' | 'auto-replied',
): ComposedMail {
  const writings = { text: toText(content), html: toHtml(content, subject) };
  return { ...addressed(row, context), subject, ...writings, headers: automatic(submitted) };
}

function addressed({ recipient, messageId }: Pick<MailRow, 'recipient' | 'messageId'>, { mailFrom }: MailContext) {
  const address = deliverable(recipient);
  if (address === undefined) throw new Error('the recipient is no single deliverable address');
  return {
    from: { name: site.name, address: mailFrom },
    to: { name: '', address },
    messageId,
    envelope: { from: mailFrom, to: address },
  };
}

function automatic(submitted: 'auto-generated' | 'auto-replied'): Record<string, string> {
  return { 'Auto-Submitted': submitted, 'X-Auto-Response-Suppress': 'All' };
}
