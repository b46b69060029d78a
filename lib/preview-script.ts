/**
 * Runs in the browser, in each page of the editors' preview; lib/preview.ts writes its source into the page, so it may use
 * nothing from outside itself. Whenever the content folder changes it fetches the page's parts (`data-live`) anew, for
 * the page and the frames in it, and puts them in place under the reader's eyes: what was at the top of the window stays.
 */
export function followChanges(): void {
  // The page around a frame keeps it up to date: one connection a tab. A browser has six for a site.
  if (window.top !== window) return;
  let connection: EventSource | undefined;
  let isBusy = false;
  let isAskedAgain = false;

  async function update(): Promise<void> {
    isAskedAgain = true;
    if (isBusy) return;
    isBusy = true;
    try {
      while (isAskedAgain) {
        isAskedAgain = false;
        await bringUpToDate();
      }
    } finally {
      isBusy = false;
    }
  }

  async function bringUpToDate(): Promise<void> {
    const frames = Array.from(document.querySelectorAll('iframe'), ({ contentWindow }) => contentWindow);
    const views = new Map<string, Promise<Document>>();
    const work = [...frames, window].map(async (shown) => {
      if (!shown?.location.pathname.startsWith('/preview')) return;
      const address = shown.location.pathname.replace('/preview', '/preview/view');
      const view = views.get(address) ?? read(address);
      views.set(address, view);
      replace(shown, await view);
    });
    await Promise.all(work);
  }

  async function read(address: string): Promise<Document> {
    const answer = await fetch(address);
    return new DOMParser().parseFromString(await answer.text(), 'text/html');
  }

  function replace(shown: Window, view: Document): void {
    for (const part of shown.document.querySelectorAll<HTMLElement>('[data-live]')) {
      const fresh = view.querySelector(`[data-live="${part.dataset.live}"]`);
      if (!fresh || fresh.innerHTML === part.innerHTML) continue;
      const keep = holdPlace(shown, part);
      part.innerHTML = fresh.innerHTML;
      keep();
    }
  }

  /** Returns what scrolls so that the first block in the window that is still there stands where it stood. */
  function holdPlace(shown: Window, part: HTMLElement): () => void {
    const { scrollX, scrollY } = shown;
    const blocks = () => part.querySelectorAll('h1, h2, h3, p, li, tr, figure, pre');
    const nameOf = (block: Element) => `${block.tagName} ${block.textContent}`;
    const seen = Array.from(blocks(), (block) => ({ name: nameOf(block), top: block.getBoundingClientRect().top }));
    const held = seen.filter(({ top }) => top >= 0 && top < shown.innerHeight);
    return () => {
      shown.scrollTo({ left: scrollX, top: scrollY, behavior: 'instant' });
      if (scrollY === 0) return;
      const now = new Map(Array.from(blocks(), (block) => [nameOf(block), block]));
      const still = held.find(({ name }) => now.has(name));
      const moved = still && now.get(still.name);
      if (!moved) return;
      const by = moved.getBoundingClientRect().top - still.top;
      shown.scrollBy({ top: by, behavior: 'instant' });
    };
  }

  /** Only while somebody looks: open tabs would take each other's connections. The server tells at once how things are. */
  function follow(): void {
    if (document.hidden) {
      connection?.close();
      connection = undefined;
    } else if (!connection) {
      connection = new EventSource('/preview/changes');
      connection.onmessage = () => void update();
    }
  }

  document.addEventListener('visibilitychange', follow);
  follow();
}
