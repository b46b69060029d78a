import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import japaneseHolidays from 'japanese-holidays';
import { expect, test, vi } from 'vitest';
import { jstIso } from '#lib/jst.ts';
import {
  describeClosedDays,
  describeDue,
  describeDueBy,
  describeInstant,
  isClosed,
  isLongWait,
  replyDueAt,
} from '#lib/leads/deadline.ts';
import { site } from '#lib/site.ts';

// Hundreds of random cases and processes of their own: slow on a busy machine, never stuck.
vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const run = promisify(execFile);
const cwd = new URL('../../..', import.meta.url);
const jst = (local: string): Date => new Date(`${local}+09:00`);
/** Receipt to due without an agency's own closing days, which must not break this table. */
const dueOf = (local: string): Date => replyDueAt(jst(local), (date) => isClosed(date, []));
const jstDay = (instant: number): string => new Date(instant + 9 * HOUR).toISOString().slice(0, 10);

test.each([
  ['2026-11-27T18:00', '2026-11-30T18:00', '11月30日(月)18:00まで', '週末をまたぐ'],
  ['2026-11-20T18:00', '2026-11-24T18:00', '11月24日(火)18:00まで', '月曜が祝日'],
  ['2026-11-22T15:04', '2026-11-25T00:00', '11月24日(火)中に', '日曜に届き、翌日も祝日'],
  ['2027-04-30T18:00', '2027-05-06T18:00', '5月6日(木)18:00まで', '大型連休'],
  ['2026-12-28T18:00', '2027-01-04T18:00', '1月4日(月)18:00まで', '年末年始をまたぐ'],
  ['2026-12-31T09:00', '2027-01-05T00:00', '1月4日(月)中に', '年末年始の休みに届く'],
  ['2032-09-17T18:00', '2032-09-23T18:00', '9月23日(木)18:00まで', '祝日に挟まれた国民の休日'],
  ['2026-11-24T00:00', '2026-11-25T00:00', '11月24日(火)中に', '営業日の始まりちょうど'],
  ['2026-11-27T00:00', '2026-11-28T00:00', '11月27日(金)中に', '金曜の始まりちょうど。週末の後ろへは延びない'],
  ['2026-11-27T00:01', '2026-11-30T00:01', '11月30日(月)0:01まで', '金曜の始まりの1分後'],
  ['2026-11-26T09:05', '2026-11-27T09:05', '11月27日(金)9:05まで', '平日の朝'],
])('%s に届いた登録の期限は %s、表示は「%s」（%s）', (received, due, words) => {
  expect(jstIso(dueOf(received))).toBe(`${due}:00+09:00`);
  expect(describeDue(dueOf(received))).toBe(words);
});

test('期限は文の一部としても自然に読める', () => {
  const sentence = (due: string): string => `${describeDueBy(jst(due))}、担当者からご連絡します`;
  expect(sentence('2026-11-30T18:00')).toBe('11月30日(月)18:00までに、担当者からご連絡します');
  expect(sentence('2026-11-25T00:00')).toBe('11月24日(火)中に、担当者からご連絡します');
});

test('秒は切り捨てて表示し、約束した時刻より遅い時刻は表示しない', () => {
  expect(describeDue(jst('2026-11-30T18:00:59.999'))).toBe('11月30日(月)18:00まで');
  expect(describeDueBy(jst('2026-11-30T00:00:20'))).toBe('11月30日(月)0:00までに');
  expect(describeInstant(jst('2026-01-02T09:05:59'))).toBe('2026年1月2日(金)9:05');
  expect(jstIso(jst('2026-11-30T18:00:30.5'))).toBe('2026-11-30T18:00:30.500+09:00');
});

test('48時間を超えて待つときだけ、長い待ちとして扱う', () => {
  const received = jst('2026-11-27T18:00');
  expect(isLongWait(received, new Date(received.getTime() + 48 * HOUR))).toBe(false);
  expect(isLongWait(received, new Date(received.getTime() + 48 * HOUR + 1))).toBe(true);
  expect(isLongWait(received, dueOf('2026-11-27T18:00'))).toBe(true);
  expect(isLongWait(jst('2026-11-25T18:00'), dueOf('2026-11-25T18:00'))).toBe(false);
});

test('除く日の説明には、60日以内の臨時休業日が並ぶ', () => {
  const always = '土日祝日・年末年始（12月29日〜1月3日）';
  // 2026-08-01 9:00 in Japan; 9/30 is the last of the 60 days.
  const now = jst('2026-08-01T09:00');
  expect(describeClosedDays(now, [])).toBe(always);
  expect(describeClosedDays(now, ['2026-07-31', '2026-10-01', '2027-08-12'])).toBe(always);
  expect(describeClosedDays(now, ['2026-08-14', '2026-08-12', '2026-08-13', '2026-08-01', '2026-09-30'])).toBe(
    `${always}・8月1日(土)・8月12日(水)〜8月14日(金)・9月30日(水)`,
  );
});

test('除く日の説明にある年末年始は、暦の休みと同じ', () => {
  const words = describeClosedDays(jst('2026-06-01T00:00'), []);
  const [, fromMonth, fromDay, toMonth, toDay] = /（(\d+)月(\d+)日〜(\d+)月(\d+)日）/.exec(words)?.map(Number) ?? [];
  for (let year = 2026; year <= 2049; year++) {
    const first = Date.UTC(year, (fromMonth ?? 0) - 1, fromDay);
    const last = Date.UTC(year + 1, (toMonth ?? 0) - 1, toDay);
    for (let day = first; day <= last; day += DAY)
      expect(isClosed(new Date(day).toISOString().slice(0, 10))).toBe(true);
  }
  // Thursday 2027-12-28 and Tuesday 2028-01-04 are the days beside the closing.
  expect(isClosed('2027-12-28', [])).toBe(false);
  expect(isClosed('2028-01-04', [])).toBe(false);
});

test('臨時休業日には時計が止まる', () => {
  // 2026-08-13 is a Thursday between working days; 8/11 is a holiday.
  const summer = (date: string): boolean => isClosed(date, ['2026-08-13']);
  expect(jstIso(replyDueAt(jst('2026-08-12T18:00'), summer))).toBe('2026-08-14T18:00:00+09:00');
  expect(jstIso(dueOf('2026-08-12T18:00'))).toBe('2026-08-13T18:00:00+09:00');
});

test('lib/site.ts に設定した臨時休業日は、すべて実在する日付で、休みとして扱われる', () => {
  for (const day of site.extraClosingDays) expect(isClosed(day)).toBe(true);
  expect(() => describeClosedDays(jst('2026-08-01T09:00'), ['2026-8-12'])).toThrow(RangeError);
});

test('暦の外と読めない日付は、推測せずにエラーにする', () => {
  expect(isClosed('2050-12-28', [])).toBe(false);
  for (const day of ['2051-01-04', '1969-12-31', '2026-02-29', '2026-2-3', '']) {
    expect(() => isClosed(day), day).toThrow(RangeError);
  }
  expect(jstIso(replyDueAt(jst('2050-12-28T00:00')))).toBe('2050-12-29T00:00:00+09:00');
  expect(() => replyDueAt(jst('2050-12-28T00:01'))).toThrow(RangeError);
  expect(() => replyDueAt(new Date(Number.NaN))).toThrow(RangeError);
});

test('2026年から2050年まで、休みは別の祝日計算と1日も違わない', () => {
  const disagreements: string[] = [];
  for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2051, 0, 1); day += DAY) {
    const date = new Date(day).toISOString().slice(0, 10);
    // Noon in Japan; the package answers with the holiday's name or nothing.
    const holiday = japaneseHolidays.isHolidayAt(jst(`${date}T12:00`)) !== undefined;
    const weekend = /^(Sat|Sun)/.test(new Date(day).toUTCString());
    const yearEnd = /-(12-(29|30|31)|01-0[123])$/.test(date);
    const expected = holiday || weekend || yearEnd || site.extraClosingDays.includes(date);
    if (isClosed(date) !== expected) disagreements.push(date);
  }
  expect(disagreements).toEqual([]);
});

/** Whole minutes of 2026-2049; the calendar ends with 2050. */
const minutes = fc
  .integer({ min: jst('2026-01-01T00:00').getTime() / MINUTE, max: jst('2049-12-31T23:59').getTime() / MINUTE })
  .map((minute) => minute * MINUTE);

test('受付から期限までの営業時間は、1分ずつ数えてちょうど24時間', () => {
  const isOpen = (date: string): boolean => !isClosed(date);
  fc.assert(
    fc.property(minutes, (received) => {
      let counted = 0;
      let last = received;
      // Counts on to the first minute too many, so that a due that is too late shows as well as one too early.
      for (let minute = received; counted < 24 * 60; minute += MINUTE) {
        if (isOpen(jstDay(minute))) counted += 1;
        last = minute + MINUTE;
      }
      expect(replyDueAt(new Date(received)).getTime()).toBe(last);
    }),
    { numRuns: 150 },
  );
});

test('どんな休みの並びでも、ミリ秒まで24営業時間で、24時間より早くならず、後の受付が先の期限にならない', () => {
  const calendars = fc.array(fc.boolean(), { minLength: 7, maxLength: 30 }).filter((open) => open.includes(true));
  const origin = jst('2026-01-01T00:00').getTime();
  fc.assert(
    fc.property(calendars, fc.nat(60 * DAY), fc.nat(2 * DAY), (open, offset, gap) => {
      // Days repeat the pattern; a second way to count: wall time less the part of it that falls on closed days.
      const closed = (date: string): boolean => !open[((jst(`${date}T00:00`).getTime() - origin) / DAY) % open.length];
      const received = origin + offset;
      const due = replyDueAt(new Date(received), closed).getTime();
      let business = due - received;
      for (let day = origin; day < due; day += DAY) {
        const inside = Math.min(day + DAY, due) - Math.max(day, received);
        if (closed(jstDay(day)) && inside > 0) business -= inside;
      }
      expect(business).toBe(24 * HOUR);
      expect(due - received).toBeGreaterThanOrEqual(24 * HOUR);
      expect(closed(jstDay(due - 1))).toBe(false);
      expect(replyDueAt(new Date(received + gap), closed).getTime()).toBeGreaterThanOrEqual(due);
    }),
    { numRuns: 2000 },
  );
});

test('2026年から2035年までの毎時の期限は、プロセスの時間帯が変わっても同じ', async () => {
  const program = `
    import { createHash } from 'node:crypto';
    import { jstIso } from '#lib/jst.ts';
import { describeClosedDays, describeDueBy, describeInstant, replyDueAt } from '#lib/leads/deadline.ts';
    const hash = createHash('sha256');
    let hours = 0;
    for (let at = Date.parse('2026-01-01T00:00:00+09:00'); at < Date.parse('2036-01-01T00:00:00+09:00'); at += 3600000) {
      const [received, due] = [new Date(at), replyDueAt(new Date(at))];
      hash.update([jstIso(due), describeDueBy(due), describeInstant(received), describeClosedDays(received)].join());
      hours += 1;
    }
    console.log(hash.digest('hex'), hours, new Date(2026, 6, 1).getTimezoneOffset());`;
  const zones = ['UTC', 'Asia/Tokyo', 'America/New_York', 'Pacific/Apia'];
  const outputs = await Promise.all(
    zones.map(async (zone) => {
      const env = { ...process.env, TZ: zone };
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd, env });
      return stdout.trim().split(' ');
    }),
  );
  // The offsets prove that each process really lived in its own zone.
  expect(outputs.map(([, , offset]) => Number(offset))).toEqual([0, -540, 240, -780]);
  expect(outputs.map(([, hours]) => Number(hours))).toEqual([87_648, 87_648, 87_648, 87_648]);
  expect(new Set(outputs.map(([hash]) => hash)).size).toBe(1);
});

const deadline = (...instants: string[]) =>
  run(process.execPath, ['scripts/deadline.ts', ...instants], { cwd }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  );

test('npm run deadline は期限を1行に1つ表示し、時差の無い日時を日本時間として読む', async () => {
  expect(await deadline('2026-11-27T18:00', '2026-11-27T09:00:00Z', '2026-11-22T15:04:00+09:00')).toEqual({
    code: 0,
    stdout: '2026-11-30T18:00:00+09:00\n2026-11-30T18:00:00+09:00\n2026-11-25T00:00:00+09:00\n',
    stderr: '',
  });
});

test.each([
  [['2026-02-30T10:00'], '「2026-02-30T10:00」: 日時として読めません（例: 2026-11-27T18:00）\n'],
  [['2026-11-27T18:00', 'あした'], '「あした」: 日時として読めません（例: 2026-11-27T18:00）\n'],
  [['2050-12-30T10:00'], '「2050-12-30T10:00」: 祝日が分かるのは1970年から2050年までです\n'],
  [[], expect.stringContaining('使い方')],
])('npm run deadline は %j を受け付けず、理由を表示して2で終わる', async (instants, stderr) => {
  expect(await deadline(...instants)).toEqual({ code: 2, stdout: '', stderr });
});
