import '#server-only';

/** A script of the client runtime as Next 16.4.6 writes it. The one without `async` is for browsers without modules. */
const RUNTIME = /<script src="([^"]+)"([^>]*\basync=""[^>]*)><\/script>/g;

/** What a visitor does first: moves towards the form, touches it, or a browser fills it in. */
const FIRST_TOUCH = ['pointermove', 'pointerdown', 'keydown', 'focusin', 'input', 'change'];

/**
 * Runs in the browser, from its source; it may use nothing from outside itself. Whoever was here before in this tab has a
 * draft or a submission id of theirs to be put back into the form, so then nothing waits. Session storage and the history's state hold
 * nothing else (components/form-draft.ts).
 */
function waitForTouch(sources: string[], touches: string[]): void {
  function start(): void {
    for (const touch of touches) removeEventListener(touch, start, true);
    for (const source of sources.splice(0))
      document.head.append(Object.assign(document.createElement('script'), { src: source }));
  }
  function wasHere(): boolean {
    try {
      return history.state !== null || sessionStorage.length > 0;
    } catch {
      return false;
    }
  }
  if (wasHere()) start();
  else for (const touch of touches) addEventListener(touch, start, true);
}

/**
 * Lets the client runtime of a form page wait for the first touch: the form works without it, and a slow phone is not
 * kept busy while its owner reads. It is fetched meanwhile, behind all else.
 * @param html a whole document as rendered by Next. @param nonce of the answer's policy; what a script with it loads is allowed.
 */
export function waitingForTouch(html: string, nonce: string): string {
  const sources = Array.from(html.matchAll(RUNTIME), ([, source = '']) => source);
  if (sources.length === 0) return html;
  const preloads = sources.map(
    (source) => `<link rel="preload" as="script" fetchpriority="low" nonce="${nonce}" href="${source}"/>`,
  );
  const loader = `(${waitForTouch})(${JSON.stringify(sources)},${JSON.stringify(FIRST_TOUCH)})`;
  const head = `${preloads.join('')}<script nonce="${nonce}">${loader}</script></head>`;
  return html.replaceAll(RUNTIME, '').replace('</head>', () => head);
}
