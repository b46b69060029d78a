import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NewLead } from '#lib/leads/store.ts';
import { operatorAt, postgresOfThisFile, storeAt } from './postgres-stage.ts';
import { handClock, newLead, storeIn, temporaryFolder } from './stage.ts';

const postgres = postgresOfThisFile();
const SEED = 20261127;

/** Text of every kind, also what no schema lets through: NUL, half surrogate pairs, compatibility ideographs. */
const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
  fc.constantFrom(
    '山﨑 德子',
    '神田\u{FA19}',
    'か\u3099',
    '👨‍👩‍👧‍👦',
    'ﾔﾏﾀﾞ',
    'a\0b',
    '\ud800',
    "'; --",
    '$1',
    '%s',
    '\\',
  ),
);
const submission = fc.record({
  // Few ids and addresses, so that repetitions, corrections and people who come twice are among them.
  submissionId: fc.integer({ min: 1, max: 120 }).map((count) => `submission-${String(count).padStart(8, '0')}`),
  name: text,
  email: fc.oneof(
    fc.constantFrom(
      'taro@example.jp',
      'TARO@EXAMPLE.jp',
      'a..b.@docomo.ne.jp',
      '太郎@example.jp',
      'x@例え.jp',
      '\0@x.jp',
    ),
    fc.integer({ min: 1, max: 60 }).map((count) => `person${count}@example.jp`),
  ),
  phone: text,
  start: fc.constantFrom('now', 'month', 'quarter', 'undecided'),
  reason: fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: text }),
  utm: fc.option(text, { nil: undefined }),
  minutes: fc.integer({ min: 0, max: 60 * 24 * 365 }),
});

function toLead({
  submissionId,
  reason,
  utm,
  minutes,
  ...answers
}: ReturnType<typeof submission.generate>['value']): NewLead {
  const receivedAt = new Date(Date.UTC(2026, 0, 1) + minutes * 60_000);
  return newLead({
    submissionId,
    answers: { ...answers, phoneE164: '+819012345678' },
    source: { utm },
    receivedAt,
    replyDueAt: new Date(receivedAt.getTime() + 86_400_000),
    verdict: reason === undefined ? { status: 'welcome' } : { status: 'quarantined', reason },
  });
}

/** What is kept of every revision, byte by byte; ids, numbers and Message-IDs are drawn and differ. */
const kept = (bytes: (column: string) => string) => `
  SELECT submission_id, state, ${bytes('reason')} AS reason, ${bytes('utm')} AS utm, article, cta,
    answers.revision, answers.received_at, reply_due_at, ${bytes('name')} AS name, ${bytes('email')} AS email,
    ${bytes('email_key')} AS email_key, ${bytes('phone')} AS phone, phone_e164, start, consent_version
  FROM leads JOIN lead_revisions AS answers ON lead_id = id ORDER BY submission_id, answers.revision`;
const queued = (bytes: (column: string) => string) => `
  SELECT submission_id, mail.revision, kind, ${bytes('recipient')} AS recipient, mail.state AS state, created_at
  FROM outbox AS mail JOIN leads ON leads.id = lead_id ORDER BY seq`;

describe('2つの保管庫', () => {
  test('同じ500件の送信は、SQLiteでもPostgreSQLでも同じ判断になり、同じバイトで残る', async () => {
    const clock = handClock();
    const folder = await temporaryFolder();
    const url = await postgres().createDatabase();
    const [sqlite, other] = [storeIn(folder, { clock: clock.now }), storeAt(url, { clock: clock.now })];
    const inputs = fc.sample(submission, { numRuns: 500, seed: SEED }).map(toLead);
    const decisions = new Set<string>();
    for (const lead of inputs) {
      const [one, two] = await Promise.all([sqlite.accept(lead), other.accept(lead)]);
      expect(two.status).toBe(one.status);
      expect(two.receipt.receivedAt).toEqual(one.receipt.receivedAt);
      expect(two.receipt.replyDueAt).toEqual(one.receipt.replyDueAt);
      decisions.add(one.status);
      clock.advance(900);
    }
    // Every fourth comes back as it was.
    for (const lead of inputs.slice(-100)) {
      const [one, two] = await Promise.all([sqlite.accept(lead), other.accept(lead)]);
      expect(two.status).toBe(one.status);
      decisions.add(one.status);
    }
    expect([...decisions].toSorted()).toEqual(['created', 'repeated', 'revised']);
    const file = new DatabaseSync(path.join(folder, 'leads.sqlite'), { readOnly: true });
    const operator = await operatorAt(url);
    operator.setTypeParser(20, Number);
    for (const rows of [kept, queued]) {
      const expected = file.prepare(rows((column) => `lower(hex(${column}))`)).all();
      const found = (
        await operator.query(rows((column) => `coalesce(encode(convert_to(${column}, 'UTF8'), 'hex'), '')`))
      ).rows;
      expect(found.length).toBeGreaterThan(400);
      expect(found).toEqual(expected.map((row) => ({ ...row })));
    }
    file.close();
  }, 120_000);

  test('表と列の名前は両方で同じで、片方だけを変えた版は出せない', async () => {
    const folder = await temporaryFolder();
    await storeIn(folder).condition();
    const url = await postgres().createDatabase();
    await storeAt(url).condition();
    const file = new DatabaseSync(path.join(folder, 'leads.sqlite'), { readOnly: true });
    const expected = file
      .prepare(
        `SELECT t.name || '.' || c.name AS "column" FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY 1`,
      )
      .all();
    file.close();
    const { rows } = await (await operatorAt(url)).query(
      `SELECT table_name || '.' || column_name AS "column" FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name <> 'lead_schema' ORDER BY (table_name || '.' || column_name) COLLATE "C"`,
    );
    expect(rows).toEqual(expected.map((row) => ({ ...row })));
  });
});
