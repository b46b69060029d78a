import { once } from 'node:events';
import { connect } from 'node:net';

/** What a server said to bytes that no HTTP client would send; `silence` when it closed without a word. */
export type RawAnswer =
  | { status: number; headers: Map<string, string>; body: string; milliseconds: number }
  | { status: 'silence'; milliseconds: number };

const LATEST_MS = 60_000;

/**
 * Sends bytes as they are over a connection of its own and reads until the server closes it. `gone` clients say that
 * nothing more comes, and wait for no answer; `from` is the address on loopback to send from. @throws when the server
 * is not done within a minute.
 */
export async function sendRaw(
  port: number,
  bytes: Buffer,
  { from = '127.0.0.1', gone = false } = {},
): Promise<RawAnswer> {
  const started = performance.now();
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // The server may close while the rest is still on its way: what it said before counts.
  socket.on('error', () => undefined);
  let late = false;
  socket.setTimeout(LATEST_MS, () => {
    late = true;
    socket.destroy();
  });
  if (gone) socket.end(bytes);
  else socket.write(bytes);
  await once(socket, 'close').catch(() => undefined);
  if (late)
    throw new Error(`no end within ${LATEST_MS} ms to ${JSON.stringify(bytes.subarray(0, 300).toString('latin1'))}`);
  return read(Buffer.concat(chunks), performance.now() - started);
}

function read(received: Buffer, milliseconds: number): RawAnswer {
  const text = received.toString('latin1');
  // `100 Continue` is not an answer.
  const start = text.startsWith('HTTP/1.1 100 ') ? text.indexOf('HTTP/1.1', 9) : 0;
  const end = text.indexOf('\r\n\r\n', start);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text.slice(start))?.[1]);
  if (start < 0 || end < 0 || Number.isNaN(status)) return { status: 'silence', milliseconds };
  const lines = text.slice(start, end).split('\r\n').slice(1);
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status, headers, body: received.subarray(end + 4).toString(), milliseconds };
}
