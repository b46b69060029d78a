import '#server-only';
import GithubSlugger from 'github-slugger';
import type { Element, Root as HastRoot } from 'hast';
import type { Heading as HeadingNode, Link, Nodes, Paragraph, Root } from 'mdast';
import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkGfm from 'remark-gfm';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import remarkRehype, { defaultHandlers, type Options } from 'remark-rehype';
import { unified } from 'unified';
import { VFileMessage } from 'vfile-message';
import { COMPONENTS, isComponentName, RESERVED_IDS, ruleOf } from './components.ts';
import { ESM_SENTENCE, EXPRESSION_SENTENCE, explainMdx } from './explain.ts';
import type { Cover, ImageUse } from './images/illustrate.ts';
import { imageFaults, soleImage, usesOf } from './images/uses.ts';
import type { Shown } from './kept.ts';
import type { Fault, Heading } from './schema.ts';
import { bodyInPlace, placeOf, type Source } from './source.ts';
import { sparingAutolinks } from './sparing-autolinks.ts';

/** A body as plain data: it can cross threads and copies of this module, and nothing in it is evaluated. */
export type CompiledBody = {
  /** What stands before the first h2. */
  opening: HastRoot;
  body: HastRoot;
  sources: HastRoot | undefined;
  headings: Heading[];
  /** The pictures that the body names. They are `img` elements of that name until the catalog puts them in place. */
  images: ImageUse[];
  cover: Cover | undefined;
  shown: Shown | undefined;
};
export type Compiled = { status: 'compiled'; body: CompiledBody } | { status: 'broken'; faults: Fault[] };

const mdx = unified().use(remarkParse).use(remarkMdx);
const parser = mdx.use(remarkGfm).use(remarkCjkFriendly).use(sparingAutolinks).freeze();

const NOT_SHOWN = { cover: undefined, shown: undefined };

type JsxElement = Extract<Nodes, { type: 'mdxJsxFlowElement' | 'mdxJsxTextElement' }>;
type Handler = NonNullable<NonNullable<Options['handlers']>[Nodes['type']]>;

/** A component becomes an element of its name; `renderArticle` is given what draws it. */
const component: Handler = (state, node: JsxElement): Element => ({
  type: 'element',
  tagName: node.name ?? '',
  properties: Object.fromEntries(
    node.attributes.flatMap((attribute) =>
      attribute.type === 'mdxJsxAttribute' && typeof attribute.value === 'string'
        ? [[attribute.name, attribute.value]]
        : [],
    ),
  ),
  children: state.all(node),
});

/** Says of a link that it leaves the site. */
const link: Handler = (state, node: Link) => {
  const element: Element = defaultHandlers.link(state, node);
  if (/^https?:/i.test(node.url)) element.properties.rel = ['external'];
  return element;
};

/** A picture stands by itself, not in a paragraph. */
const paragraph: Handler = (state, node: Paragraph) => {
  const image = soleImage(node);
  return image ? defaultHandlers.image(state, image) : defaultHandlers.paragraph(state, node);
};

const toHast = unified()
  .use(remarkRehype, {
    handlers: { link, paragraph, mdxJsxFlowElement: component, mdxJsxTextElement: component },
    footnoteLabel: '注',
    footnoteBackLabel: (index) => `本文の注${index + 1}の位置へ戻る`,
  })
  .freeze();

/**
 * Compiles an article's body. It is broken where it cannot be drawn safely: MDX that does not parse, `import`,
 * `export`, `{expressions}`, components or props beyond the table, links of unknown schemes. What is merely bad
 * editing (lib/articles/check.ts) never stops an article.
 */
export function compile(source: Source): Compiled {
  const parsed = parseBody(source);
  if (parsed.status === 'broken') return parsed;
  const named = headingsOf(parsed.tree);
  for (const { node, heading } of named) node.data = { ...node.data, hProperties: { id: heading.id } };
  const headings = named.map(({ heading }) => heading);
  const images = usesOf(parsed.tree);
  return { status: 'compiled', body: { ...split(toHast.runSync(parsed.tree)), headings, images, ...NOT_SHOWN } };
}

/** The body as a tree with the file's own positions, checked as `compile` says. */
export function parseBody(source: Source): { status: 'parsed'; tree: Root } | { status: 'broken'; faults: Fault[] } {
  const broken = (offset: number, message: string) => {
    return { status: 'broken' as const, faults: [{ ...placeOf(source, offset), message }] };
  };
  try {
    const tree = parser.parse(bodyInPlace(source));
    const faults = [...unsafe(tree, source.path)];
    return faults.length > 0 ? { status: 'broken', faults } : { status: 'parsed', tree };
  } catch (error) {
    if (error instanceof RangeError) return broken(source.bodyStart, TOO_DEEP);
    if (!(error instanceof VFileMessage)) throw error;
    const { offset, message } = explainMdx(error, source.text, source.bodyStart);
    return broken(offset, message);
  }
}

/** Every node of the tree, parents first, each with its ancestors. */
export function* nodesOf(node: Nodes, ancestors: readonly Nodes[] = []): Generator<[Nodes, readonly Nodes[]]> {
  yield [node, ancestors];
  if ('children' in node) {
    const trail = [...ancestors, node];
    for (const child of node.children) yield* nodesOf(child, trail);
  }
}

/** The words of a node, without markup. */
export function textOf(node: Nodes): string {
  if ('children' in node) return node.children.map(textOf).join('');
  return 'value' in node ? node.value : '';
}

/** Deeper than any reader follows, and far from where drawing would exhaust the stack. */
const DEPTH_LIMIT = 40;
const TOO_DEEP = '入れ子が深すぎます（引用や箇条書きの段を減らします）';
const SCHEMES = /^(?:https?:\/\/|mailto:|tel:|\/(?!\/)|#)/i;

function* unsafe(tree: Root, path: string): Generator<Fault> {
  for (const [node, ancestors] of nodesOf(tree)) {
    const fault = (message: string): Fault => ({
      path,
      line: node.position?.start.line ?? 1,
      column: node.position?.start.column ?? 1,
      message,
    });
    if (ancestors.length > DEPTH_LIMIT) {
      yield fault(TOO_DEEP);
      return;
    }
    switch (node.type) {
      case 'mdxjsEsm':
        yield fault(ESM_SENTENCE);
        break;
      case 'mdxFlowExpression':
      case 'mdxTextExpression':
        yield fault(EXPRESSION_SENTENCE);
        break;
      case 'mdxJsxFlowElement':
      case 'mdxJsxTextElement':
        for (const message of componentFaults(node, ancestors)) yield fault(message);
        break;
      case 'link':
      case 'definition':
        if (!SCHEMES.test(node.url)) {
          yield fault(`リンク先「${node.url}」は使えません（https://…か、このサイトの/articles/…や#見出しを書きます）`);
        }
        break;
      case 'image':
      case 'imageReference':
        for (const message of imageFaults(node, ancestors)) yield fault(message);
        break;
    }
  }
}

function* componentFaults(node: JsxElement, ancestors: readonly Nodes[]): Generator<string> {
  const name = node.name ?? '';
  if (!isComponentName(name)) {
    const known = Object.keys(COMPONENTS)
      .map((each) => `<${each}>`)
      .join('、');
    yield `<${name}>という部品はありません（使える部品: ${known}。「<」を文字として出すなら「\\<」と書きます）`;
    return;
  }
  const rule = ruleOf(name);
  if (rule.place === 'block' && node.type === 'mdxJsxTextElement') {
    yield `<${name}>が文の中にあります（前後に空行を置き、独立した行に書きます）`;
  }
  if (rule.place === 'inline' && node.type === 'mdxJsxFlowElement') {
    yield `<${name}>が文の外にあります（文の中に書きます）`;
  }
  if (name === 'Sources' && ancestors.length > 1) {
    yield `<${name}>がほかの部品や箇条書きの中にあります（記事の最後に、字下げなしで書きます）`;
  }
  if (!rule.children && node.children.length > 0) yield `<${name}>は中身を持てません（<${name} />と書きます）`;
  if (rule.children && node.children.length === 0) {
    yield `<${name}>の中身がありません（<${name}>と</${name}>の間に書きます）`;
  }
  yield* propFaults(node, name, rule.props);
}

function* propFaults(
  node: JsxElement,
  name: string,
  props: Readonly<Record<string, { required: boolean; isAddress?: true }>>,
): Generator<string> {
  const given = new Set<string>();
  for (const attribute of node.attributes) {
    if (attribute.type === 'mdxJsxExpressionAttribute') {
      yield `<${name}>に「{…}」は使えません（属性="値"の形で書きます）`;
    } else if (!Object.hasOwn(props, attribute.name)) {
      const known = Object.keys(props).join('、') || 'ありません';
      yield `<${name}>に${attribute.name}という属性はありません（使える属性: ${known}）`;
    } else if (typeof attribute.value !== 'string' || attribute.value.trim() === '') {
      yield `<${name}>の${attribute.name}は文字です（${attribute.name}="値"の形で書きます）`;
    } else if (props[attribute.name]?.isAddress && !/^https?:\/\//i.test(attribute.value)) {
      yield `<${name}>の${attribute.name}はhttps://で始まる住所です（出典のページの住所を書きます）`;
    } else if (given.has(attribute.name)) {
      yield `<${name}>に${attribute.name}が2つあります（1つにします）`;
    }
    if (attribute.type === 'mdxJsxAttribute') given.add(attribute.name);
  }
  for (const [prop, { required }] of Object.entries(props)) {
    if (required && !given.has(prop)) yield `<${name}>に${prop}がありません（<${name} ${prop}="値">と書きます）`;
  }
}

/** The headings of a body in order, each with the id that its element gets. */
export function headingsOf(tree: Root): { node: HeadingNode; heading: Heading }[] {
  const slugger = new GithubSlugger();
  for (const reserved of RESERVED_IDS) slugger.slug(reserved);
  return [...nodesOf(tree)].flatMap(([node]) => {
    if (node.type !== 'heading') return [];
    const text = textOf(node).normalize('NFC').trim();
    const id = slugger.slug(/[\p{L}\p{N}]/u.test(text) ? text : 'section');
    return [{ node, heading: { depth: node.depth, id, text } }];
  });
}

const isElement = (node: HastRoot['children'][number], name: string) =>
  node.type === 'element' && node.tagName === name;

function split(tree: HastRoot): Pick<CompiledBody, 'opening' | 'body' | 'sources'> {
  const blocks = tree.children.filter((node) => node.type !== 'text' || node.value.trim() !== '');
  const sources = blocks.filter((node) => isElement(node, 'Sources'));
  const rest = blocks.filter((node) => !isElement(node, 'Sources'));
  const firstSection = rest.findIndex((node) => isElement(node, 'h2'));
  const end = firstSection < 0 ? rest.length : firstSection;
  const root = (children: HastRoot['children']): HastRoot => ({ type: 'root', children });
  return {
    opening: root(rest.slice(0, end)),
    body: root(rest.slice(end)),
    sources: sources.length > 0 ? root(sources) : undefined,
  };
}
