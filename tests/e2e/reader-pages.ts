/** Every page without parameters that the home page leads to by links; the form and files are none. */
export async function readerPages(url: string): Promise<string[]> {
  const found = new Set(['/', '/articles', '/privacy']);
  for (const page of found) {
    const html = await (await fetch(url + page)).text();
    for (const [, href = ''] of html.matchAll(/href="(\/[^"#?]*)/g)) {
      if (!/^\/(?:register|_next)|\.\w+$/.test(href)) found.add(href);
    }
  }
  return [...found];
}
