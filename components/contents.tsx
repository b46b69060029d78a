import { Phrases } from './phrases.tsx';

/**
 * The sections of an article. A `<details>` closed on phones; where there is room article.css shows it open beside the
 * text, without script.
 */
export function Contents({ sections }: { sections: readonly { id: string; text: string }[] }) {
  if (sections.length < 2) return null;
  return (
    <nav className="toc" aria-label="目次">
      <details>
        <summary>目次</summary>
        <ol>
          {sections.map(({ id, text }) => (
            <li key={id}>
              <a className="phrases" href={`#${id}`}>
                <Phrases text={text} />
              </a>
            </li>
          ))}
        </ol>
      </details>
    </nav>
  );
}
