import '#lib/mode.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { keepLocated, locate, locatedBefore } from '#lib/articles/addresses.ts';
import { catalog } from '#lib/articles/catalog.ts';
import { picturesFolder } from '#lib/articles/images/gallery.ts';
import { readPreview } from '#lib/articles/preview-link.ts';
import { proofSaved } from '#lib/articles/prose/proof-saved.ts';
import { searcher } from '#lib/articles/search.ts';
import { watchContent } from '#lib/articles/watch.ts';
import { EnvError, readEnv, setActionsKey } from '#lib/env.ts';
import { createFormPages } from '#lib/form-pages.ts';
import { createFrontServer } from '#lib/front-server.ts';
import { giveBackWhenQuiet } from '#lib/give-back.ts';
import { readTarget, rewriteForwarded } from '#lib/guard.ts';
import { startDelivery } from '#lib/leads/deliver.ts';
import { purgeExpired } from '#lib/leads/forget.ts';
import { composeMail } from '#lib/leads/mails.ts';
import { takePlainPost } from '#lib/leads/plain-post.ts';
import { DRAFT_KEY, QUESTIONS } from '#lib/leads/schema.ts';
import { openStore } from '#lib/leads/store.ts';
import { isStoreError } from '#lib/leads/store-error.ts';
import { openTransport } from '#lib/leads/transport.ts';
import { closeServer } from '#lib/leave.ts';
import { describeError, log, takeOverConsole } from '#lib/log.ts';
import { startMetrics } from '#lib/metrics.ts';
import { startNext } from '#lib/next-app.ts';
import { createPreview, type Preview } from '#lib/preview.ts';
import { openFastPath } from '#lib/reader/fast-path.ts';
import { respondWithKeptPicture } from '#lib/reader/kept-picture.ts';
import { createReader } from '#lib/reader/reader.ts';
import { refuse } from '#lib/refusal.ts';
import { inRequest, type RequestContext } from '#lib/request-context.ts';
import { secrets } from '#lib/secrets.ts';

// The front door: reader pages come from the page cache, the form pages from Next, everything else is refused here.
// `npm run serve`; with `--dev` Next's development server draws all pages and nothing is kept.

const DEV = process.argv.includes('--dev');
const SHUTDOWN_MS = 9_000;
/** The delivery loop comes round every second; this long without is no longer load. */
const STUCK_AFTER_SECONDS = 60;
const DAY_MS = 86_400_000;

async function main(): Promise<void> {
  const env = readEnv();
  if (!DEV) takeOverConsole();
  setActionsKey(secrets(env.dataDir, env.actionsKey).actionsKey);
  const store = openStore();
  // Opens and migrates now: a database that this version must not touch stops the start, with the reason. One that is
  // only locked, full or out of reach does not: articles are served meanwhile, and it is tried again for every visitor.
  await store.condition().catch((error: unknown) => {
    if (!isStoreError(error) || error.fault === 'unsupported') throw error;
    log.error({ event: 'store.unready', ...describeError(error) });
  });
  const transport = openTransport(env);
  const delivery = startDelivery({ store, compose: composeMail, transport, operator: env });
  const articles = catalog();
  let preview: Preview | undefined;
  const stopWatching = watchContent(() => preview?.tell());
  const next = await startNext({ dev: DEV, projectDir: import.meta.dirname, port: env.port });
  if (DEV) preview = createPreview(next);
  const stopProofing = DEV ? proofSaved(env.contentDir, () => preview?.tell()) : undefined;
  const reader = createReader({
    projectDir: import.meta.dirname,
    siteUrl: env.siteUrl,
    async askNext(url) {
      const context: RequestContext = { clientAddress: 'unknown' };
      const headers = { host: new URL(env.siteUrl).host };
      const answer = await inRequest(context, () => next.ask({ method: 'GET', url, headers }));
      return { ...answer, status: answer.status === 200 ? (context.status ?? 200) : answer.status };
    },
    log,
  });
  const respondWithForm = createFormPages({
    ask: next.ask,
    takePlainPost,
    siteUrl: env.siteUrl,
    nonces: !DEV,
    draft: { key: DRAFT_KEY, fields: ['submission_id', ...QUESTIONS] },
  });

  async function readiness() {
    const now = Date.now();
    const condition = await store.condition().catch((error: unknown) => ({ unreachable: describeError(error).code }));
    const oldest = 'oldestUnsentAt' in condition ? condition.oldestUnsentAt : undefined;
    const heartbeatSeconds = Math.round((now - delivery.heartbeat().getTime()) / 1000);
    return {
      ready: !('unreachable' in condition) && heartbeatSeconds <= STUCK_AFTER_SECONDS,
      leads: { ...condition, oldestUnsentSeconds: oldest ? Math.round((now - oldest.getTime()) / 1000) : 0 },
      delivery: { heartbeatSeconds, failingSince: delivery.failingSince() },
      content: articles.condition(),
      pages: reader.condition(),
    };
  }

  const metrics = await startMetrics(env.metrics, readiness);

  function countWhenSent(request: IncomingMessage, response: ServerResponse): void {
    const asked = performance.now();
    const kind = request.url?.startsWith('/register') ? 'register' : 'page';
    response.once('finish', () => metrics.count(kind, response.statusCode, (performance.now() - asked) / 1000));
  }

  let leaving = false;
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (env.metrics) countWhenSent(request, response);
    // Nobody is to send the next request over a connection that is about to close.
    if (leaving) response.setHeader('connection', 'close');
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const known = reads ? locatedBefore(articles.snapshot(new Date()), request.url) : undefined;
    if (known) return reader.respond(request, response, known);
    const client = rewriteForwarded(request, env.trustProxy, env.siteUrl);
    const target = readTarget(request.url);
    if (target.status === 'refused') return refuse(response, target.code, env.siteUrl);
    if (target.status === 'moved') return void response.writeHead(308, { location: target.location }).end();
    const { pathname } = target;
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
    const picture = { folder: picturesFolder(env.dataDir), pathname, siteUrl: env.siteUrl };
    if (await respondWithKeptPicture(request, response, picture)) return;
    if (preview && /^\/preview(?:\/|$)/.test(pathname)) return preview.respond(request, response, pathname);
    if (DEV) return next.handle(request, response);
    if (await reader.respondWithFile(request, response, pathname)) return;
    // Next's own addresses, its image optimiser first of all, are nobody's business.
    if (pathname.startsWith('/_next/')) return refuse(response, 404, env.siteUrl);
    const draft = privateAddress(pathname, target.query);
    if (draft !== undefined) return reader.respondPrivately(request, response, draft);
    const snapshot = articles.snapshot(new Date());
    const located = locate(snapshot, pathname, target.query);
    if (located.status === 'moved') return void response.writeHead(308, { location: located.location }).end();
    if (located.status === 'broken') return refuse(response, 503, env.siteUrl);
    // Stock pages are drawn by the address as it came, and Next knows more of them than readers may see.
    if (env.readerPages === 'stock' && located.key !== '/not-found') return next.handle(request, response);
    keepLocated(snapshot, request.url, located);
    return reader.respond(request, response, located);
  }

  const server = createFrontServer(respond, env.siteUrl);
  // There is nothing ready where no page is kept.
  const keepsPages = !DEV && env.readerPages !== 'stock';
  const fastPath = keepsPages
    ? openFastPath(server, {
        ready(target) {
          const known = locatedBefore(articles.snapshot(new Date()), target);
          return known && reader.ready(known);
        },
        onSent: () => metrics.count('page', 200),
      })
    : undefined;
  // The development server's own connection is silent for as long as nobody edits.
  if (DEV) server.setTimeout(0).on('upgrade', (request, socket, head) => void next.upgrade(request, socket, head));
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

  giveBackWhenQuiet();
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

  async function leave(signal: string): Promise<void> {
    if (leaving) return;
    leaving = true;
    log.info({ event: 'site.stopping', signal });
    // Whatever hangs, the process is gone in time for a supervisor that kills after ten seconds.
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    stopWatching();
    stopProofing?.();
    preview?.close();
    clearInterval(purging);
    fastPath?.stop();
    void metrics.close();
    await Promise.all([closeServer(server, closeIdle), delivery.stop()]);
    await store.close();
    transport.close();
    log.info({ event: 'site.stopped' });
    process.exit(0);
  }
  function closeIdle(): void {
    server.closeIdleConnections();
    fastPath?.closeIdle();
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void leave(signal));
}

/** What Next is asked for where an address leads to a draft; undefined for every address that was not made here. */
function privateAddress(pathname: string, query: URLSearchParams): string | undefined {
  const [, slug] = /^\/drafts\/([a-z0-9-]+)$/.exec(pathname) ?? [];
  const token = query.get('t') ?? '';
  if (slug === undefined || readPreview(slug, token, new Date()).status === 'invalid') return undefined;
  return `/drafts/${slug}?${new URLSearchParams({ t: token })}`;
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
