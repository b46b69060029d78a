import '#server-only';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Env } from '#lib/env.ts';
import { describeError } from '#lib/log.ts';
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
const CONNECTIONS = 4;

/** Mail by SMTP where `SMTP_URL` says so, otherwise one `.eml` file a mail in `DATA_DIR/mail`. */
export function openTransport({ smtpUrl, dataDir }: Pick<Env, 'smtpUrl' | 'dataDir'>): Transport {
  return smtpUrl === undefined ? folderTransport(path.join(dataDir, 'mail')) : smtpTransport(smtpUrl);
}

function folderTransport(folder: string): Transport {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows', ...NO_FILES });
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

function smtpTransport(smtpUrl: string): Transport {
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
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    idleTimeout: 30_000,
    // Only for a kept connection that the server has closed meanwhile; all other trying again is decided in deliver.ts.
    maxRequeues: 1,
    ...NO_FILES,
  });
  return {
    destination: `${url.protocol}//${url.host}`,
    send: async (mail) => {
      try {
        await pool.sendMail({ ...mail, signal: AbortSignal.timeout(LONGEST_ATTEMPT_SECONDS * 1000) });
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
  const isDown =
    NO_CONNECTION.has(code) ||
    (failure.originalCode !== undefined && !MIDWAY.has(failure.originalCode)) ||
    failure.responseCode === 421 ||
    (failure.timeoutType !== undefined && failure.timeoutType !== 'SOCKET_TIMEOUT');
  if (isDown) return { status: 'down', note };
  if (failure.responseCode === undefined) return { status: 'unclear', note };
  // A 5xx to RCPT TO or DATA is about this mail; 503 (bad sequence) is not, nor is one to MAIL FROM, which is ours.
  const isAboutMail = failure.command === 'RCPT TO' || failure.command === 'DATA';
  const isFinal = failure.responseCode >= 500 && failure.responseCode !== 503;
  return { status: isFinal && isAboutMail ? 'refused' : 'deferred', note };
}
