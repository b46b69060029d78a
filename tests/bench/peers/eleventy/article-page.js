import { DISCLOSURES, differing, piece } from '../words.ts';
import { day, inJapan, phrases } from './parts.js';

export function articlePage({ site, slug, data, html, bySlug }) {
  const { disclosure, minutes } = data;
  const publishedAt = inJapan(data.publishedAt);
  const updatedAt = data.updatedAt && inJapan(data.updatedAt);
  const author = site.authors.get(data.author);
  const category = site.categories.get(data.category);
  const words = differing(slug, { ...data, publishedAt, updatedAt });
  return `<!doctype html><html lang="ja"><head>${piece('head', words)}<style>${site.css}</style></head><body>
${piece('aboveMain', {})}<main id="main">${piece('breadcrumb', words)}<article><header class="article-head">
<p><a class="category" href="/categories/${category.id}">${category.name}</a></p><h1>${phrases(data.title)}</h1>
<div class="byline"><span>公開 ${day(publishedAt)}</span>${updatedAt ? `<span>更新 ${day(updatedAt)}</span>` : ''}
<span>${minutes}分で読めます</span><a href="/authors/${author.id}">${author.name}</a></div>
${DISCLOSURES[disclosure] ? `<p class="disclosure"><strong>PR</strong>${DISCLOSURES[disclosure]}</p>` : ''}
</header><div class="article-body">${html}</div>
${piece('fixed', { slug })}</article>${related(data.related, site, bySlug)}
${neighbours(data, bySlug)}
${piece('data', words)}
</main>${piece('belowMain', {})}</body></html>`;
}

function related(slugs, site, bySlug) {
  if (slugs.length === 0) return '';
  const entries = slugs.map((slug) => {
    const { title, category, publishedAt, minutes } = bySlug.get(slug);
    return `<li class="entry"><p class="entry-line"><span>${site.categories.get(category).name}</span>${day(inJapan(publishedAt))}
<span>${minutes}分で読めます</span></p><h3 class="entry-title"><a href="/articles/${slug}">${phrases(title)}</a></h3></li>`;
  });
  return `<section class="band" aria-labelledby="related"><h2 id="related">あわせて読みたい記事</h2>
<ul class="entries entries-brief">${entries.join('')}</ul></section>`;
}

function neighbours({ older, newer }, bySlug) {
  const ways = [
    [older, 'prev', '前の記事'],
    [newer, 'next', '次の記事'],
  ].filter(([slug]) => slug !== undefined);
  if (ways.length === 0) return '';
  const links = ways.map(
    ([slug, rel, label]) =>
      `<a href="/articles/${slug}" rel="${rel}"><small>${label}</small><span class="phrases">${phrases(bySlug.get(slug).title)}</span></a>`,
  );
  return `<nav class="neighbours" aria-label="前後の記事">${links.join('')}</nav>`;
}
