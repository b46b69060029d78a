import { SaxesParser } from 'saxes';

/** An element of a parsed document: name as written, attributes, text of its own, children in order. */
export type XmlElement = { name: string; attributes: Record<string, string>; text: string; children: XmlElement[] };

/** Parses a document as strictly as XML 1.0 with namespaces asks. @throws at the first fault, with its place. */
export function parseXml(xml: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, text: '', children: [] };
  const open = [root];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (fault) => {
    throw fault;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value]);
    const element = { name, attributes: Object.fromEntries(values), text: '', children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  const [top] = root.children;
  if (!top) throw new Error('no element');
  return top;
}

/** The children of that name. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of the only child of that name; throws when there is not exactly one. */
export function textOf(element: XmlElement, name: string): string {
  const [only, ...more] = childrenOf(element, name);
  if (!only || more.length > 0) throw new Error(`${element.name} has ${more.length + (only ? 1 : 0)} ${name}`);
  return only.text;
}
