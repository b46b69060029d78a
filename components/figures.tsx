import type { Figure } from '#lib/articles/schema.ts';
import { Day } from './day.tsx';

/** Figures with the day they were counted and who counted them. Nothing at all when there is none to show. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  if (figures.length === 0) return null;
  return (
    <section className="band" aria-labelledby="figures">
      <h2 id="figures">数字で見る実績</h2>
      <dl className="figures">
        {figures.map(({ id, label, value, unit, asOf, source }) => (
          <div key={id}>
            <dt>{label}</dt>
            <dd className="figure-value">
              {value.toLocaleString('ja-JP')}
              <small>{unit}</small>
            </dd>
            <dd className="figure-basis">
              <Day at={asOf} />
              時点、{source.url ? <a href={source.url}>{source.name}</a> : source.name}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
