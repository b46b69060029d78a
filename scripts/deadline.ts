import { z } from 'zod';
import { jstIso } from '#lib/jst.ts';
import { replyDueAt } from '#lib/leads/deadline.ts';

// `npm run --silent deadline INSTANT…`: when a lead received then is due. For agents and for tests of the promise.

const USAGE = `使い方: npm run --silent deadline 日時…
  日時に届いた登録へ、いつまでに連絡するか（24営業時間後）を1行に1つ表示します。
  日時は 2026-11-27T18:00 の形で書きます。秒と時差（+09:00、Z）は省略でき、時差を省くと日本時間として読みます。
  終了コード: 0 すべて表示した、2 読めない日時があった（このとき日時は1つも表示しません）`;

const instant = z.iso
  .datetime({ offset: true, local: true, error: '日時として読めません（例: 2026-11-27T18:00）' })
  .transform((text) => new Date(/Z$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}+09:00`));

/** The line for one argument, or the fault in it. */
function dueLine(argument: string): { status: 'due'; line: string } | { status: 'fault'; message: string } {
  const parsed = instant.safeParse(argument);
  if (!parsed.success) return { status: 'fault', message: `「${argument}」: ${parsed.error.issues[0]?.message}` };
  try {
    return { status: 'due', line: jstIso(replyDueAt(parsed.data)) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { status: 'fault', message: `「${argument}」: 祝日が分かるのは1970年から2050年までです` };
  }
}

const arguments_ = process.argv.slice(2);
const results = arguments_.map(dueLine);
const faults = results.filter((result) => result.status === 'fault');
if (arguments_.includes('--help')) {
  console.log(USAGE);
} else if (arguments_.length === 0 || faults.length > 0) {
  for (const fault of faults) console.error(fault.message);
  if (arguments_.length === 0) console.error(USAGE);
  process.exitCode = 2;
} else {
  for (const result of results) if (result.status === 'due') console.log(result.line);
}
