import { Fragment, type ReactNode } from 'react';
import { phrases } from '#lib/phrases.ts';

/** Text with stretches of it marked: UTF-16 offsets, in order, none over another. */
export type MarkedText = { text: string; marks: readonly { start: number; end: number }[] };

/** The text with its marks; `title` also breaks at phrases only, in an element that is a heading. */
export function Marked({ marked: { text, marks }, title = false }: { marked: MarkedText; title?: boolean }) {
  let start = 0;
  return (title ? phrases(text) : [text]).map((piece) => {
    const from = start;
    start += piece.length;
    return (
      <Fragment key={from}>
        {from > 0 && <wbr />}
        {markedPiece(piece, from, marks)}
      </Fragment>
    );
  });
}

function markedPiece(piece: string, from: number, marks: MarkedText['marks']): ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const mark of marks) {
    const [start, end] = [Math.max(mark.start - from, at), Math.min(mark.end - from, piece.length)];
    if (start >= end) continue;
    parts.push(piece.slice(at, start), <mark key={start}>{piece.slice(start, end)}</mark>);
    at = end;
  }
  return [...parts, piece.slice(at)];
}
