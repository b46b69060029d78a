import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { readEnv } from '#lib/env.ts';
import { startDelivery } from '#lib/leads/deliver.ts';
import { composeMail } from '#lib/leads/mails.ts';
import { openStore } from '#lib/leads/store.ts';
import { submit } from '#lib/leads/submit.ts';
import { openTransport } from '#lib/leads/transport.ts';

// The way of a lead without the site around it: submit, store and delivery as server.ts runs them, behind plain HTTP.
// It starts in a third of the time, so that it can be killed many times. A process of the fault suite, not of the site.

const STATUS = { accepted: 303, invalid: 422, limited: 429, unstored: 503 } as const;

const env = readEnv();
const store = openStore();
await store.condition();
startDelivery({ store, compose: composeMail, transport: openTransport(env) });

const server = createServer((request, response) => {
  if (request.method !== 'POST') return void response.end('<form></form>');
  void text(request).then(async (body) => {
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const form = await new Request(env.siteUrl, { method: 'POST', headers, body }).formData();
    const outcome = await submit(form);
    const location = outcome.status === 'accepted' ? { location: `/register/thanks?r=${outcome.receipt.number}` } : {};
    response.writeHead(STATUS[outcome.status], location).end();
  });
});
server.listen(env.port, env.host);
