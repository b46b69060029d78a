import '#server-only';
import { type ComponentProps, type CSSProperties, Fragment, createElement as h, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { phrases } from '#lib/phrases.ts';

// One mail, two writings. Text and HTML are made from the same blocks, so neither can say what the other does not.
// Mail clients are the slowest part of the web: tables, inline styles, system fonts, no image, nothing fetched. Classes
// serve only the dark colours of clients that read <style> (Apple Mail); others darken by themselves or stay light.

/** A fact: `label：value（note）` in the text, a table row in HTML, where `href` makes a link of `value`. */
export type Row = { label: string; value: string; note?: string; href?: string };

/** Everything a mail says, in order. No block holds markup; a `\n` inside a row's value is a line break. */
export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'rows'; rows: readonly Row[] }
  | { kind: 'steps'; steps: readonly string[] }
  | { kind: 'command'; text: string };

/** `headline` is the first thing read, also in the list of mails; `footer` the small print. */
export type MailContent = { headline: string; blocks: readonly Block[]; footer: readonly Row[] };

/**
 * The mail as plain text: paragraphs parted by empty lines, a line for each sentence, as Japanese mails are read. Lines
 * are not cut at a width: every client wraps, and a hard break inside a phrase reads as a mistake.
 */
export function toText({ headline, blocks, footer }: MailContent): string {
  const parts = [headline, ...blocks.map(blockText), `${'─'.repeat(20)}\n${rowsText(footer)}`];
  return `${parts.join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return bySentence(block.text);
    case 'heading':
      return `■ ${block.text}`;
    case 'rows':
      return rowsText(block.rows);
    case 'steps':
      return block.steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
    case 'command':
      return `    ${block.text}`;
  }
}

function rowsText(rows: readonly Row[]): string {
  // A later line is set in, so that what a visitor typed cannot pass for a row of ours.
  return rows
    .map(({ label, value, note }) => `${label}：${value.replaceAll('\n', '\n　　')}${note ? `（${note}）` : ''}`)
    .join('\n');
}

function bySentence(text: string): string {
  return text.replace(/。(?=[^」）])/g, '。\n');
}

const FONT =
  '"Hiragino Sans", "Hiragino Kaku Gothic ProN", "Noto Sans JP", "Noto Sans CJK JP", "BIZ UDPGothic", Meiryo, system-ui, sans-serif';
const INK = '#1a1a1c';
const SOFT = '#56605b';
const LINE = '#d5dbd8';
const ACCENT = '#115a36';
const strong: CSSProperties = { fontWeight: 700, lineHeight: 1.5 };
const DARK = `
:root { color-scheme: light dark; supported-color-schemes: light dark }
@media (prefers-color-scheme: dark) {
  .paper { background: #131514 !important }
  .ink { color: #ecefed !important }
  .soft { color: #a9b4ae !important }
  .line { border-color: #39403c !important }
  .accent { color: #71c598 !important }
}`;

/** The mail as one HTML document for mail clients; `title` is its subject. Every value is escaped by React. */
export function toHtml({ headline, blocks, footer }: MailContent, title: string): string {
  const cell = h(
    'td',
    { className: 'paper ink', style: { ...text(16), padding: '32px 20px 40px', backgroundColor: '#ffffff' } },
    h('h1', { className: 'ink', style: { ...text(20), ...strong, margin: '0 0 24px' } }, unbroken(headline)),
    ...blocks.map((block) => h(BlockHtml, { block })),
    h('div', { className: 'line', style: { borderTop: `1px solid ${LINE}`, marginTop: '40px', paddingTop: '12px' } }),
    h(Rows, { rows: footer, quiet: true }),
  );
  const page = h(
    'html',
    { lang: 'ja' },
    h(
      'head',
      null,
      h('meta', { httpEquiv: 'Content-Type', content: 'text/html; charset=utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('meta', { name: 'supported-color-schemes', content: 'light dark' }),
      // iOS would make links of telephone numbers and dates that are facts here, in its own colour.
      h('meta', { name: 'format-detection', content: 'telephone=no, date=no, address=no, email=no' }),
      h('title', null, title),
      h('style', null, DARK),
    ),
    h(
      'body',
      { className: 'paper', style: { margin: 0, padding: 0, backgroundColor: '#ffffff' } },
      frame({ maxWidth: '640px' }, cell),
    ),
  );
  return `<!doctype html>${renderToStaticMarkup(page)}`;
}

function BlockHtml({ block }: { block: Block }): ReactNode {
  switch (block.kind) {
    case 'paragraph':
      return h('p', { className: 'ink', style: { ...text(16), margin: '0 0 16px' } }, block.text);
    case 'heading':
      return h(
        'h2',
        { className: 'ink', style: { ...text(17), ...strong, margin: '36px 0 12px' } },
        unbroken(block.text),
      );
    case 'rows':
      return h(Rows, { rows: block.rows });
    case 'steps':
      return h(
        'ol',
        { className: 'ink', style: { ...text(16), margin: '0 0 16px', padding: '0 0 0 1.6em' } },
        ...block.steps.map((step) => h('li', { style: { margin: '0 0 6px' } }, step)),
      );
    case 'command':
      return h(
        'p',
        { className: 'soft', style: { ...text(14), fontFamily: 'Menlo, Consolas, monospace', margin: '0 0 16px' } },
        block.text,
      );
  }
}

/** `quiet` rows are the small print at the end: no lines, little room. */
function Rows({ rows, quiet = false }: { rows: readonly Row[]; quiet?: boolean }): ReactNode {
  const line = quiet ? 'none' : `1px solid ${LINE}`;
  const edge: CSSProperties = { borderBottom: line, padding: quiet ? '3px 0' : '10px 0', verticalAlign: 'top' };
  const gap = { paddingRight: '14px' };
  const label: CSSProperties = {
    ...text(14),
    ...edge,
    ...gap,
    color: SOFT,
    fontWeight: 400,
    textAlign: 'left',
    width: '7em',
  };
  const value: CSSProperties = { ...text(quiet ? 14 : 16), ...edge, overflowWrap: 'anywhere', whiteSpace: 'pre-line' };
  return table(
    { className: 'line', style: { borderTop: line, margin: quiet ? 0 : '0 0 24px' } },
    ...rows.map((row) =>
      h(
        'tr',
        null,
        h('th', { scope: 'row', className: 'soft line', style: label }, unbroken(row.label)),
        h('td', { className: 'ink line', style: value }, link(row), row.note ? note(row.note) : null),
      ),
    ),
  );
}

function link({ href, value }: Row): ReactNode {
  return href === undefined ? value : h('a', { className: 'accent', href, style: { color: ACCENT } }, value);
}

function note(words: string): ReactNode {
  return h('span', { className: 'soft', style: { ...text(14), color: SOFT, display: 'inline-block' } }, `（${words}）`);
}

/** Words for few lines, on which a phone breaks between phrases and nowhere inside them. */
function unbroken(words: string): ReactNode {
  const spans = phrases(words).map((phrase) => h('span', { style: { display: 'inline-block' } }, phrase));
  return h(Fragment, null, ...spans);
}

/** A table that only places things, told so to screen readers. */
function frame(style: CSSProperties, cell: ReactNode): ReactNode {
  return table({ role: 'presentation', align: 'center', style }, h('tr', null, cell));
}

function table({ style, ...attributes }: ComponentProps<'table'>, ...rows: ReactNode[]): ReactNode {
  const plain = { width: '100%', border: 0, cellPadding: 0, cellSpacing: 0 };
  return h(
    'table',
    { ...plain, ...attributes, style: { ...style, borderCollapse: 'collapse' } },
    h('tbody', null, ...rows),
  );
}

function text(pixels: number): CSSProperties {
  return { color: INK, fontFamily: FONT, fontSize: `${pixels}px`, lineHeight: 1.8, textWrap: 'pretty' };
}
