import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** One mail as a real SMTP server on loopback received it. */
export type ReceivedMail = { from: string; to: string[]; raw: Buffer; parsed: ParsedMail };

export type Inbox = {
  smtpUrl: string;
  mails: readonly ReceivedMail[];
  /** The first `count` mails that `wanted` accepts, as soon as they are there. @throws after `timeoutMs`. */
  waitFor(wanted: (mail: ReceivedMail) => boolean, count?: number, timeoutMs?: number): Promise<ReceivedMail[]>;
  close(): Promise<void>;
};

/** A mail server that keeps what it is given; `port` to come back on the same one after `close`. */
export async function openInbox(port = 0): Promise<Inbox> {
  const mails: ReceivedMail[] = [];
  let arrived = Promise.withResolvers<void>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    // A server that goes away does not wait half a minute for those who keep a connection open.
    closeTimeout: 500,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks);
        const { mailFrom, rcptTo } = session.envelope;
        const parsed = await simpleParser(raw);
        mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map((to) => to.address), raw, parsed });
        done();
        arrived.resolve();
        arrived = Promise.withResolvers<void>();
      });
    },
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const { port: bound } = server.server.address() as AddressInfo;
  return {
    smtpUrl: `smtp://127.0.0.1:${bound}`,
    mails,
    async waitFor(wanted, count = 1, timeoutMs = 15_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const found = mails.filter(wanted);
        if (found.length >= count) return found;
        const left = deadline - Date.now();
        if (left <= 0) throw new Error(`${found.length} of ${count} mails arrived within ${timeoutMs} ms`);
        await Promise.race([arrived.promise, new Promise((wake) => setTimeout(wake, left))]);
      }
    },
    close: () => new Promise((closed) => server.close(closed)),
  };
}
