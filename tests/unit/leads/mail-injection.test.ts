import { expect, onTestFinished, test, vi } from 'vitest';
import { createLimits } from '#lib/leads/limits.ts';
import { createScreening } from '#lib/leads/screening.ts';
import { submit } from '#lib/leads/submit.ts';
import { openTransport } from '#lib/leads/transport.ts';
import { openInbox, type ReceivedMail } from '../../support/inbox.ts';
import { deliver, drained } from './deliver-stage.ts';
import { readings, readingsOfAll } from './read-mail.ts';
import { WRITTEN } from './sample-lead.ts';
import { AGENTS, FRIDAY_EVENING, filledForm, newLead, readableLog, storeIn, temporaryFolder } from './stage.ts';

// From the form, and from past the form's checks, to what a real mail server is told: envelope and header.

vi.setConfig({ testTimeout: 120_000 });

const STRANGER = 'stranger@example.net';
const PAYLOADS: Record<string, string> = {
  CR: `山田\rBcc: ${STRANGER}`,
  LF: `山田\nBcc: ${STRANGER}`,
  CRLF: `山田\r\nBcc: ${STRANGER}\r\nSubject: 広告\r\n\r\n本文`,
  NUL: `山田\u0000\nRCPT TO:<${STRANGER}>`,
  カンマ: `taro@example.jp, ${STRANGER}`,
  山括弧: `山田 <${STRANGER}>`,
  引用符: `"山田" <${STRANGER}>`,
  'エンコード語（B）': '=?utf-8?B?5bGx55SwDQpCY2M6IHN0cmFuZ2VyQGV4YW1wbGUubmV0?=',
  'エンコード語（Q）': `=?utf-8?Q?=0D=0ABcc:_${STRANGER}?=`,
  点だけの行: `山田\r\n.\r\nMAIL FROM:<${STRANGER}>`,
  '10キロバイトの日本語': '山'.repeat(3_500),
  '10キロバイトの英字': 'a'.repeat(10_240),
};
const FIELDS = ['name', 'email', 'phone', 'start', 'from', 'cta', 'utm', 'referrer', 'submission_id'];

async function office() {
  const inbox = await openInbox();
  onTestFinished(() => inbox.close());
  const dataDir = await temporaryFolder();
  const store = storeIn(dataDir);
  const send = () => deliver(store, openTransport({ smtpUrl: inbox.smtpUrl, dataDir }));
  return { inbox, store, send };
}

/** Each mail has one recipient that the site chose, the headers that the site writes, and nothing of a stranger. */
async function judgeAll(mails: readonly ReceivedMail[], visitors: readonly string[]): Promise<void> {
  const all = await readingsOfAll(mails.map(({ raw }) => raw));
  for (const [index, mail] of mails.entries()) judge(mail, all[index] ?? [], visitors);
}

function judge(
  mail: ReceivedMail,
  readings: Awaited<ReturnType<typeof readingsOfAll>>[number],
  visitors: readonly string[],
): void {
  expect(readings).not.toEqual([]);
  expect(mail.from).toBe('noreply@pmo.example.jp');
  expect(mail.to).toHaveLength(1);
  const toAgent = AGENTS.includes(mail.to[0] ?? '');
  if (!toAgent) expect(visitors).toContain(mail.to[0]);
  const head = mail.raw.subarray(0, mail.raw.indexOf('\r\n\r\n')).toString('latin1');
  expect(head).not.toMatch(/stranger|\.net|[^\t\r\n\x20-\x7e]|\r(?!\n)|(?<!\r)\n/);
  // 998 octets is what SMTP allows (RFC 5321, 4.5.3.1.6).
  for (const line of mail.raw.toString('latin1').split('\r\n')) expect(line.length).toBeLessThan(998);
  for (const read of readings) {
    const names = new Set(read.headerNames);
    expect([...names].sort()).toEqual([...WRITTEN, ...(names.has('reply-to') ? ['reply-to'] : [])].sort());
    expect(read.headerNames).toHaveLength(names.size);
    expect(read.to).toEqual(mail.to);
    expect(read.subject).toMatch(/^【[^】]+】.+（受付番号 [0-9A-Z]{4}-[0-9A-Z]{4}）$/);
    for (const address of toAgent ? read.replyTo : []) expect(visitors).toContain(address);
    if (!toAgent) expect(read.text + read.html).not.toMatch(/stranger|山田|aaaa|山山/);
  }
}

test('フォームのどの項目に何を書かれても、見出しにも宛先にも届かない', async () => {
  const { inbox, store, send } = await office();
  const screening = createScreening(createLimits({ floodAbove: 0, sitePerMinute: 10_000 }));
  const options = { store, screening, log: readableLog(), clock: () => FRIDAY_EVENING };
  let accepted = 0;
  const visitors: string[] = [];
  for (const field of FIELDS) {
    for (const payload of Object.values(PAYLOADS)) {
      const email = `visitor${accepted}@example.jp`;
      const outcome = await submit(filledForm({ email, [field]: payload }), options);
      if (outcome.status !== 'accepted') continue;
      accepted += 1;
      const lead = await store.find(outcome.receipt.number);
      if (lead?.state !== 'erased') visitors.push(lead?.email ?? '');
      await store.release(outcome.receipt.number);
    }
  }
  // Most are taken: a strange source or telephone number costs nobody the registration.
  expect(accepted).toBeGreaterThan(60);
  send();
  await drained(store);
  expect(visitors.filter((email) => email.includes('stranger'))).toEqual([]);
  expect(inbox.mails.length).toBeGreaterThan(2 * accepted);
  await judgeAll(inbox.mails, visitors);
});

test('フォームの点検をすり抜けて保存されていても、見出しにも宛先にも届かない', async () => {
  const { inbox, store, send } = await office();
  for (const payload of Object.values(PAYLOADS)) {
    const answers = { name: payload, email: payload, phone: payload, phoneE164: payload };
    const source = { article: payload, referrer: payload, utm: payload };
    const { receipt } = await store.accept(newLead({ answers, source }));
    const followUp = { role: payload, note: payload, [payload]: payload };
    await store.amend(receipt.leadId, { kind: 'follow-up', followUp }, FRIDAY_EVENING);
  }
  send();
  await drained(store);
  // A row that cannot be read back is put off; what is sent goes to the team alone.
  expect(inbox.mails.length).toBeGreaterThan(0);
  await judgeAll(inbox.mails, []);
});

test('日本語の件名と差出人は、どのメールソフトでも同じに読める形（RFC 2047）で送る', async () => {
  const { inbox, store, send } = await office();
  await store.accept(newLead());
  send();
  await drained(store);
  expect(inbox.mails).toHaveLength(3);
  for (const mail of inbox.mails) {
    const head = mail.raw.subarray(0, mail.raw.indexOf('\r\n\r\n')).toString('latin1');
    for (const name of ['Subject', 'From']) {
      expect(head).toMatch(new RegExp(`^${name}: =\\?UTF-8\\?[BQ]\\?`, 'm'));
    }
    // 75 characters is the longest encoded word, and none may be cut inside a character (RFC 2047, 2 and 5).
    for (const [word, , encoding, text = ''] of head.matchAll(/=\?([\w-]+)\?([BQ])\?([^?]*)\?=/g)) {
      expect(word.length).toBeLessThanOrEqual(75);
      const bytes =
        encoding === 'B'
          ? Buffer.from(text, 'base64')
          : Buffer.from(
              text
                .replaceAll('_', ' ')
                .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
              'latin1',
            );
      expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).not.toThrow();
    }
    const [first, ...others] = await readings(mail.raw);
    for (const other of others) expect(other.subject).toBe(first?.subject);
    expect(mail.parsed.from?.value[0]?.name).toBe('サーキュPM/PMO');
  }
});
