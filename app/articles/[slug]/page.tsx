import type { Metadata } from 'next';
import { notFound, permanentRedirect } from 'next/navigation';
import { articleParts } from '#components/article-parts.tsx';
import { ArticleView } from '#components/article-view.tsx';
import { JsonLd } from '#components/json-ld.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { renderArticle } from '#lib/articles/render.ts';
import type { Article } from '#lib/articles/schema.ts';
import { articleData, shareImagePath } from '#lib/articles/structured-data.ts';
import { tagHref } from '#lib/articles/tags.ts';
import { readEnv } from '#lib/env.ts';
import { pageMetadata } from '#lib/page-metadata.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const article = findArticle((await params).slug);
  const { slug, title, description } = article;
  return pageMetadata({ path: `/articles/${slug}`, title, description, article, image: shareImagePath(slug) });
}

export default async function ArticlePage({ params }: Props) {
  const article = findArticle((await params).slug);
  const { figures, related, neighbours } = catalog().snapshot(new Date());
  const parts = articleParts(article.slug, (id) => figures.find((figure) => figure.id === id));
  const drawn = await renderArticle(article, parts);
  if (drawn.status === 'broken') throw new BrokenArticle(drawn.faults);
  const tags = article.tags.flatMap((tag) => {
    const href = tagHref(tag);
    return href === undefined ? [] : [{ tag, href }];
  });
  const origin = readEnv().siteUrl;
  return (
    <>
      <ArticleView
        article={article}
        drawn={drawn}
        tags={tags}
        related={related(article.slug)}
        neighbours={neighbours(article.slug)}
        origin={origin}
      />
      <JsonLd data={articleData(article, origin, drawn.coverPicture)} />
    </>
  );
}

/** The article at this address now. Anything else ends the page: moved, not there, or not drawable. */
function findArticle(slug: string): Article {
  const found = catalog().snapshot(new Date()).find(slug);
  switch (found.status) {
    case 'visible':
      return found.article;
    case 'moved':
      return permanentRedirect(`/articles/${found.to}`);
    case 'hidden':
    case 'unknown':
      return notFound();
    case 'broken':
      throw new BrokenArticle(found.faults);
  }
}

/** Not a 404: the article exists, its file must be mended, and whoever serves the page may have an older version. */
class BrokenArticle extends Error {
  override name = 'BrokenArticle';
  constructor(faults: readonly { path: string; line: number; message: string }[]) {
    super(faults.map(({ path, line, message }) => `${path}:${line} ${message}`).join('\n'));
  }
}
