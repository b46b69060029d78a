import net, { type AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

/** A mail as a server received it: what stood in the envelope, and what a mail program reads. */
export type Received = { recipients: string[]; mail: ParsedMail };

/** An error with the reply code that the server answers with. */
export function reply(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/**
 * A real SMTP server on loopback that keeps what it accepts. `judge` may refuse a mail after DATA by throwing, or keep
 * the client waiting; `options` is smtp-server's own.
 */
export async function mailServer(
  settings: { port?: number; judge?: (received: Received) => void | Promise<void>; options?: SMTPServerOptions } = {},
) {
  const received: Received[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    closeTimeout: 100,
    onData: (stream, session, done) => {
      simpleParser(stream)
        .then(async (mail) => {
          const one = { recipients: session.envelope.rcptTo.map(({ address }) => address), mail };
          await settings.judge?.(one);
          received.push(one);
          done();
        })
        .catch((error: Error) => done(error));
    },
    ...settings.options,
  });
  // A client that hangs up is part of these tests.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(settings.port ?? 0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(close);
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, port, received, close };
}

/**
 * An SMTP server by hand, for what smtp-server cannot do: it takes quoted local parts, and for the first
 * `dropAfterMails` mails it hangs up after the final dot instead of answering 250. It always hangs up when a mail is
 * for `hangUpOn`.
 */
export async function bareServer({ dropAfterMails = 0, hangUpOn = '' } = {}) {
  const commands: string[] = [];
  const messageIds: string[] = [];
  const server = net.createServer((socket) => {
    let mail: string | undefined;
    socket.write('220 bare\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (mail !== undefined) {
        mail += chunk.toString();
        if (!mail.endsWith('\r\n.\r\n')) return;
        messageIds.push(/^Message-ID: (.+)$/im.exec(mail)?.[1] ?? 'none');
        mail = undefined;
        if (messageIds.length <= dropAfterMails) socket.destroy();
        else socket.write('250 taken\r\n');
        return;
      }
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        commands.push(line);
        if (line === `RCPT TO:<${hangUpOn}>`) {
          socket.destroy();
          return;
        }
        if (line === 'DATA') mail = '';
        socket.write(line === 'DATA' ? '354 go on\r\n' : '250 ok\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, commands, messageIds };
}
