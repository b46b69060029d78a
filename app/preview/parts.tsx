import type { ReactNode } from 'react';
import { articleParts } from '#components/article-parts.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { compile } from '#lib/articles/compile.ts';
import { COMPONENTS, type ComponentName, ruleOf } from '#lib/articles/components.ts';
import { drawBody } from '#lib/articles/render.ts';

type Part = { name: string; about: string; example: string; drawn: ReactNode };

/** Every component that stands by itself, with its example as it is written and as it is drawn. */
export function drawParts(): Part[] {
  const { figures } = catalog().snapshot(new Date());
  const parts = {
    ...articleParts('example', (id) => figures.find((figure) => figure.id === id)),
    img: ExampleDrawing,
  };
  const names = (Object.keys(COMPONENTS) as ComponentName[]).filter((name) => ruleOf(name).inside === undefined);
  return names.map((name) => {
    const { about, place, example } = ruleOf(name);
    const text = place === 'inline' ? `取引先は${example}です。` : example;
    const compiled = compile({ path: name, text, bodyStart: 0 });
    // The examples are a part of the code: one that cannot be drawn is a bug.
    if (compiled.status === 'broken') throw new Error(compiled.faults.map(({ message }) => message).join('\n'));
    const { opening, body, sources } = drawBody(compiled.body, parts);
    const drawn = (
      <>
        <div className="prose">
          {opening}
          {body}
        </div>
        {sources}
      </>
    );
    return { name, about, example: text, drawn };
  });
}

/** Stands where an article of its own would have the picture that it names. */
function ExampleDrawing() {
  return (
    <svg viewBox="0 0 360 120" role="img" aria-label="画像の例">
      <rect x="1" y="1" width="358" height="118" fill="none" stroke="currentColor" />
      <text x="180" y="66" textAnchor="middle" fontSize="15" fill="currentColor">
        ここに画像が出ます
      </text>
    </svg>
  );
}
