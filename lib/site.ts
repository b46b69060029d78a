import { PMO_TYPES, type PmoType, TYPE_NAMES } from '#lib/quiz/schema.ts';

/**
 * Everything that makes this the site of one particular agency: another agency changes this file, the articles and
 * the figures (content/figures.yaml), nothing else.
 */
export const site = {
  name: 'サーキュPM/PMO',
  tagline: 'フリーランスのPM・PMOのための案件紹介とキャリア情報',
  /** The first thing said on the home page, in lines that stay whole where there is room, and what follows it. */
  headline: ['フリーランスのPM・PMOに、', '長く続けられる案件を。'],
  lead: 'PM・PdM・PMOの経験を活かせる案件を、専任の担当者があなたに代わって探します。仕事と働き方の記事は、登録せずに読めます。',
  description: 'フリーランスのPM・PdM・PMOに、長く続けられる案件を専任の担当者がご紹介します。登録は約60秒、無料です。',
  operator: {
    name: 'サーキュPM/PMO運営事務局',
    /** Printed wherever a visitor must still reach a person: the 503 page, mails, privacy policy. */
    phone: { display: '03-0000-0000', href: 'tel:+81300000000', hours: '平日10:00〜18:00' },
    email: 'contact@example.jp',
    address: '東京都（運営者の所在地をlib/site.tsに記入してください）',
  },
  privacyVersion: '2026-11-23',
  /** The day on which the tests that the page on accessibility names were last read against it. */
  accessibilityCheckedOn: '2026-11-23',
  /** How long a lead is kept; the privacy policy promises it and `leads purge` keeps it. */
  retentionMonths: 24,
  /** After how many days a withdrawn lead is erased: time to notice that somebody else had the mail with the link. */
  withdrawnDays: 7,
  /** Links in header and footer, beside those that every site has (search, registration, privacy policy). */
  navigation: [{ href: '/articles', label: '記事一覧' }],
  /** Further links in the footer, and in the header where there is room for them. */
  guides: [
    { href: '/quiz', label: 'PMOタイプ診断' },
    { href: '/service', label: 'サービスについて' },
  ],
  /** Days on which the company is closed beside 12/29-01/03 and national holidays: `YYYY-MM-DD` in JST. */
  extraClosingDays: [] as readonly string[],
  /** A figure older than this is no longer shown. */
  figureLimitMonths: 36,
  /** An article that nobody has looked through for longer is named by `npm run content:check`. */
  articleLimitMonths: 24,
} as const;

/** The call to action on a result of the quiz by which a visitor passes that result on (docs/decisions/0013). */
export function quizPlace(type: PmoType): `quiz-${PmoType}` {
  return `quiz-${type}`;
}

/** The calls to action of the site, in the order a reader meets them; the key is what a lead records. */
export const CTA_PLACES = [
  ...(['opening', 'middle', 'end', 'fixed', 'header', 'home', 'search', 'service', 'quiz'] as const),
  ...PMO_TYPES.map(quizPlace),
];
export type CtaPlace = (typeof CTA_PLACES)[number];

/** Where the call to action stood, for the agents who read it in a mail or a record. */
export const CTA_NAMES: Record<CtaPlace, string> = {
  opening: '記事の冒頭の案内',
  middle: '記事の途中の案内',
  end: '記事の終わりの案内',
  fixed: '画面の下に固定された案内（スマートフォン）',
  header: 'ページ上部の「無料登録」',
  home: 'トップページの案内',
  search: '検索ページの案内',
  service: '「サービスについて」の案内',
  quiz: 'PMOタイプ診断の案内（結果は添えない）',
  'quiz-support': namedResult('support'),
  'quiz-control': namedResult('control'),
  'quiz-strategy': namedResult('strategy'),
  'quiz-corporate': namedResult('corporate'),
  'quiz-assessment': namedResult('assessment'),
};

function namedResult(type: PmoType): string {
  return `PMOタイプ診断の案内（結果: ${TYPE_NAMES[type]}）`;
}

/** The result of the quiz that goes along with a registration from `place`; undefined where none does. */
export function passedResult(place: string | undefined): string | undefined {
  const type = PMO_TYPES.find((each) => quizPlace(each) === place);
  return type && TYPE_NAMES[type];
}

/** Address of the form for a reader who comes from `article` by the call to action at `place`. */
export function registerHref(place: CtaPlace, article?: string): string {
  const query = new URLSearchParams(article ? { from: article, cta: place } : { cta: place });
  return `/register?${query}`;
}
