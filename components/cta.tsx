import { type CtaPlace, registerHref } from '#lib/site.ts';
import { Phrases } from './phrases.tsx';

/** In lines that stay whole where there is room. */
const OFFER = ['専任のエージェントが、', '長く続く高単価の案件を、あなたに代わって探します'] as const;

/**
 * The one call to action, with one text wherever it stands. `article` is the slug the reader comes from. No heading
 * and no landmark: it is not part of the article's outline, and three of one name would be noise in a list of them.
 */
export function Cta({ place, article }: { place: CtaPlace; article?: string }) {
  return (
    <div className={`cta cta-${place}`}>
      <p className="cta-offer phrases">
        {OFFER.map((line) => (
          <span className="line" key={line}>
            <Phrases text={line} />
          </span>
        ))}
      </p>
      <p className="cta-action">
        <a className="button" href={registerHref(place, article)}>
          無料で登録する
        </a>
        <span className="cta-terms">
          <span>
            登録は無料、簡単60秒
            <ClaimMark />
          </span>
          <span className="phrases">
            <Phrases text="24時間以内にご連絡いたします（土日祝日を除く）" />
          </span>
        </span>
      </p>
    </div>
  );
}

/** The call to action that stays at the foot of a phone's screen between the others; see cta.css for when it shows. */
export function FixedCta({ article }: { article: string }) {
  return (
    <div className="cta-fixed">
      <a className="button" href={registerHref('fixed', article)}>
        無料で登録する（簡単60秒※）
      </a>
    </div>
  );
}

/** Leads from the claim 「60秒」 to what it rests on, at the foot of every page. */
export function ClaimMark() {
  return (
    <a className="claim-mark" href="#claim-60" aria-label="注: 60秒の根拠">
      ※
    </a>
  );
}
