import '#server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import { BlockList, isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** An office behind one address registers its people within this; a script that fills the form does not. */
const REGISTRATIONS = 60;
const WINDOW_SECONDS = 600;
/** A flood that pauses for a moment is not over. */
const FLOOD_LASTS_MS = 600_000;

export type Admission = { status: 'admitted'; flooded: boolean } | { status: 'limited'; retryAt: Date };

/** Counts registrations. In memory: a restart forgives, and several replicas each count their own. */
export type Limits = {
  /** `proven` registrations brought a proof of work: they count for their client, and not towards a flood. */
  admit(client: string | undefined, now: Date, proven?: boolean): Promise<Admission>;
  /** Whether the site was flooded within the last ten minutes: then forms ask for a proof of work. */
  isFlooded(now: Date): boolean;
};

export type LimitOptions = {
  registrations?: number;
  windowSeconds?: number;
  /** For the whole site, a minute: from `floodAbove` on a flood (0: never), none beyond `sitePerMinute`. */
  floodAbove: number;
  sitePerMinute: number;
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/**
 * At most `registrations` from one client in `windowSeconds`, and `sitePerMinute` from all together. Loopback is not
 * counted: behind a proxy that `TRUST_PROXY` does not name, every visitor would come from there, and one busy hour
 * would turn people away. Nor is a call outside a request.
 */
export function createLimits(options: LimitOptions): Limits {
  const { registrations = REGISTRATIONS, windowSeconds = WINDOW_SECONDS, floodAbove, sitePerMinute } = options;
  const clients = new RateLimiterMemory({ points: registrations, duration: windowSeconds });
  const site = new RateLimiterMemory({ points: sitePerMinute, duration: 60 });
  // The limiters keep a timer for each client, and a timer keeps the async context in which it was set: that of a request
  // holds all that Next knows of it, 47 KB for ten minutes. Theirs is the one in which the limits were made.
  const outsideRequests = AsyncLocalStorage.snapshot();
  let floodUntil = 0;
  const isFlooded = (now: Date) => now.getTime() < floodUntil;
  return {
    isFlooded,
    async admit(client, now, proven = false) {
      if (client === undefined || isLoopback(client)) return { status: 'admitted', flooded: false };
      try {
        await outsideRequests(() => clients.consume(clientKey(client)));
        if (!proven) {
          const { consumedPoints } = await outsideRequests(() => site.consume('site'));
          if (floodAbove > 0 && consumedPoints > floodAbove) floodUntil = now.getTime() + FLOOD_LASTS_MS;
        }
        return { status: 'admitted', flooded: isFlooded(now) };
      } catch (reason) {
        if (!(reason instanceof RateLimiterRes)) throw reason;
        return { status: 'limited', retryAt: new Date(now.getTime() + reason.msBeforeNext) };
      }
    },
  };
}

function isLoopback(address: string): boolean {
  return loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/**
 * What counts as one client: an IPv4 address, or the /64 of an IPv6 address, which is what one household or phone gets
 * (RFC 6177) and can change within at will.
 */
export function clientKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - rest.length;
  const all = [...groups, ...Array<string>(zeros).fill('0'), ...rest];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
