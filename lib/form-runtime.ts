import '#server-only';

/** A script of the client runtime as Next 16.4.6 writes it. The one without `async` is for browsers without modules. */
const RUNTIME = /<script src="([^"]+)"([^>]*\basync=""[^>]*)><\/script>/g;

/** What a visitor does first: moves towards the form, touches it, or a browser fills it in. */
const FIRST_TOUCH = ['pointermove', 'pointerdown', 'keydown', 'focusin', 'input', 'change'];

/** Where a tab keeps what was typed, and the fields that belong to it, as components/form-draft.ts reads them. */
export type DraftPlace = { key: string; fields: string[] };

/**
 * Runs in the browser, from its source; it may use nothing from outside itself. Whoever was here before in this tab has a
 * draft or a submission id of theirs to be put back into the form, so then nothing waits. Session storage and the
 * history's state hold nothing else. From the first letter on the draft is kept here: where a translator or a password
 * manager has changed the page before the runtime takes it over, React draws the form anew, and empty.
 */
function waitForTouch(sources: string[], touches: string[], key: string, fields: string[]): void {
  function start(): void {
    for (const touch of touches) removeEventListener(touch, start, true);
    // React looks for its scripts by `[async]`, and runs those a second time that it does not find.
    for (const src of sources.splice(0))
      document.head.append(Object.assign(document.createElement('script'), { src, async: true }));
  }
  function inStorage(use: (storage: Storage) => unknown): unknown {
    try {
      return use(sessionStorage);
    } catch {
      return undefined;
    }
  }
  function keep({ target }: Event): void {
    const form = target instanceof Element ? target.closest('form') : null;
    if (!form) return;
    const data = new FormData(form);
    const draft = Object.fromEntries(fields.map((name) => [name, String(data.get(name) ?? '')]));
    inStorage((storage) => storage.setItem(key, JSON.stringify(draft)));
  }
  for (const typed of ['input', 'change']) addEventListener(typed, keep, true);
  if (history.state !== null || inStorage(({ length }) => length > 0) === true) start();
  else for (const touch of touches) addEventListener(touch, start, true);
}

/**
 * Lets the client runtime of a form page wait for the first touch: the form works without it, and a slow phone is not
 * kept busy while its owner reads. It is fetched meanwhile, behind all else.
 * @param html a whole document as rendered by Next. @param nonce of the answer's policy; what a script with it loads is
 *   allowed.
 */
export function waitingForTouch(html: string, nonce: string, { key, fields }: DraftPlace): string {
  const sources = Array.from(html.matchAll(RUNTIME), ([, source = '']) => source);
  if (sources.length === 0) return html;
  const preloads = sources.map(
    (source) => `<link rel="preload" as="script" fetchpriority="low" nonce="${nonce}" href="${source}"/>`,
  );
  const addresses = sources.map((source) => source.replaceAll('&amp;', '&'));
  const parameters = [addresses, FIRST_TOUCH, key, fields].map((each) => JSON.stringify(each));
  const head = `${preloads.join('')}<script nonce="${nonce}">(${waitForTouch})(${parameters})</script></head>`;
  return html.replaceAll(RUNTIME, '').replace('</head>', () => head);
}

/**
 * Takes the draft out of the tab once its registration is thanked for: where the form was posted before its runtime was
 * there, nobody else does, and whoever uses the tab next would find it.
 */
export function withoutDraft(html: string, nonce: string, { key }: DraftPlace): string {
  const script = `try{sessionStorage.removeItem(${JSON.stringify(key)})}catch{}`;
  return html.replace('</head>', () => `<script nonce="${nonce}">${script}</script></head>`);
}
