import '#lib/mode.ts';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { locate } from '#lib/articles/addresses.ts';
import { catalog } from '#lib/articles/catalog.ts';
import { searcher } from '#lib/articles/search.ts';
import { watchContent } from '#lib/articles/watch.ts';
import { EnvError, readEnv, setActionsKey } from '#lib/env.ts';
import { createFormPages, refuse, refuseUnread } from '#lib/form-pages.ts';
import { readTarget, rewriteForwarded } from '#lib/guard.ts';
import { startDelivery } from '#lib/leads/deliver.ts';
import { purgeExpired } from '#lib/leads/forget.ts';
import { composeMail } from '#lib/leads/mails.ts';
import { openStore } from '#lib/leads/store.ts';
import { isStoreError } from '#lib/leads/store-error.ts';
import { openTransport } from '#lib/leads/transport.ts';
import { describeError, log } from '#lib/log.ts';
import { startNext } from '#lib/next-app.ts';
import { createReader } from '#lib/reader/reader.ts';
import { inRequest, type RequestContext } from '#lib/request-context.ts';
import { secrets } from '#lib/secrets.ts';

// The front door: reader pages come from the page cache, the form pages from Next, everything else is refused here.
// `npm run serve`; with `--dev` Next's development server draws all pages and nothing is kept.

const DEV = process.argv.includes('--dev');
const PAGE_CACHE_BYTES = 64 * 2 ** 20;
/** Whoever needs longer for four answers, or for asking for a page, only holds a connection open. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const SHUTDOWN_MS = 9_000;
/** The delivery loop comes round every second; this long without is no longer load. */
const STUCK_AFTER_SECONDS = 60;
const DAY_MS = 86_400_000;

async function main(): Promise<void> {
  const env = readEnv();
  setActionsKey(secrets(env.dataDir, env.actionsKey).actionsKey);
  const store = openStore();
  // Opens and migrates now: a database that this version must not touch stops the start, with the reason. One that is
  // only locked, full or out of reach does not: articles are served meanwhile, and it is tried again for every visitor.
  await store.condition().catch((error: unknown) => {
    if (!isStoreError(error) || error.fault === 'unsupported') throw error;
    log.error({ event: 'store.unready', ...describeError(error) });
  });
  const transport = openTransport(env);
  const delivery = startDelivery({ store, compose: composeMail, transport });
  const articles = catalog();
  const stopWatching = watchContent();
  const next = await startNext({ dev: DEV, projectDir: import.meta.dirname, port: env.port });
  const reader = createReader({
    projectDir: import.meta.dirname,
    siteUrl: env.siteUrl,
    maxBytes: PAGE_CACHE_BYTES,
    async askNext(url) {
      const context: RequestContext = { clientAddress: 'unknown' };
      const headers = { host: new URL(env.siteUrl).host };
      const answer = await inRequest(context, () => next.ask({ method: 'GET', url, headers }));
      return { ...answer, status: answer.status === 200 ? (context.status ?? 200) : answer.status };
    },
    log,
  });
  const respondWithForm = createFormPages({ ask: next.ask, siteUrl: env.siteUrl, nonces: !DEV });

  async function readiness() {
    const now = Date.now();
    const condition = await store.condition().catch((error: unknown) => ({ unreachable: describeError(error).code }));
    const oldest = 'oldestUnsentAt' in condition ? condition.oldestUnsentAt : undefined;
    const heartbeatSeconds = Math.round((now - delivery.heartbeat().getTime()) / 1000);
    return {
      ready: !('unreachable' in condition) && heartbeatSeconds <= STUCK_AFTER_SECONDS,
      leads: { ...condition, oldestUnsentSeconds: oldest ? Math.round((now - oldest.getTime()) / 1000) : 0 },
      delivery: { heartbeatSeconds },
      content: articles.condition(),
      pages: reader.condition(),
    };
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const client = rewriteForwarded(request, env.trustProxy, env.siteUrl);
    const target = readTarget(request.url);
    if (target.status === 'refused') return refuse(response, target.code, env.siteUrl);
    if (target.status === 'moved') return void response.writeHead(308, { location: target.location }).end();
    const { pathname } = target;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (pathname === '/healthz') return json(response, 200, { alive: true });
    if (pathname === '/readyz') {
      const condition = await readiness();
      return json(response, condition.ready ? 200 : 503, condition);
    }
    if (pathname === '/register' || pathname.startsWith('/register/')) {
      if (!reads && request.method !== 'POST') return refuse(response, 405, env.siteUrl);
      return respondWithForm(request, response, request.url ?? '/', client);
    }
    if (!reads) return refuse(response, 405, env.siteUrl);
    if (DEV) return next.handle(request, response);
    if (await reader.respondWithFile(request, response, pathname)) return;
    const located = locate(articles.snapshot(new Date()), pathname, target.query);
    if (located.status === 'moved') return void response.writeHead(308, { location: located.location }).end();
    if (located.status === 'broken') return refuse(response, 503, env.siteUrl);
    if (env.readerPages === 'stock') return next.handle(request, response);
    return reader.respond(request, response, located);
  }

  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS });
  server.on('request', (request, response) => {
    respond(request, response).catch((error: unknown) => {
      log.error({ event: 'request.failed', ...describeError(error) });
      if (response.headersSent) response.destroy();
      else refuse(response, 500, env.siteUrl);
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseUnread(socket, error.code));
  if (DEV) server.on('upgrade', (request, socket, head) => void next.upgrade(request, socket, head));
  server.listen(env.port, env.host, () => {
    const { port } = server.address() as AddressInfo;
    log.info({ event: 'site.started', port, readerPages: env.readerPages });
    process.stdout.write(
      `\nサイト: ${env.siteUrl}\n登録の保管先: ${env.databaseUrl === undefined ? path.join(env.dataDir, 'leads.sqlite') : 'PostgreSQL'}\nメールの行き先: ${transport.destination}\n\n`,
    );
    for (const problem of articles.condition().problems) process.stderr.write(`${problem}\n`);
    searcher()
      .prepare()
      .then(
        () => log.info({ event: 'search.ready' }),
        (error: unknown) => log.error({ event: 'search.unready', ...describeError(error) }),
      );
  });

  const purging = setInterval(purge, DAY_MS);
  await purge();
  async function purge(): Promise<void> {
    try {
      const leads = await purgeExpired({ store, dataDir: env.dataDir });
      if (leads > 0) log.info({ event: 'leads.purged', leads });
    } catch (error) {
      log.error({ event: 'leads.unpurged', ...describeError(error) });
    }
  }

  let leaving = false;
  async function leave(signal: string): Promise<void> {
    if (leaving) return;
    leaving = true;
    log.info({ event: 'site.stopping', signal });
    // Whatever hangs, the process is gone in time for a supervisor that kills after ten seconds.
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    stopWatching();
    clearInterval(purging);
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    await Promise.all([closed, delivery.stop()]);
    await store.close();
    transport.close();
    log.info({ event: 'site.stopped' });
    process.exit(0);
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void leave(signal));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof EnvError || isStoreError(error))) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
