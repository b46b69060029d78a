import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';

// Loaded by `node --import` before a site: its clock goes right, but for the hours of SHIFT_HOURS, or of the file
// `clock-shift` in DATA_DIR once that is there (replicas-clocks.ts writes it while the site runs, and reads in
// `clock-shift.taken` what the site has taken up).

const HOUR_MS = 60 * 60 * 1000;
const LOOK_EVERY_MS = 20;

const file = path.join(process.env.DATA_DIR ?? '', 'clock-shift');
let shiftMs = Number(process.env.SHIFT_HOURS ?? 0) * HOUR_MS;
let taken = '';
const now = Date.now.bind(Date);

setInterval(() => {
  const hours = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (hours === taken) return;
  shiftMs = Number(hours) * HOUR_MS;
  taken = hours;
  if (isMainThread) writeFileSync(`${file}.taken`, hours);
}, LOOK_EVERY_MS).unref();

globalThis.Date = new Proxy(Date, {
  construct: (target, given: [], newTarget) =>
    given.length === 0 ? new target(now() + shiftMs) : Reflect.construct(target, given, newTarget),
  get: (target, name) => (name === 'now' ? () => now() + shiftMs : Reflect.get(target, name)),
});
