import type { MailRow } from '#lib/leads/mails.ts';
import type { Lead } from '#lib/leads/schema.ts';
import { SIGNING_KEY } from './stage.ts';

// Friday evening; due on Monday at the same time of day, as contract and deadline.test.ts have it.
export const lead: Lead = {
  id: '3f0c6a52-7d1e-4a8c-9b53-0e7c0f7d2b11',
  number: '7K3M-9QXD',
  revision: 1,
  receivedAt: new Date('2026-11-27T18:00:41+09:00'),
  replyDueAt: new Date('2026-11-30T18:00:41+09:00'),
  name: '山田　太郎',
  email: 'taro.yamada@example.com',
  phone: '０９０-1234-5678',
  phoneE164: '+819012345678',
  start: 'month',
  followUp: { 希望の稼働日数: '週3日\n月・水・金だと助かります' },
  source: { article: 'pmo-yametoke', cta: 'middle', referrer: 'https://www.google.com/', utm: 'utm_source=news' },
  consent: { version: '2026-11-22', at: new Date('2026-11-27T18:00:41+09:00') },
  state: 'new',
  mails: [],
};
export const context = {
  siteUrl: 'https://pmo.example.jp',
  mailFrom: 'noreply@pmo.example.jp',
  signingKey: SIGNING_KEY,
};
export const toAgent: MailRow = {
  kind: 'agent',
  recipient: 'team@example.jp',
  messageId: '<1@pmo.example.jp>',
  revision: 1,
};
export const toVisitor: MailRow = {
  ...toAgent,
  kind: 'visitor',
  recipient: lead.email,
  messageId: '<2@pmo.example.jp>',
};

const OURS = ['from', 'to', 'subject', 'message-id', 'auto-submitted', 'x-auto-response-suppress', 'date'];
/** Every header of a mail, but for Reply-To. */
export const WRITTEN = [...OURS, 'mime-version', 'content-type'].sort();
