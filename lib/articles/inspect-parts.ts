import '#server-only';
import type { Nodes, Root } from 'mdast';
import { nodesOf } from './compile.ts';
import { isComponentName, ruleOf } from './components.ts';
import { soleImage } from './images/uses.ts';
import type { Report } from './inspect.ts';

type Part = Extract<Nodes, { type: 'mdxJsxFlowElement' }>;

const MOST_SIDES = 3;

/** Finds components that stand in the wrong place or hold the wrong thing. */
export function inspectParts(tree: Root, report: Report): void {
  for (const [node, ancestors] of nodesOf(tree)) {
    if (node.type === 'blockquote') {
      report(startOf(node), '引用に出典がありません（「>」を消し、<Quotation source="引用元">で囲みます）');
    }
    if (node.type !== 'mdxJsxFlowElement' || !isComponentName(node.name ?? '')) continue;
    for (const message of faultsOf(node, ancestors)) report(startOf(node), message);
  }
}

function* faultsOf(node: Part, ancestors: readonly Nodes[]): Generator<string> {
  const name = node.name ?? '';
  if (!isComponentName(name)) return;
  const rule = ruleOf(name);
  const parent = ancestors.at(-1);
  if (rule.inside !== undefined && !(parent?.type === 'mdxJsxFlowElement' && parent.name === rule.inside)) {
    yield `<${name}>が<${rule.inside}>の外にあります（<${rule.inside}>の中に書きます）`;
  }
  const { holds } = rule;
  if (holds) {
    const inside = node.children.filter(
      (child) => child.type === 'mdxJsxFlowElement' && holds.includes(child.name ?? ''),
    );
    if (inside.length < node.children.length) {
      yield `<${name}>の中に<${holds.join('>、<')}>でないものがあります（外に出します）`;
    }
    if (inside.length < 2 || inside.length > MOST_SIDES) {
      yield `<${name}>の中の<${holds.join('>、<')}>が${inside.length}個です（2個か${MOST_SIDES}個にします）`;
    }
  }
  if (name === 'Illustration') {
    const [only, ...others] = node.children;
    const image = only?.type === 'paragraph' && others.length === 0 ? soleImage(only) : undefined;
    const caption = node.attributes.find((each) => each.type === 'mdxJsxAttribute' && each.name === 'caption')?.value;
    if (!image) yield `<${name}>の中身が1つの画像ではありません（![画像の内容](photo.jpg)だけを書きます）`;
    else if (image.alt === caption) {
      yield `<${name}>のcaptionと画像の説明が同じです（captionに読み方を、[ ]の中に画像の内容を書きます）`;
    }
  }
}

function startOf(node: Nodes): number {
  return node.position?.start.offset ?? 0;
}
