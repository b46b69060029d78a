import '#server-only';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { describeError, type Log } from '#lib/log.ts';
import { composeOutageNotice, type MailContext } from './mails.ts';
import type { MailKind } from './schema.ts';
import type { Delivery, Transport } from './transport.ts';

/** Shorter failures are only logged: restarts of a mail server, greylisting. */
const WORTH_A_MAIL_MS = 60 * 60 * 1000;
const TELL_AGAIN_MS = 60_000;

/** What is kept over a restart. `until` is set once mail gets through again and the operator is not yet told. */
const stateSchema = z.object({
  since: z.coerce.date(),
  until: z.coerce.date().optional(),
  told: z.array(z.string()).default([]),
});
type State = z.infer<typeof stateSchema>;

export type FailureWatch = {
  /** Learns from an attempt. */
  note(mail: { kind: MailKind; recipient: string }, delivery: Delivery): void;
  /** Since when no mail has got through. */
  since(): Date | undefined;
  /** Waits for what is being written and sent. */
  stop(): Promise<void>;
};

export type FailureOptions = {
  mailTo: readonly string[];
  dataDir: string;
  transport: Transport;
  context: MailContext;
  /** How many mails wait now. */
  countWaiting(): Promise<number>;
  log: Log;
  clock?: (() => Date) | undefined;
};

/**
 * Watches for times in which no mail gets through: the server is out of reach, or fails the mails of more than one address
 * and none in between. One address that always fails is a fault of that address. The log has a line when one begins, when it
 * has lasted an hour, and when it ends; after more than an hour the operator gets one mail about it, as soon as mail
 * works again. Kept in `DATA_DIR/mail-failing.json`, so that a restart neither forgets an outage nor tells of it twice.
 * By the clock on the wall. Each of several replicas tells what it saw itself.
 */
export function watchForFailure(options: FailureOptions): FailureWatch {
  const { mailTo, transport, context, countWaiting, log, clock = () => new Date() } = options;
  const file = path.join(options.dataDir, 'mail-failing.json');
  let state: State | undefined;
  let isLongSaid = false;
  let failedSince: Date | undefined;
  const failedAddresses = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  // One thing after the other: what is written last is what holds.
  let work = Promise.resolve();

  function inTurn(step: () => Promise<void>): void {
    work = work
      .then(step)
      .catch((error: unknown) => log.error({ event: 'mail.failure_unkept', ...describeError(error) }));
  }

  inTurn(async () => {
    const kept = await readState(file);
    // What failed while the file was read goes on with the outage in it.
    if (kept) state = state === undefined ? kept : { since: kept.since, told: [] };
    await tell();
  });

  function failed(): void {
    if (state === undefined || state.until) {
      // Failing again before anybody could be told: the same outage goes on.
      const isSame = state !== undefined && state.told.length === 0;
      const since = failedSince ?? clock();
      state = { since: isSame ? (state?.since ?? since) : since, told: [] };
      isLongSaid = false;
      log.warn({ event: 'mail.failing' });
      inTurn(() => writeState(file, state));
    } else if (!isLongSaid && clock().getTime() - state.since.getTime() >= WORTH_A_MAIL_MS) {
      isLongSaid = true;
      log.error({ event: 'mail.failing_long', minutes: minutesOf(state, clock()) });
    }
  }

  function gotThrough(): void {
    failedSince = undefined;
    failedAddresses.clear();
    if (state === undefined || state.until) return;
    const until = clock();
    log.info({ event: 'mail.recovered', minutes: minutesOf(state, until) });
    const isLong = until.getTime() - state.since.getTime() >= WORTH_A_MAIL_MS;
    state = isLong ? { ...state, until } : undefined;
    inTurn(() => writeState(file, state));
    if (isLong) inTurn(tell);
  }

  /** At least once to each: a crash between the server's answer and the file sends it again, under the same id. */
  async function tell(): Promise<void> {
    clearTimeout(timer);
    if (state?.until === undefined || stopped) return;
    const ended = state;
    const { until } = state;
    const { since, told } = ended;
    const waiting = await countWaiting();
    for (const [index, recipient] of mailTo.entries()) {
      if (told.includes(recipient)) continue;
      const notice = composeOutageNotice({ since, until, waiting }, { recipient, index }, context);
      const delivery = await transport.send(notice);
      if (delivery.status === 'refused') log.error({ event: 'operator.untold', note: delivery.note });
      if (delivery.status === 'sent') log.info({ event: 'operator.told' });
      if (delivery.status === 'sent' || delivery.status === 'refused') told.push(recipient);
    }
    const isDone = mailTo.every((recipient) => told.includes(recipient));
    // Meanwhile another outage may have begun.
    if (isDone && state === ended) state = undefined;
    await writeState(file, state);
    if (isDone || stopped) return;
    timer = setTimeout(() => inTurn(tell), TELL_AGAIN_MS).unref();
  }

  return {
    note: ({ kind, recipient }, delivery) => {
      if (delivery.status === 'sent') return gotThrough();
      // What a visitor typed may well be refused.
      if (delivery.status === 'refused' && kind === 'visitor') return;
      failedSince ??= clock();
      if (failedAddresses.size < 2) failedAddresses.add(recipient);
      if (delivery.status === 'down' || failedAddresses.size > 1) failed();
    },
    since: () => (state?.until === undefined ? state?.since : undefined),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await work;
    },
  };
}

function minutesOf({ since }: Pick<State, 'since'>, until: Date): number {
  return Math.max(0, Math.round((until.getTime() - since.getTime()) / 60_000));
}

/** Undefined for a missing file and for one that a crash or a person spoilt: then the outage counts from now. */
async function readState(file: string): Promise<State | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function writeState(file: string, state: State | undefined): Promise<void> {
  if (state === undefined) return rm(file, { force: true });
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}.part`;
  await writeFile(aside, JSON.stringify(state), { mode: 0o600, flush: true });
  await rename(aside, file);
}
