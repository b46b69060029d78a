import type { Article as ArticleData, Organization, WebSite, WithContext } from 'schema-dts';
import { jstIso } from '#lib/jst.ts';
import { site } from '#lib/site.ts';
import { widestHref } from './images/picture.ts';
import type { Article, Author } from './schema.ts';

// What pages tell search engines in schema.org's words (JSON-LD). The types check names and kinds of every property
// against schema.org's vocabulary; only what Google documents for a type is said, nothing that nobody reads. `origin` is
// the site's address. The way down to a page is told by components/breadcrumb.tsx.

/**
 * An article as it is drawn, with the picture above it, which may be known before the snapshot knows it
 * (https://developers.google.com/search/docs/appearance/structured-data/article).
 */
export function articleData(
  article: Article,
  origin: string,
  cover = article.image?.picture,
): WithContext<ArticleData> {
  const { slug, title, description, author, publishedAt, updatedAt } = article;
  return {
    '@context': 'https://schema.org',
    '@type': 'Article',
    headline: title,
    description,
    image: [`${origin}${articleImagePath({ slug, image: article.image && { ...article.image, picture: cover } })}`],
    inLanguage: 'ja',
    mainEntityOfPage: `${origin}/articles/${slug}`,
    datePublished: jstIso(publishedAt),
    dateModified: jstIso(updatedAt ?? publishedAt),
    author: [authorData(author, origin)],
    publisher: { '@type': 'Organization', name: site.name, url: `${origin}/` },
  };
}

function authorData(author: Author, origin: string) {
  const said = { name: author.name, url: `${origin}/authors/${author.id}` };
  return author.kind === 'person'
    ? { '@type': 'Person' as const, ...said }
    : { '@type': 'Organization' as const, ...said };
}

/** Whose site this is (…/structured-data/organization), for the home page. */
export function organizationData(origin: string): WithContext<Organization> {
  return {
    '@context': 'https://schema.org',
    '@type': 'Organization',
    name: site.name,
    legalName: site.operator.name,
    description: site.description,
    url: `${origin}/`,
    logo: `${origin}/icon.svg`,
    email: site.operator.email,
    telephone: site.operator.phone.href.replace('tel:', ''),
  };
}

/** The name under which the site is found (…/appearance/site-names), for the home page. */
export function webSiteData(origin: string): WithContext<WebSite> {
  return { '@context': 'https://schema.org', '@type': 'WebSite', name: site.name, url: `${origin}/` };
}

/** The address of the picture that shows what an article is about: the one above it, else the one with its title. */
export function articleImagePath({ slug, image }: Pick<Article, 'slug' | 'image'>): string {
  return image?.picture ? widestHref(image.picture) : shareImagePath(slug);
}

/** The address of the picture that stands for an article where it is shared. */
export function shareImagePath(slug: string): string {
  return `/articles/${slug}/share.png`;
}
