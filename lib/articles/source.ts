import '#server-only';
import { isCollection, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit, type YAMLError } from 'yaml';
import type { z } from 'zod';
import { explainYaml } from './explain.ts';
import { readPlainHead } from './plain-head.ts';
import { type Fault, type FrontMatter, frontMatterSchema } from './schema.ts';

/** An article file: its text, and where its body begins. Nothing of the body is parsed yet. */
export type Source = { path: string; text: string; bodyStart: number };

/** YAML of a file as its schema reads it, or every fault with its place. */
export type Read<T> = { status: 'read'; value: T } | { status: 'broken'; faults: Fault[] };

/** Far more than any head needs; keeps what is parsed at the start small whatever stands in a file. */
const HEAD_LIMIT = 16_384;
const FENCE = /^---[ \t]{0,9}\r?$/;

/** Splits an article file at the end of its front matter. */
export function splitArticle(path: string, text: string): Read<{ source: Source; yaml: string }> {
  const broken = (message: string): Read<never> => {
    return { status: 'broken', faults: [{ path, line: 1, column: 1, message }] };
  };
  const lines = text.slice(0, HEAD_LIMIT).split('\n');
  if (!FENCE.test(lines[0] ?? '')) {
    return broken('題名などの項目がありません（1行目を「---」にし、項目を書き、「---」の行で閉じます）');
  }
  const end = lines.findIndex((line, index) => index > 0 && FENCE.test(line));
  if (end < 0) return broken('項目が「---」の行で閉じていません（本文の前に「---」だけの行を加えます）');
  const yaml = `${lines.slice(0, end).join('\n')}\n`;
  const bodyStart = Math.min(text.length, yaml.length + (lines[end]?.length ?? 0) + 1);
  return { status: 'read', value: { source: { path, text, bodyStart }, yaml } };
}

/** Splits an article file and reads its front matter. */
export function readArticle(path: string, text: string): Read<{ source: Source; matter: FrontMatter }> {
  const split = splitArticle(path, text);
  if (split.status === 'broken') return split;
  const { source, yaml } = split.value;
  const read = readYaml(path, yaml, frontMatterSchema);
  return read.status === 'broken' ? read : { status: 'read', value: { source, matter: read.value } };
}

/** Reads YAML through `schema`; each fault stands at the key or value that causes it. */
export function readYaml<T>(path: string, text: string, schema: z.ZodType<T>): Read<T> {
  const plain = schema.safeParse(readPlainHead(text));
  if (plain.success) return { status: 'read', value: plain.data };
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { path, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      logLevel: 'error',
    });
    if (document.errors.length > 0) {
      // One slip makes the parser stumble on for lines: only its first error and repeated keys are the editor's own.
      const faults = document.errors
        .filter((error, index) => index === 0 || error.code === 'DUPLICATE_KEY')
        .map((error) => ({ ...at(startOfError(document, error)), message: explainYaml(error) }));
      return { status: 'broken', faults };
    }
    const parsed = schema.safeParse(document.toJS({ maxAliasCount: 0 }));
    if (parsed.success) return { status: 'read', value: parsed.data };
    const faults = parsed.error.issues.map((issue) => {
      const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
      const trail = unknownKey === undefined ? issue.path : [...issue.path, unknownKey];
      return { ...at(offsetOf(document, trail, unknownKey !== undefined)), message: issue.message };
    });
    return { status: 'broken', faults };
  } catch (error) {
    // What `yaml` throws beside its own list: aliases over the limit, nesting deeper than the stack.
    const reason = error instanceof RangeError ? '入れ子が深すぎます' : '別名（&や*）は使えません';
    return {
      status: 'broken',
      faults: [{ path, line: 1, column: 1, message: `${reason}（「項目: 値」だけで書きます）` }],
    };
  }
}

/** The text as the MDX parser gets it: the head blanked line by line, so that every position is the file's own. */
export function bodyInPlace(source: Source): string {
  const head = source.text.slice(0, source.bodyStart);
  return head.replace(/[^\n]/g, ' ') + source.text.slice(source.bodyStart);
}

/** 1-based line and column of an offset. */
export function placeOf(source: Source, offset: number): { path: string; line: number; column: number } {
  const before = source.text.slice(0, offset);
  return {
    path: source.path,
    line: before.split('\n').length,
    column: offset - before.lastIndexOf('\n'),
  };
}

/** An unclosed quote or bracket swallows the lines behind it: what helps is where it opens. */
function startOfError(document: ReturnType<typeof parseDocument>, { code, pos: [reported] }: YAMLError): number {
  let start = reported;
  if (code === 'DUPLICATE_KEY') return start;
  visit(document, {
    Node(_, node) {
      const opens = isScalar(node) ? node.type?.startsWith('QUOTE') : isCollection(node) && node.flow;
      if (opens && node.range && node.range[0] < start && reported <= node.range[2]) start = node.range[0];
    },
  });
  return start;
}

/** Where the value at `trail` stands in a YAML text. */
export function placeInYaml(path: string, text: string, trail: readonly PropertyKey[]): ReturnType<typeof placeOf> {
  const document = parseDocument(text, { prettyErrors: false, stringKeys: true, logLevel: 'error' });
  return placeOf({ path, text, bodyStart: 0 }, offsetOf(document, trail, false));
}

function offsetOf(document: ReturnType<typeof parseDocument>, trail: readonly PropertyKey[], ofKey: boolean): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const [depth, step] of trail.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (!pair) return offset;
      const wantsKey = (ofKey && depth === trail.length - 1) || !isNode(pair.value);
      const target = wantsKey ? pair.key : pair.value;
      node = pair.value;
      offset = rangeStart(target) ?? offset;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = rangeStart(node) ?? offset;
    }
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** Where a key of the front matter stands. */
export function placeOfKey(source: Source, key: string): { path: string; line: number; column: number } {
  const found = new RegExp(`^${key}:`, 'm').exec(source.text.slice(0, source.bodyStart));
  return placeOf(source, found?.index ?? 0);
}

const counted = new WeakMap<Source, number>();

/**
 * Characters of the body that a reader reads: no spaces, no markup, no link addresses, no words for pictures. Counted on the text itself,
 * since lists show the minutes of articles that nobody has compiled yet; once, and when somebody asks: for 10,000
 * articles together it takes a quarter of the time in which they are read.
 */
export function countCharacters(source: Source): number {
  const count = counted.get(source) ?? countIn(source.text.slice(source.bodyStart));
  counted.set(source, count);
  return count;
}

function countIn(body: string): number {
  const read = body
    .replace(/^!\[[^\]\n]{0,1000}/gm, '')
    .replace(/<\/?[A-Za-z][^<>]{0,200}>/g, '')
    .replace(/\]\([^()\s]{0,2000}\)/g, '')
    .replace(/^[|: \t-]{3,}$/gm, '')
    .replace(/^[ \t]{0,20}(?:[-*+>#]{1,10}|\d{1,3}\.)/gm, '')
    .replace(/[\s|*`[\]~]+/g, '');
  return read.length;
}
