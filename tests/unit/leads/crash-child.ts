import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { readEnv } from '#lib/env.ts';
import { startDelivery } from '#lib/leads/deliver.ts';
import { composeMail } from '#lib/leads/mails.ts';
import { openStore } from '#lib/leads/store.ts';
import { submit } from '#lib/leads/submit.ts';
import { openTransport } from '#lib/leads/transport.ts';

// A process to be killed by crash.test.ts. `register` sends forms from four clients without end and prints the lead id
// of each as soon as it is accepted; `deliver` sends mails. The log goes to stdout as well, as in the real server.

const [task] = process.argv.slice(2);
if (task === 'deliver') {
  startDelivery({ store: openStore(), transport: openTransport(readEnv()), compose: composeMail });
} else {
  await Promise.all(['a', 'b', 'c', 'd'].map(register));
}

async function register(client: string): Promise<never> {
  for (;;) {
    const id = randomUUID();
    const form = new FormData();
    form.set('name', '山田太郎');
    form.set('email', `${client}-${id}@example.jp`);
    form.set('phone', '090-1234-5678');
    form.set('start', 'now');
    form.set('submission_id', id);
    const outcome = await submit(form);
    if (outcome.status !== 'accepted') throw new Error(outcome.status);
    writeSync(1, `accepted ${outcome.receipt.leadId}\n`);
  }
}
