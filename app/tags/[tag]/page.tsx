import type { Metadata } from 'next';
import { notFound, permanentRedirect } from 'next/navigation';
import { PageHead } from '#components/page-head.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { findTag, tagHref } from '#lib/articles/tags.ts';
import { readEnv } from '#lib/env.ts';
import { ListOfArticles, listMetadata, openListPage, type Parameters } from '../../list-page.tsx';

type Props = { params: Promise<{ tag: string }>; searchParams: Parameters };

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const { tag, path, about, articles } = readTag((await params).tag);
  const page = await openListPage(path, articles, searchParams);
  const metadata = listMetadata({ path, title: `「${tag}」の記事`, description: about }, page);
  // With one article the page says nothing that the article does not.
  return articles.length > 1 ? metadata : { ...metadata, robots: { index: false, follow: true } };
}

export default async function TagPage({ params, searchParams }: Props) {
  const { tag, path, about, articles } = readTag((await params).tag);
  const page = await openListPage(path, articles, searchParams);
  return (
    <>
      <PageHead
        trail={[{ href: '/articles', label: '記事一覧' }]}
        here={{ href: path, label: `「${tag}」の記事` }}
        about={about}
        origin={readEnv().siteUrl}
      />
      <ListOfArticles path={path} page={page} level={2} />
    </>
  );
}

/** The tag at this address; without one the page ends. */
function readTag(segment: string) {
  const found = findTag(catalog().snapshot(new Date()), decodeURIComponent(segment));
  const path = found.status === 'unknown' ? undefined : tagHref(found.tag);
  if (found.status === 'unknown' || path === undefined) return notFound();
  if (found.status === 'moved') return permanentRedirect(path);
  const { tag, articles } = found;
  return { tag, path, articles, about: `「${tag}」のタグが付いた記事を、新しい順に並べています。` };
}
