import { postgresOfThisFile, storeAt } from './postgres-stage.ts';
import { handClock } from './stage.ts';
import { storeContract } from './store-contract.ts';
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
