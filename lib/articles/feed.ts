import '#server-only';
import { site } from '#lib/site.ts';
import { xmlText } from '#lib/xml.ts';
import type { Article } from './schema.ts';

const MOST_ENTRIES = 50;

/** When readers last saw something new in an article: never the moment of asking. */
export function changedAt({ updatedAt, publishedAt }: Pick<Article, 'updatedAt' | 'publishedAt'>): Date {
  return updatedAt ?? publishedAt;
}

/** The latest change among `articles`; without any, the day from which the site's terms date. */
export function newestChange(articles: readonly Article[]): Date {
  const instants = articles.map((article) => changedAt(article).getTime());
  return instants.length > 0 ? new Date(Math.max(...instants)) : new Date(`${site.privacyVersion}T00:00+09:00`);
}

/** Atom (RFC 4287) of the newest of `articles`, which come newest first. `origin` is the site's address. */
export function atomFeed(articles: readonly Article[], origin: string): string {
  const entries = articles.slice(0, MOST_ENTRIES).map((article) => {
    const address = xmlText(`${origin}/articles/${article.slug}`);
    return `<entry>
<id>${address}</id>
<title>${xmlText(article.title)}</title>
<link href="${address}"/>
<published>${article.publishedAt.toISOString()}</published>
<updated>${changedAt(article).toISOString()}</updated>
<author><name>${xmlText(article.author.name)}</name></author>
<category term="${xmlText(article.category.id)}" label="${xmlText(article.category.name)}"/>
<summary>${xmlText(article.description)}</summary>
</entry>
`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja">
<id>${xmlText(origin)}/</id>
<title>${xmlText(site.name)}</title>
<subtitle>${xmlText(site.tagline)}</subtitle>
<link href="${xmlText(origin)}/"/>
<link rel="self" type="application/atom+xml" href="${xmlText(origin)}/feed.xml"/>
<updated>${newestChange(articles).toISOString()}</updated>
${entries.join('')}</feed>
`;
}
