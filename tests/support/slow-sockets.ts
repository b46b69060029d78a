import { connect, type Socket } from 'node:net';

// Connections that are held open for nothing, as many and as long as the server lets them.

/** What one such connection does: says nothing, never ends its headers or its body, or sends more than is read. */
type Habit = 'idle' | 'slow headers' | 'slow body' | 'endless chunks' | '100 MB' | 'keeps asking nothing';

export type SlowCrowd = {
  /** Connections that the server still keeps. */
  open(): number;
  /** How long the longest connection that is closed by now was kept, and what the server said first on any of them. */
  longestMs(): number;
  said(): Record<string, number>;
  /** Resolves when the server has closed all of them. @throws after `withinMs`, with what is left. */
  gone(withinMs: number): Promise<void>;
  leave(): void;
};

const EVERY_MS = 1000;

/** Opens `counts` connections to a port of loopback, each kind as often as it says. */
export function openSlowCrowd(port: number, counts: Partial<Record<Habit, number>>): SlowCrowd {
  const sockets = new Map<Socket, Habit>();
  const said: Record<string, number> = {};
  let longestMs = 0;
  let index = 0;
  for (const [habit, count = 0] of Object.entries(counts) as [Habit, number | undefined][]) {
    for (let left = count; left > 0; left--) sockets.set(open(habit), habit);
  }

  function open(habit: Habit): Socket {
    // Many source addresses: one has 28,000 ports, and the server may tell clients apart.
    const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.1.${(index++ % 200) + 1}` });
    const opened = performance.now();
    let heard = '';
    // Not once it is connected: what drips before that would come first, and be no request.
    socket.write(first(habit));
    socket.on('data', (chunk) => {
      if (heard === '')
        said[`${habit}: ${chunk.subarray(9, 12)}`] = (said[`${habit}: ${chunk.subarray(9, 12)}`] ?? 0) + 1;
      heard ||= chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      longestMs = Math.max(longestMs, performance.now() - opened);
      sockets.delete(socket);
    });
    return socket;
  }

  const dripping = setInterval(() => {
    for (const [socket, habit] of sockets) {
      if (!socket.writable) continue;
      if (habit === 'slow headers') socket.write('x');
      if (habit === 'slow body') socket.write('a');
      if (habit === 'endless chunks' && socket.writableLength < 1e6) socket.write(`4000\r\n${'a'.repeat(0x4000)}\r\n`);
      if (habit === '100 MB' && socket.writableLength < 1e6) socket.write(Buffer.alloc(1 << 20));
    }
  }, EVERY_MS);

  function leave(): void {
    clearInterval(dripping);
    for (const socket of sockets.keys()) socket.destroy();
  }

  return {
    open: () => sockets.size,
    longestMs: () => longestMs,
    said: () => said,
    leave,
    async gone(withinMs) {
      const latest = performance.now() + withinMs;
      while (sockets.size > 0) {
        if (performance.now() > latest) {
          const left = Object.entries(Object.groupBy(sockets.values(), (habit) => habit));
          leave();
          throw new Error(`still open: ${left.map(([habit, all]) => `${all?.length} ${habit}`).join(', ')}`);
        }
        await new Promise((wake) => setTimeout(wake, 100));
      }
      leave();
    },
  };
}

function first(habit: Habit): string | Buffer {
  const post = 'POST /register HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n';
  switch (habit) {
    case 'idle':
      return '';
    case 'slow headers':
      return 'GET / HTTP/1.1\r\nHost: localhost\r\nX-';
    case 'slow body':
      return `${post}Content-Length: 2000\r\n\r\n--x\r\n`;
    case 'endless chunks':
      return `${post}Transfer-Encoding: chunked\r\n\r\n4000\r\n${'a'.repeat(0x4000)}\r\n`;
    case '100 MB':
      return Buffer.concat([Buffer.from(`${post}Content-Length: 104857600\r\n\r\n`), Buffer.alloc(1 << 20)]);
    case 'keeps asking nothing':
      return 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';
  }
}
