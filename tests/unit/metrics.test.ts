import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { EnvError } from '#lib/env.ts';
import { type Readiness, startMetrics } from '#lib/metrics.ts';
import { freePort } from '../support/running-site.ts';

const calm: Readiness = {
  ready: true,
  leads: { pending: 0, dead: 0, quarantined: 0, oldestUnsentSeconds: 0 },
  delivery: { heartbeatSeconds: 1, failingSince: undefined },
  content: { problems: [] },
};

async function metrics(read: () => Readiness = () => calm) {
  const port = await freePort();
  const started = await startMetrics({ port, host: '127.0.0.1' }, async () => read());
  onTestFinished(() => started.close());
  const ask = (path = '/metrics', method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { ...started, port, ask, read: async () => parse(await (await ask()).text()) };
}

/** Prometheus' text format 0.0.4, read strictly: a sample by its name and labels. */
function parse(text: string): Record<string, number> {
  expect(text.endsWith('\n')).toBe(true);
  const types = new Map<string, string>();
  const samples: Record<string, number> = {};
  for (const line of text.slice(0, -1).split('\n')) {
    const type = /^# TYPE ([a-z_0-9]+) (counter|gauge|histogram)$/.exec(line);
    if (type?.[1] && type[2]) {
      expect(types.has(type[1])).toBe(false);
      types.set(type[1], type[2]);
      continue;
    }
    if (/^# HELP [a-z_0-9]+ .+$/.test(line)) continue;
    const sample = /^([a-z_0-9]+)((?:\{[a-z]+="[\w.+]+"(?:,[a-z]+="[\w.+]+")*\})?) (\d+(?:\.\d+)?(?:e-\d+)?)$/.exec(
      line,
    );
    if (!sample) throw new Error(`no sample: ${line}`);
    const [, name = '', labels = '', value] = sample;
    const family = types.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, '');
    expect(types.get(family)).toBeDefined();
    expect(samples).not.toHaveProperty([`${name}${labels}`]);
    samples[`${name}${labels}`] = Number(value);
  }
  return samples;
}

test('待っているもの、あきらめたもの、保留、止まっている時間が読める', async () => {
  const { read } = await metrics(() => ({
    ready: false,
    leads: { pending: 7, dead: 2, quarantined: 3, oldestUnsentSeconds: 4000 },
    delivery: { heartbeatSeconds: 61, failingSince: new Date(Date.now() - 3_600_000) },
    content: { problems: ['x', 'y'] },
  }));
  const samples = await read();
  expect(samples).toMatchObject({
    site_ready: 0,
    site_mails_pending: 7,
    site_mails_dead: 2,
    site_leads_quarantined: 3,
    site_oldest_unsent_mail_seconds: 4000,
    site_delivery_heartbeat_seconds: 61,
    site_content_problems: 2,
  });
  expect(samples.site_mail_failing_seconds).toBeCloseTo(3600, -1);
  expect(samples.process_resident_memory_bytes).toBeGreaterThan(10_000_000);
});

test('登録の保管先に届かないときは、件数を0とは言わない', async () => {
  const { read } = await metrics(() => ({ ...calm, ready: false, leads: { oldestUnsentSeconds: 0 } }));
  const samples = await read();
  expect(samples.site_ready).toBe(0);
  expect(Object.keys(samples).filter((name) => /pending|dead|quarantined|oldest/.test(name))).toEqual([]);
});

test('答えた数とかかった時間を、登録とそれ以外に分けて数える', async () => {
  const { count, read } = await metrics();
  count('register', 303, 0.02);
  count('register', 303, 0.3);
  count('register', 503, 11);
  count('page', 200, 0.001);
  expect(await read()).toMatchObject({
    'site_responses_total{kind="register",status="303"}': 2,
    'site_responses_total{kind="register",status="503"}': 1,
    'site_responses_total{kind="page",status="200"}': 1,
    'site_response_seconds_bucket{kind="register",le="0.01"}': 0,
    'site_response_seconds_bucket{kind="register",le="0.05"}': 1,
    'site_response_seconds_bucket{kind="register",le="1"}': 2,
    'site_response_seconds_bucket{kind="register",le="10"}': 2,
    'site_response_seconds_bucket{kind="register",le="+Inf"}': 3,
    'site_response_seconds_count{kind="register"}': 3,
    'site_response_seconds_bucket{kind="page",le="0.01"}': 1,
  });
});

test('/metricsのほかには何も出さない', async () => {
  const { ask } = await metrics();
  expect((await ask('/')).status).toBe(404);
  expect((await ask('/metrics?x=1')).status).toBe(404);
  expect((await ask('/metrics', 'POST')).status).toBe(404);
});

test('ポートを決めなければ、何も待ち受けない', async () => {
  const off = await startMetrics(undefined, () => Promise.reject(new Error('asked')));
  off.count('page', 200, 1);
  await off.close();
});

test('使えないポートでは、名前と理由を示して始まらない', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const start = startMetrics({ port, host: '127.0.0.1' }, async () => calm);
  await expect(start).rejects.toThrow(EnvError);
  await expect(start).rejects.toThrow(/^環境変数 METRICS_PORT: 127\.0\.0\.1:\d+で待ち受けられません（EADDRINUSE）/);
});
