import '#server-only';
import type { Nodes, Root } from 'mdast';
import { headingsOf, nodesOf, parseBody, textOf } from './compile.ts';
import { altFault } from './images/alt.ts';
import type { ImageUse } from './images/illustrate.ts';
import { imagesOf, usesOf } from './images/uses.ts';
import { inspectParts } from './inspect-parts.ts';
import type { Fault, Figure } from './schema.ts';
import { placeOf, type Source } from './source.ts';

/** A link inside the site, to be looked up among all files. */
export type InternalLink = { url: string; offset: number };

/** What one article's text says about itself: `links` and `ids` are for the look across files. */
export type Inspection = { faults: Fault[]; links: InternalLink[]; ids: string[]; images: ImageUse[] };

export type Report = (offset: number, message: string) => void;

/** Finds what is wrong in one article's text, front matter values aside. */
export function inspect(source: Source, figures: readonly Figure[]): Inspection {
  const faults: Fault[] = [];
  const report: Report = (offset, message) => faults.push({ ...placeOf(source, offset), message });
  inspectCharacters(source.text, report);
  const parsed = parseBody(source);
  if (parsed.status === 'broken') return { faults: [...faults, ...parsed.faults], links: [], ids: [], images: [] };
  const { tree } = parsed;
  inspectHeadings(tree, report);
  inspectComponents(tree, source, figures, report);
  inspectParts(tree, report);
  for (const image of imagesOf(tree)) {
    const message = altFault(image.alt ?? '', image.url, '[ ]の中');
    if (message !== undefined) report(startOf(image), message);
  }
  const links: InternalLink[] = [];
  for (const [node, ancestors] of nodesOf(tree)) {
    if (node.type === 'text') inspectText(node, source, figures, report);
    else if (node.type === 'link') {
      inspectLink(node, source, report);
      if (/^[/#]/.test(node.url)) links.push({ url: node.url, offset: startOf(node) });
    } else if (node.type === 'definition' && /^[/#]/.test(node.url)) {
      links.push({ url: node.url, offset: startOf(node) });
    } else if (node.type === 'strong' && ancestors.some((each) => each.type === 'heading')) {
      report(startOf(node), '見出しの中に「**」があります（見出しはそれだけで太いので「**」を消します）');
    }
  }
  return { faults, links, ids: headingsOf(tree).map(({ heading }) => heading.id), images: usesOf(tree) };
}

// Controls, zero-width and direction marks, soft hyphen, odd spaces. Not the joiner: it is part of emoji.
export const INVISIBLE = /(?![\t\n\r\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0\u202f\u3164]/gu;
/** A character and the mark behind it: where they make one character, some programs show two. */
export const SPLIT_CHARACTER = /\P{M}\p{M}/gu;

/** What most articles consist of entirely; only the others are worth three closer looks. */
const PLAIN =
  /^[\t\n\r\u0020-\u007e\u2010-\u2027\u2030-\u203b\u2190-\u21ff\u25a0-\u25ff\u3000-\u3029\u3030-\u3098\u309b-\u30ff\u4e00-\u9fff\uff01-\uff9d]*$/;

function inspectCharacters(text: string, report: Report): void {
  if (PLAIN.test(text)) return;
  for (const { index, 0: found } of text.matchAll(INVISIBLE)) {
    const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    report(index, `見えない文字（U+${code}）があります（この文字を消します）`);
  }
  for (const { index } of text.matchAll(/\ufffd/g)) {
    report(index, '文字化けの跡「\ufffd」があります（正しい文字に書き直します）');
  }
  // Not NFC as a whole: that would also replace kanji that people have in their names (U+FA19 by U+795E).
  for (const { index, 0: found } of text.matchAll(SPLIT_CHARACTER)) {
    const whole = found.normalize('NFC');
    if (whole !== found) report(index, `「${whole}」が2つの文字に分かれています（「${whole}」と打ち直します）`);
  }
}

function inspectHeadings(tree: Root, report: Report): void {
  const seen = new Map<string, number>();
  let above = 1;
  for (const [node, ancestors] of nodesOf(tree)) {
    if (node.type !== 'heading') continue;
    const offset = startOf(node);
    const text = textOf(node).trim();
    const marks = '#'.repeat(node.depth);
    if (ancestors.length > 1) report(offset, '見出しが部品、引用、箇条書きの中にあります（外に出します）');
    if (node.depth === 1) report(offset, '本文に「# 」の見出しがあります（記事の題名はtitleです。「## 」にします）');
    else if (node.depth > above + 1) {
      report(offset, `見出しの段が飛んでいます（「${marks} 」を「${'#'.repeat(above + 1)} 」にします）`);
    }
    above = node.depth;
    if (text === '') report(offset, `見出しの文字がありません（「${marks} 」の後に書くか、行を消します）`);
    const line = seen.get(text);
    if (line !== undefined) {
      report(offset, `見出し「${text}」は${line}行目にもあります（どちらかの言葉を変えます）`);
    } else if (text !== '') seen.set(text, node.position?.start.line ?? 0);
  }
}

function inspectComponents(tree: Root, source: Source, figures: readonly Figure[], report: Report): void {
  const found = [...nodesOf(tree)].flatMap(([node]) =>
    node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement' ? [node] : [],
  );
  if (!found.some(({ name }) => name === 'Cta')) {
    const first = source.text.slice(source.bodyStart).search(/\S/);
    report(source.bodyStart + Math.max(first, 0), '<Cta />がありません（話の区切りのよい章の終わりに1つ置きます）');
  }
  for (const extra of found.filter(({ name }) => name === 'Sources').slice(1)) {
    report(startOf(extra), '<Sources>が2つあります（1つにまとめます）');
  }
  for (const node of found.filter(({ name }) => name === 'Figure')) {
    const id = node.attributes.find((each) => each.type === 'mdxJsxAttribute' && each.name === 'id')?.value;
    if (typeof id === 'string' && !figures.some((figure) => figure.id === id)) {
      const known = figures.map((figure) => figure.id).join('、');
      report(startOf(node), `数値「${id}」はcontent/figures.yamlにありません（使えるid: ${known}）`);
    }
  }
}

function inspectText(node: Nodes, source: Source, figures: readonly Figure[], report: Report): void {
  const start = startOf(node);
  // The text as typed: what was escaped on purpose has a backslash in between here.
  const typed = source.text.slice(start, node.position?.end.offset ?? start);
  // The second of a pair belongs to the first: one slip, one fault.
  for (const { index, 0: mark } of [...typed.matchAll(/\*\*|~~/g)].filter((_, order) => order % 2 === 0)) {
    report(
      start + index,
      `「${mark}」が文字のまま残ります（対になる「${mark}」を書き、囲む言葉との間の空白を消します）`,
    );
  }
  const digits = typed.replace(/[０-９，．]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
  for (const { index, 0: number } of digits.matchAll(/\d[\d,.]*/g)) {
    const written = number.replace(/[,.]+$/, '');
    const figure = figures.find(({ value }) => written === `${value}` || written === grouped(value));
    // A short number may well be another one by chance.
    if (!figure || figure.value < 100) continue;
    report(start + index, `数値${grouped(figure.value)}が直接書かれています（<Figure id="${figure.id}" />と書きます）`);
  }
}

function inspectLink(node: Extract<Nodes, { type: 'link' }>, source: Source, report: Report): void {
  const start = startOf(node);
  const typed = source.text.slice(start, node.position?.end.offset ?? start);
  if (textOf(node).trim() === '') report(start, 'リンクの文字がありません（[ ]の中に、行き先のわかる言葉を書きます）');
  const bare = !typed.startsWith('[');
  const tail = bare ? typed.search(/[^\u0021-\u007e]/) : -1;
  if (tail >= 0) {
    report(start + tail, 'URLと後の文がつながっています（[文字](URL)の形で書きます）');
  }
}

function grouped(value: number): string {
  return value.toLocaleString('ja-JP');
}

function startOf(node: Nodes): number {
  return node.position?.start.offset ?? 0;
}
