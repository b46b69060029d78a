import '#server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import { perProcess } from '#lib/per-process.ts';

/**
 * What server.ts and a Next page tell each other about one request. A server action cannot set a status and a route
 * handler cannot render a page; both write their wish here and server.ts, which holds the answer back until Next has
 * finished it, carries it out.
 */
export type RequestContext = {
  /** The visitor's address, as far as TRUST_PROXY lets a proxy name it. */
  readonly clientAddress: string;
  /** Whether it carries what every browser says of the page that it sends a form from. */
  readonly fromPage?: boolean;
  /** Set once the form was read: what fails before that fails because of what was sent. */
  formRead?: boolean;
  status?: number;
  page?: { path: string; state: unknown };
};

const storage = perProcess('request-context', () => new AsyncLocalStorage<RequestContext>());

/** Runs `work` with `context`, which everything it awaits can see. */
export function inRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The address of the visitor whose request is being answered; undefined outside a request of server.ts. */
export function clientAddress(): string | undefined {
  return storage.getStore()?.clientAddress;
}

/** Whether the request being answered comes from a browser's page; true outside a request of server.ts. */
export function isSentFromPage(): boolean {
  return storage.getStore()?.fromPage ?? true;
}

/** Says that what was sent could be read as a form, whatever becomes of it now. */
export function noteFormRead(): void {
  const context = storage.getStore();
  if (context) context.formRead = true;
}

/** Sets the status of the answer under way, where Next would send 200. Without server.ts it has no effect. */
export function setStatus(status: number): void {
  const context = storage.getStore();
  if (context) context.status = status;
}

/**
 * Asks server.ts to answer with the page at `path` instead of what this handler returns; that page reads `state` with
 * `pageState()`. This is how an address that only takes posts shows the form again with what was typed, without
 * putting personal data into an address or a cookie.
 */
export function answerWithPage(path: string, state: unknown): void {
  const context = storage.getStore();
  if (context) context.page = { path, state };
}

/** What `answerWithPage` left for the page being rendered, unchecked; undefined on an ordinary visit. */
export function pageState(): unknown {
  return storage.getStore()?.page?.state;
}
