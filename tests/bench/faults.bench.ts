import type { Verdict } from '../faults/checker.ts';
import { killWhileRegistering, type Victim } from '../faults/crash.ts';
import { buildNext, landOn, moveAction, rewriteAction } from '../faults/deploys.ts';
import { type Dice, throwDice } from '../faults/dice.ts';
import { breakDisk, fillMailbox, lockOut, startReadOnly } from '../faults/disk.ts';
import { whyNoDisks } from '../faults/disk-image.ts';
import { backUpUnderLoad, tearLog } from '../faults/files.ts';
import { type Leaving, terminateUnderLoad } from '../faults/leaving.ts';
import { sufferMail } from '../faults/mail.ts';
import { BACKLOG, judgeRow, mailRows, sufferRow } from '../faults/mail-rows.ts';
import { cutPower, UNDURABLE } from '../faults/power-cuts.ts';
import { restartInTurn } from '../faults/rolling.ts';
import { killStarts } from '../faults/starts.ts';
import { watchSyncs, whyNoStrace } from '../faults/sync-order.ts';
import type { Figure } from './figure.ts';

// The fault suite at full size: the same code as tests/faults/*.test.ts, with larger numbers. A quarter of an hour;
// `FAULT_PARTS=crash,mail npm run bench faults` runs some parts only, `FAULT_SEED=…` repeats a plan.

const OFFICE: Victim = 'tests/faults/office.ts';
const SITE: Victim = 'server.ts';
const AT_ONCE = 4;
const TERMS = 20;
const NONE = { op: '<=', number: 0 } as const;

const PARTS: Record<string, (dice: Dice) => Promise<Figure[]>> = { crash, starts, power, leaving, disk, mail, deploys };

export async function measure(): Promise<Figure[]> {
  const asked = process.env.FAULT_PARTS?.split(',') ?? Object.keys(PARTS);
  const dice = throwDice('faults');
  const figures: Figure[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (!asked.includes(name)) continue;
    const started = performance.now();
    const found = await part(dice);
    figures.push(...found);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`${name}（${seconds}秒）: ${found.map(({ id, value }) => `${id}=${value}`).join(' ')}`);
  }
  return figures;
}

const count = (id: string, value: number, goal?: Figure['goal']): Figure => ({
  ...{ id: `faults.${id}`, value, unit: '件' },
  ...(goal && { goal }),
});
const none = (id: string, value: number): Figure => count(id, value, NONE);
const atMost = (id: string, value: number, unit: string, number: number): Figure => ({
  ...{ id: `faults.${id}`, value, unit },
  goal: { op: '<=', number },
});

function verdict(name: string, { broken, accepted, leads, mails, unanswered, extraCopies }: Verdict, kills: number) {
  return [
    count(`${name}.accepted`, accepted),
    count(`${name}.unanswered-posts`, unanswered),
    none(`${name}.leads-beyond-accepted`, Math.abs(leads - accepted)),
    count(`${name}.mails`, mails),
    count(`${name}.extra-copies`, extraCopies, { op: '<=', number: AT_ONCE * kills }),
    ...Object.entries(broken).map(([what, found]) => none(`${name}.${what}`, found.length)),
  ];
}

async function crash(dice: Dice): Promise<Figure[]> {
  const plan = { clients: 32, dice, waitsForLeases: true, mails: 'sent' } as const;
  const office = await killWhileRegistering({ ...plan, victim: OFFICE, registrations: 10_000, kills: 100 });
  const site = await killWhileRegistering({ ...plan, victim: SITE, registrations: 1000, kills: 20 });
  const kept = await killWhileRegistering({ ...plan, victim: OFFICE, registrations: 1000, kills: 60, mails: 'kept' });
  // A file is there once however often its mail was tried: no kill excuses a copy.
  return [
    ...verdict('kill-way-of-a-lead', office, 100),
    ...verdict('kill-site', site, 20),
    ...verdict('kill-mailbox', kept, 0),
  ];
}

async function starts(dice: Dice): Promise<Figure[]> {
  const results = { office: await killStarts(35, OFFICE, dice), site: await killStarts(15, SITE, dice) };
  return Object.entries(results).flatMap(([name, { kills, ...broken }]) => [
    count(`starts-${name}.kills`, kills),
    ...Object.entries(broken).map(([what, found]) => none(`starts-${name}.${what}`, found)),
  ]);
}

async function power(dice: Dice): Promise<Figure[]> {
  const noDisks = whyNoDisks();
  if (noDisks) throw new Error(noDisks);
  const { cuts, accepted, ...broken } = await cutPower(200, dice);
  const undurable = await cutPower(20, dice, UNDURABLE);
  const noStrace = whyNoStrace();
  if (noStrace) throw new Error(noStrace);
  const order = await watchSyncs(SITE, 100);
  return [
    count('power.cuts', cuts),
    count('power.accepted', accepted),
    ...Object.entries(broken).map(([what, found]) => none(`power.${what}`, found)),
    count('power.lost-without-durability', undurable.lost, { op: '>=', number: 1 }),
    none('sync.answered-before', order.accepted - order.syncedFirst),
  ];
}

async function leaving(dice: Dice): Promise<Figure[]> {
  const rolling = await restartInTurn(10);
  return [
    ...terminated('sigterm', await terminateUnderLoad(TERMS, dice)),
    ...terminated('sigterm-starved', await terminateUnderLoad(TERMS, dice, true)),
    count('rolling.posts', rolling.posts),
    none('rolling.posts-lost', rolling.lostPosts),
    count('rolling.pages', rolling.pages),
    none('rolling.pages-lost', rolling.lostPages),
  ];
}

function terminated(name: string, { reset, slowestExitMs, badExits, verdict: result }: Leaving): Figure[] {
  return [
    ...verdict(name, result, 0),
    none(`${name}.reset`, reset.length),
    none(`${name}.bad-exits`, badExits),
    atMost(`${name}.slowest-exit`, slowestExitMs / 1000, 's', 10),
  ];
}

async function disk(dice: Dice): Promise<Figure[]> {
  const mailbox = await fillMailbox(50);
  const locked = await lockOut(30);
  const refusals = { 'read-only': await startReadOnly(), broken: await breakDisk() };
  let [tornLost, tornWrong] = [0, 0];
  for (let round = 0; round < 10; round += 1) {
    const torn = await tearLog(dice);
    tornLost += torn.lost;
    tornWrong += torn.damage + Number(!torn.isLostFromEnd) + Number(!torn.acceptsAgain);
  }
  const backup = await backUpUnderLoad(dice);
  return [
    none('mailbox-full.refused', 50 - mailbox.acceptedMeanwhile),
    none('mailbox-full.undelivered-or-doubled', mailbox.undelivered + mailbox.foreign),
    ...Object.entries(refusals).flatMap(([name, refusal]) => [
      none(
        `disk-${name}.dishonest`,
        Number(refusal.status !== 503 || !refusal.isHonest || refusal.readerStatus !== 200),
      ),
      none(`disk-${name}.lost`, refusal.lost),
      atMost(`disk-${name}.accepts-after-cure`, refusal.cureSeconds, 's', 5),
    ]),
    atMost('locked.reader-p99', locked.readerP99Ms, 'ms', 500),
    atMost('locked.slowest-registration', locked.slowestMs, 'ms', 10_500),
    none('locked.dishonest', locked.odd + locked.acceptedMeanwhile),
    atMost('locked.accepts-after-cure', locked.cureSeconds, 's', 5),
    count('log-torn.leads-lost-from-its-end', tornLost),
    none('log-torn.wrong', tornWrong),
    count('backup.leads', backup.inBackup),
    none('backup.missing-or-differing', backup.missing + backup.differing + backup.damage),
  ];
}

async function mail(dice: Dice): Promise<Figure[]> {
  const rows = mailRows(dice);
  const waiting = rows.values();
  const wrong: string[] = [];
  const worker = async () => {
    for (const row of waiting) wrong.push(...(await sufferRow(row)).map((words) => `${row.name}: ${words}`));
  };
  await Promise.all(Array.from({ length: 5 }, worker));
  const backlog = await sufferMail(BACKLOG.plan);
  wrong.push(...judgeRow(BACKLOG, backlog));
  for (const words of wrong) console.log(words);
  return [
    count('mail.ways-to-fail', rows.length + 1),
    none('mail.broken', wrong.length),
    count('mail.backlog', backlog.queued),
    atMost('mail.backlog-drained-after', backlog.cureSeconds, 's', 300),
    count('mail.backlog-overtaken', backlog.overtaken),
  ];
}

async function deploys(): Promise<Figure[]> {
  const plans = {
    'other-body-and-export': { changes: [rewriteAction], keepKey: true, hours: 0 },
    'file-moved': { changes: [moveAction], keepKey: true, hours: 0 },
    'key-lost': { changes: [], keepKey: false, hours: 0 },
    'all-after-72-hours': { changes: [rewriteAction, moveAction], keepKey: false, hours: 72 },
  };
  const figures: Figure[] = [];
  for (const [name, { changes, keepKey, hours }] of Object.entries(plans)) {
    const next = buildNext(changes, { keepKey });
    try {
      const landed = await landOn(next, hours);
      const lost = landed.filter(({ isThanked, leads }) => !isThanked || leads !== 1);
      figures.push(none(`deploy.${name}.lost-or-doubled`, lost.length));
    } finally {
      next.remove();
    }
  }
  return figures;
}
