import '#server-only';
import { BlockList, isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { perProcess } from '#lib/per-process.ts';

/** An office behind one address registers its people within this; a script that fills the form does not. */
const REGISTRATIONS = 60;
const WINDOW_SECONDS = 600;

export type Admission = { status: 'admitted' } | { status: 'limited'; retryAt: Date };

/** Counts registrations by client. In memory: a restart forgives, and several replicas each count their own. */
export type Limits = { admit(clientAddress: string | undefined, now: Date): Promise<Admission> };

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** The limits of this process, shared by the server action and the plain address. */
export function processLimits(): Limits {
  return perProcess('lead-limits', () => createLimits());
}

/**
 * At most `registrations` from one client in `windowSeconds`. Loopback is not counted: behind a proxy that
 * `TRUST_PROXY` does not name, every visitor would come from there, and one busy hour would turn people away. Nor is a call outside a request.
 */
export function createLimits({ registrations = REGISTRATIONS, windowSeconds = WINDOW_SECONDS } = {}): Limits {
  const limiter = new RateLimiterMemory({ points: registrations, duration: windowSeconds });
  return {
    async admit(clientAddress, now) {
      if (clientAddress === undefined || isLoopback(clientAddress)) return { status: 'admitted' };
      try {
        await limiter.consume(clientKey(clientAddress));
        return { status: 'admitted' };
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
