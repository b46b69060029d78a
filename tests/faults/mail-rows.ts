import type { Dice } from './dice.ts';
import { type MailCase, type MailResult, sufferMail, TEAM } from './mail.ts';
import type { Conduct, Judge, Stage } from './post-office.ts';

const MINUTES = 60;
const HOURS = 60 * MINUTES;
/** What the contract allows from the cure on; an hour where pauses have grown to one. */
const SOON = 5 * MINUTES;
const WITHIN_ITS_HOUR = 1.25 * HOURS;
const SPEED = 20;
const LEADS = 6;

export type MailRow = {
  name: string;
  plan: MailCase;
  within: number;
  /** What else must hold, as sentences that are true of a result that is not as it should be. */
  also?: (result: MailResult) => Record<string, boolean>;
  /** Mails that are rightly given up. */
  givenUp?: number;
};

const at =
  (stage: Stage, conduct: Conduct): Judge =>
  (now) =>
    now === stage ? conduct : undefined;
const toTeam =
  (stage: Stage, reply: string): Judge =>
  (now, { recipient }) =>
    now === stage && recipient === TEAM ? { reply } : undefined;
const firstVisitors = (count: number) =>
  new Set(Array.from({ length: count }, (_, index) => `visitor${index}@example.jp`));

/** Each way in which a mail server fails, and what must have become of the mails. */
export function mailRows(dice: Dice, minutes = 5): MailRow[] {
  const poison = firstVisitors(5);
  const row = (name: string, fault: MailCase['fault'], lasts = minutes): MailRow => ({
    name,
    plan: { leads: LEADS, fault, lastsSeconds: lasts * MINUTES },
    within: SOON,
  });
  return [
    row('接続を断る', 'away', 2 * minutes),
    row('つながっても挨拶しない', at('greeting', 'hang')),
    ...(['EHLO', 'MAIL', 'RCPT', 'DATA', 'message'] as const).map((stage) =>
      row(`${stage}のあとで黙る`, at(stage, 'hang')),
    ),
    row('1秒に1文字ずつ答える', () => ({ trickleMs: 1000 / SPEED })),
    row('あとで来るように言う（451）', at('RCPT', { reply: '451 4.7.1 greylisted' })),
    row('挨拶で店じまいを告げる（421）', at('greeting', { reply: '421 4.3.2 closing' })),
    row('途中で店じまいを告げる（421）', at('MAIL', { reply: '421 4.3.2 closing' })),
    row('本文のあとで場所がないと言う（452）', at('message', { reply: '452 4.3.1 no room' })),
    row('認証を求める（535）', at('MAIL', { reply: '535 5.7.8 authentication' })),
    row('最後の点のあとで切る', at('message', 'drop')),
    row('受け取ってから切る', at('message', 'keep-and-drop')),
    row('受け取ってから黙る', at('message', 'keep-and-hang')),
    row('受け取ったと言い終わらない', at('message', { trickleMs: 6000 / SPEED })),
    row('気まぐれに、あらゆることをする', (stage) => (dice.chance(1 / 4) ? whim(dice, stage) : undefined)),
    {
      ...row('1日中、あとで来るように言う（451）', at('RCPT', { reply: '451 4.7.1 greylisted' }), 24 * 60),
      within: WITHIN_ITS_HOUR,
      also: ({ mostAttempts }) => ({ 何度も試しすぎた: mostAttempts > 60 }),
    },
    ...(['RCPT', 'message'] as const).map(
      (stage): MailRow => ({
        ...row(`${stage}で担当者宛だけを断る（5xx）`, toTeam(stage, '550 5.7.1 refused'), 3 * 60),
        within: WITHIN_ITS_HOUR,
        also: ({ meanwhile, mostAttempts, events }) => ({
          本人宛が待たされた: meanwhile < LEADS,
          '1時間ごとより多く試した': mostAttempts > 6,
          知らせなかった: !events.has('mail.refused'),
        }),
      }),
    ),
    {
      ...row(
        '本人宛を断る（550）',
        (stage, { recipient }) =>
          stage === 'RCPT' && recipient !== TEAM ? { reply: '550 5.1.1 no such user' } : undefined,
        10,
      ),
      givenUp: LEADS,
      also: ({ meanwhile }) => ({ 担当者宛が待たされた: meanwhile < LEADS }),
    },
    ...(['hang', 'drop', { reply: '421 4.7.0 not you' }] as const).map((conduct): MailRow => {
      const fault: Judge = (stage, { recipient }) => (stage === 'RCPT' && poison.has(recipient) ? conduct : undefined);
      return {
        ...row(`5つの宛先だけ、いつも${typeof conduct === 'object' ? conduct.reply : conduct}`, fault),
        plan: { leads: 3 * LEADS, fault, lastsSeconds: 5 * MINUTES },
        also: ({ meanwhile }) => ({ ほかの宛先が待たされた: meanwhile < 6 * LEADS - poison.size }),
      };
    }),
    {
      ...row('登録より遅い', at('message', { afterMs: 5000 / SPEED }), 1),
      also: ({ busiest, mostAttempts, overtaken }) => ({
        一度に4本より多くつないだ: busiest > 4,
        待っているうちに送り直した: mostAttempts > 1,
        古いものから届かなかった: overtaken > 0,
      }),
    },
    {
      ...row('時計が1時間と1日、前後に跳ぶ', at('RCPT', { reply: '451 4.7.1 greylisted' }), 15),
      plan: {
        leads: LEADS,
        fault: at('RCPT', { reply: '451 4.7.1 greylisted' }),
        lastsSeconds: 15 * MINUTES,
        wander: (elapsedSeconds) => [0, 1, -1, 24, 0, -24, 1, 0, 25][Math.floor(elapsedSeconds / 100)] ?? 0,
      },
      within: WITHIN_ITS_HOUR,
      also: ({ mostAttempts }) => ({ 何度も試しすぎた: mostAttempts > 40 }),
    },
  ];
}

/** Half an hour away while 5,000 people registered; from the cure on, time is the real one. */
export const BACKLOG: MailRow = {
  name: '5,000件がたまる間、接続を断る',
  plan: { leads: 5000, fault: 'away', lastsSeconds: 30 * MINUTES, speed: 600, speedAfterCure: 1 },
  within: SOON,
  also: ({ busiest }) => ({ 一度に4本より多くつないだ: busiest > 4 }),
};

function whim(dice: Dice, stage: Stage): Conduct {
  const refusal = { reply: stage === 'greeting' ? '421 4.3.2 closing' : '451 4.3.0 not now' };
  return dice.pick<Conduct>([
    'hang',
    'drop',
    'keep-and-drop',
    'keep-and-hang',
    refusal,
    { afterMs: 20 },
    { trickleMs: 5 },
  ]);
}

/** What was not as promised, in words; empty when all was. */
export async function sufferRow(row: MailRow): Promise<string[]> {
  return judgeRow(row, await sufferMail(row.plan));
}

/** The same of a result that is there. */
export function judgeRow({ within, also, givenUp = 0 }: MailRow, result: MailResult): string[] {
  const wrong = {
    届かないメールがある: result.delivered !== result.queued - givenUp,
    あきらめた: result.dead !== givenUp,
    理由のない2通目がある: result.unexplainedCopies > 0,
    直ってから時間がかかりすぎた: result.cureSeconds > within,
    ...also?.(result),
  };
  const { events, ...figures } = result;
  return Object.entries(wrong).flatMap(([words, isSo]) => (isSo ? [`${words} ${JSON.stringify(figures)}`] : []));
}
