import '#server-only';
import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import type { Element, ElementContent, Properties } from 'hast';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { Taken } from './picture.ts';
import { readImage } from './read-image.ts';

/**
 * The colours of a drawing: those of the site in their light form, so that the file looks right in any program. In the
 * page each becomes its token, which follows the reader's preference for light or dark.
 */
const INKS: Readonly<Record<string, string>> = {
  '#1a1a1a': 'var(--color-ink)',
  '#56605b': 'var(--color-ink-soft)',
  '#d5dbd8': 'var(--color-line)',
  '#115a36': 'var(--color-accent)',
  '#f5f7f6': 'var(--color-wash)',
  '#ffffff': 'var(--color-paper)',
  none: 'none',
};

const NUMBER = /^-?\d*\.?\d+(?:e-?\d+)?(?:px)?$/i;
const NUMBERS = /^[-\d.,\seE]*$/;
const PATH = /^[MmLlHhVvCcSsQqTtAaZz\-\d.,\seE]*$/;
const MOVES = /^(?:\s*(?:translate|rotate)\([-\d.,\s]+\)\s*)*$/;
const word =
  (...words: string[]) =>
  (value: string) =>
    words.includes(value);
const like = (pattern: RegExp) => (value: string) => pattern.test(value);
const isInk = (value: string) => Object.hasOwn(INKS, value.toLowerCase());

/** What a drawing may say; anything else is a fault. Nothing here can run, load, or reach out of the drawing. */
const ATTRIBUTES: Readonly<Record<string, (value: string) => boolean>> = {
  ...Object.fromEntries(
    'x y x1 y1 x2 y2 cx cy r rx ry dx dy width height stroke-width font-size opacity'
      .split(' ')
      .map((name) => [name, like(NUMBER)]),
  ),
  d: like(PATH),
  points: like(NUMBERS),
  transform: like(MOVES),
  fill: isInk,
  stroke: isInk,
  'stroke-dasharray': like(NUMBERS),
  'stroke-linecap': word('butt', 'round', 'square'),
  'stroke-linejoin': word('miter', 'round', 'bevel'),
  'font-weight': word('400', '700', 'normal', 'bold'),
  'text-anchor': word('start', 'middle', 'end'),
  'dominant-baseline': word('auto', 'middle', 'central', 'hanging'),
};
const SHAPES = new Set('g path rect circle ellipse line polyline polygon text tspan'.split(' '));
/** What drawing programs add and the page has its own of: the words that stand for the picture, the letters. */
const LEFT_OUT = new Set(['title', 'desc']);
const LEFT_OUT_ATTRIBUTES = /^(?:id|version|xmlns(?::.*)?|xml:space|font-family|role|aria-.*)$/;

/** The narrowest screen that the drawing must be read on, less the page's margins, and the least size of letters there. */
const SHOWN_WIDTH = 350;
const LEAST_LETTERS = 12;
const VIEW = { least: 320, most: 400 };
const BYTES = 30_000;
const DEPTH = 30;
const MOST_FAULTS = 5;

/**
 * Reads an SVG file as elements that can stand in a page: only shapes and words, only the site's colours, letters large
 * enough on a phone. Everything else is a fault with the file's line, not silently dropped: an editor would wonder.
 */
export function takeDrawing(file: string): Taken {
  const read = readImage(file, BYTES);
  if (read.status === 'faulty') return { status: 'faulty', messages: [read.message] };
  const name = path.basename(file);
  if (isUtf8(read.bytes)) return parseDrawing(name, new TextDecoder().decode(read.bytes));
  return { status: 'faulty', messages: [`図「${name}」の文字コードがUTF-8ではありません（UTF-8で保存し直します）`] };
}

function parseDrawing(file: string, text: string): Taken {
  const messages: string[] = [];
  const parser = new SaxesParser();
  const refuse = (message: string) => {
    if (messages.length < MOST_FAULTS) messages.push(`図「${file}」の${parser.line}行目: ${message}`);
  };
  const open: { element: Element; letters: number | undefined; leftOut: boolean }[] = [];
  let drawing: Element | undefined;
  let scale = 1;

  parser.on('error', (error) => refuse(`SVGとして読めません（描いた道具で書き出し直します。${error.message}）`));
  parser.on('doctype', () => refuse('DOCTYPEがあります（この行を消します）'));
  parser.on('opentag', (tag: SaxesTagPlain) => {
    const parent = open.at(-1);
    const leftOut = parent?.leftOut || LEFT_OUT.has(tag.name);
    const isKnown = tag.name === 'svg' || SHAPES.has(tag.name);
    const properties = leftOut || !isKnown ? {} : readAttributes(tag, refuse);
    const element: Element = { type: 'element', tagName: tag.name, properties, children: [] };
    const letters = Number.parseFloat(String(properties['font-size'] ?? '')) || parent?.letters;
    if (open.length > DEPTH) refuse('入れ子が深すぎます（グループを減らします）');
    if (!parent) {
      if (drawing || tag.name !== 'svg') refuse('いちばん外側が<svg>ではありません（描いた道具で書き出し直します）');
      const view = readView(tag.attributes.viewBox, refuse);
      scale = SHOWN_WIDTH / Math.max(SHOWN_WIDTH, view.width);
      const { width, height } = view;
      const frame = { className: ['drawing'], viewBox: `0 0 ${width} ${height}`, width, height };
      const outermost: Element = { ...element, properties: { ...properties, ...frame } };
      drawing = outermost;
      open.push({ element: outermost, letters, leftOut: false });
      return;
    }
    if (!leftOut && !SHAPES.has(tag.name)) {
      refuse(`<${tag.name}>は使えません（使えるもの: ${[...SHAPES].join('、')}）`);
    }
    const isSized = tag.name === 'text' || (tag.name === 'tspan' && 'font-size' in properties);
    if (!leftOut && isSized && !(letters !== undefined && letters * scale >= LEAST_LETTERS)) {
      const least = Math.ceil(LEAST_LETTERS / scale);
      refuse(`文字がスマートフォンで読めない大きさです（font-sizeを${least}以上にします）`);
    }
    if (!leftOut && open.length <= DEPTH) parent.element.children.push(element);
    open.push({ element, letters, leftOut });
  });
  parser.on('text', (value) => {
    const parent = open.at(-1);
    if (!parent || parent.leftOut || value.trim() === '') return;
    const { element } = parent;
    if (element.tagName !== 'text' && element.tagName !== 'tspan') refuse('<text>の外に文字があります（消します）');
    const words: ElementContent = { type: 'text', value: value.replace(/\s+/g, ' ').trim() };
    element.children.push(words);
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  if (messages.length > 0 || !drawing) {
    return {
      status: 'faulty',
      messages: messages.length > 0 ? messages : [`図「${file}」が空です（書き出し直します）`],
    };
  }
  return { status: 'drawing', drawing };
}

function readAttributes({ name: tagName, attributes }: SaxesTagPlain, refuse: (message: string) => void): Properties {
  const properties: Properties = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (LEFT_OUT_ATTRIBUTES.test(name) || (tagName === 'svg' && /^(?:viewBox|width|height)$/.test(name))) continue;
    if (name === 'fill' || name === 'stroke') {
      const ink = INKS[value.toLowerCase()];
      if (ink === undefined) {
        refuse(`${name}の「${value}」は使えません（明暗に合わせて変わる色: ${Object.keys(INKS).join('、')}）`);
      } else properties[name] = ink;
    } else if (!ATTRIBUTES[name]?.(value.trim())) {
      refuse(`<${tagName}>の${name}="${value.slice(0, 40)}"は使えません（消すか、形を直接描きます）`);
    } else properties[name] = value.trim();
  }
  return properties;
}

function readView(written: string | undefined, refuse: (message: string) => void): { width: number; height: number } {
  const { width, height } = /^\s*0[\s,]+0[\s,]+(?<width>\d+)[\s,]+(?<height>\d+)\s*$/.exec(written ?? '')?.groups ?? {};
  const view = { width: Number(width), height: Number(height) };
  if (!(view.width >= VIEW.least && view.width <= VIEW.most && view.height > 0 && view.height <= 2 * VIEW.most)) {
    refuse(
      `viewBoxは「0 0 幅 高さ」で、幅を${VIEW.least}〜${VIEW.most}、高さを${2 * VIEW.most}以下にします（スマートフォンの画面に合わせて描きます）`,
    );
    return { width: VIEW.least, height: VIEW.least };
  }
  return view;
}
