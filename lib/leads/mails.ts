import '#server-only';
import { site } from '#lib/site.ts';
import { describeDueBy, describeInstant } from './deadline.ts';
import { CHANGE_DAYS, signLink } from './links.ts';
import { deliverable } from './mail-address.ts';
import { type MailContent, toHtml, toText } from './mail-layout.ts';
import { agentWords, type Matter, showCommand, visitorWords, withdrawalWords } from './mail-words.ts';
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

/** `signingKey` signs the link by which a visitor corrects or withdraws (base64). */
export type MailContext = { siteUrl: string; mailFrom: string; signingKey: string };

/**
 * The mail of one outbox row. The same row gives the same mail, with the same Message-ID, on every retry.
 *
 * To agents: the deadline first, then every field. The only typed bytes in the header are a checked address in
 * `Reply-To`; no name, because subjects are kept in the logs of every relay and shown on locked screens.
 * To a visitor: nothing that was typed, not even the name, so that nobody can send an advert through the form. Its link
 * says which lead, and nothing of what was typed.
 *
 * @throws {Error} when the recipient is no address that may stand in an envelope; ask `deliverable` before queueing.
 */
export function composeMail(lead: Lead, row: MailRow, context: MailContext): ComposedMail {
  switch (row.kind) {
    case 'agent': {
      if (lead.occasion === 'withdrawal') {
        const subject = `【登録の取り消し】ご連絡は不要です（受付番号 ${lead.number}）`;
        return write(row, context, subject, withdrawalWords(lead, context.siteUrl), 'auto-generated');
      }
      const replyAddress = deliverable(lead.email);
      const due = describeDueBy(lead.replyDueAt);
      const subject = `【${matterOf(lead, row)}】${due}連絡（受付番号 ${lead.number}）`;
      const content = agentWords(lead, matterOf(lead, row), context.siteUrl);
      // auto-generated keeps an agent's absence note from being sent to the visitor by Reply-To (RFC 3834).
      const mail = write(row, context, subject, content, 'auto-generated');
      return replyAddress === undefined ? mail : { ...mail, replyTo: { name: '', address: replyAddress } };
    }
    case 'visitor': {
      const matter = matterOf(lead, row) === '登録の訂正' ? 'ご登録内容の訂正' : 'ご登録';
      const subject = `【${site.name}】${matter}を受け付けました（受付番号 ${lead.number}）`;
      const change = changeLink(lead, row, context);
      const content = visitorWords(lead, matterOf(lead, row), context.siteUrl, change);
      const mail = write(row, context, subject, content, 'auto-replied');
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

/** Tells the operator that no mail got through for a time, and that it does now. Names no lead and no person. */
export function composeOutageNotice(
  outage: { since: Date; until: Date; waiting: number },
  { recipient, index }: { recipient: string; index: number },
  context: MailContext,
): ComposedMail {
  const { since, until, waiting } = outage;
  const minutes = Math.round((until.getTime() - since.getTime()) / 60_000);
  const length = `${Math.floor(minutes / 60)}時間${minutes % 60}分`;
  const domain = context.mailFrom.slice(context.mailFrom.lastIndexOf('@') + 1);
  const text = `メールを${length}のあいだ送れませんでした。いまは送れています。

送れなかった間：${describeInstant(since)}から${describeInstant(until)}まで
送信を待っているメール：${waiting}通

登録は失われていません。待っているメールは、古いものから順に送っています。
連絡期限が近い登録がないか、サイトを動かしているサーバーで次のコマンドを実行して確認してください。

    npm run --silent leads list

サイト：${context.siteUrl}
`;
  return {
    ...addressed({ recipient, messageId: `<outage.${since.getTime()}.${index}@${domain}>` }, context),
    subject: `【要確認】メールを${length}のあいだ送れませんでした（いまは送れています）`,
    text,
    headers: automatic('auto-generated'),
  };
}

/** What a mail is about: the first answers, a correction of them, or answers to the questions after acceptance. */
function matterOf({ occasion }: Lead, { revision }: MailRow): Matter {
  if (occasion === 'follow-up') return '追加の回答';
  return revision > 1 ? '登録の訂正' : '新規登録';
}

/** The address at which the visitor corrects or withdraws, the same on every retry, and until when it works. */
function changeLink(lead: Lead, { revision }: MailRow, { siteUrl, signingKey }: MailContext) {
  const from = lead.consent.at;
  const token = signLink('change', { leadId: lead.id, revision }, from, signingKey);
  return {
    href: `${siteUrl}/register/change?t=${token}`,
    until: new Date(from.getTime() + CHANGE_DAYS * 24 * 60 * 60 * 1000),
  };
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
