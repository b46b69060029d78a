import { describe, expect, test } from 'vitest';
import { postgresOfThisFile, storeAt } from './postgres-stage.ts';
import { handClock, newLead } from './stage.ts';
import { storeContract } from './store-contract.ts';
import { amendContract } from './store-contract-amend.ts';
import { mailContract } from './store-contract-mails.ts';

const postgres = postgresOfThisFile();

const open = async () => {
  const url = await postgres().createDatabase();
  const clock = handClock();
  return {
    store: storeAt(url, { clock: clock.now }),
    another: () => storeAt(url, { clock: clock.now }),
    advance: clock.advance,
  };
};
storeContract('PostgreSQL', open);
mailContract('PostgreSQL', open);
amendContract('PostgreSQL', open);

describe('PostgreSQL: 同時に', () => {
  test('4つの入口が休みなく取り出しても、1通を2つが手にすることはない', async () => {
    const url = await postgres().createDatabase();
    const stores = Array.from({ length: 4 }, () => storeAt(url));
    await Promise.all(stores.map((store) => store.condition()));
    for (let count = 0; count < 30; count += 1) {
      await stores[0]?.accept(newLead({ answers: { email: `person${count}@example.jp` } }));
    }
    const claimed: string[] = [];
    const take = async (store: (typeof stores)[number]) => {
      for (let mails = await store.claimDue(3, 60); mails.length > 0; mails = await store.claimDue(3, 60)) {
        claimed.push(...mails.map(({ messageId }) => messageId));
      }
    };
    await Promise.all([...stores, ...stores].map(take));
    expect(claimed).toHaveLength(90);
    expect(new Set(claimed).size).toBe(90);
  });
});
