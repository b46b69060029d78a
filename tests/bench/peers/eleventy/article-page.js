import { DISCLOSURES, registerHref, site as words } from '../words.ts';
import { day, escapeHtml, inJapan, phrases } from './parts.js';

const json = (data) => {
  const written = JSON.stringify({ '@context': 'https://schema.org', ...data }).replaceAll('<', '\\u003c');
  return `<script type="application/ld+json">${written}</script>`;
};
const links = () => words.navigation.map(({ href, label }) => `<a href="${href}">${label}</a>`);

export function articlePage({ site, slug, data, html, bySlug }) {
  const { disclosure, minutes } = data;
  const [title, description] = [escapeHtml(data.title), escapeHtml(data.description)];
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
  return `<!doctype html><html lang="ja"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#131514">
<meta name="color-scheme" content="light dark">
<title>${title}｜${words.name}</title><meta name="description" content="${description}">
<link rel="canonical" href="${url}">
<meta name="format-detection" content="telephone=no, address=no, email=no">
<meta property="og:title" content="${title}"><meta property="og:description" content="${description}">
<meta property="og:url" content="${url}"><meta property="og:type" content="article">
<meta property="article:published_time" content="${published.toISOString()}">
<meta property="article:modified_time" content="${updated.toISOString()}">
<meta name="twitter:card" content="summary"><meta name="twitter:title" content="${title}">
<meta name="twitter:description" content="${description}"><style>${site.css}</style></head><body>
<a class="skip-link" href="#main">本文へ進む</a>
<header class="site-header"><a class="site-name" href="/">${words.name}</a>
<nav class="site-nav" aria-label="サイト内">${links().join('')}
<a class="button button-quiet" href="${registerHref('header')}">無料登録</a></nav></header>
<main id="main"><nav class="breadcrumb" aria-label="現在の位置">
<ol>${trail.slice(0, -1).map(([href, label]) => `<li><a href="${href}">${label}</a></li>`).join('')}</ol>
${json({ '@type': 'BreadcrumbList', itemListElement: trail.map(([href, name], index) => ({ '@type': 'ListItem', position: index + 1, name, item: site.origin + href })) })}
</nav><article><header class="article-head">
<p><a class="category" href="/categories/${category.id}">${category.name}</a></p><h1>${phrases(data.title)}</h1>
<div class="byline"><span>公開 ${day(published)}</span>${data.updatedAt ? `<span>更新 ${day(updated)}</span>` : ''}
<span>${minutes}分で読めます</span><a href="/authors/${author.id}">${author.name}</a></div>
${DISCLOSURES[disclosure] ? `<p class="disclosure"><strong>PR</strong>${DISCLOSURES[disclosure]}</p>` : ''}
</header><div class="article-body">${html}</div>
<div class="cta-fixed"><a class="button" href="${escapeHtml(registerHref('fixed', slug))}">無料で登録する（簡単60秒）</a></div>
</article>${related(data.related, site, bySlug)}
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
</main><footer class="site-footer">
<div class="footer-who"><p class="footer-name">${words.name}</p><p>${words.tagline}</p></div>
<ul class="footer-links">${links().map((link) => `<li>${link}</li>`).join('')}<li><a href="/privacy">プライバシーポリシー</a></li></ul>
<address class="footer-contact">${words.operator.name}<br>電話 <a href="${words.operator.phone.href}">${words.operator.phone.display}</a>（${words.operator.phone.hours}）</address>
<p class="footer-claim" id="claim-60">※ 「簡単60秒」は、お名前・メールアドレス・電話番号・稼働時期の4つの質問への入力を始めてから、登録の完了画面が出るまでの時間です。キー入力や画面操作の時間を見積もる手法（Keystroke-Level Model、Card・Moran・Newell 1983年）で、見積もりの誤差を加えて計算しています。</p>
</footer></body></html>`;
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
