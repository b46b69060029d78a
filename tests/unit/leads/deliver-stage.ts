import { expect, onTestFinished, vi } from 'vitest';
import { type DeliveryLoop, type DeliveryOptions, startDelivery } from '#lib/leads/deliver.ts';
import { composeMail } from '#lib/leads/mails.ts';
import type { LeadStore } from '#lib/leads/store.ts';
import { openTransport, type Transport } from '#lib/leads/transport.ts';
import { handClock, readableLog, SIGNING_KEY, storeIn, temporaryFolder } from './stage.ts';

export const context = {
  siteUrl: 'https://pmo.example.jp',
  mailFrom: 'noreply@pmo.example.jp',
  signingKey: SIGNING_KEY,
};
export const WAIT = { timeout: 15_000, interval: 20 };

export function deliver(store: LeadStore, transport: Transport, changes: Partial<DeliveryOptions> = {}) {
  const log = readableLog();
  const loop = startDelivery({ store, transport, compose: composeMail, context, log, ...changes });
  onTestFinished(async () => {
    await loop.stop();
    transport.close();
  });
  return { ...loop, log };
}

export async function office(smtpUrl?: string) {
  const dataDir = await temporaryFolder();
  const clock = handClock();
  const store = storeIn(dataDir, { clock: clock.now });
  return { dataDir, clock, store, transport: openTransport({ smtpUrl, dataDir }) };
}

export const visitorOf = async (store: LeadStore, number: string) => {
  const lead = await store.find(number);
  return lead?.state === 'erased' ? undefined : lead?.mails.find((mail) => mail.kind === 'visitor');
};
/** Empty while the store's clock runs ten times as fast as ours. */
export const drainedInTime = (store: LeadStore, loop: DeliveryLoop, clock: ReturnType<typeof handClock>) =>
  vi.waitFor(async () => {
    clock.advance(0.2);
    loop.nudge();
    expect((await store.condition()).pending).toBe(0);
  }, WAIT);
export const drained = (store: LeadStore) =>
  vi.waitFor(async () => expect((await store.condition()).pending).toBe(0), WAIT);
