import '#server-only';
import path from 'node:path';
import type { Element, ElementContent, Root, RootContent } from 'hast';
import type { Compiled } from '../compile.ts';
import type { Shown, Version } from '../kept.ts';
import type { Fault } from '../schema.ts';
import { placeOf, placeOfKey } from '../source.ts';
import { drawingElement, type Picture, pictureElement, type Taken } from './picture.ts';

/** Where a body names a picture: the file beside it, as written. */
export type ImageUse = { name: string; offset: number };

/** The picture above an article. */
export type Cover = { element: Element; picture: Picture };

type Take = (file: string) => Promise<Taken>;
type Illustrated = Pick<Version, 'file' | 'source'> & { matter: { image?: string | undefined } };

/**
 * Takes every picture that an article names, in its body and above it. Each one that cannot be shown is a fault where it
 * is named. `root` is the content folder.
 */
export async function takePictures(
  root: string,
  { file, source, matter: { image } }: Illustrated,
  uses: readonly ImageUse[],
  take: Take,
): Promise<{ taken: Map<string, Taken>; faults: Fault[]; shown: Shown }> {
  const places = [
    ...(image === undefined ? [] : [{ name: image, place: placeOfKey(source, 'image') }]),
    ...uses.map(({ name, offset }) => ({ name, place: placeOf(source, offset) })),
  ];
  const taken = new Map<string, Taken>();
  const faults: Fault[] = [];
  for (const { name, place } of places) {
    const found = taken.get(name) ?? (await takeOne(root, file, name, take));
    taken.set(name, found);
    if (found.status === 'faulty') faults.push(...found.messages.map((message) => ({ ...place, message })));
  }
  const pictures = [...taken].flatMap(([name, found]) => (found.status === 'picture' ? [{ name, ...found }] : []));
  const cover = pictures.find(({ name }) => name === image)?.picture;
  return { taken, faults, shown: { cover, hashes: pictures.map(({ picture }) => picture.hash) } };
}

async function takeOne(root: string, file: string, name: string, take: Take): Promise<Taken> {
  if (file.endsWith('/index.mdx')) return take(path.join(root, path.dirname(file), name));
  const folder = file.replace(/\.mdx$/, '');
  const message = `画像を置けるのはフォルダーの記事です（このファイルを${folder}/index.mdxに移し、画像「${name}」を並べて置きます）`;
  return { status: 'faulty', messages: [message] };
}

/** A compiled article with its pictures in place; broken where one of them cannot be shown. */
export async function illustrate(root: string, version: Version, compiled: Compiled, take: Take): Promise<Compiled> {
  const { image, imageAlt } = version.matter;
  if (compiled.status === 'broken' || (compiled.body.images.length === 0 && image === undefined)) return compiled;
  const { body } = compiled;
  const { taken, faults, shown } = await takePictures(root, version, body.images, take);
  if (faults.length > 0) return { status: 'broken', faults };
  const put = inPlace(taken);
  // The cover stands before all others: the order decides which picture is asked for first.
  const element = image === undefined ? undefined : put.picture(image, imageAlt ?? '');
  const cover = element && shown.cover && { element, picture: shown.cover };
  const trees = { opening: put.tree(body.opening), body: put.tree(body.body) };
  return { status: 'compiled', body: { ...body, ...trees, cover, shown } };
}

function inPlace(taken: ReadonlyMap<string, Taken>) {
  let first = true;
  const picture = (name: string, alt: string): Element | undefined => {
    const found = taken.get(name);
    if (found?.status === 'drawing') return drawingElement(found.drawing, alt);
    if (found?.status !== 'picture') return undefined;
    const element = pictureElement(found.picture, alt, { first });
    first = false;
    return element;
  };
  const place = <Node extends RootContent | ElementContent>(node: Node): Node | Element => {
    if (node.type !== 'element') return node;
    if (node.tagName === 'img') return picture(String(node.properties.src), String(node.properties.alt)) ?? node;
    return { ...node, children: node.children.map(place) };
  };
  return { picture, tree: (tree: Root): Root => ({ ...tree, children: tree.children.map(place) }) };
}
