import type { Element, ElementContent } from 'hast';

/**
 * How a picture of an article stands in a page. Pure: data in, elements out; nothing is read or drawn here.
 */

/** A picture in the widths that were made of it. `hash` names its content and how the widths are made. */
export type Picture = {
  hash: string;
  /** Of the widest one, in pixels; what the page reserves room by. */
  width: number;
  height: number;
  /** Ascending; the last is `width`. */
  widths: readonly number[];
};

/** What a reader gets instead of one picture: a picture that was made, a drawing that was read, or why neither. */
export type Taken =
  | { status: 'picture'; picture: Picture }
  | { status: 'drawing'; drawing: Element }
  /** In Japanese, each with its cure in brackets. */
  | { status: 'faulty'; messages: string[] };

/**
 * The widths that are made: 390 px at twice the density needs 702, the text column 646 px and twice that 1,292. A wider
 * one would only be for large screens of high density, and weighs as much as the rest of the page.
 */
export const WIDTHS = [480, 800, 1296] as const;

const FORMATS = { avif: 'image/avif', webp: 'image/webp' } as const;
export type Format = keyof typeof FORMATS;

/** From 46rem on the column is as wide as its 38 characters of 17 px; below, the page less its margins. */
const SIZES = '(min-width: 46rem) 646px, 90vw';

/** The address of one width of a picture, which never shows anything else. */
export function pictureHref({ hash }: Pick<Picture, 'hash'>, width: number, format: Format): string {
  return `/images/${hash}-${width}.${format}`;
}

/** The address of a picture for those who take one file: search engines, feeds. */
export function widestHref(picture: Picture): string {
  return pictureHref(picture, picture.width, 'webp');
}

/**
 * A picture as a browser chooses from it: AVIF, else WebP, which every browser since 2020 reads. The first of a page
 * is asked for at once, the others when they come near. Width and height are there before the file is.
 */
export function pictureElement(picture: Picture, alt: string, { first }: { first: boolean }): Element {
  const set = (format: Format) =>
    picture.widths.map((width) => `${pictureHref(picture, width, format)} ${width}w`).join(', ');
  const { width, height } = picture;
  const loading = first ? { fetchPriority: 'high' } : { loading: 'lazy' };
  return element('picture', {}, [
    element('source', { type: FORMATS.avif, srcSet: set('avif'), sizes: SIZES }),
    element('img', {
      src: widestHref(picture),
      srcSet: set('webp'),
      sizes: SIZES,
      width,
      height,
      alt,
      decoding: 'async',
      ...loading,
    }),
  ]);
}

/** A drawing in the page itself, so that it takes the page's colours and letters; read out as one picture. */
export function drawingElement(drawing: Element, alt: string): Element {
  return { ...drawing, properties: { ...drawing.properties, role: 'img', ariaLabel: alt } };
}

function element(tagName: string, properties: Element['properties'], children: ElementContent[] = []): Element {
  return { type: 'element', tagName, properties, children };
}
