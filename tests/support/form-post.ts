import { randomUUID } from 'node:crypto';
import { type Agent, request } from 'node:http';

/** The registration form as a browser without script sees it: where it posts and what it carries unseen. */
export type ReadForm = { url: string; hidden: [string, string][] };

/** Reads the form at `url` with its hidden fields, the server action's among them. */
export async function readForm(url: string): Promise<ReadForm> {
  const html = await (await fetch(url)).text();
  const hidden = [...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]): [string, string] => [
    attribute(tag, 'name'),
    attribute(tag, 'value'),
  ]);
  return { url, hidden };
}

function attribute(tag: string, name: string): string {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
  return value.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

/** What came back of a post; `location` where it redirects. */
export type PostAnswer = { status: number; location: string | undefined; body: string };

/**
 * Posts the form once as multipart, as a browser without script does. Every post is another person's unless `changed`
 * says otherwise; a key with an undefined value is left out. `added` are headers that a proxy or a browser adds.
 */
export function postOnce(
  form: ReadForm,
  changed: Record<string, string | undefined> = {},
  agent?: Agent,
  added: Record<string, string> = {},
): Promise<PostAnswer> {
  const id = randomUUID();
  const fields: Record<string, string | undefined> = {
    ...Object.fromEntries(form.hidden),
    submission_id: id,
    name: '山田 太郎',
    email: `${id}@example.jp`,
    phone: `090${id.replace(/\D/g, '').padEnd(8, '1').slice(0, 8)}`,
    start: 'month',
    ...changed,
  };
  const boundary = `----form${id}`;
  const parts = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`],
  );
  const body = Buffer.from(`${parts.join('')}--${boundary}--\r\n`);
  const headers = {
    'content-type': `multipart/form-data; boundary=${boundary}`,
    'content-length': body.length,
    origin: new URL(form.url).origin,
    ...added,
  };
  return new Promise((resolve, reject) => {
    const sent = request(form.url, { method: 'POST', headers, ...(agent ? { agent } : {}) }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const { statusCode = 0, headers: received } = answer;
        resolve({ status: statusCode, location: received.location, body: Buffer.concat(chunks).toString() });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
