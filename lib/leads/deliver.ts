import '#server-only';
import { type Env, readEnv } from '#lib/env.ts';
import { describeError, type Log, log as processLog } from '#lib/log.ts';
import { signingKey } from '#lib/signature.ts';
import { discreet } from './discreet.ts';
import { watchForFailure } from './failing.ts';
import { type ComposedMail, composeFallback, type MailContext, type MailRow } from './mails.ts';
import { watchForOutage } from './outage.ts';
import { isGivenUp, outagePause, refusedPause, retryPause } from './retry.ts';
import type { Lead } from './schema.ts';
import type { DueMail, LeadStore } from './store.ts';
import { type Delivery, LONGEST_ATTEMPT_SECONDS, type Transport } from './transport.ts';

/** Longer than the longest attempt: who holds a lease has ended or is dead when it does. */
const LEASE_SECONDS = LONGEST_ATTEMPT_SECONDS + 10;
const AT_ONCE = 4;
const POLL_MS = 1000;
const STOP_MS = 8000;
const COMPOSE_TRIES = 3;
export type DeliveryOptions = {
  store: LeadStore;
  transport: Transport;
  compose: (lead: Lead, row: MailRow, context: MailContext) => ComposedMail | Promise<ComposedMail>;
  context?: MailContext;
  /** Who is told of an hour without mail, and where that is kept; without it nobody is. */
  operator?: Pick<Env, 'operatorMailTo' | 'dataDir'>;
  clock?: () => Date;
  /** A clock that nobody sets; times the tries while no mail gets through. */
  elapsedMs?: () => number;
  log?: Log;
};

export type DeliveryLoop = {
  /** Claims no more, waits for attempts under way (at most 8 s); what is left is taken over when its lease ends. */
  stop(): Promise<void>;
  /** Looks for due mails now instead of within the second. */
  nudge(): void;
  /** When the loop last came round; older than a minute means that it is stuck. */
  heartbeat(): Date;
  /** Since when no mail has got through. */
  failingSince(): Date | undefined;
};

/**
 * Sends what the store holds, oldest first, four at a time, until stopped. At least once: only a crash, or a
 * connection lost, between a server's 250 and the mark sends a second copy, with the same Message-ID. A mail that
 * fails waits by itself and holds up no other; while no mail gets through, one is tried at a time. Several processes may
 * run the loop on one store.
 */
export function startDelivery(options: DeliveryOptions): DeliveryLoop {
  const { store, transport, compose, log = processLog } = options;
  const { context = { ...readEnv(), signingKey: signingKey() } } = options;
  const underWay = new Map<string, Promise<void>>();
  /** Mails whose last attempt lost the connection, perhaps after keeping a slot for all of the server's patience. */
  const suspects = new Set<string>();
  let lastTurn = new Date();
  let stopping = false;
  let wake = () => {};
  let isWoken = false;
  const outage = watchForOutage(log, options.elapsedMs);
  const failing =
    options.operator &&
    watchForFailure({
      mailTo: options.operator.operatorMailTo,
      dataDir: options.operator.dataDir,
      transport,
      context,
      countWaiting: async () => (await store.condition()).pending,
      log,
      clock: options.clock,
    });

  const nudge = () => {
    isWoken = true;
    wake();
  };
  const unwatch = store.watch(nudge);

  /** Returns when woken or after `ms`; a nudge between two waits is not lost. */
  async function rest(ms: number): Promise<void> {
    if (!isWoken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    isWoken = false;
  }

  async function run(): Promise<void> {
    while (!stopping) {
      lastTurn = new Date();
      try {
        await turn();
      } catch (error) {
        log.error({ event: 'delivery.turn_failed', ...describeError(error) });
        isWoken = false;
      }
      await rest(POLL_MS);
    }
  }

  async function turn(): Promise<void> {
    const room = outage.room(AT_ONCE) - underWay.size;
    if (room <= 0) return;
    const claimed = start(await store.claimDue(room, LEASE_SECONDS, [...suspects]));
    // One at a time, and only where nobody else waits: a few that always hang would else take every slot.
    const isSuspectUnderWay = [...suspects].some((messageId) => underWay.has(messageId));
    if (claimed < room && suspects.size > 0 && !isSuspectUnderWay) start(await store.claimDue(1, LEASE_SECONDS));
  }

  /** Starts sending. @returns how many were claimed. */
  function start(mails: readonly DueMail[]): number {
    for (const mail of mails) {
      // A clock set back far can offer a mail that this process is sending this moment.
      if (underWay.has(mail.messageId)) continue;
      const attempt = deliver(mail)
        .catch((error: unknown) => log.error({ event: 'mail.unmarked', ...facts(mail), ...describeError(error) }))
        .finally(() => {
          underWay.delete(mail.messageId);
          nudge();
        });
      underWay.set(mail.messageId, attempt);
    }
    return mails.length;
  }

  async function deliver(mail: DueMail): Promise<void> {
    const composed = await composeOrFallBack(mail);
    if (composed === undefined) return;
    const delivery = await transport
      .send(composed)
      .catch((error: unknown): Delivery => ({ status: 'unclear', note: `send: ${describeError(error).message}` }));
    if (delivery.status !== 'sent') delivery.note = discreet(delivery.note, mail.lead);
    if (delivery.status === 'unclear') suspects.add(mail.messageId);
    else suspects.delete(mail.messageId);
    outage.note(delivery, mail);
    failing?.note(mail, delivery);
    await mark(mail, delivery);
  }

  /** Undefined when the mail was put off: composing failed, and not for the third time. */
  async function composeOrFallBack(mail: DueMail): Promise<ComposedMail | undefined> {
    try {
      return await compose(mail.lead, mail, context);
    } catch (error) {
      const { code, ...said } = describeError(error);
      const message = discreet(said.message, mail.lead);
      log.error({ event: 'mail.not_composed', ...facts(mail), code, message });
      if (mail.attempts < COMPOSE_TRIES) {
        await store.markFailed(mail.token, `compose: ${message}`, retryPause(mail));
      } else if (mail.kind === 'agent') {
        return composeFallback(mail.lead.number, mail, context);
      } else {
        await store.markDead(mail.token, `compose: ${message}`);
      }
      return undefined;
    }
  }

  async function mark(mail: DueMail, delivery: Delivery): Promise<void> {
    switch (delivery.status) {
      case 'sent':
        await untilMarked(() => store.markSent(mail.messageId));
        log.info({ event: 'mail.sent', ...facts(mail) });
        return;
      case 'down':
        return putOff(mail, delivery.note, outagePause(mail.attempts));
      case 'refused':
        log.error({ event: 'mail.refused', ...facts(mail), note: delivery.note });
        if (mail.kind === 'visitor') return store.markDead(mail.token, delivery.note);
        return putOff(mail, delivery.note, refusedPause());
      case 'deferred':
      case 'unclear':
        return putOff(mail, delivery.note, retryPause(mail));
    }
  }

  async function putOff(mail: DueMail, note: string, retryAfterSeconds: number): Promise<void> {
    if (isGivenUp(mail)) {
      log.error({ event: 'mail.given_up', ...facts(mail), note });
      return store.markDead(mail.token, note);
    }
    log.warn({ event: 'mail.failed', ...facts(mail), note, retryAfterSeconds: Math.round(retryAfterSeconds) });
    return store.markFailed(mail.token, note, retryAfterSeconds);
  }

  /** An unmarked mail would be sent again: a store that is locked or full is asked until the lease ends. */
  async function untilMarked(markOnce: () => Promise<void>): Promise<void> {
    const end = performance.now() + LEASE_SECONDS * 1000;
    for (;;) {
      try {
        return await markOnce();
      } catch (error) {
        if (performance.now() > end) throw error;
        log.warn({ event: 'delivery.mark_waits', ...describeError(error) });
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    }
  }

  const loop = run();
  return {
    nudge,
    heartbeat: () => lastTurn,
    failingSince: () => failing?.since(),
    stop: async () => {
      stopping = true;
      unwatch();
      nudge();
      let timer: NodeJS.Timeout | undefined;
      const tooLong = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_MS);
      });
      const ended = loop.then(() => Promise.all(underWay.values())).then(() => failing?.stop());
      await Promise.race([ended, tooLong]);
      clearTimeout(timer);
    },
  };
}

function facts({ lead, kind, messageId, attempts }: DueMail) {
  return { leadId: lead.id, kind, messageId, attempts };
}
