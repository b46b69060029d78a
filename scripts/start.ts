import '#lib/mode.ts';
import { EnvError } from '#lib/env.ts';
import { buildIfNeeded } from './build.ts';

// `npm start`: builds if there is no build or it is older than the code, then serves.

try {
  const code = buildIfNeeded({ force: false });
  if (code !== 0) process.exit(code);
  await import('../server.ts');
} catch (error) {
  if (!(error instanceof EnvError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
