import type { Prose } from './prose.ts';

const HEADING = /^#{1,6} +(?<words>.*[^#\s])$/;
const ITEM = /^(?:-|\d{1,9}\.) (?<words>\S.*)$/;
const ROW = /^\|(?<cells>.*)\|$/;
const RULE = /^\|(?: *:?-+:? *\|)+$/;
const COMPONENT =
  /^<(?:Cta \/|\/?(?:KeyPoints|Sources|Comparison)|\/(?:Note|Side|Question|Quotation|Illustration)|(?:(?:Note|Side|Question) title|Quotation source|Illustration caption)="(?<words>[^"<>{}&\\]+)"(?: url="https:[^\s"<>{}&\\]+")?)>$/;
const IMAGE = /^!\[(?<words>[^[\]<>{}&\\*_`~|!]+)\]\([a-z0-9-]+\.[a-z]+\)$/;
/** Where a line begins like this, Markdown or MDX may read something else than a paragraph. */
const NO_PARAGRAPH = /^(?:[ \t#>+\-*=~`|:<]|\d{1,9}[.)](?:\s|$)|(?:import|export)\b)/;
const LINK = /(?<!!)\[(?<label>[^[\]]+)\]\((?:https?:\/\/|mailto:|tel:|\/|#)[^\s()<>\\]*\)/g;
const STRONG = /(?<!\*)\*\*(?<words>[\p{L}\p{N}](?:[^*\n]*[\p{L}\p{N}])?)\*\*(?!\*)/gu;
const FIGURE = /<Figure id="[a-z0-9-]+" \/>/;
/** Left over after links and plain emphasis, any of these may mean something to Markdown or MDX; `@` in addresses. */
const MARKUP = /[\\*_[\]<`&{}~|@\0\r\t]|https?:|www\./i;

/**
 * The words of a body that is written in plain Markdown: paragraphs, headings, flat lists, tables, links, simple
 * emphasis and the site's own components, each in lines of its own. The same as `proseOf` of the compiled body, 200
 * times as fast; undefined where only the real parser can tell (tests/unit/articles/prose.test.ts puts both to the
 * same texts). Without it, an archive of 10,000 articles could be searched minutes after the start.
 */
export function plainProse(body: string): Prose | undefined {
  const prose: Prose = { headings: [], paragraphs: [] };
  // Blocks that are written without an empty line between them are the parser's affair.
  for (const block of body.replaceAll('\r\n', '\n').split(/\n(?:[ \t]*\n)+/)) {
    const lines = block.replace(/^\n+|\n+$/g, '').split('\n');
    const [first = ''] = lines;
    if (first === '') continue;
    const found = readBlock(first, lines);
    if (!found) return undefined;
    for (const words of found.words.flatMap((each) => each.split(FIGURE))) {
      const plain = inline(words);
      if (plain === undefined) return undefined;
      if (plain.trim() !== '') prose[found.home].push(plain);
    }
  }
  return prose;
}

function readBlock(first: string, lines: readonly string[]): { home: keyof Prose; words: string[] } | undefined {
  if (lines.some((line) => /[ \t]$/.test(line))) return undefined;
  const heading = HEADING.exec(first)?.groups?.words;
  if (heading !== undefined) return lines.length === 1 ? { home: 'headings', words: [heading] } : undefined;
  const component = COMPONENT.exec(first) ?? IMAGE.exec(first);
  if (component) return lines.length === 1 ? { home: 'paragraphs', words: given(component.groups?.words) } : undefined;
  if (ROW.test(first)) return readTable(lines);
  if (ITEM.test(first)) {
    const items = lines.map((line) => ITEM.exec(line)?.groups?.words);
    const plain = items.filter((words) => words !== undefined && !NO_PARAGRAPH.test(words));
    return plain.length === lines.length ? { home: 'paragraphs', words: plain.flatMap(given) } : undefined;
  }
  return lines.some((line) => NO_PARAGRAPH.test(line)) ? undefined : { home: 'paragraphs', words: [lines.join('\n')] };
}

function readTable(lines: readonly string[]): { home: 'paragraphs'; words: string[] } | undefined {
  const [, rule = ''] = lines;
  if (!RULE.test(rule)) return undefined;
  const rows = lines.map(
    (line) =>
      ROW.exec(line)
        ?.groups?.cells?.split('|')
        .map((cell) => cell.trim()) ?? [],
  );
  const columns = rows[0]?.length ?? 0;
  if (rows.some((cells) => cells.length !== columns)) return undefined;
  return { home: 'paragraphs', words: rows.toSpliced(1, 1).flat() };
}

/** A line's words without links and emphasis; undefined when there may be more markup in it. */
function inline(text: string): string | undefined {
  const words = text.replace(LINK, '$<label>').replace(STRONG, '$<words>');
  return MARKUP.test(words) ? undefined : words;
}

function given(words: string | undefined): string[] {
  return words === undefined ? [] : [words];
}
