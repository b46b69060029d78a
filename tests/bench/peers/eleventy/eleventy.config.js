import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import markdownIt from 'markdown-it';
import { piece, withBreaks } from '../words.ts';
import { articlePage } from './article-page.js';
import { contentsList, figureText, tagLinks } from './parts.js';

// Everything that is not the site itself lies in a folder that the bench makes and removes (PEER_WORK).
const work = process.env.PEER_WORK;
const content = path.join(work, 'content');

const readYaml = (file) => load(readFileSync(path.join(content, file), 'utf8'));
const site = {
  css: readFileSync(path.join(work, 'site.css'), 'utf8'),
  categories: new Map(readYaml('categories.yaml').map((category) => [category.id, category])),
  figures: new Map(readYaml('figures.yaml').map((figure) => [figure.id, figure])),
  authors: new Map(
    readdirSync(path.join(content, 'authors')).map((file) => {
      const id = path.basename(file, '.yaml');
      return [id, { id, ...readYaml(path.join('authors', file)) }];
    }),
  ),
};

const markdown = markdownIt({ html: true });
markdown.core.ruler.push('heading-ids', ({ tokens, env }) => {
  const seen = new Map();
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'heading_open') continue;
    const text = tokens[index + 1].children.map((child) => child.content).join('');
    const slug = text.toLowerCase().replace(/[^\p{L}\p{N}\p{M}\- ]/gu, '').replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    token.attrSet('id', count === 0 ? slug : `${slug}-${count}`);
    if (token.tag === 'h2') env.sections.push({ id: token.attrGet('id'), text });
  }
});

/** Draws the components of an article as HTML between its Markdown. */
function drawParts(text, slug) {
  return text
    .replaceAll('<Prose>', '<div class="prose">')
    .replaceAll('<KeyPoints>', '<div class="key-points"><p class="part-title">要点</p>')
    .replaceAll('<Comparison>', '<div class="comparison">')
    .replace(/<(Note|Side|Question) title="([^"]*)">/g, (_, name, title) => {
      return `<div class="${name.toLowerCase()}"><p class="part-title phrases">${withBreaks(title)}</p>`;
    })
    .replace(/<\/(?:Prose|KeyPoints|Note|Comparison|Side|Question)>/g, '</div>')
    .replace(/<Quotation source="([^"]*)"(?: url="([^"]*)")?>([\s\S]*?)<\/Quotation>/g, (_, source, url, words) => {
      const name = url ? `<a href="${url}">${source}</a>` : source;
      const cite = url ? ` cite="${url}"` : '';
      return `<figure class="quotation"><blockquote${cite}>${words}</blockquote><figcaption>${name}</figcaption></figure>`;
    })
    .replace(/<Illustration caption="([^"]*)">([\s\S]*?)<\/Illustration>/g, (_, caption, picture) => {
      return `<figure class="illustration">${picture}<figcaption>${caption}</figcaption></figure>`;
    })
    .replace('<Sources>', '<section class="sources" aria-labelledby="sources"><h2 id="sources">出典</h2>')
    .replace('</Sources>', '</section>')
    .replace(/<Figure id="([^"]*)" \/>/g, (_, id) => figureText(site.figures.get(id)))
    .replace(/<Cta(?: place="(\w+)")? \/>/g, (_, place = 'middle') => piece(place, { slug }));
}

/** What needs the whole article: breaks in headings, tables wider than a phone, contents list, author. */
function drawRest(html, sections, tags) {
  return html
    .replace(/(<h[23] id="[^"]*">)(.*?)(<\/h[23]>)/g, (_, open, inside, close) => open + withBreaks(inside) + close)
    .replace(/<table>[\s\S]*?<\/table>/g, (table) =>
      table.split('<th>').length - 1 > 3
        ? `<div class="wide-table" role="group" aria-label="表（横に動かせます）" tabindex="0">${table}</div>`
        : table,
    )
    .replace(/<a href="https?:[^"]*"/g, (link) => `${link} rel="external"`)
    .replace('<Contents />', () => contentsList(sections))
    .replace('<Author />', () => piece('author', {}))
    .replace('<Tags />', () => tagLinks(tags));
}

export default function (eleventy) {
  eleventy.setQuietMode(true);
  eleventy.setUseGitIgnore(false);
  eleventy.addGlobalData('permalink', () => ({ page }) => `articles/${page.fileSlug}.html`);
  eleventy.addCollection('bySlug', (pages) => new Map(pages.getAll().map(({ fileSlug, data }) => [fileSlug, data])));
  eleventy.addTemplateFormats('mdx');
  eleventy.addExtension('mdx', {
    compile: (text) => (data) => {
      const slug = data.page.fileSlug;
      const sections = [];
      const drawn = markdown.render(drawParts(text, slug), { sections });
      const html = drawRest(drawn, sections, data.tags);
      return articlePage({ site, slug, data, html, bySlug: data.collections.bySlug });
    },
  });
  return { dir: { input: path.relative('.', path.join(content, 'articles')), output: path.relative('.', path.join(work, 'dist')) } };
}
