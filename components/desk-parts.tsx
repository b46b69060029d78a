import type { ReactNode } from 'react';

type Part = { name: string; about: string; example: string; drawn: ReactNode };

/** The components of an article, each as it is written and as it is drawn. */
export function DeskParts({ parts }: { parts: readonly Part[] }) {
  return (
    <div className="desk">
      <header className="desk-head">
        <p>
          <a href="/preview">記事の一覧へ</a>
        </p>
        <h1>記事の部品</h1>
        <p>
          灰色の枠のように書くと、その右（狭い画面では下）のように出ます。前後に空行を置いて、独立した行に書きます（
          <code>&lt;Figure /&gt;</code>
          だけは文の中に書きます）。
        </p>
      </header>
      <div data-live="parts">
        {parts.map(({ name, about, example, drawn }) => (
          <section className="desk-part" key={name} aria-labelledby={`part-${name}`}>
            <h2 id={`part-${name}`}>{name}</h2>
            <p>{about}</p>
            <pre>{example}</pre>
            <div className="desk-drawn">{drawn}</div>
          </section>
        ))}
      </div>
    </div>
  );
}
