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
  info: (fields) => write('info', fields),
  warn: (fields) => write('warn', fields),
  error: (fields) => write('error', fields),
};

function write(level: keyof Log, fields: LogFields): void {
  const counts = eventCounts();
  counts.set(fields.event, (counts.get(fields.event) ?? 0) + 1);
  logger()[level](fields);
}

const eventCounts = () => perProcess('log-events', () => new Map<string, number>());

/** How many lines of each event this process has written. */
export function loggedEvents(): ReadonlyMap<string, number> {
  return eventCounts();
}

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
 * Makes log lines of what libraries print. Next prints errors whole, and their messages quote what was sent: a header, a
 * value that could not be read. They are written down as bugs are.
 *
 * A pipe whose reader ended (`npm start | tee`, a log daemon that restarts) fails every write: an error that is reported
 * by writing, and so for ever (seen: one core busy, deaf to SIGTERM). The site goes on without its words.
 */
export function takeOverConsole(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  for (const level of ['error', 'warn'] as const) {
    console[level] = (...said: unknown[]) => {
      log[level]({ event: 'library.said', ...describeBug(said.find((one) => one instanceof Error)) });
    };
  }
}

/**
 * What nobody expected, as it may be written down: the kind of error and the first three places of its stack. Not what it
 * says: the message of a bug may quote anything that was being worked on, names among it. `text` is no error at all.
 */
export function describeBug(error: unknown): { kind: string; at?: string } {
  if (!(error instanceof Error)) return { kind: 'text' };
  const frames = (error.stack ?? '').split('\n').filter((line) => FRAME.test(line));
  const at = frames.slice(0, 3).map((line) => line.trim());
  return { kind: error.constructor.name, ...(at.length > 0 && { at: at.join(' ') }) };
}

/** A line of a stack, with a place: the message above the stack may look like one without. */
const FRAME = /^ {4}at .+:\d+:\d+\)?$/;

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
