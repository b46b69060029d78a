import { describe, expect, test } from 'vitest';
import { everyLead } from '#lib/leads/store.ts';
import { AGENTS, newLead } from './stage.ts';
import { type Opened, theLead } from './store-contract.ts';

const HOUR = 3600;

/** The rest of the contract: queueing mails, finding, listing, erasing. */
export function mailContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name}: メールの順番待ち`, () => {
    test('1通を同時に取り出せるのは1人だけで、古いものから順に出る', async () => {
      const { store, another } = await open();
      const second = another();
      for (let count = 0; count < 4; count += 1) await store.accept(newLead());
      const [mine, theirs] = await Promise.all([store.claimDue(5, 60), second.claimDue(5, 60)]);
      const claimed = [...mine, ...theirs].map((mail) => mail.messageId);
      expect(claimed).toHaveLength(9);
      expect(new Set(claimed).size).toBe(9);
      expect(await store.claimDue(5, 60)).toEqual([]);
      expect(mine.map((mail) => mail.recipient).slice(0, 2)).toEqual(AGENTS);
    });

    test('取り出した人が戻らなければ、期限のあとで別の人が同じMessage-IDで引き継ぐ', async () => {
      const { store, another, advance } = await open();
      await store.accept(newLead());
      const [lost] = await store.claimDue(1, 60);
      const successor = another();
      expect(await successor.claimDue(10, 60)).toHaveLength(2);
      advance(61);
      const takenOver = (await successor.claimDue(10, 60)).find((mail) => mail.messageId === lost?.messageId);
      expect(takenOver).toMatchObject({ attempts: 2, recipient: lost?.recipient });
      // 期限を過ぎた人の「失敗」は、引き継いだ人の邪魔をしない。
      await store.markFailed(lost?.token ?? '', 'late', 5);
      await store.markDead(lost?.token ?? '', 'late');
      expect(await store.condition()).toMatchObject({ pending: 3, dead: 0 });
      // しかし「届いた」は、いつ分かっても正しい。
      await store.markSent(lost?.messageId ?? '');
      expect(await store.condition()).toMatchObject({ pending: 2 });
    });

    test('失敗したメールは、待ち時間のあとで、同じMessage-IDと宛先でもう一度出る', async () => {
      const { store, advance } = await open();
      const { receipt } = await store.accept(newLead());
      const [mail] = await store.claimDue(1, 60);
      await store.markFailed(mail?.token ?? '', '451 try later', 29.8765);
      expect((await theLead(store, receipt.leadId)).mails[0]).toMatchObject({
        state: 'pending',
        lastError: '451 try later',
      });
      expect((await store.claimDue(10, 60)).map((due) => due.messageId)).not.toContain(mail?.messageId);
      advance(31);
      const [again] = await store.claimDue(1, 60);
      expect(again).toMatchObject({
        messageId: mail?.messageId,
        recipient: mail?.recipient,
        attempts: 2,
        ageSeconds: 31,
      });
    });

    test('届いたメールは記録され、二度と出ない', async () => {
      const { store, advance } = await open();
      const { receipt } = await store.accept(newLead());
      for (const mail of await store.claimDue(10, 60)) await store.markSent(mail.messageId);
      expect((await theLead(store, receipt.leadId)).mails).toMatchObject([
        { state: 'sent', attempts: 1, sentAt: new Date('2026-11-27T09:00:00Z') },
        { state: 'sent' },
        { state: 'sent' },
      ]);
      advance(HOUR);
      expect(await store.claimDue(10, 60)).toEqual([]);
      expect(await store.condition()).toEqual({ pending: 0, dead: 0, quarantined: 0 });
    });

    test('あきらめたメールは見え、resendで同じMessage-IDのまま生き返る', async () => {
      const { store } = await open();
      const { receipt } = await store.accept(newLead());
      const mails = await store.claimDue(10, 60);
      const visitor = mails.find((mail) => mail.kind === 'visitor');
      await store.markDead(visitor?.token ?? '', '550 no such user');
      for (const mail of mails.filter((one) => one.kind === 'agent')) await store.markSent(mail.messageId);
      expect(await store.condition()).toMatchObject({ pending: 0, dead: 1 });
      expect(await store.resend(receipt.number)).toEqual({ status: 'queued', mails: 3 });
      const again = await store.claimDue(10, 60);
      expect(again.map((mail) => mail.messageId).sort()).toEqual(mails.map((mail) => mail.messageId).sort());
      expect(again[0]).toMatchObject({ attempts: 1 });
    });

    test('時計が1日戻っても、待っているメールは止まらない', async () => {
      const { store, advance } = await open();
      await store.accept(newLead());
      const [failed, leased] = await store.claimDue(2, 60);
      await store.markFailed(failed?.token ?? '', '451', 30);
      advance(-24 * HOUR);
      const due = (await store.claimDue(10, 60)).map((mail) => mail.messageId);
      expect(due).toHaveLength(3);
      expect(due).toEqual(expect.arrayContaining([failed?.messageId, leased?.messageId]));
    });

    test('最も古い未送信のメールがいつからのものか分かる', async () => {
      const { store, advance } = await open();
      await store.accept(newLead());
      advance(HOUR);
      await store.accept(newLead());
      expect(await store.condition()).toEqual({
        pending: 5,
        oldestUnsentAt: new Date('2026-11-27T09:00:00Z'),
        dead: 0,
        quarantined: 0,
      });
    });

    test('新しいメールができると、待っている人に知らせる', async () => {
      const { store } = await open();
      let told = 0;
      const end = store.watch(() => {
        told += 1;
      });
      const { receipt } = await store.accept(newLead());
      expect(told).toBe(1);
      await store.resend(receipt.number);
      expect(told).toBe(2);
      end();
      await store.accept(newLead());
      expect(told).toBe(2);
    });
  });

  describe(`${name}: 探す、並べる`, () => {
    test('IDでも、小文字やハイフンなしの受付番号でも見つかる', async () => {
      const { store } = await open();
      const { receipt } = await store.accept(newLead());
      for (const typed of [receipt.leadId, receipt.number, receipt.number.toLowerCase().replace('-', '')]) {
        expect((await theLead(store, typed)).id).toBe(receipt.leadId);
      }
      expect(await store.find('0000-0000')).toBeUndefined();
      expect(await store.find("' OR 1=1 --")).toBeUndefined();
    });

    test('新しい順に、ページをまたいでも漏れも重なりもなく並ぶ', async () => {
      const { store } = await open();
      const numbers: string[] = [];
      for (let minute = 0; minute < 7; minute += 1) {
        // 同じ時刻に届いたものもある。
        const receivedAt = new Date(Date.UTC(2026, 10, 27, 9, Math.floor(minute / 2)));
        numbers.push((await store.accept(newLead({ receivedAt }))).receipt.number);
      }
      const first = await store.list({ limit: 3 });
      const late = (await store.accept(newLead({ receivedAt: new Date(Date.UTC(2026, 10, 28)) }))).receipt.number;
      const second = await store.list({ limit: 3, after: first.next ?? '' });
      const third = await store.list({ limit: 3, after: second.next ?? '' });
      const listed = [first, second, third].flatMap((page) => page.leads.map((lead) => lead.number));
      expect(listed.toSorted()).toEqual(numbers.toSorted());
      expect(first.leads[0]?.number).toBe(numbers[6]);
      expect(third.next).toBeUndefined();
      const all = [];
      for await (const lead of everyLead(store)) all.push(lead.number);
      expect(all).toHaveLength(8);
      expect(all[0]).toBe(late);
    });
  });

  describe(`${name}: 消す`, () => {
    test('人を消すと、訂正前の答えもメールも消え、受付番号と日時だけが残る', async () => {
      const { store } = await open();
      const first = newLead({ answers: { email: 'Taro@Example.jp' } });
      const { receipt } = await store.accept(first);
      await store.accept({ ...first, answers: { ...first.answers, email: 'new@example.jp' } });
      const other = await store.accept(newLead({ answers: { email: 'hanako@example.jp' } }));
      const { mails } = await theLead(store, receipt.leadId);
      // 訂正前のアドレスでも見つかる。
      expect(await store.erase('TARO@example.jp')).toEqual({ status: 'erased', leads: 1 });
      expect(await store.find(receipt.number)).toEqual({
        id: receipt.leadId,
        number: receipt.number,
        receivedAt: receipt.receivedAt,
        replyDueAt: receipt.replyDueAt,
        state: 'erased',
      });
      expect(await store.history(receipt.number)).toEqual([]);
      expect(await store.resend(receipt.number)).toEqual({ status: 'unknown' });
      expect(await store.erase('taro@example.jp')).toEqual({ status: 'unknown' });
      expect((await theLead(store, other.receipt.leadId)).mails).toHaveLength(3);
      expect((await store.claimDue(10, 60)).map((mail) => mail.lead.number)).toEqual(
        Array.from({ length: 3 }, () => other.receipt.number),
      );
      const toRemove = mails.map((mail) => mail.messageId).sort();
      expect(await store.removals()).toEqual(toRemove);
      await store.forgetRemovals(toRemove);
      expect(await store.removals()).toEqual([]);
    });

    test('消した人がもう一度送れば、新しい登録になる', async () => {
      const { store } = await open();
      const lead = newLead();
      const { receipt } = await store.accept(lead);
      await store.erase('taro@example.jp');
      const again = await store.accept(lead);
      expect(again.status).toBe('created');
      expect(again.receipt.leadId).not.toBe(receipt.leadId);
    });

    test('その人へのメールを送っている最中は消さず、終われば消せる', async () => {
      const { store, advance } = await open();
      const { receipt } = await store.accept(newLead());
      await store.claimDue(1, 60);
      expect(await store.erase('taro@example.jp')).toEqual({ status: 'sending' });
      expect((await theLead(store, receipt.leadId)).name).toBe('山田太郎');
      advance(61);
      expect(await store.erase('taro@example.jp')).toEqual({ status: 'erased', leads: 1 });
    });

    test('期間を過ぎた登録だけが消える', async () => {
      const { store } = await open();
      const old = await store.accept(newLead({ receivedAt: new Date('2024-11-01T00:00:00Z') }));
      const recent = await store.accept(newLead());
      const before = new Date('2025-01-01T00:00:00Z');
      expect(await store.purge(before, 100)).toBe(1);
      expect(await store.purge(before, 100)).toBe(0);
      expect(await store.find(old.receipt.leadId)).toMatchObject({ state: 'erased' });
      expect(await store.find(recent.receipt.leadId)).toMatchObject({ state: 'new' });
    });
  });
}
