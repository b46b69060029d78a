import '#server-only';
import type { Element, Nodes } from 'hast';
import type { CompiledBody } from '../compile.ts';

/**
 * The words of an article's body without markup, in the order of the page: what search finds. Words that touch in one
 * sentence touch here too, whatever marks them up; headings, paragraphs, list items and table cells stand apart.
 */
export type Prose = { headings: string[]; paragraphs: string[] };

/** Elements inside a sentence: their words belong to the sentence around them. Every other element stands apart. */
const INLINE = new Set('a abbr b br code del em i input kbd mark s span strong sub sup'.split(' '));
/** Properties of an article's components that are read as words. */
const WORDS = ['title', 'caption', 'alt', 'source'];

/** The words of a compiled body. What the site adds itself (registration, footnote marks, figures) is no part of it. */
export function proseOf({ opening, body, sources }: CompiledBody): Prose {
  const prose: Prose = { headings: [], paragraphs: [] };
  let sentence = '';
  let home = prose.paragraphs;
  const end = () => {
    if (sentence.trim() !== '') home.push(sentence);
    sentence = '';
  };
  const readAll = (nodes: readonly Nodes[]): void => {
    for (const node of nodes) {
      if (node.type === 'text') sentence += node.value;
      else if (node.type === 'root') readAll(node.children);
      else if (node.type === 'element' && !isFootnoteMark(node)) readElement(node);
    }
  };
  const readElement = ({ tagName, properties, children }: Element): void => {
    if (tagName === 'br') sentence += '\n';
    if (INLINE.has(tagName)) {
      readAll(children);
      return;
    }
    end();
    const outside = home;
    if (/^h[1-6]$/.test(tagName)) home = prose.headings;
    for (const words of WORDS.map((name) => properties[name])) if (typeof words === 'string') home.push(words);
    readAll(children);
    end();
    home = outside;
  };
  for (const tree of [opening, body, ...(sources ? [sources] : [])]) {
    readAll([tree]);
    end();
  }
  return prose;
}

/** The number that leads to a footnote, the arrow that leads back, and the heading above them that is only heard. */
function isFootnoteMark({ properties }: Element): boolean {
  return 'dataFootnoteRef' in properties || 'dataFootnoteBackref' in properties || properties.id === 'footnote-label';
}
