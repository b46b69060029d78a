import '#server-only';
import type { TxtDocumentNode } from '@textlint/ast-node-types';
import type { Nodes, Root } from 'mdast';

const TYPES: Partial<Record<Nodes['type'], string>> = {
  paragraph: 'Paragraph',
  heading: 'Header',
  text: 'Str',
  link: 'Link',
  emphasis: 'Emphasis',
  strong: 'Strong',
  delete: 'Delete',
  inlineCode: 'Code',
  code: 'CodeBlock',
  list: 'List',
  listItem: 'ListItem',
  table: 'Table',
  tableRow: 'TableRow',
  tableCell: 'TableCell',
  image: 'Image',
  break: 'Break',
  thematicBreak: 'HorizontalRule',
};

type Place = { line: number; column: number };
type TextNode = {
  type: string;
  raw: string;
  range: readonly [number, number];
  loc: { start: Place; end: Place };
  depth?: number;
  value?: string;
  children?: TextNode[];
};

/**
 * An article's tree as textlint wants it, with the positions of the file. Components are seen through; what somebody
 * else wrote (`<Quotation>`) and the titles of sources are left out: they are not ours to correct.
 */
export function textTree(tree: Root, text: string): TxtDocumentNode {
  const children = tree.children.flatMap((node) => [...convert(node, text)]);
  const loc = { start: { line: 1, column: 0 }, end: endOf(text) };
  const document: TextNode = { type: 'Document', raw: text, range: [0, text.length], loc, children };
  // Its types name each kind of node; the kernel checks the tree it is given when it runs.
  return document as TxtDocumentNode;
}

function* convert(node: Nodes, text: string): Generator<TextNode> {
  if (node.type === 'mdxJsxFlowElement') {
    if (node.name === 'Quotation' || node.name === 'Sources') return;
    for (const child of node.children) yield* convert(child, text);
    return;
  }
  // A `<Figure />` in a sentence stands for a word, as code does.
  const type = node.type === 'mdxJsxTextElement' ? 'Code' : TYPES[node.type];
  if (type === undefined || !node.position) return;
  const { start, end } = node.position;
  const range = [start.offset ?? 0, end.offset ?? 0] as const;
  const common = {
    type,
    raw: text.slice(...range),
    range,
    loc: { start: placeOf(start), end: placeOf(end) },
  };
  if ('children' in node && type !== 'Code') {
    const depth = node.type === 'heading' ? { depth: node.depth } : {};
    yield { ...common, ...depth, children: node.children.flatMap((child) => [...convert(child, text)]) };
  } else yield { ...common, value: 'value' in node ? node.value : '' };
}

function placeOf({ line, column }: Place): Place {
  return { line, column: column - 1 };
}

function endOf(text: string): Place {
  const lines = text.split('\n');
  return { line: lines.length, column: lines.at(-1)?.length ?? 0 };
}
