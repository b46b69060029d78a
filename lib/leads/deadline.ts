import '#server-only';
import holidays from '@holiday-jp/holiday_jp/lib/holidays.js';
import { JST_OFFSET_MS as JST } from '#lib/jst.ts';
import { site } from '#lib/site.ts';

// Server only because of the 231 KB of holidays; a page hands the finished words to its components.
//
// JST has had no summer time since 1951, so a day is 86,400,000 ms at +09:00 and all of this is integer arithmetic:
// nothing asks the process for its time zone. Of the holiday package only the table is used; its functions format a
// Date in the zone of the process (lib/format.js 2.5.1) and would be a day off in America.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEKDAYS = '日月火水木金土';

const CLOCK_HOURS = 24;
const LONG_WAIT_HOURS = 48;
/** The table of holidays; a year outside it is unknown, not free of holidays. */
const YEARS = { first: 1970, last: 2050 };
/** Month and day on which the company closes for the turn of the year, both included. */
const YEAR_END = { from: '12-29', to: '01-03' };
/** Configured closing days are named this long ahead: within it a date without a year is not ambiguous. */
const NAMED_AHEAD_DAYS = 60;

/**
 * Whether the clock of the promise stands still all day on `jstDate` (`YYYY-MM-DD`, a calendar day in JST): Saturday,
 * Sunday, national holiday, 12/29-01/03, or one of the company's `extra` closing days.
 * @throws {RangeError} for a day that does not exist or lies outside 1970-2050: a guess here would be a broken promise.
 */
export function isClosed(jstDate: string, extra: readonly string[] = site.extraClosingDays): boolean {
  const day = parseDay(jstDate);
  const monthDay = jstDate.slice(5);
  return (
    WEEKDAYS.indexOf(weekday(day)) % 6 === 0 ||
    Object.hasOwn(holidays, jstDate) ||
    monthDay >= YEAR_END.from ||
    monthDay <= YEAR_END.to ||
    extra.includes(jstDate)
  );
}

/**
 * When a lead received at `receivedAt` must have been answered: the instant, to the millisecond, at which a clock that
 * runs only on business days (0:00-24:00 JST) has run 24 hours. Reached exactly at the end of a business day it is
 * that midnight, also when closed days follow. Independent of the process's time zone; a later receipt is never due
 * earlier.
 *
 * Compute it once, on receipt, and store it: a calendar changed afterwards (official holidays are known for the next
 * year only) must not change what a visitor was told.
 * @throws {RangeError} when the clock would have to run outside the calendar (from 2050-12-28 on).
 */
export function replyDueAt(receivedAt: Date, closed: (jstDate: string) => boolean = isClosed): Date {
  let at = receivedAt.getTime() + JST;
  let left = CLOCK_HOURS * HOUR;
  for (;;) {
    const endOfDay = (Math.floor(at / DAY) + 1) * DAY;
    if (!closed(formatDay(endOfDay - DAY))) {
      if (endOfDay - at >= left) return new Date(at + left - JST);
      left -= endOfDay - at;
    }
    at = endOfDay;
  }
}

/** Whether the visitor waits more than 48 hours of wall time, which must be said before they submit. */
export function isLongWait(receivedAt: Date, due: Date): boolean {
  return due.getTime() - receivedAt.getTime() > LONG_WAIT_HOURS * HOUR;
}

/**
 * A deadline as a label: 「11月30日(月)18:00まで」, or 「11月24日(火)中に」 where it ends exactly with a day. Seconds are
 * cut off, so the words never promise later than the stored instant.
 */
export function describeDue(due: Date): string {
  const { day, time } = endingDay(due);
  return time === '24:00' ? `${day}中に` : `${day}${time}まで`;
}

/**
 * The same deadline as the start of a sentence: 「11月30日(月)18:00までに」, 「11月24日(火)中に」, to be followed by
 * 「、担当者からご連絡します」.
 */
export function describeDueBy(due: Date): string {
  const { day, time } = endingDay(due);
  return time === '24:00' ? `${day}中に` : `${day}${time}までに`;
}

/** An instant in words, with the year: 「2026年11月27日(金)18:00」 (JST). */
export function describeInstant(at: Date): string {
  const jst = at.getTime() + JST;
  return `${formatDay(jst).slice(0, 4)}年${describeDay(jst)}${describeTime(jst)}`;
}

/**
 * The days that the promise leaves out, as a noun for 「…を除く」: 「土日祝日・年末年始（12月29日〜1月3日）」, followed by the
 * configured closing days of the next 60 days, neighbours joined: 「・8月12日(水)〜8月14日(金)」.
 */
export function describeClosedDays(now = new Date(), extra: readonly string[] = site.extraClosingDays): string {
  const today = Math.floor((now.getTime() + JST) / DAY) * DAY;
  const upcoming = extra
    .map(parseDay)
    .filter((day) => day >= today && day <= today + NAMED_AHEAD_DAYS * DAY)
    .sort((a, b) => a - b);
  const [from, to] = [YEAR_END.from, YEAR_END.to].map((monthDay) => describeMonthDay(monthDay));
  return ['土日祝日', `年末年始（${from}〜${to}）`, ...describeRuns(upcoming)].join('・');
}

function describeRuns(days: readonly number[]): string[] {
  const runs: { first: number; last: number }[] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run && day - run.last <= DAY) run.last = day;
    else runs.push({ first: day, last: day });
  }
  return runs.map(({ first, last }) =>
    first === last ? describeDay(first) : `${describeDay(first)}〜${describeDay(last)}`,
  );
}

/** The day a deadline belongs to and its time there: a midnight is the 24:00 of the day before, as people say it. */
function endingDay(due: Date): { day: string; time: string } {
  const jst = due.getTime() + JST;
  if (jst % DAY === 0) return { day: describeDay(jst - DAY), time: '24:00' };
  return { day: describeDay(jst), time: describeTime(jst) };
}

// Below, an instant is a number of milliseconds whose UTC reading is the wall clock in Japan.

function parseDay(jstDate: string): number {
  const day = Date.parse(`${jstDate}T00:00:00Z`);
  const year = Number(jstDate.slice(0, 4));
  if (Number.isNaN(day) || formatDay(day) !== jstDate) throw new RangeError(`not a day (YYYY-MM-DD): ${jstDate}`);
  if (year < YEARS.first || year > YEARS.last) {
    throw new RangeError(`holidays are known for ${YEARS.first}-${YEARS.last} only: ${jstDate}`);
  }
  return day;
}

function formatDay(jst: number): string {
  return new Date(jst).toISOString().slice(0, 10);
}

function describeDay(jst: number): string {
  return `${describeMonthDay(formatDay(jst).slice(5))}(${weekday(jst)})`;
}

function describeMonthDay(monthDay: string): string {
  return monthDay.replace(/^0?(\d+)-0?(\d+)$/, '$1月$2日');
}

function describeTime(jst: number): string {
  return new Date(jst).toISOString().slice(11, 16).replace(/^0/, '');
}

function weekday(jst: number): string {
  return WEEKDAYS.charAt(new Date(jst).getUTCDay());
}
