import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Entries } from '#components/entries.tsx';
import { PageHead } from '#components/page-head.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { readEnv } from '#lib/env.ts';
import { pageMetadata } from '#lib/page-metadata.ts';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const page = readAuthor((await params).id);
  if (!page) return {};
  const { id, name, summary } = page.author;
  return pageMetadata({ path: `/authors/${id}`, title: name, description: summary });
}

export default async function AuthorPage({ params }: Props) {
  const page = readAuthor((await params).id);
  if (!page) notFound();
  const { author, articles } = page;
  return (
    <>
      <PageHead
        trail={[{ href: '/articles', label: '記事一覧' }]}
        here={{ href: `/authors/${author.id}`, label: author.name }}
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
          <Entries articles={articles} level={3} />
        </section>
      )}
    </>
  );
}

function readAuthor(id: string) {
  const { authors, byAuthor } = catalog().snapshot(new Date());
  const author = authors.find((each) => each.id === id);
  return author && { author, articles: byAuthor(id) };
}
