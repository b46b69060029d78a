import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

// Loaded by `node --import` before a site: its clock goes right, but for the hours of SHIFT_HOURS, or of the file
// `clock-shift` in DATA_DIR once that is there (replicas-clocks.ts writes it while the site runs).

const HOUR_MS = 60 * 60 * 1000;
const LOOK_EVERY_MS = 20;

const file = path.join(process.env.DATA_DIR ?? '', 'clock-shift');
let shiftMs = Number(process.env.SHIFT_HOURS ?? 0) * HOUR_MS;
const now = Date.now.bind(Date);

setInterval(() => {
  if (existsSync(file)) shiftMs = Number(readFileSync(file, 'utf8')) * HOUR_MS;
}, LOOK_EVERY_MS).unref();

globalThis.Date = new Proxy(Date, {
  construct: (target, given: [], newTarget) =>
    given.length === 0 ? new target(now() + shiftMs) : Reflect.construct(target, given, newTarget),
  get: (target, name) => (name === 'now' ? () => now() + shiftMs : Reflect.get(target, name)),
});
