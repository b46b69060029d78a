import '#server-only';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { refuseUnread } from '#lib/refusal.ts';
import { chooseEncoding } from './encode.ts';

// Most answers of this site are a kept page for a plain GET. Node's HTTP server takes 30 µs to read such a request, to make
// two objects for it and to put headers together that are the same every time; the page itself needs 10
// (docs/decisions/0026). So a connection begins here, and whatever is not as plain as can be goes to Node, with all that follows on it.

/** Bytes of an answer to a plain GET that takes brotli; `head` ends without the empty line. */
export type ReadyAnswer = { head: string; body: Buffer };

type Options = {
  /** What stands at a target right now; undefined for all that has to be worked out. */
  ready: (target: string) => ReadyAnswer | undefined;
  onSent: () => void;
};

const SERVED = Number.NEGATIVE_INFINITY;
/** A connection that was just opened has its request on the way. */
const FIRST_WORD_MS = 1000;
/** Browsers send less than 1 KB. */
const MAX_BYTES = 4096;
/** A GET without query, alone and whole, every line of it as RFC 9112 has it. */
const PLAIN_GET = /^GET (\/[\w./-]*) HTTP\/1\.1\r\n(?:[\w-]+:[\t\x20-\x7e\x80-\xff]*\r\n)+\r\n$/;
/** What asks for another answer than the page, or says how the connection goes on. */
const SPECIAL =
  /\r\n(?:connection:(?!\s?keep-alive\r)|(?:content-length|transfer-encoding|trailer|te|upgrade|expect|range|if-[a-z-]+):)/i;
const ACCEPTED = /\r\naccept-encoding:[\t ]*([^\r]*)/gi;

/**
 * Puts itself before a server that listens: answers plain requests for ready pages and hands everything else, connection and bytes, to
 * Node's own reading. Times as the server has them: `headersTimeout` until the first byte, `keepAliveTimeout` between two requests.
 * @returns `stop` hands over every request from now on; `closeIdle` ends connections on which nothing is under way, to
 *   be called where Node's `closeIdleConnections` is.
 */
export function openFastPath(server: Server, { ready, onSent }: Options): { stop(): void; closeIdle(): void } {
  const [takeOver] = server.listeners('connection');
  if (takeOver === undefined) throw new Error('not an HTTP server');
  /** When each connection was opened, as long as nothing was asked on it. */
  const open = new Map<Socket, number>();
  let isStopped = false;

  /** A fault here is met by Node's way as well, which answers 500 and says it in the log. */
  function answerTo(bytes: Buffer): ReadyAnswer | undefined {
    const target = plainTarget(bytes);
    try {
      return target === undefined ? undefined : ready(target);
    } catch {
      return undefined;
    }
  }

  function begin(socket: Socket): void {
    open.set(socket, performance.now());
    socket.setTimeout(server.headersTimeout);

    function onData(bytes: Buffer): void {
      const answer = isStopped ? undefined : answerTo(bytes);
      if (answer === undefined) {
        handOver(bytes);
        return;
      }
      // A client that believes what it was told asks until the last moment; Node waits a little longer, too.
      if (open.get(socket) !== SERVED) socket.setTimeout(server.keepAliveTimeout + server.keepAliveTimeoutBuffer);
      open.set(socket, SERVED);
      socket.cork();
      socket.write(
        `${answer.head}${ofThisSecond()}Connection: keep-alive\r\nKeep-Alive: timeout=${server.keepAliveTimeout / 1000}\r\n\r\n`,
        'latin1',
      );
      const isTaken = socket.write(answer.body);
      socket.uncork();
      onSent();
      // Who asks on without reading waits, instead of filling memory.
      if (!isTaken) socket.pause().once('drain', resume);
    }
    const resume = (): void => void socket.resume();
    const onEnd = (): void => void socket.end();
    const onError = (): void => void socket.destroy();
    const onClose = (): void => void open.delete(socket);
    function onTimeout(): void {
      if (open.get(socket) === SERVED) {
        // Who is slow in reading has as long as with Node.
        if (socket.writableLength > 0 && socket.timeout !== server.timeout) socket.setTimeout(server.timeout);
        else socket.destroy();
        return;
      }
      // What comes from now on is not read: its sender is told that nothing came.
      socket.off('data', onData).resume();
      refuseUnread(socket, 'ERR_HTTP_REQUEST_TIMEOUT');
    }
    const listeners = { data: onData, end: onEnd, error: onError, close: onClose, timeout: onTimeout, drain: resume };

    function handOver(bytes: Buffer): void {
      open.delete(socket);
      for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
      socket.setTimeout(0).pause().unshift(bytes);
      takeOver?.call(server, socket);
      socket.resume();
    }
    socket.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose).on('timeout', onTimeout);
  }

  server.off('connection', takeOver as () => void).on('connection', begin);
  return {
    stop: () => {
      isStopped = true;
    },
    closeIdle: () => {
      const before = performance.now() - FIRST_WORD_MS;
      for (const [socket, since] of open) if (since < before && socket.writableLength === 0) socket.destroy();
    },
  };
}

/** The target of a request that is whole, plain and takes brotli; undefined for every other. */
function plainTarget(bytes: Buffer): string | undefined {
  if (bytes.length > MAX_BYTES) return undefined;
  const request = bytes.toString('latin1');
  const [, target] = PLAIN_GET.exec(request) ?? [];
  if (target === undefined || SPECIAL.test(request)) return undefined;
  const [accepted, ...repeated] = request.matchAll(ACCEPTED);
  return repeated.length === 0 && chooseEncoding(accepted?.[1]) === 'br' ? target : undefined;
}

let second = { number: 0, lines: '' };

/** Headers that change with every second. */
function ofThisSecond(): string {
  const number = Math.floor(Date.now() / 1000);
  if (second.number !== number) {
    second = { number, lines: `Date: ${new Date(number * 1000).toUTCString()}\r\nx-accel-expires: @${number}\r\n` };
  }
  return second.lines;
}
