import { articleParts } from '#components/article-parts.tsx';
import { ArticleView } from '#components/article-view.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import type { Picture } from '#lib/articles/images/picture.ts';
import { renderArticle } from '#lib/articles/render.ts';
import type { Article, Fault } from '#lib/articles/schema.ts';
import { tagHref } from '#lib/articles/tags.ts';
import { readEnv } from '#lib/env.ts';

/** An article as it is laid out: the element, and the picture above it for those who describe the page. */
export type Laid =
  | { status: 'laid'; sheet: React.ReactElement; coverPicture: Picture | undefined }
  | { status: 'broken'; faults: readonly Fault[] };

/** Lays an article out as readers get it, whether they may see it yet or not. Links lead to what they may see at `now`. */
export async function layOut(article: Article, now: Date): Promise<Laid> {
  const { figures, related, neighbours } = catalog().snapshot(now);
  const parts = articleParts(article.slug, (id) => figures.find((figure) => figure.id === id));
  const drawn = await renderArticle(article, parts);
  if (drawn.status === 'broken') return drawn;
  const tags = article.tags.flatMap((tag) => {
    const href = tagHref(tag);
    return href === undefined ? [] : [{ tag, href }];
  });
  const sheet = (
    <ArticleView
      article={article}
      drawn={drawn}
      tags={tags}
      related={related(article.slug)}
      neighbours={neighbours(article.slug)}
      origin={readEnv().siteUrl}
    />
  );
  return { status: 'laid', sheet, coverPicture: drawn.coverPicture };
}
