import '#server-only';
import path from 'node:path';
import { z } from 'zod';

// The only reader of process.env. Nothing is read while importing: `next build` runs without any of these set.

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

const port = z.coerce.number().int().min(0).max(65535);
const perMinute = z.coerce.number().int().max(1_000_000);
const mailbox = z.string().regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/, '1つのメールアドレスが必要です');
const mailboxes = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  )
  .pipe(z.array(mailbox).min(1, '宛先が1つ以上必要です'));
const mailUrl = z.url({ protocol: /^smtps?$/, error: 'smtp:// または smtps:// で始まるURLが必要です' });
const databaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'postgres:// で始まるURLが必要です（SQLiteを使うときは未設定にします）',
});
const siteUrl = z
  .url({ protocol: /^https?$/, error: 'http:// または https:// で始まるURLが必要です' })
  .refine((url) => (URL.parse(url)?.pathname ?? '/') === '/', 'パスの無いURLが必要です');

const schema = z.object({
  PORT: port.default(3000),
  HOST: z.string().default('127.0.0.1'),
  SITE_URL: siteUrl.optional(),
  DATA_DIR: z.string().default('.data'),
  CONTENT_DIR: z.string().default('content'),
  DATABASE_URL: databaseUrl.optional(),
  SMTP_URL: mailUrl.optional(),
  MAIL_FROM: mailbox.default('noreply@localhost'),
  LEADS_TO: mailboxes.default(['leads@localhost']),
  OPERATOR_MAIL_TO: mailboxes.optional(),
  DKIM_DOMAIN: z
    .string()
    .regex(/^(?:[a-z\d-]+\.)+[a-z][a-z\d-]*$/i, 'ドメイン名が必要です')
    .optional(),
  DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i, '英数字、ハイフン、ドットだけの名前が必要です')
    .optional(),
  DKIM_KEY_FILE: z.string().optional(),
  METRICS_PORT: port.min(1).optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  PROOF_ABOVE: perMinute.min(0).default(120),
  REGISTRATIONS_PER_MINUTE: perMinute.min(1).default(1200),
  READER_PAGES: z.enum(['finished', 'stock']).default('finished'),
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: z
    .string()
    .refine((key) => [16, 24, 32].includes(Buffer.from(key, 'base64').length), 'base64の16、24または32バイトが必要です')
    .optional(),
});

const EXAMPLES: Record<string, string> = {
  PORT: '3000',
  SITE_URL: 'https://pmo.example.jp',
  DATABASE_URL: 'postgres://user:pass@db.example.jp:5432/leads',
  SMTP_URL: 'smtp://user:pass@mail.example.jp:587',
  MAIL_FROM: 'noreply@pmo.example.jp',
  LEADS_TO: 'team@pmo.example.jp,backup@pmo.example.jp',
  OPERATOR_MAIL_TO: 'operator@pmo.example.jp',
  DKIM_DOMAIN: 'pmo.example.jp',
  DKIM_SELECTOR: 'site',
  DKIM_KEY_FILE: '/etc/site/dkim.pem',
  METRICS_PORT: '9464',
  TRUST_PROXY: '1',
  PROOF_ABOVE: '120',
  REGISTRATIONS_PER_MINUTE: '1200',
  READER_PAGES: 'finished',
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: 'openssl rand -base64 32 の出力',
};

/** How mails are signed (RFC 6376): the key at `SELECTOR._domainkey.DOMAIN` in the DNS belongs to the one in the file. */
export type Dkim = { domain: string; selector: string; keyFile: string };

/** Everything the process is configured with. Folders are absolute; `siteUrl` has no trailing slash. */
export type Env = {
  port: number;
  host: string;
  siteUrl: string;
  dataDir: string;
  contentDir: string;
  databaseUrl: string | undefined;
  smtpUrl: string | undefined;
  mailFrom: string;
  leadsTo: string[];
  /** Who is told that mail could not be sent for an hour. */
  operatorMailTo: string[];
  dkim: Dkim | undefined;
  /** Where `/metrics` is served; nowhere when undefined. */
  metrics: { port: number; host: string } | undefined;
  trustProxy: number;
  /** Registrations of the whole site in a minute: above which forms ask for a proof of work (0: never), and the most. */
  proofAbove: number;
  registrationsPerMinute: number;
  readerPages: 'finished' | 'stock';
  actionsKey: string | undefined;
};

/** A configuration that must not start. `message` has one line a variable: name, reason, example. */
export class EnvError extends Error {
  override name = 'EnvError';
}

/**
 * Reads and checks the environment (shared contract: README "Environment").
 * @throws {EnvError} with every wrong variable at once.
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(set);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => fault(String(issue.path[0]), issue.message));
    throw new EnvError([...new Set(faults)].join('\n'));
  }
  const values = parsed.data;
  if (values.METRICS_PORT === values.PORT) throw new EnvError(fault('METRICS_PORT', 'PORTと同じにはできません'));
  const siteUrl = (values.SITE_URL ?? `http://localhost:${values.PORT}`).replace(/\/$/, '');
  const isPublic = !LOCAL_HOSTS.has(new URL(siteUrl).hostname);
  if (isPublic) {
    // On a public address, mails written into a folder or sent to localhost would be leads that nobody answers.
    const missing = (['SMTP_URL', 'MAIL_FROM', 'LEADS_TO'] as const).filter((name) => set[name] === undefined);
    if (missing.length > 0) {
      throw new EnvError(
        missing.map((name) => fault(name, `SITE_URLが公開の住所（${siteUrl}）のときは必須です`)).join('\n'),
      );
    }
  }
  return {
    port: values.PORT,
    host: values.HOST,
    siteUrl,
    dataDir: path.resolve(values.DATA_DIR),
    contentDir: path.resolve(values.CONTENT_DIR),
    databaseUrl: values.DATABASE_URL,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    leadsTo: values.LEADS_TO,
    operatorMailTo: values.OPERATOR_MAIL_TO ?? values.LEADS_TO,
    dkim: readDkim(values),
    metrics: values.METRICS_PORT === undefined ? undefined : { port: values.METRICS_PORT, host: values.METRICS_HOST },
    trustProxy: values.TRUST_PROXY,
    proofAbove: values.PROOF_ABOVE,
    registrationsPerMinute: values.REGISTRATIONS_PER_MINUTE,
    readerPages: values.READER_PAGES,
    actionsKey: values.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY,
  };
}

function readDkim(values: z.infer<typeof schema>): Dkim | undefined {
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_KEY_FILE: keyFile, MAIL_FROM } = values;
  if (domain === undefined && selector === undefined && keyFile === undefined) return undefined;
  if (domain === undefined || selector === undefined || keyFile === undefined) {
    const names = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY_FILE'] as const;
    const missing = names.filter((name) => values[name] === undefined);
    throw new EnvError(missing.map((name) => fault(name, 'DKIMの設定は3つそろえて指定します')).join('\n'));
  }
  const sender = MAIL_FROM.slice(MAIL_FROM.lastIndexOf('@') + 1).toLowerCase();
  const signer = domain.toLowerCase();
  // Where receivers check DMARC, a signature of another domain than the sender's counts for nothing (RFC 7489, 3.1.1).
  if (sender !== signer && !sender.endsWith(`.${signer}`) && !signer.endsWith(`.${sender}`)) {
    throw new EnvError(fault('DKIM_DOMAIN', `差出人（MAIL_FROM=${MAIL_FROM}）のドメインと合っていません`));
  }
  return { domain: signer, selector, keyFile: path.resolve(keyFile) };
}

function fault(name: string, reason: string): string {
  const example = EXAMPLES[name];
  return `環境変数 ${name}: ${reason}${example ? `（例: ${name}=${example}）` : ''}`;
}

/** Hands Next the key that encrypts its actions: it reads it from the environment only, when building and serving. */
export function setActionsKey(key: string): void {
  process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = key;
}
