import '#server-only';
import { site } from '#lib/site.ts';
import type { Catalog } from './catalog.ts';
import { displayPath, readText } from './folder.ts';
import type { Article, Fault, Figure } from './schema.ts';
import { figureEndsAt, monthsAfter } from './snapshot.ts';
import { placeInYaml, placeOfKey } from './source.ts';

type Ageing = { warnings: Fault[]; nextAt: Date | undefined };

/**
 * Warns of visible articles and of figures that nobody has looked at for longer than lib/site.ts allows. `nextAt` is
 * when the next one of those that are fresh will be.
 */
export function ageingOf(root: string, catalog: Catalog, now: Date): Ageing {
  const articles = catalog.snapshot(now).visible.map((article) => ({ article, end: articleEndsAt(article) }));
  const figures = catalog.figures().map((figure, index) => ({ figure, index, end: figureEndsAt(figure) }));
  const ends = [...articles, ...figures].map(({ end }) => end.getTime()).filter((end) => end > now.getTime());
  const warnings = [
    ...articles.flatMap(({ article, end }) => (end <= now ? oldArticle(catalog, article) : [])),
    ...figures.flatMap(({ figure, index, end }) => (end <= now ? oldFigure(root, figure, index) : [])),
  ];
  return { warnings, nextAt: ends.length > 0 ? new Date(Math.min(...ends)) : undefined };
}

function articleEndsAt({ publishedAt, updatedAt }: Article): Date {
  return monthsAfter(updatedAt ?? publishedAt, site.articleLimitMonths);
}

function oldArticle(catalog: Catalog, { slug, updatedAt }: Article): Fault[] {
  const source = catalog.source(slug);
  if (!source) return [];
  const [key, since] = updatedAt ? ['updatedAt', '更新'] : ['publishedAt', '公開'];
  const message = `${since}から${site.articleLimitMonths}か月を過ぎています（内容を見直し、見直した日を「updatedAt: 日付」で書きます）`;
  return [{ ...placeOfKey(source, key), message, severity: 'warning' }];
}

function oldFigure(root: string, { id }: Figure, index: number): Fault[] {
  const found = readText(root, 'figures.yaml');
  if (found.status !== 'read') return [];
  const place = placeInYaml(displayPath(root, 'figures.yaml'), found.text, [index, 'asOf']);
  const message = `数値「${id}」は集計から${site.figureLimitMonths}か月を過ぎ、表示されていません（集計し直した値と日付を書きます）`;
  return [{ ...place, message, severity: 'warning' }];
}
