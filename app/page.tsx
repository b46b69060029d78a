import type { Metadata } from 'next';
import { ClaimMark } from '#components/cta.tsx';
import { Entries } from '#components/entries.tsx';
import { Figures } from '#components/figures.tsx';
import { JsonLd } from '#components/json-ld.tsx';
import { Phrases } from '#components/phrases.tsx';
import { Steps } from '#components/steps.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { readEnv } from '#lib/env.ts';
import { registerHref, site } from '#lib/site.ts';

const NEWEST_SHOWN = 4;

export const metadata: Metadata = { alternates: { canonical: '/' } };

export default function HomePage() {
  const { visible, figures } = catalog().snapshot(new Date());
  const { siteUrl } = readEnv();
  return (
    <>
      <div className="hero">
        <div>
          <p className="eyebrow">{site.tagline}</p>
          <h1>
            <Phrases text={site.headline} />
          </h1>
          <p className="hero-lead">{site.description}</p>
          <p className="hero-action">
            <a className="button" href={registerHref('home')}>
              無料で登録する
            </a>
            <span className="cta-terms">
              <span>
                簡単60秒
                <ClaimMark />
                費用はかかりません
              </span>
              <span className="phrases">
                <Phrases text="24時間以内にご連絡いたします（土日祝日を除く）" />
              </span>
            </span>
          </p>
        </div>
        <section className="hero-reading" aria-labelledby="newest">
          <h2 id="newest">新着記事</h2>
          <Entries articles={visible.slice(0, NEWEST_SHOWN)} level={3} brief />
          <p>
            <a href="/articles">記事一覧</a>
          </p>
        </section>
      </div>
      <Steps />
      <Figures figures={figures} />
      <JsonLd
        data={{
          '@type': 'Organization',
          name: site.name,
          legalName: site.operator.name,
          url: `${siteUrl}/`,
          description: site.description,
          email: site.operator.email,
          telephone: site.operator.phone.href.replace('tel:', ''),
        }}
      />
    </>
  );
}
