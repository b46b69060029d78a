import '#server-only';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Env, EnvError } from './env.ts';
import { loggedEvents } from './log.ts';

// What monitoring reads, in Prometheus' text format 0.0.4. Every label is a word of this code: no path, no address,
// nothing of a visitor can become one.

/** What `/readyz` says. */
export type Readiness = {
  ready: boolean;
  leads: { pending?: number; dead?: number; quarantined?: number; oldestUnsentSeconds: number };
  delivery: { heartbeatSeconds: number; failingSince: Date | undefined };
  content: { problems: readonly unknown[] };
};

/** A value that is not known now is left out. */
type Readings = Record<string, { help: string; value: number | undefined }>;

export type Metrics = {
  /** Counts one answer; `kind` says which part of the site gave it. Those without a time are left out of the histogram. */
  count(kind: 'register' | 'page', status: number, seconds?: number): void;
  close(): Promise<void>;
};

/** Up to a quarter of a second a page feels immediate; ten is the most that a registration waits. */
const BUCKETS = [0.01, 0.05, 0.1, 0.25, 1, 2.5, 10];

/**
 * Serves `/metrics` at `at`, and nothing else there: on a port of its own, so that no proxy shows it to the public.
 * Without `at` it counts nothing. `read` is asked at each reading.
 * @throws {EnvError} when the port cannot be used.
 */
export async function startMetrics(at: Env['metrics'], read: () => Promise<Readiness>): Promise<Metrics> {
  if (at === undefined) return { count: () => undefined, close: async () => undefined };
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const answers = new Map<string, number>();
  const durations = { register: emptyHistogram(), page: emptyHistogram() };

  async function text(): Promise<string> {
    const readings = { ...ofSite(await read()), ...(await ofProcess()) };
    readings.nodejs_eventloop_lag_p99_seconds = {
      help: 'How late the event loop came round, 99th percentile since the last reading.',
      value: delay.percentile(99) / 1e9,
    };
    delay.reset();
    const gauges = Object.entries(readings).flatMap(([name, { help, value }]) =>
      value === undefined || !Number.isFinite(value)
        ? []
        : [...head(name, help, name.endsWith('_total') ? 'counter' : 'gauge'), `${name} ${value}`],
    );
    const lines = [
      ...gauges,
      ...head('site_responses_total', 'Answers by part of the site and status.', 'counter'),
      ...[...answers].map(([labels, count]) => `site_responses_total{${labels}} ${count}`),
      ...head('site_response_seconds', 'Time until an answer was sent.', 'histogram'),
      ...Object.entries(durations).flatMap(([kind, histogram]) => histogramLines(kind, histogram)),
      ...head('site_log_events_total', 'Lines of the log by event.', 'counter'),
      ...[...loggedEvents()].map(([event, count]) => `site_log_events_total{event="${event}"} ${count}`),
    ];
    return `${lines.join('\n')}\n`;
  }

  const server = createServer({ headersTimeout: 5000, requestTimeout: 5000 }, (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    text().then(
      (body) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const place = `${at.host}:${at.port}`;
      reject(
        new EnvError(`環境変数 METRICS_PORT: ${place}で待ち受けられません（${error.code}）（例: METRICS_PORT=9464）`),
      );
    });
    server.listen(at.port, at.host, resolve);
  });

  return {
    count(kind, status, seconds) {
      const labels = `kind="${kind}",status="${status}"`;
      answers.set(labels, (answers.get(labels) ?? 0) + 1);
      if (seconds === undefined) return;
      const histogram = durations[kind];
      histogram.sum += seconds;
      histogram.count += 1;
      histogram.within = histogram.within.map((count, index) => count + Number(seconds <= (BUCKETS[index] ?? 0)));
    },
    close: () =>
      new Promise((resolve) => {
        delay.disable();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Histogram = { within: number[]; sum: number; count: number };

function emptyHistogram(): Histogram {
  return { within: BUCKETS.map(() => 0), sum: 0, count: 0 };
}

function histogramLines(kind: string, { within, sum, count }: Histogram): string[] {
  const name = 'site_response_seconds';
  return [
    ...BUCKETS.map((limit, index) => `${name}_bucket{kind="${kind}",le="${limit}"} ${within[index]}`),
    `${name}_bucket{kind="${kind}",le="+Inf"} ${count}`,
    `${name}_sum{kind="${kind}"} ${sum}`,
    `${name}_count{kind="${kind}"} ${count}`,
  ];
}

function head(name: string, help: string, type: 'counter' | 'gauge' | 'histogram'): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function ofSite({ ready, leads, delivery, content }: Readiness): Readings {
  const { pending, dead, quarantined } = leads;
  const oldest = pending === undefined ? undefined : leads.oldestUnsentSeconds;
  const failing = delivery.failingSince ? (Date.now() - delivery.failingSince.getTime()) / 1000 : 0;
  return {
    site_ready: { help: '1 while registrations can be kept and mails are being sent.', value: Number(ready) },
    site_mails_pending: { help: 'Mails not sent yet.', value: pending },
    site_mails_dead: { help: 'Mails given up.', value: dead },
    site_oldest_unsent_mail_seconds: { help: 'Age of the oldest mail not sent yet.', value: oldest },
    site_leads_quarantined: { help: 'Registrations held back, waiting for release.', value: quarantined },
    site_mail_failing_seconds: {
      help: 'Time in which no mail has got through although one was tried.',
      value: failing,
    },
    site_delivery_heartbeat_seconds: {
      help: 'Time since the delivery loop last came round.',
      value: delivery.heartbeatSeconds,
    },
    site_content_problems: { help: 'Articles and files with something to mend.', value: content.problems.length },
  };
}

async function ofProcess(): Promise<Readings> {
  const { user, system } = process.cpuUsage();
  // Linux only; elsewhere the value is left out.
  const open = await readdir('/proc/self/fd').catch(() => undefined);
  return {
    process_resident_memory_bytes: { help: 'Memory of the process.', value: process.memoryUsage.rss() },
    process_cpu_seconds_total: { help: 'Processor time used since the start.', value: (user + system) / 1e6 },
    process_uptime_seconds: { help: 'Time since the start.', value: process.uptime() },
    process_open_fds: { help: 'Open files and sockets.', value: open?.length },
  };
}
