import './pager.css';

type Way = { href: string; label: string };

/** The ways to the pages before and after this one; nothing where there is neither. `position` says where one is. */
export function Pager({
  previous,
  next,
  position,
}: {
  previous?: Way | undefined;
  next?: Way | undefined;
  position?: string;
}) {
  if (!previous && !next) return null;
  return (
    <nav className="pager" aria-label="ページの移動">
      {previous && (
        <a href={previous.href} rel="prev">
          {previous.label}
        </a>
      )}
      {position && <span>{position}</span>}
      {next && (
        <a href={next.href} rel="next">
          {next.label}
        </a>
      )}
    </nav>
  );
}
