import type { MouseEvent, Ref } from 'react';
import type { Fault } from '#lib/leads/schema.ts';

type Mended = Omit<Fault, 'field'> & { field: string };

/** The summary of a form that is in the hands of a script, which brings the whole question into view. */
export function ErrorSummary({ faults, ref }: { faults: readonly Fault[]; ref?: Ref<HTMLElement> }) {
  return <FaultList faults={faults} ref={ref} onFollow={showField} />;
}

/**
 * What is to be mended, first in `main`, with focus. `autoFocus` is for a page that arrives with faults, also without
 * script; in the browser the form moves the focus.
 */
export function FaultList({
  faults,
  ref,
  onFollow,
}: {
  faults: readonly Mended[];
  ref?: Ref<HTMLElement> | undefined;
  onFollow?: (event: MouseEvent<HTMLAnchorElement>) => void;
}) {
  return (
    // biome-ignore lint/a11y/noAutofocus: after a refused submit the summary is what the visitor must meet first.
    <section className="error-summary" aria-labelledby="error-summary" tabIndex={-1} autoFocus ref={ref}>
      <h2 id="error-summary">入力内容に問題があります</h2>
      <ul>
        {faults.map(({ field, message }) => (
          <li key={field}>
            <a href={`#${field}`} onClick={onFollow}>
              {message}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Brings the whole question into view, label first: a bare fragment would put the input at the top edge. */
function showField(event: MouseEvent<HTMLAnchorElement>): void {
  const field = document.getElementById(event.currentTarget.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.closest('.question')?.scrollIntoView();
  field.focus({ preventScroll: true });
}
