import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { toCsv, toJson } from '#lib/leads/export.ts';
import { purgeExpired } from '#lib/leads/forget.ts';
import { findByLink, NOTHING_FILLED, takeChange, takeFollowUp } from '#lib/leads/later.ts';
import { signLink } from '#lib/leads/links.ts';
import { ANSWER_MESSAGES } from '#lib/leads/schema.ts';
import { MIGRATIONS } from '#lib/leads/sqlite/migrations.ts';
import { site } from '#lib/site.ts';
import { describeLead } from '#scripts/leads-text.ts';
import { FRIDAY_EVENING, handClock, newLead, readableLog, SIGNING_KEY, storeIn, temporaryFolder } from './stage.ts';
import { theLead } from './store-contract.ts';

// Each store has a thread of its own to start, on machines that do other things as well.
vi.setConfig({ testTimeout: 20_000 });

const DAY = 24 * 60 * 60;

async function registered(answerWithinMs?: number) {
  const dataDir = await temporaryFolder();
  const clock = handClock();
  const store = storeIn(dataDir, { clock: clock.now, ...(answerWithinMs && { answerWithinMs }) });
  const log = readableLog();
  // The start of its thread is not what is timed.
  await vi.waitFor(() => store.condition(), { timeout: 15_000 });
  const { receipt } = await store.accept(newLead());
  const options = { store, clock: clock.now, log, key: SIGNING_KEY };
  const token = (purpose: 'change' | 'follow-up', revision = 1) =>
    signLink(purpose, { leadId: receipt.leadId, revision }, FRIDAY_EVENING, SIGNING_KEY);
  const lead = () => theLead(store, receipt.leadId);
  const change = (fields: Record<string, string>) => takeChange(form({ t: token('change'), ...fields }), options);
  const answer = (fields: Record<string, string>) => takeFollowUp(form({ t: token('follow-up'), ...fields }), options);
  return { dataDir, clock, store, log, receipt, options, token, lead, change, answer };
}

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

const NOTE = '=1+1 月・水・金だと\n助かります';

test('追加の回答は、show、JSON、CSVのどれでも読め、CSVでは数式にならない', async () => {
  const { answer, lead } = await registered();
  expect(await answer({ role: 'pmo', days: 'three', rate: 'talk', note: NOTE.replace('\n', '\r\n') })).toEqual({
    status: 'kept',
  });
  const stored = await lead();
  expect(describeLead(stored, [])).toMatch(/^希望する役割 +PMO$/m);
  expect(describeLead(stored, [])).toMatch(/^担当者に伝えておきたいこと +=1\+1 月・水・金だと 助かります$/m);
  expect(JSON.parse(toJson(stored))).toMatchObject({
    followUp: { role: 'pmo', days: 'three', rate: 'talk', note: NOTE },
  });
  expect(toCsv(stored)).toContain(
    `"希望する役割: PMO / 1週間に働ける日数: 週3日 / 希望する月額の目安（税別）: 相談して決めたい / 担当者に伝えておきたいこと: ${NOTE}"`,
  );
});

test('知らない選択肢や余分な項目は捨て、残りを受け取り、見えない文字は取り除く', async () => {
  const { answer, lead } = await registered();
  expect(await answer({ role: '__proto__', days: 'toString', note: 'a\u0000b\u0007\u2028c', evil: 'x' })).toEqual({
    status: 'kept',
  });
  expect((await lead()).followUp).toEqual({ note: 'ab\nc' });
  expect(await answer({ role: 'constructor', note: ' \n ' })).toMatchObject({ status: 'fault' });
});

test('訂正は、書かれた項目だけをフォームと同じ決まりで確かめ、順に言う', async () => {
  const { change, lead } = await registered();
  expect(await change({})).toEqual({ status: 'invalid', faults: [{ field: 'name', message: NOTHING_FILLED }] });
  expect(await change({ name: 'あ'.repeat(81), email: 'x', phone: '03-1', start: 'someday' })).toEqual({
    status: 'invalid',
    faults: [
      { field: 'name', message: ANSWER_MESSAGES.nameLong },
      { field: 'email', message: ANSWER_MESSAGES.emailForm },
      { field: 'phone', message: ANSWER_MESSAGES.phoneShort },
      { field: 'start', message: ANSWER_MESSAGES.startEmpty },
    ],
  });
  expect((await lead()).revision).toBe(1);
  expect(await change({ phone: '０３－１２３４－５６７８', name: ' ' })).toEqual({ status: 'kept' });
  expect(await lead()).toMatchObject({
    name: '山田太郎',
    phone: '０３－１２３４－５６７８',
    phoneE164: '+81312345678',
  });
});

test('同じ登録を指す前のリンクは、アドレスが変わらないかぎり使え、変わると使えない', async () => {
  const { change, token, options } = await registered();
  await change({ start: 'month' });
  expect((await findByLink(token('change'), options)).status).toBe('found');
  await change({ email: 'hanako@example.jp' });
  expect(await findByLink(token('change'), options)).toEqual({ status: 'gone' });
  expect((await findByLink(token('change', 3), options)).status).toBe('found');
  expect(await change({ email: 'stranger@example.com' })).toEqual({ status: 'gone' });
});

test('保存できないときは何も変えず、そう答え、記録に人の情報を書かない', async () => {
  const { dataDir, answer, change, log, lead } = await registered(1500);
  const lock = new DatabaseSync(path.join(dataDir, 'leads.sqlite'));
  lock.exec('BEGIN EXCLUSIVE');
  expect(await answer({ note: '秘密' })).toEqual({ status: 'unstored' });
  expect(await change({ email: 'himitsu@example.jp' })).toEqual({ status: 'unstored' });
  lock.exec('ROLLBACK');
  lock.close();
  expect(log.lines.filter(({ event }) => event === 'lead.unamended')).toHaveLength(2);
  expect(JSON.stringify(log.lines)).not.toMatch(/秘密|himitsu/);
  expect(await lead()).toMatchObject({ revision: 1 });
});

test(`取り消した人の情報は、${site.withdrawnDays}日を過ぎた最初の片付けで、回答も訂正前の内容も消える`, async () => {
  const { dataDir, clock, store, receipt, answer, change, lead } = await registered();
  await answer({ note: NOTE });
  await change({ start: 'month' });
  expect(await change({ withdraw: 'yes' })).toEqual({ status: 'kept' });
  for (const { messageId } of (await lead()).mails) await store.markSent(messageId);
  clock.advance(site.withdrawnDays * DAY);
  expect(await purgeExpired({ store, dataDir }, clock.now())).toBe(0);
  clock.advance(1);
  expect(await purgeExpired({ store, dataDir }, clock.now())).toBe(1);
  expect(await store.find(receipt.leadId)).toMatchObject({ state: 'erased' });
  expect(await store.history(receipt.leadId)).toEqual([]);
  expect(await change({ start: 'now' })).toEqual({ status: 'gone' });
});

test('追加の質問より前に作られたデータベースの登録も、そのまま読め、あとから答えられる', async () => {
  const folder = await temporaryFolder();
  const old = new DatabaseSync(path.join(folder, 'leads.sqlite'));
  old.exec(`${MIGRATIONS[0]}; PRAGMA user_version = 1;
    INSERT INTO leads (id, number, revision, received_at, reply_due_at, state)
      VALUES ('511b6d36-09bb-4101-a104-fed39e66c3d4', '7K3M-9QXD', 1, 1764234000000, 1764493200000, 'new');
    INSERT INTO lead_revisions VALUES ('511b6d36-09bb-4101-a104-fed39e66c3d4', 1, 1764234000000, '山田太郎',
      'taro@example.jp', 'taro@example.jp', '090-1234-5678', '+819012345678', 'now', '2025-11-22')`);
  old.close();
  const store = storeIn(folder);
  const consent = { version: '2025-11-22', at: new Date(1764234000000) };
  const before = await theLead(store, '7K3M-9QXD');
  expect(before).toMatchObject({ name: '山田太郎', consent });
  expect(before.followUp).toBeUndefined();
  await store.amend(before.id, { kind: 'follow-up', followUp: { role: 'pmo' } }, FRIDAY_EVENING);
  expect(await theLead(store, before.id)).toMatchObject({ followUp: { role: 'pmo' }, consent });
});
