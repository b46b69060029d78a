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

/**
 * What two articles say in common, from 0 to 1: pairs of characters in title and description that both have, each weighed
 * by its rarity among the candidates, against the number of pairs in either (a cosine).
 */
function likenessTo(article: Article, candidates: readonly Article[]): (candidate: Article) => number {
  const own = pairsOf(article);
  const having = new Uint16Array(own.length);
  for (const candidate of candidates)
    for (const at of placesOfShared(own, pairsOf(candidate))) having[at] = (having[at] ?? 0) + 1;
  const rarest = Math.log(candidates.length + 2);
  const weights = Float64Array.from(having, (count) => (Math.log((candidates.length + 2) / (count + 1)) / rarest) ** 2);
  return (candidate) => {
    const pairs = pairsOf(candidate);
    let shared = 0;
    for (const at of placesOfShared(own, pairs)) shared += weights[at] ?? 0;
    return shared === 0 ? 0 : shared / Math.sqrt(own.length * pairs.length);
  };
}

/** Where in `own` the pairs stand that `others` has too; both ascending. */
function placesOfShared(own: Uint32Array, others: Uint32Array): number[] {
  const places: number[] = [];
  let at = 0;
  for (const pair of others) {
    while (at < own.length && (own[at] ?? 0) < pair) at += 1;
    if (own[at] === pair) places.push(at);
  }
  return places;
}

// An article object lives as long as its file does not change, and so do its words. Kept as ascending numbers: as sets
// of strings, the pairs of 10,000 articles took some 5 KB each, and comparing one article with 400 took 4 ms.
const pairsKnown = new WeakMap<Article, Uint32Array>();

/** Pairs of kanji, katakana, letters or digits: hiragana between them says how, not what. */
function pairsOf(article: Article): Uint32Array {
  const known = pairsKnown.get(article);
  if (known) return known;
  const words = normalForm(`${article.title} ${article.description}`).split(
    /[^\p{Script=Han}\p{Script=Katakana}a-z0-9-]+/u,
  );
  const pairs = new Set<number>();
  for (const word of words) {
    for (let at = 1; at < word.length; at++) pairs.add(word.charCodeAt(at - 1) * 0x10000 + word.charCodeAt(at));
  }
  const sorted = Uint32Array.from(pairs).sort();
  pairsKnown.set(article, sorted);
  return sorted;
}
