import { postgresOfThisFile, storeAt } from './postgres-stage.ts';
import { handClock } from './stage.ts';
import { storeContract } from './store-contract.ts';

const postgres = postgresOfThisFile();

storeContract('PostgreSQL', async () => {
  const url = await postgres().createDatabase();
  const clock = handClock();
  return {
    store: storeAt(url, { clock: clock.now }),
    another: () => storeAt(url, { clock: clock.now }),
    advance: clock.advance,
  };
});
