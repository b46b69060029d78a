import '#server-only';
import type { Nodes, Root } from 'mdast';
import type { Processor } from 'unified';

type TreeExtension = { transforms?: ((tree: Root) => unknown)[] | null | undefined };

/** What every bare address has that mdast-util-gfm-autolink-literal would make a link of. */
const ADDRESS = /https?:|www\.|@/i;

/**
 * A unified plugin, to be used after remark-gfm. That one looks through every text for addresses which its tokenizer left
 * over, a fifth of the time of all parsing; in a tree where no text has the beginning of one there is nothing to find.
 */
export function sparingAutolinks(this: Processor): void {
  const extensions = (this.data().fromMarkdownExtensions ?? []) as TreeExtension[][];
  for (const extension of extensions.flat()) {
    extension.transforms = extension.transforms?.map(
      (transform) => (tree: Root) => (mayHaveAddress(tree) ? transform(tree) : undefined),
    );
  }
}

function mayHaveAddress(node: Nodes): boolean {
  if ('children' in node) return node.children.some(mayHaveAddress);
  return node.type === 'text' && ADDRESS.test(node.value);
}
