import { quizHref } from '#lib/quiz/addresses.ts';
import { QUIZ_RESULTS } from '#lib/quiz/results.ts';
import { PMO_TYPES } from '#lib/quiz/schema.ts';

/** The five results as the pages of the quiz list them. */
export const quizTypes = PMO_TYPES.map((type) => ({ type, href: quizHref(type), summary: QUIZ_RESULTS[type].summary }));

export const quizCrumb = { href: '/quiz', label: 'PMOタイプ診断' };

/** What the quiz can say and what it cannot, on its first page and on every result. */
export const QUIZ_LIMITS =
  'この診断は、PMOの5つの型を知り、次に読む記事を選ぶための目安です。性格や適性を測るものではありません。';
