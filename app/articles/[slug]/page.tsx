import type { Metadata } from 'next';
import { notFound, permanentRedirect } from 'next/navigation';
import { JsonLd } from '#components/json-ld.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import type { Article } from '#lib/articles/schema.ts';
import { articleData, shareImagePath } from '#lib/articles/structured-data.ts';
import { readEnv } from '#lib/env.ts';
import { pageMetadata } from '#lib/page-metadata.ts';
import { setStatus } from '#lib/request-context.ts';
import { layOut } from '../../article-sheet.tsx';
import { GONE_TITLE, GonePage } from './gone-page.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const found = findArticle((await params).slug, new Date());
  if (found.status === 'gone') return { title: GONE_TITLE, robots: { index: false } };
  const { slug, title, description } = found.article;
  return pageMetadata({
    path: `/articles/${slug}`,
    title,
    description,
    article: found.article,
    image: shareImagePath(slug),
  });
}

export default async function ArticlePage({ params }: Props) {
  const now = new Date();
  const found = findArticle((await params).slug, now);
  if (found.status === 'gone') {
    setStatus(410);
    return <GonePage instead={catalog().snapshot(now).related(found.slug)} />;
  }
  const laid = await layOut(found.article, now);
  if (laid.status === 'broken') throw new BrokenArticle(laid.faults);
  return (
    <>
      {laid.sheet}
      <JsonLd data={articleData(found.article, readEnv().siteUrl, laid.coverPicture)} />
    </>
  );
}

type Shown = { status: 'visible'; article: Article } | { status: 'gone'; slug: string };

/** What stands at this address now. Anything else ends the page: moved, not there, or not drawable. */
function findArticle(slug: string, now: Date): Shown {
  const found = catalog().snapshot(now).find(slug);
  switch (found.status) {
    case 'visible':
    case 'gone':
      return found;
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
