import { describe, expect, test } from 'vitest';
import type { LeadStore } from '#lib/leads/store.ts';
import { newLead } from './stage.ts';

/** A fresh, empty store; `another` opens the same leads a second time; `advance` moves the clock of both. */
export type Opened = { store: LeadStore; another(): LeadStore; advance(seconds: number): void };

const HOUR = 3600;

/** A lead that must be there, not erased. */
export const theLead = async (store: LeadStore, id: string) => {
  const lead = await store.find(id);
  if (lead === undefined || lead.state === 'erased') throw new Error(`no such lead: ${id}`);
  return lead;
};

/** What every lead store must do, whatever it keeps leads in. */
export function storeContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name}: 登録を受け付ける`, () => {
    test('登録は、担当者1人に1通と本人に1通のメールとともに残る', async () => {
      const { store } = await open();
      const { status, receipt } = await store.accept(newLead());
      expect(status).toBe('created');
      expect(receipt.number).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
      const lead = await theLead(store, receipt.leadId);
      expect(lead).toMatchObject({
        number: receipt.number,
        revision: 1,
        receivedAt: new Date('2026-11-27T09:00:00Z'),
        replyDueAt: new Date('2026-11-30T09:00:00Z'),
        name: '山田太郎',
        email: 'taro@example.jp',
        phone: '090-1234-5678',
        phoneE164: '+819012345678',
        start: 'now',
        source: { article: 'pmo-yametoke', cta: 'opening' },
        consent: { version: '2026-11-22', at: new Date('2026-11-27T09:00:00Z') },
        state: 'new',
      });
      expect(lead.mails.map(({ kind, state, attempts }) => ({ kind, state, attempts }))).toEqual([
        { kind: 'agent', state: 'pending', attempts: 0 },
        { kind: 'agent', state: 'pending', attempts: 0 },
        { kind: 'visitor', state: 'pending', attempts: 0 },
      ]);
      expect(new Set(lead.mails.map((mail) => mail.messageId)).size).toBe(3);
    });

    test('同じ送信が2つの入口に50回同時に届いても、登録は1件で、答えはすべて同じ', async () => {
      const { store, another } = await open();
      const second = another();
      const lead = newLead();
      const accepted = await Promise.all(
        Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? store : second).accept(lead)),
      );
      expect(new Set(accepted.map(({ receipt }) => JSON.stringify(receipt))).size).toBe(1);
      expect(accepted.filter(({ status }) => status === 'created')).toHaveLength(1);
      expect((await store.list({ limit: 10 })).leads).toHaveLength(1);
      expect(await store.condition()).toMatchObject({ pending: 3 });
    });

    test('あとから違う答えで送ると訂正になり、前の答えも残り、担当者には別のメールが行く', async () => {
      const { store } = await open();
      const first = newLead();
      const { receipt } = await store.accept(first);
      const corrected = { ...first, answers: { ...first.answers, phone: '080-9999-8888', phoneE164: '+818099998888' } };
      expect(await store.accept(corrected)).toEqual({ status: 'revised', receipt });
      expect(await store.accept(corrected)).toEqual({ status: 'repeated', receipt });
      const lead = await theLead(store, receipt.leadId);
      expect(lead).toMatchObject({ revision: 2, phone: '080-9999-8888', receivedAt: first.receivedAt });
      expect((await store.history(receipt.number)).map((earlier) => earlier.phone)).toEqual(['090-1234-5678']);
      const mails = await store.claimDue(10, 60);
      expect(mails.map((mail) => [mail.kind, mail.revision, mail.lead.phone])).toEqual([
        ['agent', 1, '090-1234-5678'],
        ['agent', 1, '090-1234-5678'],
        ['visitor', 1, '090-1234-5678'],
        ['agent', 2, '080-9999-8888'],
        ['agent', 2, '080-9999-8888'],
      ]);
      expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(5);
    });

    test('最初の答えに戻して送っても、新しい訂正として残る', async () => {
      const { store } = await open();
      const first = newLead();
      const { receipt } = await store.accept(first);
      await store.accept({ ...first, answers: { ...first.answers, start: 'month' } });
      await store.accept(first);
      expect(await theLead(store, receipt.leadId)).toMatchObject({ revision: 3, start: 'now' });
    });

    test('名前は1バイトも変えずに残る', async () => {
      const { store } = await open();
      for (const name of ['山﨑 德子', '神田\u{FA19}', 'か\u3099', '👨‍👩‍👧‍👦', "O'Brien; DROP TABLE leads", 'ﾔﾏﾀﾞ']) {
        const { receipt } = await store.accept(newLead({ answers: { name } }));
        expect((await theLead(store, receipt.leadId)).name).toBe(name);
      }
    });

    test('本人へのメールは、大文字小文字が違っても同じアドレスには24時間に1通まで', async () => {
      const { store, advance } = await open();
      const kinds = async (email: string) => {
        const { receipt } = await store.accept(newLead({ answers: { email } }));
        return (await theLead(store, receipt.leadId)).mails.filter((mail) => mail.kind === 'visitor').length;
      };
      expect(await kinds('taro@example.jp')).toBe(1);
      expect(await kinds('Taro@Example.JP')).toBe(0);
      expect(await kinds('hanako@example.jp')).toBe(1);
      advance(23 * HOUR);
      expect(await kinds('taro@example.jp')).toBe(0);
      advance(2 * HOUR);
      expect(await kinds('taro@example.jp')).toBe(1);
    });

    test('同じアドレスの登録が2つの入口に同時に届いても、本人へのメールは1通', async () => {
      const { store, another } = await open();
      const second = another();
      await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? store : second).accept(newLead())));
      const { leads } = await store.list({ limit: 30 });
      const mails = leads.flatMap((lead) => (lead.state === 'erased' ? [] : lead.mails));
      expect(mails.filter((mail) => mail.kind === 'agent')).toHaveLength(40);
      expect(mails.filter((mail) => mail.kind === 'visitor')).toHaveLength(1);
    });

    test('メールで届けられないアドレスの人も登録でき、担当者にだけメールが行く', async () => {
      const { store } = await open();
      const { receipt } = await store.accept(newLead({ answers: { email: '太郎@example.jp' } }));
      const { mails } = await theLead(store, receipt.leadId);
      expect(mails.map((mail) => mail.kind)).toEqual(['agent', 'agent']);
    });
  });

  describe(`${name}: 保留`, () => {
    const spam = () => newLead({ verdict: { status: 'quarantined', reason: '見えない欄に入力がありました' } });

    test('保留の登録は理由とともに残り、解くまでメールは出ない', async () => {
      const { store } = await open();
      const { receipt } = await store.accept(spam());
      expect(await theLead(store, receipt.leadId)).toMatchObject({
        state: 'quarantined',
        reason: '見えない欄に入力がありました',
        mails: [],
      });
      expect(await store.condition()).toMatchObject({ pending: 0, quarantined: 1 });
      expect(await store.release(receipt.number)).toEqual({ status: 'released', mails: 3 });
      expect(await store.release(receipt.number)).toEqual({ status: 'free' });
      const released = await theLead(store, receipt.leadId);
      expect(released.state).toBe('new');
      expect(released.reason).toBeUndefined();
      expect(await store.condition()).toMatchObject({ pending: 3, quarantined: 0 });
    });

    test('本人が送り直して疑いが晴れれば、解かなくてもメールが出る', async () => {
      const { store } = await open();
      const held = spam();
      const { receipt } = await store.accept(held);
      await store.accept({ ...held, answers: { ...held.answers, name: '山田次郎' }, verdict: { status: 'welcome' } });
      expect(await theLead(store, receipt.leadId)).toMatchObject({ state: 'new', name: '山田次郎' });
      expect(await store.condition()).toMatchObject({ pending: 3 });
    });
  });
}
