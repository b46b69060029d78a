import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningSite } from '../support/running-site.ts';
import type { Verdict } from './checker.ts';
import type { Dice } from './dice.ts';
import type { Cluster } from './replicas-cluster.ts';
import { underLoad } from './replicas-scenarios.ts';

// Clocks that jump while people register: those of the replicas, and the database's.

/** The environment of a site whose clock `setClock` sets; it starts with the right time. */
export const SETTABLE = { NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'shift-clock.ts')}` };
/** How wrong a clock is after each jump: an hour forth and back, a day forth and back. */
const HOURS = [1, 0, 24, 0];
/** Between two replicas, as many registrations leave none of them out. */
const REGISTRATIONS_A_JUMP = 8;

/** Sets a site's clock wrong by `hours`, and right again with 0; resolves once the site has taken it up. */
export async function setClock({ dataDir }: RunningSite, hours: number): Promise<void> {
  const file = path.join(dataDir, 'clock-shift');
  writeFileSync(`${file}.new`, String(hours));
  renameSync(`${file}.new`, file);
  while (!existsSync(`${file}.taken`) || readFileSync(`${file}.taken`, 'utf8') !== String(hours)) await pause(10);
}

/**
 * Makes the clock of the database one that can be set: another `clock_timestamp()` is found before PostgreSQL's own.
 * PostgreSQL's own timeouts do not follow it.
 * @returns what sets it wrong by some hours, and right again with 0.
 */
export async function replaceDatabaseClock({ databaseUrl, query }: Cluster): Promise<(hours: number) => Promise<void>> {
  await query('CREATE TABLE clock_shift AS SELECT 0 AS hours');
  await query(`CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz VOLATILE LANGUAGE sql AS
    'SELECT pg_catalog.clock_timestamp() + make_interval(hours => hours) FROM public.clock_shift'`);
  await query(`ALTER DATABASE ${new URL(databaseUrl).pathname.slice(1)} SET search_path = public, pg_catalog`);
  // Only connections that are opened from now on know it.
  await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`);
  return async (hours) => void (await query('UPDATE clock_shift SET hours = $1', hours));
}

/**
 * `apartHours`: how far the instants that the replicas and the database wrote down lie apart at most; about a day where
 * their clock did jump. `verdict.extraCopies` are those of these jumps alone.
 */
export type Jumps = { verdict: Verdict; quarantined: number; apartHours: { sites: number; database: number } };

/** The clock that `set` sets jumps four times a round while people register. */
export async function jumpClocks(
  cluster: Cluster,
  dice: Dice,
  rounds: number,
  set: (hours: number) => Promise<void>,
): Promise<Jumps> {
  const [newest] = await cluster.query('SELECT coalesce(max(seq), 0) AS seq FROM outbox');
  const copiesBefore = cluster.inbox.mails.length - new Set(cluster.inbox.mails.map(idOf)).size;
  const verdict = await underLoad(cluster, dice, async () => {
    for (let count = 0; count < rounds; count += 1) {
      for (const hours of HOURS) {
        await pause(dice.between(150, 400));
        await set(hours);
        await untilRegistered(cluster, REGISTRATIONS_A_JUMP);
      }
    }
    await pause(200);
  });
  verdict.extraCopies -= copiesBefore;
  const hours = (column: string) => `(max(${column}) - min(${column}))::float / 3600000`;
  const [row] = await cluster.query(
    `SELECT ${hours('received_at')} AS sites, ${hours('created_at')} AS database,
       count(*) FILTER (WHERE leads.state = 'quarantined') AS quarantined
     FROM leads JOIN outbox ON lead_id = id WHERE seq > $1`,
    Number(newest?.seq),
  );
  return {
    verdict,
    quarantined: Number(row?.quarantined),
    apartHours: { sites: Number(row?.sites), database: Number(row?.database) },
  };
}

/** Until `more` leads are stored than now. */
async function untilRegistered({ query }: Cluster, more: number): Promise<void> {
  const count = async () => Number((await query('SELECT count(*) AS leads FROM leads'))[0]?.leads);
  const enough = (await count()) + more;
  while ((await count()) < enough) await pause(20);
}

const idOf = ({ parsed }: Cluster['inbox']['mails'][number]) => parsed.messageId;
