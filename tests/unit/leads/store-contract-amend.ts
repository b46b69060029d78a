import { describe, expect, test } from 'vitest';
import { FRIDAY_EVENING, newLead } from './stage.ts';
import { type Opened, theLead } from './store-contract.ts';

const LATER = new Date(FRIDAY_EVENING.getTime() + 60_000);
const FOLLOW_UP = {
  kind: 'follow-up',
  followUp: { role: 'pmo', days: 'three', note: '月・水・金だと助かります' },
} as const;
const WITHDRAWAL = { kind: 'withdrawal' } as const;
const CORRECTION = {
  kind: 'correction',
  answers: { email: 'taro@gmail.com', phone: '03-1234-5678', phoneE164: '+81312345678' },
} as const;

/** The rest of the contract: what somebody who has registered says later. */
export function amendContract(name: string, open: () => Promise<Opened>): void {
  const queue = async (store: Opened['store']) =>
    (await store.claimDue(20, 60)).map(({ kind, revision, recipient, lead }) => [
      ...[kind, revision, recipient, lead.occasion],
    ]);
  const settled = async ({ store }: Pick<Opened, 'store'>) => {
    for (const mail of await store.claimDue(20, 60)) await store.markSent(mail.messageId);
  };

  describe(`${name}: 登録したあとで`, () => {
    test('追加の回答は同じ登録に加わり、担当者にだけ2通目が行き、2度送っても1度', async () => {
      const { store } = await open();
      const first = newLead();
      const { receipt } = await store.accept(first);
      await settled({ store });
      expect(await store.amend(receipt.leadId, FOLLOW_UP, LATER)).toEqual({ status: 'amended', revision: 2 });
      expect(await store.amend(receipt.leadId, FOLLOW_UP, LATER)).toEqual({ status: 'repeated', revision: 2 });
      expect(await theLead(store, receipt.leadId)).toMatchObject({
        revision: 2,
        name: '山田太郎',
        followUp: FOLLOW_UP.followUp,
        receivedAt: FRIDAY_EVENING,
        consent: { version: '2026-11-22', at: FRIDAY_EVENING },
        state: 'new',
      });
      expect(await queue(store)).toEqual([
        ['agent', 2, 'team@agency.example.jp', 'follow-up'],
        ['agent', 2, 'backup@agency.example.jp', 'follow-up'],
      ]);
      // 同じフォームがもう一度届いても、加えた回答はそのまま。直して送れば、加えた回答とともに残る。
      expect((await store.accept(first)).status).toBe('repeated');
      await store.accept({ ...first, answers: { ...first.answers, start: 'month' } });
      expect(await theLead(store, receipt.leadId)).toMatchObject({ start: 'month', followUp: FOLLOW_UP.followUp });
    });

    test('2つの入口に同時に届いた同じ回答は、1度だけ加わる', async () => {
      const { store, another } = await open();
      const second = another();
      const { receipt } = await store.accept(newLead());
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? store : second).amend(receipt.leadId, FOLLOW_UP, LATER),
        ),
      );
      expect(answers.filter(({ status }) => status === 'amended')).toHaveLength(1);
      expect(await theLead(store, receipt.leadId)).toMatchObject({ revision: 2 });
    });

    test('訂正は送られた項目だけを変え、前の答えも残り、新しいアドレスにも知らせる', async () => {
      const { store, advance } = await open();
      const { receipt } = await store.accept(newLead({ answers: { email: 'taro@gmial.com' } }));
      await store.amend(receipt.leadId, FOLLOW_UP, LATER);
      await settled({ store });
      expect(await store.amend(receipt.leadId, CORRECTION, LATER)).toEqual({ status: 'amended', revision: 3 });
      expect(await store.amend(receipt.leadId, CORRECTION, LATER)).toEqual({ status: 'repeated', revision: 3 });
      expect(await theLead(store, receipt.leadId)).toMatchObject({
        ...{ name: '山田太郎', email: 'taro@gmail.com', phoneE164: '+81312345678', start: 'now' },
        followUp: FOLLOW_UP.followUp,
        consent: { at: FRIDAY_EVENING },
      });
      expect((await store.history(receipt.number)).map(({ email, occasion }) => [email, occasion])).toEqual([
        ['taro@gmial.com', undefined],
        ['taro@gmial.com', 'follow-up'],
      ]);
      expect(await queue(store)).toEqual([
        ['agent', 3, 'team@agency.example.jp', undefined],
        ['agent', 3, 'backup@agency.example.jp', undefined],
        ['visitor', 3, 'taro@gmail.com', undefined],
      ]);
      advance(61);
      // どちらのアドレスでも、その人を消せる。
      expect(await store.erase('taro@gmial.com')).toEqual({ status: 'erased', leads: 1 });
      expect(await store.amend(receipt.leadId, CORRECTION, LATER)).toEqual({ status: 'unknown' });
    });

    test('取り消しは担当者に知らせ、あとの訂正や回答を受け付けず、日が過ぎれば消える', async () => {
      const { store } = await open();
      const lead = newLead();
      const { receipt } = await store.accept(lead);
      const other = await store.accept(newLead());
      await settled({ store });
      expect(await store.amend(receipt.leadId, WITHDRAWAL, LATER)).toEqual({ status: 'amended', revision: 2 });
      expect(await store.amend(receipt.leadId, WITHDRAWAL, LATER)).toEqual({ status: 'repeated', revision: 2 });
      for (const amendment of [FOLLOW_UP, CORRECTION]) {
        expect(await store.amend(receipt.leadId, amendment, LATER)).toEqual({ status: 'withdrawn' });
      }
      expect(await theLead(store, receipt.leadId)).toMatchObject({
        state: 'answered',
        reason: '本人が登録を取り消しました',
        occasion: 'withdrawal',
      });
      expect((await queue(store)).map(([kind, revision]) => [kind, revision])).toEqual([
        ['agent', 2],
        ['agent', 2],
      ]);
      await store.claimDue(20, 60);
      const long = new Date('2000-01-01T00:00:00Z');
      expect(await store.purge(long, 100, LATER)).toBe(0);
      for (const { messageId } of (await theLead(store, receipt.leadId)).mails) await store.markSent(messageId);
      expect(await store.purge(long, 100, new Date(LATER.getTime() + 1))).toBe(1);
      expect(await store.find(receipt.leadId)).toMatchObject({ state: 'erased' });
      expect(await store.find(other.receipt.leadId)).toMatchObject({ state: 'new' });
    });

    test('取り消したあとで同じフォームから送り直せば、また登録になり、消えない', async () => {
      const { store } = await open();
      const lead = newLead();
      const { receipt } = await store.accept(lead);
      await store.amend(receipt.leadId, WITHDRAWAL, LATER);
      expect((await store.accept(lead)).status).toBe('revised');
      expect(await theLead(store, receipt.leadId)).toMatchObject({ state: 'new', revision: 3 });
      expect(await store.purge(new Date('2000-01-01T00:00:00Z'), 100, new Date('2100-01-01T00:00:00Z'))).toBe(0);
    });

    test('保留の登録に加わった回答は、保留を解くまで誰にも知らされず、解けば全部が1通で届く', async () => {
      const { store } = await open();
      const { receipt } = await store.accept(newLead({ verdict: { status: 'quarantined', reason: '速すぎる送信' } }));
      await store.amend(receipt.leadId, FOLLOW_UP, LATER);
      expect(await theLead(store, receipt.leadId)).toMatchObject({ state: 'quarantined', reason: '速すぎる送信' });
      expect(await store.condition()).toMatchObject({ pending: 0, quarantined: 1 });
      expect(await store.release(receipt.number)).toEqual({ status: 'released', mails: 3 });
      const [mail] = await store.claimDue(1, 60);
      expect(mail?.lead).toMatchObject({ name: '山田太郎', followUp: FOLLOW_UP.followUp });
    });

    test('リンクを持つ人が何度送っても、30回で止まる', async () => {
      const { store } = await open();
      const { receipt } = await store.accept(newLead());
      const answers = [];
      for (let count = 0; count < 31; count += 1) {
        const followUp = { note: `${count}回目` };
        answers.push(await store.amend(receipt.leadId, { kind: 'follow-up', followUp }, LATER));
      }
      expect(answers.filter(({ status }) => status === 'amended')).toHaveLength(29);
      expect(answers.at(-1)).toEqual({ status: 'full' });
    });

    test('知らない登録には何も加わらない', async () => {
      const { store } = await open();
      expect(await store.amend('511b6d36-09bb-4101-a104-fed39e66c3d4', FOLLOW_UP, LATER)).toEqual({
        status: 'unknown',
      });
    });
  });
}
