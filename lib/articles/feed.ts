import '#server-only';
import { site } from '#lib/site.ts';
import { xmlText } from '#lib/xml.ts';
import type { Article } from './schema.ts';

/** An article with its whole text as HTML (lib/articles/feed-body.ts); without, when its file cannot be drawn. */
export type FeedEntry = { article: Article; html?: string };

/** When readers last saw something new in an article: never the moment of asking. */
export function changedAt({ updatedAt, publishedAt }: Pick<Article, 'updatedAt' | 'publishedAt'>): Date {
  return updatedAt ?? publishedAt;
}

/** The latest change among `articles`; without any, the day from which the site's terms date. */
export function newestChange(articles: readonly Article[]): Date {
  const instants = articles.map((article) => changedAt(article).getTime());
  return instants.length > 0 ? new Date(Math.max(...instants)) : new Date(`${site.privacyVersion}T00:00+09:00`);
}

/**
 * Atom (RFC 4287) of `entries`, which come newest first, with their full text. An entry's id is its address, its
 * `updated` its own last change; the feed's is the newest of them. `origin` is the site's address.
 */
export function atomFeed(entries: readonly FeedEntry[], origin: string): string {
  const written = entries.map(({ article, html }) => {
    const address = xmlText(`${origin}/articles/${article.slug}`);
    return `<entry>
<id>${address}</id>
<title>${xmlText(article.title)}</title>
<link rel="alternate" type="text/html" href="${address}"/>
<published>${article.publishedAt.toISOString()}</published>
<updated>${changedAt(article).toISOString()}</updated>
<author><name>${xmlText(article.author.name)}</name></author>
<category term="${xmlText(article.category.id)}" label="${xmlText(article.category.name)}"/>
<summary>${xmlText(article.description)}</summary>
${html === undefined ? '' : `<content type="html" xml:lang="ja">${xmlText(html)}</content>\n`}</entry>
`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja">
<id>${xmlText(origin)}/</id>
<title>${xmlText(site.name)}</title>
<subtitle>${xmlText(site.tagline)}</subtitle>
<link rel="alternate" type="text/html" href="${xmlText(origin)}/"/>
<link rel="self" type="application/atom+xml" href="${xmlText(origin)}/feed.xml"/>
<icon>${xmlText(origin)}/icon.svg</icon>
<updated>${newestChange(entries.map(({ article }) => article)).toISOString()}</updated>
${written.join('')}</feed>
`;
}
