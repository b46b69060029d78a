import '#server-only';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Env } from '#lib/env.ts';
import { describeError } from '#lib/log.ts';
import { readSigningKey } from './dkim.ts';
import { keepMail, removeLeftovers } from './local-mailbox.ts';
import type { ComposedMail } from './mails.ts';

/**
 * What became of one attempt. `refused`: this mail will not be taken, the next one may. `deferred`: not now. `down`:
 * no mail gets through at the moment. `unclear`: the connection was lost and the mail perhaps delivered. `note` is for
 * operators and names no person.
 */
export type Delivery = { status: 'sent' } | { status: 'refused' | 'deferred' | 'down' | 'unclear'; note: string };

export type Transport = {
  /** Where mails go, for the lines at the start: an address without password, or a folder. */
  readonly destination: string;
  /** One attempt, ended after 50 s at the latest. Never rejects for what a server or a disk does. */
  send(mail: ComposedMail): Promise<Delivery>;
  close(): void;
};

/** Ends an attempt that no other timeout ends, such as a server that answers one byte a second. */
export const LONGEST_ATTEMPT_SECONDS = 50;
/** What a server is given, in milliseconds: to be reached, to greet, for each answer, and for a whole mail. */
const PATIENCE = { connect: 10_000, greeting: 10_000, answer: 30_000, mail: LONGEST_ATTEMPT_SECONDS * 1000 };
const CONNECTIONS = 4;

/**
 * Mail by SMTP where `SMTP_URL` says so, otherwise one `.eml` file a mail in `DATA_DIR/mail`; signed where the
 * environment says by whom.
 * @throws {EnvError} for a key that cannot sign.
 */
export function openTransport(
  env: Pick<Env, 'smtpUrl' | 'dataDir'> & Partial<Pick<Env, 'dkim'>>,
  patience = PATIENCE,
): Transport {
  const { smtpUrl, dataDir, dkim } = env;
  const signing = dkim === undefined ? {} : { dkim: readSigningKey(dkim) };
  return smtpUrl === undefined
    ? folderTransport(path.join(dataDir, 'mail'), signing)
    : smtpTransport(smtpUrl, signing, patience);
}

type Signing = { dkim?: ReturnType<typeof readSigningKey> };

function folderTransport(folder: string, signing: Signing): Transport {
  const composer = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    ...signing,
    ...NO_FILES,
  });
  let isTidy = false;
  return {
    destination: folder,
    send: async (mail) => {
      const { message } = await composer.sendMail(mail);
      if (!Buffer.isBuffer(message)) throw new Error('the stream transport gave no buffer');
      try {
        if (!isTidy) await removeLeftovers(folder);
        isTidy = true;
        await keepMail(folder, mail.messageId, message);
        return { status: 'sent' };
      } catch (error) {
        const { code, message: reason } = describeError(error);
        return { status: 'down', note: `${code}: ${reason}` };
      }
    },
    close: () => composer.close(),
  };
}

/** What a mail is made of is in the mail: nodemailer would also read files and addresses it is given. */
const NO_FILES = { disableFileAccess: true, disableUrlAccess: true } as const;

function smtpTransport(smtpUrl: string, signing: Signing, patience: typeof PATIENCE): Transport {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const auth =
    url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } };
  // In clear only to this very machine, and never a password.
  const isClear = !secure && ['localhost', '127.0.0.1', '::1'].includes(host) && url.username === '';
  const pool = createTransport({
    pool: true,
    maxConnections: CONNECTIONS,
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    ...auth,
    ...(isClear ? { ignoreTLS: true } : { requireTLS: !secure }),
    connectionTimeout: patience.connect,
    greetingTimeout: patience.greeting,
    socketTimeout: patience.answer,
    idleTimeout: patience.answer,
    // Only for a kept connection that the server has closed meanwhile; all other trying again is decided in deliver.ts.
    maxRequeues: 1,
    ...signing,
    ...NO_FILES,
  });
  return {
    destination: `${url.protocol}//${url.host}`,
    send: async (mail) => {
      try {
        await pool.sendMail({ ...mail, signal: AbortSignal.timeout(patience.mail) });
        return { status: 'sent' };
      } catch (error) {
        return readFailure(error);
      }
    },
    close: () => pool.close(),
  };
}

/** Failures of the connection itself: no server has seen the mail, and no other mail would get further. */
const NO_CONNECTION = new Set(['EDNS', 'ETLS', 'EAUTH', 'ENOAUTH', 'EPROTOCOL', 'EPROXY', 'ECONFIG']);
/** Of what can befall a socket, these happen to one in use; all else (refused, no route, bad certificate) before it. */
const MIDWAY = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED']);

const TRANSACTION = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);

/** What nodemailer 10 puts on its errors; `responseCode` is a server's own word, the rest is about the connection. */
const failureSchema = z.object({
  code: z.string().optional(),
  responseCode: z.number().optional(),
  command: z.string().optional(),
  originalCode: z.string().optional(),
  timeoutType: z.string().optional(),
});

function readFailure(error: unknown): Delivery {
  const { code, message } = describeError(error);
  const note = `${code}: ${message}`;
  const failure = failureSchema.safeParse(error).data ?? {};
  const isMidway = failure.command !== undefined && TRANSACTION.has(failure.command);
  const isDown =
    NO_CONNECTION.has(code) ||
    (failure.originalCode !== undefined && !MIDWAY.has(failure.originalCode)) ||
    (failure.responseCode === 421 && !isMidway) ||
    (failure.timeoutType !== undefined && failure.timeoutType !== 'SOCKET_TIMEOUT');
  if (isDown) return { status: 'down', note };
  // A server that closes in the middle (421) may do so at this mail alone.
  if (failure.responseCode === undefined || failure.responseCode === 421) return { status: 'unclear', note };
  // A 5xx to RCPT TO or DATA is about this mail; 503 (bad sequence) is not, nor is one to MAIL FROM, which is ours.
  const isAboutMail = failure.command === 'RCPT TO' || failure.command === 'DATA';
  const isFinal = failure.responseCode >= 500 && failure.responseCode !== 503;
  return { status: isFinal && isAboutMail ? 'refused' : 'deferred', note };
}
