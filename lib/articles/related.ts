import '#server-only';
import type { Article } from './schema.ts';
import { normalForm } from './search/normal-form.ts';
import type { Stock } from './stock.ts';

/** Of how many articles of a tag or category the newest are compared: keeps the cost the same in a large archive. */
const COMPARED = 100;
/** A shared tag counts by its rarity, from 0.6 down; the category a little; words in title and description up to 1. */
const CATEGORY_POINTS = 0.1;

/**
 * Up to `count` of the articles that `isShown` lets through, never `article` itself: those with the same tags, the
 * rarer the better, the same category and like words in title and description; of equals the newer one.
 * @param newest fills up what tags and category leave open.
 */
export function closest(
  article: Article,
  { byCategory, byTag }: Stock,
  newest: readonly Article[],
  isShown: (candidate: Article) => boolean,
  count: number,
): Article[] {
  const scores = new Map<Article, number>();
  const score = (candidates: readonly Article[], points: number) => {
    let compared = 0;
    for (const candidate of candidates) {
      if (candidate.slug === article.slug || !isShown(candidate)) continue;
      scores.set(candidate, (scores.get(candidate) ?? 0) + points);
      compared += 1;
      if (compared === COMPARED) break;
    }
  };
  score(byCategory.get(article.category.id) ?? [], CATEGORY_POINTS);
  for (const tag of new Set(article.tags)) {
    const tagged = byTag.get(tag) ?? [];
    score(tagged, 1 / Math.log2(tagged.length + 2));
  }
  score(newest.slice(0, count + 1), 0);
  const likeness = likenessTo(article, [...scores.keys()]);
  return [...scores]
    .map(([candidate, points]) => ({ candidate, points: points + likeness(candidate) }))
    .sort((a, b) => b.points - a.points || b.candidate.publishedAt.getTime() - a.candidate.publishedAt.getTime())
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** Cosine of the pairs of characters in title and description, each weighed by its rarity among the candidates. */
function likenessTo(article: Article, candidates: readonly Article[]): (candidate: Article) => number {
  const having = new Map<string, number>();
  for (const each of [article, ...candidates]) {
    for (const pair of pairsOf(each)) having.set(pair, (having.get(pair) ?? 0) + 1);
  }
  const weight = (pair: string) => Math.log((candidates.length + 2) / (having.get(pair) ?? 1)) ** 2;
  const length = (pairs: ReadonlySet<string>) => Math.sqrt([...pairs].reduce((sum, pair) => sum + weight(pair), 0));
  const own = pairsOf(article);
  const ownLength = length(own);
  return (candidate) => {
    const pairs = pairsOf(candidate);
    const shared = [...pairs].reduce((sum, pair) => (own.has(pair) ? sum + weight(pair) : sum), 0);
    return shared === 0 ? 0 : shared / (ownLength * length(pairs));
  };
}

// An article object lives as long as its file does not change, and so do its words.
const pairsKnown = new WeakMap<Article, ReadonlySet<string>>();

/** Pairs of kanji, katakana, letters or digits: hiragana between them says how, not what. */
function pairsOf(article: Article): ReadonlySet<string> {
  const known = pairsKnown.get(article);
  if (known) return known;
  const words = normalForm(`${article.title} ${article.description}`).split(
    /[^\p{Script=Han}\p{Script=Katakana}a-z0-9-]+/u,
  );
  const pairs = new Set(
    words.flatMap((word) => Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2))),
  );
  pairsKnown.set(article, pairs);
  return pairs;
}
