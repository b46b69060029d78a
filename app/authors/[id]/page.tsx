import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { PageHead } from '#components/page-head.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { readEnv } from '#lib/env.ts';
import { ListOfArticles, listMetadata, openListPage, type Parameters } from '../../list-page.tsx';

type Props = { params: Promise<{ id: string }>; searchParams: Parameters };

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const { author, path, articles } = readAuthor((await params).id);
  const { name, summary } = author;
  return listMetadata({ path, title: name, description: summary }, await openListPage(path, articles, searchParams));
}

export default async function AuthorPage({ params, searchParams }: Props) {
  const { author, path, articles } = readAuthor((await params).id);
  const page = await openListPage(path, articles, searchParams);
  return (
    <>
      <PageHead
        trail={[{ href: '/articles', label: '記事一覧' }]}
        here={{ href: path, label: author.name }}
        about={author.summary}
        origin={readEnv().siteUrl}
      />
      <div className="sheet prose">
        {author.profile.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </div>
      {articles.length > 0 && (
        <section className="band" aria-labelledby="articles">
          <h2 id="articles">書いた記事</h2>
          <ListOfArticles path={path} page={page} level={3} />
        </section>
      )}
    </>
  );
}

/** The author at this address; without one the page ends. */
function readAuthor(id: string) {
  const { authors, byAuthor } = catalog().snapshot(new Date());
  const author = authors.find((each) => each.id === id);
  return author ? { author, path: `/authors/${id}`, articles: byAuthor(id) } : notFound();
}
