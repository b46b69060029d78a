import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

/** How a run of posts went. Only answers that accept (303) count as done. */
export type LoadResult = { perSecond: number; milliseconds: number[]; refused: number };

type Form = { url: string; hidden: [string, string][] };

/** Reads the form at `url` as a browser without script would: its hidden fields, the action's among them. */
export async function readForm(url: string): Promise<Form> {
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

/** Posts the form from `clients` keep-alive connections for `seconds`; every post is another person's. */
export async function postForms(
  form: Form,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const milliseconds: number[] = [];
  let refused = 0;
  const started = performance.now();
  const end = started + seconds * 1000;

  async function client(): Promise<void> {
    while (performance.now() < end) {
      const before = performance.now();
      const status = await post(form, agent);
      milliseconds.push(performance.now() - before);
      if (status !== 303) refused++;
    }
  }

  await Promise.all(Array.from({ length: clients }, client));
  const elapsed = (performance.now() - started) / 1000;
  agent.destroy();
  return { perSecond: (milliseconds.length - refused) / elapsed, milliseconds, refused };
}

function post({ url, hidden }: Form, agent: Agent): Promise<number> {
  const id = randomUUID();
  const answers: [string, string][] = [
    ...hidden.map(([name, value]): [string, string] => [name, name === 'submission_id' ? id : value]),
    ['name', '山田 太郎'],
    ['email', `${id}@example.jp`],
    ['phone', `090${id.replace(/\D/g, '').padEnd(8, '1').slice(0, 8)}`],
    ['start', 'month'],
  ];
  const boundary = `----form${id}`;
  const parts = answers.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const body = Buffer.from(`${parts.join('')}--${boundary}--\r\n`);
  const { origin } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': body.length, origin },
      },
      (answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? 0)),
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
