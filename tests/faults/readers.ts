import { Agent, get } from 'node:http';
import { quantile } from '../bench/figure.ts';

// A process that reads one address, four at a time, for some seconds, and prints the 99th percentile of the waits in
// milliseconds: `node readers.ts URL SECONDS`. Apart from those who besiege the site: in one process with them readers
// wait for the loop of the test as well as for the server.

const READERS = 4;

const [url = '', seconds = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: READERS });
const waits: number[] = [];
const end = performance.now() + Number(seconds) * 1000;

const ask = () =>
  new Promise<number | undefined>((resolve, reject) => {
    get(url, { agent }, (answer) => {
      answer
        .resume()
        .on('end', () => resolve(answer.statusCode))
        .on('error', reject);
    }).on('error', reject);
  });

async function reader(): Promise<void> {
  while (performance.now() < end) {
    const asked = performance.now();
    const status = await ask();
    if (status !== 200) throw new Error(`a reader got ${status}`);
    waits.push(performance.now() - asked);
    // People read; this is not a race for the processor.
    await new Promise((wake) => setTimeout(wake, 2));
  }
}

await Promise.all(Array.from({ length: READERS }, reader));
agent.destroy();
console.log(quantile(waits, 0.99));
