import { Phrases } from '#components/phrases.tsx';
import { registerHref, site } from '#lib/site.ts';

export default function HomePage() {
  return (
    <>
      <h1>
        <Phrases text={site.headline} />
      </h1>
      <p>{site.description}</p>
      <a className="button" href={registerHref('home')}>
        無料で登録する
      </a>
    </>
  );
}
