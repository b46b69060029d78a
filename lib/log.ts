import '#server-only';
import pino from 'pino';
import { perProcess } from './per-process.ts';

/**
 * One fact for a log line: `event` names it (`lead.accepted`), the rest are ids, counts, codes and durations. What a
 * visitor typed never goes in here; what another system said goes through `describeError` first.
 */
export type LogFields = { event: string } & Record<string, string | number | boolean | undefined>;

export type Log = Record<'info' | 'warn' | 'error', (fields: LogFields) => void>;

/**
 * Structured log of the process: one JSON object a line on stdout, written before the call returns, so that the last
 * line before a crash is there.
 */
export const log: Log = {
  info: (fields) => logger().info(fields),
  warn: (fields) => logger().warn(fields),
  error: (fields) => logger().error(fields),
};

function logger(): pino.Logger {
  return perProcess('log', () =>
    pino({
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    }),
  );
}

/**
 * An error as it may be written down: its code and its message without mail addresses and telephone numbers, which
 * SMTP servers and databases like to repeat, at most 300 characters.
 */
export function describeError(error: unknown): { code: string; message: string } {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
  return { code, message: withoutPeople(error instanceof Error ? error.message : String(error)) };
}

/** The fewest digits of a telephone number with area code; SMTP and SQLite codes are shorter. */
const PHONE_DIGITS = 9;

/** Text from outside without anything that could name a person: mail addresses, long digit groups, line breaks. */
export function withoutPeople(text: string): string {
  return text
    .replace(/(?:"[^"]*"|[^\s<>"'(),;:=[\]]+)@[^\s<>"'(),;:[\]]+/gu, '<address>')
    .replace(/\+?\d[\d\s().-]+\d/g, (run) => (run.replace(/\D/g, '').length < PHONE_DIGITS ? run : '<number>'))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
