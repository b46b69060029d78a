import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { findNginx, runNginx, runShippedNginx } from '../../support/nginx.ts';
import { freePort, runSite } from '../../support/running-site.ts';
import { type Figure, median } from '../figure.ts';
import { startStockNext } from '../stock-next.ts';
import { tidily } from '../tidily.ts';
import { hasWrk, pinToOneCore, requestsPerSecond } from '../tools.ts';

const ADDRESS = '/articles/pmo-yametoke';
const ROUNDS = 5;
/** On one core V8 takes its time to compile what is called often: the third run of 2 s was twice as fast as the first. */
const WARM_UP_SECONDS = 10;

const SIDES = ['own', 'stock-next', 'nginx', 'behind-nginx'] as const;
type Side = (typeof SIDES)[number];

/** Answers a second from one core for the same article: this site, stock Next, nginx with a file, both together. */
export function measureAnswers(): Promise<Figure[]> {
  return tidily(async (afterwards) => {
    const urls = new Map<Side, string>();
    if (hasWrk()) {
      const site = await runSite();
      afterwards(site.remove);
      pinToOneCore(site.process.pid);
      urls.set('own', onLoopback(site.url));
      console.error('reader: Nextだけの同じページをビルドしています');
      const stock = await startStockNext();
      afterwards(stock.stop);
      pinToOneCore(stock.pid);
      urls.set('stock-next', onLoopback(stock.url));
      if (findNginx() === undefined)
        console.error('nginxが見つかりません（例: apt-get install nginx）。比べられません');
      else {
        const ports = { file: await freePort(), shipped: await freePort() };
        const page = await packed(site.url + ADDRESS);
        const file = await runNginx(ports.file, (folder) => fileServer(folder, ports.file, page));
        afterwards(file.stop);
        const shipped = await runShippedNginx(ports.shipped, [Number(new URL(site.url).port)]);
        afterwards(shipped.stop);
        for (const nginx of [file, shipped]) pinToOneCore(nginx.workerPid());
        urls.set('nginx', onLoopback(file.url)).set('behind-nginx', onLoopback(shipped.url));
        await expectSameBytes([...urls].filter(([side]) => side !== 'stock-next').map(([, url]) => url));
      }
    }

    const rates: Record<Side, number>[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      console.error(`reader: 1秒あたりの応答数 ${round + 1}/${ROUNDS}`);
      const rate = { own: NaN, 'stock-next': NaN, nginx: NaN, 'behind-nginx': NaN };
      for (const [side, url] of urls) {
        if (round === 0) await requestsPerSecond(url, WARM_UP_SECONDS);
        rate[side] = await requestsPerSecond(url);
      }
      rates.push(rate);
    }
    const ratio = (id: string, of: Side, to: Side, number: number): Figure => ({
      id: `reader.${id}`,
      value: median(rates.map((rate) => rate[of] / rate[to])),
      unit: 'x',
      goal: { op: '>=', number },
    });
    return [
      ...SIDES.map((side) => ({
        id: `reader.answers-${side}`,
        value: median(rates.map((rate) => rate[side])),
        unit: '/s',
      })),
      ratio('answers-against-stock-next', 'own', 'stock-next', 10),
      ratio('answers-against-nginx', 'own', 'nginx', 0.5),
      ratio('answers-behind-against-nginx', 'behind-nginx', 'nginx', 0.9),
    ];
  });
}

function onLoopback(url: string): string {
  return url.replace('localhost', '127.0.0.1') + ADDRESS;
}

type Packed = { headers: [string, string][]; body: Buffer };

/** An answer with its bytes as they came. */
function packed(url: string): Promise<Packed> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { 'accept-encoding': 'br' } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const headers = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
        resolve({ headers, body: Buffer.concat(chunks) });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** nginx with the article as a file, compressed and with all headers as this site sends it. */
function fileServer(folder: string, port: number, { headers, body }: Packed): string {
  const file = path.join(folder, 'files', ADDRESS);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, body);
  const own = new Set([
    'connection',
    'content-length',
    'content-type',
    'date',
    'etag',
    'keep-alive',
    'x-accel-expires',
  ]);
  const added = headers.filter(([name]) => !own.has(name));
  return `server {
    listen 127.0.0.1:${port};
    root ${folder}/files;
    default_type "text/html; charset=utf-8";
    ${added.map(([name, value]) => `add_header ${name} '${value.replaceAll("'", "\\'")}';`).join('\n    ')}
  }`;
}

/** @throws when the sides do not send the same bytes: their rates could not be compared. */
async function expectSameBytes(urls: string[]): Promise<void> {
  const [first, ...others] = await Promise.all(urls.map(packed));
  for (const other of others) {
    if (!first?.body.equals(other.body)) throw new Error('nginx does not send the bytes that this site sends');
  }
}
