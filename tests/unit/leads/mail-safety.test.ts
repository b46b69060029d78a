import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { deliverable } from '#lib/leads/mail-address.ts';
import { composeMail } from '#lib/leads/mails.ts';
import { built, readings } from './read-mail.ts';
import { context, lead, toAgent, toVisitor, WRITTEN } from './sample-lead.ts';

// Hundreds of random cases and processes of their own: slow on a busy machine, never stuck.
vi.setConfig({ testTimeout: 60_000 });

/** The words of a mail without what only separates them: blanks, label colons, brackets of notes, bullets, rules. */
function words(text: string): string {
  return text.replace(/[\s：（）■─]/gu, '');
}

/** What a client shows of the HTML: no markup, entities resolved. */
function shown(html: string): string {
  const named: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'", '&amp;': '&' };
  const body = html.slice(html.indexOf('<body'));
  return body.replace(/<[^>]*>/g, '').replace(/&(?:lt|gt|quot|#x27|amp);/g, (entity) => named[entity] ?? entity);
}

test('テキストとHTMLは同じことを述べる', () => {
  const typed = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(
    fc.property(typed, typed, typed, fc.boolean(), (name, email, answer, corrected) => {
      for (const row of [toAgent, toVisitor]) {
        const told = { ...lead, name, email, followUp: { 自由記入: answer } };
        const { text, html } = composeMail(told, { ...row, revision: corrected ? 2 : 1 }, context);
        // The list numbers of the HTML are drawn by the client.
        expect(words(shown(html ?? ''))).toBe(words(text.replace(/^\d\. /gm, '')));
      }
    }),
  );
});

const payloads = [
  'x\r\nBcc: stranger@example.net\r\nSubject: 広告',
  'x\nTo: stranger@example.net',
  'a@example.com, stranger@example.net',
  '"<stranger@example.net>" <b@example.net>',
  '=?utf-8?B?44GU5b2T6YG4?=',
  '=?utf-8?Q?=0D=0ABcc:_stranger@example.net?=@example.com',
  'nul\u0000sep\u2028par\u2029nel\u0085bidi\u202egpj.exe\u2066\u200e',
  '\ud800lone\udfff',
  '<script src="//evil.example"></script><img src=x onerror=alert(1)> href="javascript:1"',
  '</td></table><a href="https://evil.example">',
  'あ'.repeat(10_240),
  'a'.repeat(10_240),
  '--\r\n\r\n.\r\nQUIT\r\n',
];
test.each(payloads.map((payload) => [JSON.stringify(payload).slice(0, 60), payload]))(
  'すべての項目に %s と入力されても、見出しと宛先は変わらない',
  async (_, payload) => {
    const hostile = {
      ...lead,
      name: payload,
      email: payload,
      phone: payload,
      phoneE164: payload,
      followUp: { 自由記入: payload },
      source: { ...lead.source, referrer: payload, utm: payload },
      reason: payload,
    };
    for (const row of [toAgent, toVisitor]) {
      const mail = composeMail(hostile, row, context);
      const { raw, envelope } = await built(mail);
      expect(envelope.to).toEqual([row.recipient]);
      // 998 octets is SMTP's limit; nodemailer encodes to far less. No line ends but by CRLF.
      for (const line of raw.toString('latin1').split('\r\n')) expect(line).toMatch(/^[\t\x20-\x7e]{0,200}$/);
      for (const read of await readings(raw)) {
        expect(read.headerNames.sort()).toEqual(row.kind === 'agent' ? WRITTEN : [...WRITTEN, 'reply-to'].sort());
        expect(read.to).toEqual([row.recipient]);
        expect(read.subject).toBe(mail.subject);
        expect(read.subject).not.toContain('stranger');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not arrive.
        expect(read.text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u0085\u200e\u2028\u2029\u202e\u2066]|\ufffd{3}/);
        const tags = new Set([...read.html.matchAll(/<([a-z][\w-]*)/g)].map(([, tag]) => tag));
        for (const tag of ['script', 'img', 'iframe', 'link', 'object']) expect(tags).not.toContain(tag);
        for (const [, href] of read.html.matchAll(/<a[^>]*? href="([^"]*)"/g)) {
          expect(href).toMatch(/^(?:https:\/\/pmo\.example\.jp|mailto:contact@example\.jp$|tel:\+81300000000$)/);
        }
        expect(read.html).not.toMatch(/<[^>]* (?:src|on\w+|background)=|url\(|@import/);
      }
    }
  },
);

test.each([
  ['taro@example.jp', 'taro@example.jp'],
  ['leads@localhost', 'leads@localhost'],
  ['a..b.@docomo.ne.jp', 'a..b.@docomo.ne.jp'],
  ['taro@日本語.jp', 'taro@xn--wgv71a119e.jp'],
])('%s には %s として送る', async (address, expected) => {
  expect(deliverable(address)).toBe(expected);
  const mail = composeMail(lead, { ...toVisitor, recipient: address }, context);
  expect([mail.to.address, mail.envelope.to]).toEqual([expected, expected]);
  const { raw, envelope } = await built(mail);
  // Quoted where RFC 5322 wants quotes; mailparser shows a Japanese domain in Japanese.
  const plain = (to: string): string | undefined => deliverable(to.replaceAll('"', ''));
  expect(envelope.to.map(plain)).toEqual([expected]);
  for (const read of await readings(raw)) expect(read.to.map(plain)).toEqual([expected]);
});

test.each([
  '山田@example.jp',
  'a@example.jp,b@example.jp',
  'a@example.jp\r\nBcc: b@example.jp',
  'a@b@example.jp',
  '<a@example.jp>',
  '"a"@example.jp',
  '=?utf-8?Q?a?=@example.jp',
  'a@example.jp/b',
  'a@1.2.3',
  'a@[127.0.0.1]',
  'a@example..jp',
  `${'a'.repeat(65)}@example.jp`,
  `a@${'b.'.repeat(130)}jp`,
  'example.jp',
  '@example.jp',
  'a@',
  '',
])('%j は宛先にせず、送ろうとすればエラーにする', (address) => {
  expect(deliverable(address)).toBeUndefined();
  expect(() => composeMail(lead, { ...toVisitor, recipient: address }, context)).toThrow();
});
