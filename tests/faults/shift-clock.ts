// Loaded by `node --import` before a replica: its clock goes right, but for the hours of SHIFT_HOURS.

const shiftMs = Number(process.env.SHIFT_HOURS) * 60 * 60 * 1000;
const now = Date.now.bind(Date);

globalThis.Date = new Proxy(Date, {
  construct: (target, given: [], newTarget) =>
    given.length === 0 ? new target(now() + shiftMs) : Reflect.construct(target, given, newTarget),
  get: (target, name) => (name === 'now' ? () => now() + shiftMs : Reflect.get(target, name)),
});
