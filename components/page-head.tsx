import { Breadcrumb, type Crumb } from './breadcrumb.tsx';
import { Phrases } from './phrases.tsx';
import './page-head.css';

/** The head of a page that lists articles: where it stands, what it is, one sentence about it. */
export function PageHead({
  trail,
  here,
  about,
  origin,
}: {
  trail: readonly Crumb[];
  here: Crumb;
  about: string;
  origin: string;
}) {
  return (
    <header className="page-head">
      <Breadcrumb trail={trail} here={here} origin={origin} />
      <h1>
        <Phrases text={here.label} />
      </h1>
      <p className="page-about">{about}</p>
    </header>
  );
}
