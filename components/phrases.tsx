import { Fragment, type ReactNode } from 'react';
import { phrases } from '#lib/phrases.ts';

/**
 * Even with `word-break: keep-all` a line may end after these; inside a phrase (「…」と) it must not. Not for phrases that
 * a heading at 320 px has no room for.
 */
const BREAKS_INSIDE = /^(?=.*[」』）】？！].*[^」』）】？！、。]).{1,11}$/;

/** Text that may break only between its phrases; its element has `word-break: keep-all` (headings, `.phrases`). */
export function Phrases({ text }: { text: string }) {
  return phrases(text).map((phrase, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: phrases have no identity but their place, and never move.
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {BREAKS_INSIDE.test(phrase) ? <span className="phrase">{phrase}</span> : phrase}
    </Fragment>
  ));
}

/** The same for what stands in a heading of an article: its words are marked, its elements stay as they are. */
export function phrased(children: ReactNode): ReactNode {
  if (typeof children === 'string') return <Phrases text={children} />;
  return Array.isArray(children) ? children.map(phrased) : children;
}
