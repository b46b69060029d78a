import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

// Loaded by `node --import` before the site: keeps in WATCH_FILE how long its event loop stood still, and how many
// errors nobody caught. SIGUSR2 begins anew.

const file = process.env.WATCH_FILE;
if (isMainThread && file) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  let uncaught = 0;
  process.on('unhandledRejection', () => uncaught++);
  process.on('uncaughtExceptionMonitor', () => uncaught++);
  process.on('SIGUSR2', () => delay.reset());
  const write = () => {
    const loop = { p99: delay.percentile(99) / 1e6, longest: delay.max / 1e6 };
    writeFileSync(`${file}.new`, JSON.stringify({ loop, uncaught, at: Date.now() }));
    renameSync(`${file}.new`, file);
  };
  write();
  setInterval(write, 200).unref();
}
