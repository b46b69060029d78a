import '#server-only';
import { createHash } from 'node:crypto';

/** Script types that are data: they run nothing and `script-src 'none'` lets them pass. */
const DATA_SCRIPT = /\btype="(?:application\/ld\+json|speculationrules)"/;

/**
 * What streaming React leaves behind when content waits for an inline script to move it into place: Suspense
 * boundaries still pending (`B:`), late segments (`S:`, `P:`). Removing the script would lose that content.
 */
const WAITS_FOR_SCRIPT = /<template id="[BP]:|<div hidden="" id="S:/;

/** A page without the client runtime, or the reason why it must be served as Next made it. */
export type Finished =
  | { status: 'finished'; html: string; styleHashes: string[] }
  | { status: 'refused'; reason: string };

/**
 * Takes the client runtime out of a page that Next rendered: scripts, their preloads, the flight payload and React's
 * hydration marks go; JSON-LD and speculation rules stay. Style sheets are written into the page, so that the first
 * paint needs no second request.
 *
 * Scanning by pattern is safe here and only here: React escapes `<` in every text, attribute and inline script, so a
 * literal `<script` in its output is always a tag (https://react.dev/reference/react-dom/server, Next 16.4.6).
 *
 * @param html a whole document as rendered by Next.
 * @param readStyleSheet content of a style sheet by its address, or undefined to leave the link as it is.
 * @returns `refused` when the page would lose content or its title without script. `styleHashes` are CSP source
 *   expressions for the inlined styles.
 */
export function finish(html: string, readStyleSheet: (href: string) => string | undefined): Finished {
  if (WAITS_FOR_SCRIPT.test(html)) return { status: 'refused', reason: 'content waits for a script (Suspense)' };
  if (!html.endsWith('</html>')) return { status: 'refused', reason: 'document is not complete' };

  const styleHashes: string[] = [];
  const finished = html
    .replace(/<script\b([^>]*)>[\s\S]*?<\/script>/g, (script, attributes) =>
      DATA_SCRIPT.test(attributes) ? script : '',
    )
    .replace(/<link\b[^>]*\brel="(?:preload|modulepreload)"[^>]*>/g, (link) =>
      /\bas="(?:script|style)"|modulepreload/.test(link) ? '' : link,
    )
    .replace(/<link\b[^>]*\brel="stylesheet"[^>]*>/g, (link) => {
      const css = readStyleSheet(/\bhref="([^"]+)"/.exec(link)?.[1] ?? '');
      if (css === undefined) return link;
      styleHashes.push(`'sha256-${createHash('sha256').update(css).digest('base64')}'`);
      return `<style>${css}</style>`;
    })
    .replace(/<!--(?:\$|\/\$|\$!|\$\?| |&|\/&)?-->/g, '')
    .replace(/<div hidden=""><\/div>/g, '');

  const head = finished.slice(0, finished.indexOf('</head>'));
  if (!/<title>[^<]+<\/title>/.test(head)) return { status: 'refused', reason: 'no title in the head' };
  return { status: 'finished', html: finished, styleHashes };
}
