import { simpleParser } from 'mailparser';
import { expect, test, vi } from 'vitest';
import { BYTE_ORDER_MARK, csvHeader, toCsv, toJson } from '#lib/leads/export.ts';
import { composeMail } from '#lib/leads/mails.ts';
import { answersSchema, type LeadRecord } from '#lib/leads/schema.ts';
import { everyLead, type LeadStore } from '#lib/leads/store.ts';
import { hardNames } from '../../support/hard-names.ts';
import { postgresOfThisFile, storeAt } from './postgres-stage.ts';
import { built } from './read-mail.ts';
import { context, lead, toAgent } from './sample-lead.ts';
import { newLead, storeIn, temporaryFolder } from './stage.ts';

// A thousand names through real stores and a mail parser: seconds on a quiet machine, more on a busy one.
vi.setConfig({ testTimeout: 120_000 });

const NAMES = hardNames();
const postgres = postgresOfThisFile();
const bytes = (text: string) => Buffer.from(text, 'utf8').toString('hex');
const accepted = (name: string) =>
  answersSchema.parse({ name, email: 'taro@example.jp', phone: '090-1234-5678', start: 'now' }).name;

test('1,000の名前は互いに違い、1文字から80文字まであり、フォームの検査を1バイトも変わらずに通る', () => {
  const segmenter = new Intl.Segmenter('ja', { granularity: 'grapheme' });
  const lengths = NAMES.map((name) => [...segmenter.segment(name)].length);
  expect(NAMES).toHaveLength(1000);
  expect(new Set(NAMES).size).toBeGreaterThan(900);
  expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([1, 80]);
  // The names are worth the test: most would not survive normalisation, or need more than one UTF-16 unit.
  const fragile = NAMES.filter((name) => name.normalize('NFKC') !== name || /[\ud800-\udbff]/.test(name));
  expect(fragile.length).toBeGreaterThan(600);
  expect(NAMES.map((name) => bytes(accepted(name)))).toEqual(NAMES.map(bytes));
});

test.each([
  ['前後の空白は除き、中の空白は残す', ' 　山田　太郎\u00a0', '山田　太郎'],
  ['貼り付けた改行とタブは除く', '山田\r\n太郎\t', '山田太郎'],
  ['NULとほかの制御文字は除く', '山\u0000田\u0007\u0085太郎\u2028', '山田太郎'],
  ['文字の向きの印は、本人が書いたものとして残す', '\u200e山田\u202e太郎', '\u200e山田\u202e太郎'],
  ['幅のない文字も残す', '山\u200b田\u200d太\u2060郎', '山\u200b田\u200d太\u2060郎'],
  ['半分だけのサロゲートは、印に置き換える', '山\ud800田', '山\ufffd田'],
])('%s', (_why, typed, kept) => {
  expect(accepted(typed)).toBe(kept);
});

async function kept(store: LeadStore): Promise<LeadRecord[]> {
  await Promise.all(
    NAMES.map((name, index) =>
      store.accept(
        newLead({
          answers: { name: accepted(name), email: `person${index}@example.jp` },
          receivedAt: new Date(Date.UTC(2026, 10, 27) + index * 1000),
        }),
      ),
    ),
  );
  const leads: LeadRecord[] = [];
  for await (const one of everyLead(store)) leads.push(one);
  return leads.reverse();
}

const nameOf = (record: LeadRecord) => (record.state === 'erased' ? '' : record.name);

test.each([
  ['SQLite', async () => storeIn(await temporaryFolder())],
  ['PostgreSQL', async () => storeAt(await postgres().createDatabase())],
])('%sから、JSONとCSVの書き出しから、1バイトも変わらずに戻る', async (_name, open) => {
  const records = await kept(await open());
  expect(records.map((record) => bytes(nameOf(record)))).toEqual(NAMES.map(bytes));
  const json: { name: string }[] = JSON.parse(Buffer.from(`[${records.map(toJson).join()}]`).toString('utf8'));
  expect(json.map(({ name }) => bytes(name))).toEqual(NAMES.map(bytes));
  const file = Buffer.from(BYTE_ORDER_MARK + csvHeader() + records.map(toCsv).join('')).toString('utf8');
  const [, ...rows] = readCsv(file.slice(1));
  expect(rows.map((cells) => bytes(cells[4] ?? ''))).toEqual(NAMES.map(bytes));
});

test('担当者へのメールから、別のプログラムで読んでも、1バイトも変わらずに戻る', async () => {
  const read: string[] = [];
  for (const name of NAMES) {
    const { raw } = await built(composeMail({ ...lead, name }, toAgent, context));
    const { text = '' } = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true });
    read.push(/^お名前：(.*)$/m.exec(text)?.[1] ?? '');
  }
  expect(read.map(bytes)).toEqual(NAMES.map(bytes));
});

/** RFC 4180, read by hand: quoted cells, doubled quotes, lines that end with CRLF. */
function readCsv(file: string): string[][] {
  return file
    .split('\r\n')
    .filter(Boolean)
    .map((line) => [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, cell = '']) => cell.replaceAll('""', '"')));
}
