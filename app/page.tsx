import type { Metadata } from 'next';
import { ClaimMark, Cta } from '#components/cta.tsx';
import { Entries } from '#components/entries.tsx';
import { Figures } from '#components/figures.tsx';
import { JsonLd } from '#components/json-ld.tsx';
import { Phrases } from '#components/phrases.tsx';
import { Steps } from '#components/steps.tsx';
import { Topics } from '#components/topics.tsx';
import '#components/home.css';
import { Fact, Facts } from '#components/facts.tsx';
import '#components/facts.css';
import { catalog } from '#lib/articles/catalog.ts';
import { organizationData, webSiteData } from '#lib/articles/structured-data.ts';
import { readEnv } from '#lib/env.ts';
import { pageMetadata } from '#lib/page-metadata.ts';
import { registerHref, site } from '#lib/site.ts';

const NEWEST_SHOWN = 4;

export const metadata: Metadata = pageMetadata({
  path: '/',
  title: `${site.name}｜${site.tagline}`,
  description: site.description,
});

export default function HomePage() {
  const { visible, categories, byCategory, figures } = catalog().snapshot(new Date());
  const { siteUrl } = readEnv();
  return (
    <>
      <div className="hero">
        <div>
          <p className="eyebrow phrases">
            <Phrases text={site.tagline} />
          </p>
          <h1>
            {site.headline.map((line) => (
              <span className="line" key={line}>
                <Phrases text={line} />
              </span>
            ))}
          </h1>
          <p className="hero-lead">{site.lead}</p>
          <a className="button" href={registerHref('home')}>
            無料で登録する
          </a>
          <Facts>
            <Fact name="ご入力">
              4つの質問、簡単60秒
              <ClaimMark />
            </Fact>
            <Fact name="費用">登録は無料です</Fact>
            <Fact name="ご連絡">
              <p className="phrases">
                <Phrases text="24時間以内にご連絡いたします（土日祝日を除く）" />
              </p>
            </Fact>
          </Facts>
        </div>
        <section className="hero-reading" aria-labelledby="newest">
          <h2 id="newest">新着記事</h2>
          <Entries articles={visible.slice(0, NEWEST_SHOWN)} level={3} brief />
          <a className="more" href="/articles">
            すべての記事
          </a>
        </section>
      </div>
      <Topics categories={categories.filter(({ id }) => byCategory(id).length > 0)} />
      <section className="band" aria-labelledby="quiz">
        <h2 id="quiz">
          <Phrases text="6つの質問でわかる、あなたに近いPMO" />
        </h2>
        <p>同じPMOでも、仕事の中身は5つの型に分かれます。働き方の好みから、近い型と次に読む記事がわかります。</p>
        <a className="more" href="/quiz">
          PMOタイプ診断を受ける
        </a>
      </section>
      <Steps />
      <a className="more" href="/service">
        費用とご連絡の期限、よくある質問
      </a>
      <Figures figures={figures} />
      <Cta place="home" />
      <JsonLd data={organizationData(siteUrl)} />
      <JsonLd data={webSiteData(siteUrl)} />
    </>
  );
}
