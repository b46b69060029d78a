import '#server-only';
import type { Element, ElementContent, Root, RootContent } from 'hast';
import { toHtml } from 'hast-util-to-html';
import { jstIso } from '#lib/jst.ts';
import type { CompiledBody } from './compile.ts';
import { type ComponentName, isComponentName } from './components.ts';
import { type Figure, figureText } from './schema.ts';

type Place = { origin: string; slug: string; findFigure: (id: string) => Figure | undefined };

const text = (value: string): ElementContent => ({ type: 'text', value });
const element = (tagName: string, children: ElementContent[]): Element => {
  return { type: 'element', tagName, properties: {}, children };
};

/**
 * What stands in the feed for each component. A reader program knows neither our style sheet nor our scripts, and in
 * other people's programs an advert between paragraphs is a nuisance: calls to action are left out.
 */
const PLAIN: Record<ComponentName, (node: Element, children: ElementContent[], place: Place) => ElementContent[]> = {
  Cta: () => [],
  KeyPoints: (_, children) => [element('blockquote', [titled('要点'), ...children])],
  Note: (node, children) => [element('blockquote', [titled(String(node.properties.title)), ...children])],
  Quotation: (node, children) => {
    const { source, url } = node.properties;
    const name = text(String(source));
    const named = url === undefined ? name : { ...element('a', [name]), properties: { href: String(url) } };
    return [element('blockquote', children), element('p', [text('出典: '), named])];
  },
  Comparison: (_, children) => children,
  Side: (node, children) => [titled(String(node.properties.title)), ...children],
  Illustration: (node, children) => [
    element('figure', [...children, element('figcaption', [text(String(node.properties.caption))])]),
  ],
  Question: (node, children) => [titled(String(node.properties.title)), ...children],
  Figure: (node, _, { findFigure }) => {
    const figure = findFigure(String(node.properties.id));
    const asOf = figure && jstIso(figure.asOf).slice(0, 10);
    return [text(figure ? `${figureText(figure)}（${asOf}時点）` : '（集計を更新中）')];
  },
  Sources: (_, children) => [element('h2', [text('出典')]), ...children],
};

const titled = (title: string) => element('p', [element('strong', [text(title)])]);

/**
 * The whole body of an article as HTML that stands by itself: plain elements, absolute links, ids and classes left out
 * (entries of a feed are shown together). `findFigure` knows the figures that may be shown today.
 */
export function feedBody({ cover, opening, body, sources }: CompiledBody, place: Place): string {
  const trees = [opening, body, ...(sources ? [sources] : [])].flatMap(({ children }) => children);
  const all: RootContent[] = cover ? [cover.element, ...trees] : trees;
  const plain: Root = { type: 'root', children: all.flatMap((node) => plainly(node, place)) };
  return toHtml(plain);
}

function plainly(node: RootContent, place: Place): ElementContent[] {
  if (node.type === 'text') return [node];
  if (node.type !== 'element') return [];
  if (node.tagName === 'picture') return node.children.slice(-1).flatMap((child) => plainly(child, place));
  // Reader programs do not draw what stands in the page; its words stand for it.
  if (node.tagName === 'svg') return [element('p', [text(`［図］${String(node.properties.ariaLabel)}`)])];
  const children = node.children.flatMap((child) => plainly(child, place));
  if (isComponentName(node.tagName)) return PLAIN[node.tagName](node, children, place);
  const { href, src, alt, width, height, align, colSpan, rowSpan, start } = node.properties;
  const kept = { alt, width, height, align, colSpan, rowSpan, start };
  const properties = {
    ...kept,
    ...(href && { href: absolute(href, place) }),
    ...(src && { src: absolute(src, place) }),
  };
  return [{ ...node, properties, children }];
}

function absolute(address: unknown, { origin, slug }: Place): string {
  return new URL(String(address), `${origin}/articles/${slug}`).href;
}
