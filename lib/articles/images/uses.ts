import type { Image, ImageReference, Nodes, Paragraph, Root } from 'mdast';
import type { ImageUse } from './illustrate.ts';

/** How a picture beside an article is named: what can stand in an address, and one of the formats that are read. */
export const IMAGE_NAME = /^[a-z0-9-]+\.(?:png|jpe?g|webp|avif|svg)$/;

/** The image of a paragraph that holds nothing else. */
export function soleImage({ children }: Paragraph): Image | undefined {
  const [only, ...others] = children;
  return only?.type === 'image' && others.length === 0 ? only : undefined;
}

/** Why an image in a body cannot be shown, whatever its file holds. `ancestors` from the root down. */
export function* imageFaults(node: Image | ImageReference, ancestors: readonly Nodes[]): Generator<string> {
  if (node.type === 'imageReference') {
    yield '画像の書き方が違います（![画像の内容](photo.jpg)の形で書きます）';
    return;
  }
  if (!IMAGE_NAME.test(node.url)) {
    yield `画像「${node.url}」は使えません（記事と同じフォルダーに置き、a-z、0-9、-と.pngなどだけの名前で書きます）`;
  }
  const parent = ancestors.at(-1);
  if (parent?.type !== 'paragraph' || soleImage(parent) !== node) {
    yield '画像が文の中にあります（前後に空行を置き、独立した行に書きます）';
  }
  if (node.title) yield '画像に「"…"」の題は使えません（<Illustration caption="…">で囲みます）';
}

/** The pictures that a body names, in the order of the page. */
export function usesOf(tree: Root): ImageUse[] {
  return imagesOf(tree).map(({ url, position }) => ({ name: url, offset: position?.start.offset ?? 0 }));
}

/** Every image of a body. */
export function imagesOf(node: Nodes): Image[] {
  if (node.type === 'image') return [node];
  return 'children' in node ? node.children.flatMap(imagesOf) : [];
}
