import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCatalog } from '#lib/articles/catalog.ts';
import { sourceSchema } from '#lib/leads/schema.ts';
import { answersFor, locateQuiz, quizHref, readSent } from '#lib/quiz/addresses.ts';
import { QUIZ_RESULTS } from '#lib/quiz/results.ts';
import { PMO_TYPES, type PmoType, QUIZ_QUESTIONS, TYPE_NAMES } from '#lib/quiz/schema.ts';
import { judge, type QuizAnswers, readAnswers } from '#lib/quiz/score.ts';
import { CTA_NAMES, CTA_PLACES, passedResult, quizPlace } from '#lib/site.ts';

/** Every way to answer, as codes. */
const CODES = QUIZ_QUESTIONS.reduce<string[]>(
  (codes, { options }) => codes.flatMap((code) => options.map((_, index) => `${code}${index + 1}`)),
  [''],
);

function answers(code: string): QuizAnswers {
  const read = readAnswers(code);
  if (!read) throw new Error(`no answers: ${code}`);
  return read;
}
const locate = (address: string) => {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  return locateQuiz(pathname, searchParams);
};

describe('採点', () => {
  test('6つの質問のどんな答え方でも、結果は1つに決まり、どの型も8%以上の答え方で出る', () => {
    expect(CODES).toHaveLength(4 ** 5 * 5);
    const counts = new Map<PmoType, number>();
    for (const code of CODES) {
      const { type } = judge(answers(code));
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([...PMO_TYPES].sort());
    for (const count of counts.values()) expect(count / CODES.length).toBeGreaterThanOrEqual(0.08);
  });

  test('結果の点はほかのどの型にも負けず、理由に並ぶ点の合計と同じで、5つの型を合わせて18点', () => {
    for (const code of CODES) {
      const { type, points, reasons } = judge(answers(code));
      expect(points[0]?.type).toBe(type);
      expect(points[0]?.points).toBe(Math.max(...points.map((each) => each.points)));
      expect(reasons.reduce((sum, reason) => sum + reason.points, 0)).toBe(points[0]?.points);
      expect(points.reduce((sum, each) => sum + each.points, 0)).toBe(18);
    }
  });

  test('同点のときは、質問6から順にさかのぼり、先に多くの点を得た型になる', () => {
    for (const code of CODES) {
      const all = answers(code);
      const { type, points } = judge(all);
      const tied = points.filter((each) => each.points === points[0]?.points).map((each) => each.type);
      if (tied.length === 1) continue;
      let left = tied;
      for (const { option } of all.toReversed()) {
        const got = (each: PmoType) => (option.near === each ? 2 : option.beside === each ? 1 : 0);
        const most = Math.max(...left.map(got));
        left = left.filter((each) => got(each) === most);
      }
      expect(left, code).toEqual([type]);
    }
  });

  test('どの型も、近い答えと次に近い答えを5つずつ持ち、1つの答えが両方になることはない', () => {
    const options = QUIZ_QUESTIONS.flatMap((question) => question.options);
    for (const type of PMO_TYPES) {
      expect(options.filter(({ near }) => near === type)).toHaveLength(5);
      expect(options.filter(({ beside }) => beside === type)).toHaveLength(5);
    }
    expect(options.filter(({ near, beside }) => near === beside)).toEqual([]);
  });

  test('いつもPMの隣を選ぶ人は支援型で、理由にはその人の答えが並ぶ', () => {
    const { type, reasons } = judge(answers('111111'));
    expect(type).toBe('support');
    expect(reasons[0]).toEqual({
      question: 'どこに身を置くと力が出ますか',
      answer: 'PMの隣。決める人のすぐそば',
      because: '支援型は、PMの判断を間近で見ながら手を動かします。',
      points: 2,
    });
    expect(reasons).toHaveLength(5);
  });
});

describe('アドレス', () => {
  test('すべて答えると、答えを添えた結果のアドレスへ移る', () => {
    expect(locate('/quiz/result?q1=1&q2=1&q3=1&q4=1&q5=1&q6=1')).toEqual({
      status: 'moved',
      location: '/quiz/support?a=111111',
    });
  });

  test('どの答え方でも、移った先はその答えの結果のページ', () => {
    for (const code of CODES) {
      const sent = readSent((name) => code[QUIZ_QUESTIONS.findIndex((question) => question.name === name)]);
      if (sent.status !== 'complete') throw new Error(code);
      expect(locate(sent.location)).toEqual({ status: 'page', url: sent.location, passing: true });
    }
  });

  test('答えが足りない、または読めないときは、読めた答えだけを1つの書き方で残す', () => {
    expect(locate('/quiz/result')).toEqual({ status: 'page', url: '/quiz/result', passing: false });
    const url = '/quiz/result?q2=3&q6=5';
    for (const query of ['q6=5&q2=3', 'q2=3&q6=5&x=1', 'q1=9&q2=3&q6=5', 'q2=3&q2=1&q6=5&q1=', 'q1=1%00&q2=3&q6=5']) {
      expect(locate(`/quiz/result?${query}`)).toEqual({ status: 'page', url, passing: true });
    }
    expect(locate('/quiz/result?q1=5&q2=0&q3=-1&q4=1.0&q5=１&q6=__proto__')).toMatchObject({ url: '/quiz/result' });
  });

  test('知らない引数と、その型にならない答えは、結果のページを増やさない', () => {
    const plain = { status: 'page', url: '/quiz/support', passing: false };
    for (const query of ['', '?x=1', '?a=', '?a=1', '?a=444445', '?a=999999', '?a=1111111', '?utm_source=a&a=%00']) {
      expect(locate(`/quiz/support${query}`)).toEqual(plain);
    }
    expect(locate('/quiz?q1=1&x=2')).toEqual({ status: 'page', url: '/quiz', passing: false });
    expect(answersFor('support', '444445')).toBeUndefined();
  });

  test('知らない型は、ないページ', () => {
    for (const name of ['unknown', 'Support', 'support/x', '', 'toString', '__proto__']) {
      expect(locateQuiz(`/quiz/${name}`, new URLSearchParams())).toEqual({ status: 'unknown' });
    }
  });
});

test('読むようすすめる記事は、どれも在る', () => {
  const articles = openCatalog(path.resolve(import.meta.dirname, '../../content'));
  for (const { reading } of Object.values(QUIZ_RESULTS)) {
    expect(reading.length).toBeGreaterThanOrEqual(3);
    for (const slug of reading) expect(articles.article(slug)?.slug).toBe(slug);
  }
});

test('型の名前は、型の記事と同じ', () => {
  const article = readFileSync(path.resolve(import.meta.dirname, '../../content/articles/pmo-types/index.mdx'), 'utf8');
  for (const name of Object.values(TYPE_NAMES)) expect(article).toContain(`| ${name} |`);
});

test('結果を伝える登録ボタンは型ごとにあり、登録の記録に残って、担当者に型の名前で伝わる', () => {
  for (const type of PMO_TYPES) {
    const place = quizPlace(type);
    expect(CTA_PLACES).toContain(place);
    expect(sourceSchema.parse({ cta: place })).toEqual({ cta: place });
    expect(CTA_NAMES[place]).toContain(`結果: ${TYPE_NAMES[type]}`);
    expect(passedResult(place)).toBe(TYPE_NAMES[type]);
  }
  expect(passedResult('quiz')).toBeUndefined();
  expect(passedResult('home')).toBeUndefined();
  expect(quizHref('support')).toBe('/quiz/support');
});
