import type { Article } from '#lib/articles/schema.ts';

const TEAM = {
  id: 'editorial-team',
  name: '編集部',
  kind: 'organization',
  summary: '紹介',
  profile: ['紹介'],
} as const;

/** An article as the catalog gives it to pages; `change` says what a test is about. */
export function exampleArticle(change: Partial<Article> = {}): Article {
  return {
    slug: 'pmo-types',
    title: 'PMOの5つの種類',
    description: '種類の説明',
    // Midnight in Japan, still the day before in London.
    publishedAt: new Date('2026-11-16T00:00:00+09:00'),
    updatedAt: undefined,
    expiresAt: undefined,
    author: { ...TEAM, profile: [...TEAM.profile] },
    supervisor: undefined,
    category: { id: 'work', name: 'しごとを知る', description: '説明' },
    tags: [],
    image: undefined,
    draft: false,
    disclosure: 'none',
    aliases: [],
    characters: 4000,
    minutes: 8,
    ...change,
  };
}
