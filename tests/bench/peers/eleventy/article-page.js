import { DISCLOSURES, piece, site as words } from '../words.ts';
import { day, inJapan, phrases } from './parts.js';

const json = (data) => {
  const written = JSON.stringify({ '@context': 'https://schema.org', ...data }).replaceAll('<', '\\u003c');
  return `<script type="application/ld+json">${written}</script>`;
};

export function articlePage({ site, slug, data, html, bySlug }) {
  const { disclosure, minutes } = data;
  const url = `${site.origin}/articles/${slug}`;
  const published = inJapan(data.publishedAt);
  const updated = data.updatedAt ? inJapan(data.updatedAt) : published;
  const author = site.authors.get(data.author);
  const category = site.categories.get(data.category);
  const trail = [
    ['/', 'トップ'],
    ['/articles', '記事一覧'],
    [`/articles/${slug}`, data.title],
  ];
  const differing = {
    slug,
    title: data.title,
    description: data.description,
    published: published.toISOString(),
    modified: updated.toISOString(),
  };
  return `<!doctype html><html lang="ja"><head>${piece('head', differing)}<style>${site.css}</style></head><body>
${piece('aboveMain', {})}<main id="main"><nav class="breadcrumb" aria-label="現在の位置">
<ol>${trail.slice(0, -1).map(([href, label]) => `<li><a href="${href}">${label}</a></li>`).join('')}</ol>
${json({ '@type': 'BreadcrumbList', itemListElement: trail.map(([href, name], index) => ({ '@type': 'ListItem', position: index + 1, name, item: site.origin + href })) })}
</nav><article><header class="article-head">
<p><a class="category" href="/categories/${category.id}">${category.name}</a></p><h1>${phrases(data.title)}</h1>
<div class="byline"><span>公開 ${day(published)}</span>${data.updatedAt ? `<span>更新 ${day(updated)}</span>` : ''}
<span>${minutes}分で読めます</span><a href="/authors/${author.id}">${author.name}</a></div>
${DISCLOSURES[disclosure] ? `<p class="disclosure"><strong>PR</strong>${DISCLOSURES[disclosure]}</p>` : ''}
</header><div class="article-body">${html}</div>
${piece('fixed', { slug })}</article>${related(data.related, site, bySlug)}
${json({
  '@type': 'Article',
  headline: data.title,
  description: data.description,
  inLanguage: 'ja',
  articleSection: category.name,
  mainEntityOfPage: url,
  datePublished: published.toISOString(),
  dateModified: updated.toISOString(),
  author: {
    '@type': author.kind === 'person' ? 'Person' : 'Organization',
    name: author.name,
    url: `${site.origin}/authors/${author.id}`,
  },
  publisher: { '@type': 'Organization', name: words.name, url: `${site.origin}/` },
})}
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
