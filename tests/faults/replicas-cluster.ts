import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { readReceipt } from '#lib/leads/receipt.ts';
import { secrets } from '#lib/secrets.ts';
import { type ReadForm, readForm } from '../support/form-post.ts';
import { type Inbox, openInbox } from '../support/inbox.ts';
import { findNginx, runShippedNginx } from '../support/nginx.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { freePort, type RunningSite, runSite } from '../support/running-site.ts';

export const TEAM = 'team@agency.example.jp';

/**
 * Replicas of the built site, each a process with a folder of its own, on one PostgreSQL and one mail server, behind nginx as
 * docs/operating has it where there is one.
 */
export type Cluster = {
  postgres: Postgres;
  databaseUrl: string;
  inbox: Inbox;
  sites: RunningSite[];
  /** Their forms, in the same order. */
  forms: ReadForm[];
  /** The form as visitors get it: by way of nginx, else of each replica. */
  visitorsForms: readonly ReadForm[];
  /** The lead that an answer of any replica leads to; undefined when it is no acceptance. */
  leadOf(location: string | undefined): string | undefined;
  /** Asks the database itself. */
  query(sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]>;
  remove(): Promise<void>;
};

/** Starts one replica for each environment. */
export async function startCluster(environments: readonly Record<string, string>[]): Promise<Cluster> {
  const postgres = await startPostgres();
  const databaseUrl = await postgres.createDatabase();
  const inbox = await openInbox();
  const key = randomBytes(32).toString('base64');
  const shared = {
    DATABASE_URL: databaseUrl,
    SMTP_URL: inbox.smtpUrl,
    LEADS_TO: TEAM,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: key,
  };
  const sites = await Promise.all(environments.map((own) => runSite({ ...shared, ...own })));
  const forms = await Promise.all(sites.map((site) => readForm(`${site.url}/register`)));
  const ports = sites.map(({ url }) => Number(new URL(url).port));
  const nginx = findNginx() === undefined ? undefined : await runShippedNginx(await freePort(), ports);
  return {
    postgres,
    databaseUrl,
    inbox,
    sites,
    forms,
    visitorsForms: nginx ? [await readForm(`${nginx.url}/register`)] : forms,
    leadOf(location) {
      const token = location && new URL(location, 'http://localhost').searchParams.get('r');
      if (!token) return undefined;
      const receipt = readReceipt(token, new Date(), secrets('', key).signingKey);
      return receipt.status === 'valid' ? receipt.leadId : undefined;
    },
    async query(sql, ...values) {
      const client = new Client(databaseUrl);
      client.setTypeParser(20, Number);
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    async remove() {
      await Promise.all(sites.map((site) => site.remove('SIGKILL')));
      await Promise.all([nginx?.stop(), inbox.close(), postgres.remove()]);
    },
  };
}
