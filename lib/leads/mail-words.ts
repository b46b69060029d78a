import '#server-only';
import { CTA_NAMES, site } from '#lib/site.ts';
import { describeClosedDays, describeDue, describeDueBy, describeInstant } from './deadline.ts';
import { describeFollowUp } from './follow-up.ts';
import { deliverable } from './mail-address.ts';
import type { Block, MailContent, Row } from './mail-layout.ts';
import { LABELS, type Lead, START_CHOICES } from './schema.ts';

/** What a mail tells of. */
export type Matter = '新規登録' | '登録の訂正' | '追加の回答';

/** What the agents read: the deadline first, then every answer, then how it came in. */
export function agentWords(lead: Lead, matter: Matter, siteUrl: string): MailContent {
  const news = {
    新規登録: `${site.name}に新しい登録がありました。`,
    登録の訂正: `受付番号 ${lead.number} の登録内容が訂正されました。先に届いたメールではなく、このメールの内容をご覧ください。`,
    追加の回答: `受付番号 ${lead.number} の方から、追加の質問への回答が届きました。はじめの登録の内容とあわせて、すべてこのメールに書いています。`,
  }[matter];
  const reply = deliverable(lead.email)
    ? 'このメールに返信すると、登録した方に直接届きます。'
    : 'このメールに返信しても、登録した方には届きません。メールアドレスが、多くのメールサーバーでは扱えない形のためです。まず電話でご連絡ください。';
  return {
    headline: `${describeDueBy(lead.replyDueAt)}、ご連絡ください`,
    blocks: [
      { kind: 'paragraph', text: news },
      { kind: 'rows', rows: answerRows(lead) },
      { kind: 'paragraph', text: reply },
      { kind: 'heading', text: '受付の記録' },
      { kind: 'rows', rows: recordRows(lead, siteUrl) },
      { kind: 'paragraph', text: '最新の記録は、サイトを動かしているサーバーで次のコマンドを実行すると確認できます。' },
      { kind: 'command', text: showCommand(lead.number) },
    ],
    footer: [{ label: 'サイト', value: siteUrl, href: siteUrl }],
  };
}

/** What the agents read of a withdrawal: whom not to call, and what to clear away. */
export function withdrawalWords(lead: Lead, siteUrl: string): MailContent {
  return {
    headline: 'ご連絡は不要になりました',
    blocks: [
      {
        kind: 'paragraph',
        text: `受付番号 ${lead.number} の登録を、ご本人が確認メールのリンクまたは受付のページから取り消しました。ご連絡はしないでください。`,
      },
      {
        kind: 'rows',
        rows: [
          { label: '受付番号', value: lead.number },
          { label: '受付日時', value: describeInstant(lead.receivedAt) },
        ],
      },
      {
        kind: 'paragraph',
        text: `サイトに保存した情報は、取り消しから${site.withdrawnDays}日を過ぎると自動で消えます。先に届いた登録のメールや控えも、あわせて削除してください。`,
      },
    ],
    footer: [{ label: 'サイト', value: siteUrl, href: siteUrl }],
  };
}

/**
 * What the visitor reads. Takes the three facts that are ours, our link and no more, so that no typed byte can come in
 * by mistake later.
 */
export function visitorWords(
  lead: Pick<Lead, 'number' | 'receivedAt' | 'replyDueAt'>,
  matter: Matter,
  siteUrl: string,
  change: { href: string; until: Date },
): MailContent {
  const { operator } = site;
  const news =
    matter === '登録の訂正'
      ? `${site.name}です。ご登録内容の訂正を受け付けました。`
      : `${site.name}にご登録いただき、ありがとうございます。ご登録を受け付けました。`;
  const blocks: Block[] = [
    { kind: 'paragraph', text: news },
    {
      kind: 'rows',
      rows: [
        { label: '受付番号', value: lead.number },
        { label: '受付日時', value: describeInstant(lead.receivedAt) },
        { label: '担当者からのご連絡', value: describeDue(lead.replyDueAt) },
      ],
    },
    {
      kind: 'paragraph',
      text: `受付から24時間以内にご連絡します。${describeClosedDays(lead.receivedAt)}は、この24時間に数えません。`,
    },
    { kind: 'heading', text: 'これからの流れ' },
    {
      kind: 'steps',
      steps: [
        '担当者が、ご登録の電話番号またはメールアドレスにご連絡します。',
        'これまでのご経験と、働き方のご希望をうかがいます。',
        'ご希望に合う案件をご紹介します。',
      ],
    },
    { kind: 'heading', text: '内容を直す、登録を取り消す' },
    {
      kind: 'paragraph',
      text: `${describeInstant(change.until)}までは、次のページからできます。開いただけでは、何も変わりません。`,
    },
    { kind: 'rows', rows: [{ label: '訂正と取り消し', value: change.href, href: change.href }] },
    { kind: 'heading', text: 'お問い合わせ' },
    {
      kind: 'paragraph',
      text: '期限を過ぎても連絡がないとき、そのほかお困りのときは、受付番号を添えて次の窓口へお知らせください。このメールへの返信も、同じ窓口に届きます。',
    },
    {
      kind: 'rows',
      rows: [
        { label: '電話', value: operator.phone.display, note: operator.phone.hours, href: operator.phone.href },
        { label: 'メール', value: operator.email, href: `mailto:${operator.email}` },
      ],
    },
    { kind: 'heading', text: '登録した覚えがないとき' },
    {
      kind: 'paragraph',
      text: 'どなたかが、メールアドレスを間違えて入力した可能性があります。お手数ですが、このメールに「登録していません」とご返信ください。登録された情報を削除します。',
    },
    { kind: 'paragraph', text: 'このメールは、登録を受け付けたときに自動でお送りしています。' },
  ];
  return {
    headline: `${describeDueBy(lead.replyDueAt)}、担当者からご連絡します`,
    blocks,
    footer: [
      { label: '運営', value: operator.name },
      { label: 'サイト', value: siteUrl, href: siteUrl },
      { label: '個人情報の扱い', value: `${siteUrl}/privacy`, href: `${siteUrl}/privacy` },
    ],
  };
}

/** How an agent or the operator looks a lead up from the shell. */
export function showCommand(number: string): string {
  return `npm run --silent leads show ${number}`;
}

function answerRows(lead: Lead): Row[] {
  const address = deliverable(lead.email);
  const canDial = /^\+\d{5,15}$/.test(lead.phoneE164);
  return [
    { label: '連絡期限', value: describeDue(lead.replyDueAt) },
    { label: LABELS.name, value: visible(lead.name) },
    {
      label: LABELS.phone,
      value: visible(lead.phone),
      note: visible(lead.phoneE164),
      ...(canDial && { href: `tel:${lead.phoneE164}` }),
    },
    { label: LABELS.email, value: visible(lead.email), ...(address && { href: mailto(address) }) },
    { label: LABELS.start, value: START_CHOICES[lead.start] },
    ...describeFollowUp(lead.followUp ?? {}).map(({ label, answer }) => ({
      label: visible(label),
      value: answer.split(LINE_BREAK).slice(0, 100).map(visible).join('\n'),
    })),
  ];
}

function recordRows(lead: Lead, siteUrl: string): Row[] {
  const { article, cta, referrer, utm } = lead.source;
  const articleUrl = `${siteUrl}/articles/${article}`;
  return [
    { label: '受付番号', value: lead.number },
    { label: '受付日時', value: describeInstant(lead.receivedAt) },
    { label: '読んでいた記事', ...(article ? { value: articleUrl, href: articleUrl } : { value: '記録なし' }) },
    { label: '押したボタン', value: cta ? CTA_NAMES[cta] : '記録なし' },
    // No links: these two are whatever a stranger's browser sent.
    ...(referrer ? [{ label: '参照元', value: visible(referrer) }] : []),
    ...(utm ? [{ label: '広告の識別子', value: visible(utm) }] : []),
    {
      label: '同意',
      value: describeInstant(lead.consent.at),
      note: `プライバシーポリシー ${visible(lead.consent.version)}版`,
    },
    ...(lead.reason ? [{ label: '保留された理由', value: visible(lead.reason) }] : []),
  ];
}

function mailto(address: string): string {
  return `mailto:${address.split('@').map(encodeURIComponent).join('@')}`;
}

const LONGEST = 2000;
const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;
// Controls, direction marks and overrides, characters of no width. Joiners and variation selectors stay: names and
// emoji are written with them.
const UNSEEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/gu;

/** A typed value as one line that shows all it holds, spaces and full-width letters as they were typed. */
function visible(typed: string): string {
  const line = typed.toWellFormed().split(LINE_BREAK).join(' ').replaceAll('\t', ' ').replace(UNSEEN, '');
  const characters = Array.from(line);
  if (characters.length <= LONGEST) return line;
  return `${characters.slice(0, LONGEST).join('')}…（長いため以下は省略しました）`;
}
