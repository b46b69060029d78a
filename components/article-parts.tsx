import { isValidElement, type ReactNode } from 'react';
import { type Figure, figureText } from '#lib/articles/schema.ts';
import { Cta } from './cta.tsx';
import { Day } from './day.tsx';
import { phrased } from './phrases.tsx';

type Part = { children?: ReactNode };

/**
 * What draws the elements and components of one article's body (lib/articles/components.ts names them). `findFigure`
 * knows the figures that may be shown today.
 */
export function articleParts(article: string, findFigure: (id: string) => Figure | undefined) {
  const middleCta = () => <Cta place="middle" article={article} />;
  const inlineFigure = ({ id }: { id: string }) => <FigureInline figure={findFigure(id)} />;
  return {
    h2: ({ id, children }: Part & { id?: string }) => <h2 id={id}>{phrased(children)}</h2>,
    h3: ({ id, children }: Part & { id?: string }) => <h3 id={id}>{phrased(children)}</h3>,
    table: Table,
    Cta: middleCta,
    KeyPoints,
    Note,
    Quotation,
    Comparison,
    Side,
    Illustration,
    Question,
    Figure: inlineFigure,
    Sources,
  };
}

function KeyPoints({ children }: Part) {
  return (
    <div className="key-points">
      <p className="part-title">要点</p>
      {children}
    </div>
  );
}

function Note({ title, children }: Part & { title: string }) {
  return (
    <div className="note">
      <p className="part-title phrases">{phrased(title)}</p>
      {children}
    </div>
  );
}

/** Words of somebody else, and where they stand. */
function Quotation({ source, url, children }: Part & { source: string; url?: string }) {
  const name = url === undefined ? source : <a href={url}>{source}</a>;
  return (
    <figure className="quotation">
      <blockquote cite={url}>{children}</blockquote>
      <figcaption>{name}</figcaption>
    </figure>
  );
}

/** Side by side where there is room, one below the other on a phone. */
function Comparison({ children }: Part) {
  return <div className="comparison">{children}</div>;
}

function Side({ title, children }: Part & { title: string }) {
  return (
    <div className="side">
      <p className="part-title phrases">{phrased(title)}</p>
      {children}
    </div>
  );
}

function Illustration({ caption, children }: Part & { caption: string }) {
  return (
    <figure className="illustration">
      {children}
      <figcaption>{caption}</figcaption>
    </figure>
  );
}

/** Open, not folded: whoever skims sees the answer, prints it and finds it in the page. */
function Question({ title, children }: Part & { title: string }) {
  return (
    <div className="question">
      <p className="part-title phrases">{phrased(title)}</p>
      {children}
    </div>
  );
}

/** Inside a sentence. A figure too old to be shown leaves a sentence that is still true. */
function FigureInline({ figure }: { figure: Figure | undefined }) {
  if (!figure) return '（集計を更新中）';
  return (
    <>
      {figureText(figure)}（<Day at={figure.asOf} />
      時点）
    </>
  );
}

function Sources({ children }: Part) {
  return (
    <section className="sources" aria-labelledby="sources">
      <h2 id="sources">出典</h2>
      {children}
    </section>
  );
}

const MOST_COLUMNS_ON_A_PHONE = 3;

/** A table with more columns than a phone holds scrolls by itself, also from the keyboard; the page never does. */
function Table({ children }: Part) {
  const isWide = countColumns(children) > MOST_COLUMNS_ON_A_PHONE;
  if (!isWide) return <table>{children}</table>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling part must be reachable from the keyboard (WCAG 2.1.1).
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form.
    <div className="wide-table" role="group" aria-label="表（横に動かせます）" tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}

/** Header cells below `node`. */
function countColumns(node: ReactNode): number {
  if (Array.isArray(node)) return node.reduce((sum, child) => sum + countColumns(child), 0);
  if (!isValidElement<Part>(node)) return 0;
  return node.type === 'th' ? 1 : countColumns(node.props.children);
}
