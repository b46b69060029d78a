import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

// An SMTP server that behaves as badly as it is told to.

/** Where a conversation stands: `message` is after the final dot. */
export type Stage = 'greeting' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'message';

/**
 * What happens instead of the usual reply: another reply, silence, the connection dropped, the usual reply later or
 * one byte at a time. `keep-and-…` takes the mail first.
 */
export type Conduct =
  | { reply: string }
  | 'hang'
  | 'drop'
  | 'keep-and-hang'
  | 'keep-and-drop'
  | { afterMs: number }
  | { trickleMs: number };

/** Decides at every stage; undefined for the usual reply. `recipient` and `messageId` are empty until they are known. */
export type Judge = (stage: Stage, seen: Readonly<Seen>) => Conduct | undefined;

/**
 * A mail that was taken; one that is sent twice is there twice. `isAcknowledged`: the sender was told so to the end, not
 * while it gave up waiting for a reply that came late or byte by byte.
 */
export type Arrival = { messageId: string; recipient: string; at: number; isAcknowledged: boolean };
type Seen = Pick<Arrival, 'messageId' | 'recipient'>;

export type PostOffice = {
  url: string;
  port: number;
  arrivals: readonly Arrival[];
  /** The most connections that were open at once. */
  busiest(): number;
  /** Connections so far. */
  connections(): number;
  behave(judge?: Judge): void;
  /** Refuses connections, and drops those that are open, until `open`. */
  close(): Promise<void>;
  open(): Promise<void>;
};

const USUAL: Record<Stage, string> = {
  greeting: '220 post office',
  EHLO: '250-post office\r\n250 8BITMIME',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  message: '250 taken',
};
const END = '\r\n.\r\n';

/** Opens one on loopback; it behaves until it is told not to. */
export async function openPostOffice(judge: Judge = () => undefined): Promise<PostOffice> {
  const arrivals: Arrival[] = [];
  const open = new Set<Socket>();
  let [decide, connections, busiest, port] = [judge, 0, 0, 0];
  let server: Server;

  function talk(socket: Socket): void {
    connections += 1;
    open.add(socket);
    busiest = Math.max(busiest, open.size);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    let [unread, isMessage] = ['', false];
    const seen = { recipient: '', messageId: '' };
    answer(socket, 'greeting', seen);
    socket.on('data', (chunk) => {
      unread += chunk.toString('latin1');
      for (;;) {
        const end = isMessage ? unread.indexOf(END) : unread.indexOf('\r\n');
        if (end < 0) return;
        const text = unread.slice(0, end);
        unread = unread.slice(end + (isMessage ? END.length : 2));
        if (isMessage) {
          isMessage = false;
          seen.messageId = /^Message-ID: (\S+)/im.exec(text)?.[1] ?? '';
          answer(socket, 'message', seen);
        } else {
          isMessage = obey(socket, text, seen);
        }
      }
    });
  }

  /** @returns whether a message follows. */
  function obey(socket: Socket, line: string, seen: Seen): boolean {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'QUIT') socket.end('221 bye\r\n');
    else if (verb === 'RSET' || verb === 'NOOP') socket.write('250 ok\r\n');
    else if (verb === 'EHLO' || verb === 'MAIL' || verb === 'RCPT' || verb === 'DATA') {
      if (verb === 'MAIL') Object.assign(seen, { recipient: '', messageId: '' });
      if (verb === 'RCPT') seen.recipient = /<(.*)>/.exec(line)?.[1] ?? '';
      return answer(socket, verb, seen) && verb === 'DATA';
    } else socket.write('502 what\r\n');
    return false;
  }

  /** @returns whether the usual reply was or will be given. */
  function answer(socket: Socket, stage: Stage, seen: Seen): boolean {
    const conduct = decide(stage, seen);
    const isUsual = conduct === undefined || (typeof conduct === 'object' && !('reply' in conduct));
    const isKept = isUsual || conduct === 'keep-and-hang' || conduct === 'keep-and-drop';
    const arrival: Arrival = { ...seen, at: performance.now(), isAcknowledged: false };
    if (stage === 'message' && isKept) arrivals.push(arrival);
    if (conduct === 'drop' || conduct === 'keep-and-drop') socket.destroy();
    if (typeof conduct === 'object' && 'reply' in conduct) socket.write(`${conduct.reply}\r\n`);
    if (isUsual) {
      const reply = `${USUAL[stage]}\r\n`;
      const acknowledge = () => {
        arrival.isAcknowledged = true;
      };
      if (conduct === undefined) say(socket, reply, acknowledge);
      else if ('afterMs' in conduct) setTimeout(() => say(socket, reply, acknowledge), conduct.afterMs);
      else trickle(socket, reply, conduct.trickleMs, acknowledge);
    }
    return isUsual;
  }

  async function listen(): Promise<void> {
    server = createServer(talk).listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }

  await listen();
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    arrivals,
    busiest: () => busiest,
    connections: () => connections,
    behave: (next = () => undefined) => {
      decide = next;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
    open: listen,
  };
}

/** `isSaid` is called once all of it has gone out to somebody who still listens. */
function say(socket: Socket, words: string, isSaid: () => void): void {
  if (socket.destroyed) return;
  socket.write(words);
  isSaid();
}

function trickle(socket: Socket, reply: string, everyMs: number, isSaid: () => void): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at === reply.length) clearInterval(timer);
    else say(socket, reply.charAt(at++), at === reply.length ? isSaid : () => undefined);
  }, everyMs);
}
