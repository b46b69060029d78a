import type { ReactNode } from 'react';
import type { Article, Heading } from '#lib/articles/schema.ts';
import { ArticleHead } from './article-head.tsx';
import { Neighbours, type TagLink, Tags } from './article-ways.tsx';
import { AuthorBox } from './author-box.tsx';
import { Breadcrumb } from './breadcrumb.tsx';
import { Contents } from './contents.tsx';
import { Cta, FixedCta } from './cta.tsx';
import { Entries } from './entries.tsx';

/** The drawn body of an article, in the parts between which the page puts its own. */
export type ArticleBody = {
  cover: ReactNode;
  opening: ReactNode;
  body: ReactNode;
  sources: ReactNode;
  headings: readonly Heading[];
};

/** The page of one article, in the order that every article has. `origin` is the site's address. */
export function ArticleView({
  article,
  drawn,
  tags,
  related,
  neighbours,
  origin,
}: {
  article: Article;
  drawn: ArticleBody;
  tags: readonly TagLink[];
  related: readonly Article[];
  neighbours: { older?: Article | undefined; newer?: Article | undefined };
  origin: string;
}) {
  const { slug, title, author, supervisor } = article;
  return (
    <>
      <Breadcrumb
        trail={[{ href: '/articles', label: '記事一覧' }]}
        here={{ href: `/articles/${slug}`, label: title }}
        origin={origin}
      />
      <article>
        <ArticleHead article={article} />
        <div className="article-body">
          {drawn.cover}
          <div className="prose">{drawn.opening}</div>
          <Cta place="opening" article={slug} />
          <Contents sections={drawn.headings.filter(({ depth }) => depth === 2)} />
          <div className="prose">{drawn.body}</div>
          <Cta place="end" article={slug} />
          <AuthorBox author={author} supervisor={supervisor} />
          {drawn.sources}
          <Tags tags={tags} />
        </div>
        <FixedCta article={slug} />
      </article>
      {related.length > 0 && (
        <section className="band" aria-labelledby="related">
          <h2 id="related">あわせて読みたい記事</h2>
          <Entries articles={related} level={3} brief />
        </section>
      )}
      <Neighbours older={neighbours.older} newer={neighbours.newer} />
    </>
  );
}
