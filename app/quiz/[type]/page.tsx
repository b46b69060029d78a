import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Cta } from '#components/cta.tsx';
import { Entries } from '#components/entries.tsx';
import { PageHead } from '#components/page-head.tsx';
import { Phrases } from '#components/phrases.tsx';
import { Points, QuizTypes, Reasons } from '#components/quiz-result.tsx';
import '#components/quiz.css';
import { catalog } from '#lib/articles/catalog.ts';
import { readEnv } from '#lib/env.ts';
import { pageMetadata } from '#lib/page-metadata.ts';
import { answersFor, quizHref, quizImagePath, typeAt } from '#lib/quiz/addresses.ts';
import { QUIZ_RESULTS } from '#lib/quiz/results.ts';
import { TYPE_NAMES } from '#lib/quiz/schema.ts';
import { type Judgement, judge } from '#lib/quiz/score.ts';
import { quizPlace, registerHref } from '#lib/site.ts';
import { QUIZ_LIMITS, quizCrumb, quizTypes } from '../quiz-types.ts';

type Props = {
  params: Promise<{ type: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { type, judgement } = await readResult(props);
  const { summary, about } = QUIZ_RESULTS[type];
  const title = `${TYPE_NAMES[type]}は、${summary}｜${quizCrumb.label}`;
  const metadata = pageMetadata({ path: quizHref(type), title, description: about, image: quizImagePath(type) });
  return judgement ? { ...metadata, robots: { index: false, follow: true } } : metadata;
}

/** A result: with the reader's answers in the address it says why, without them it is the page to pass on. */
export default async function QuizResultPage(props: Props) {
  const { type, judgement } = await readResult(props);
  const { siteUrl } = readEnv();
  const { find } = catalog().snapshot(new Date());
  const name = TYPE_NAMES[type];
  const { summary, about, strengths, cautions, reading } = QUIZ_RESULTS[type];
  const articles = reading.map(find).flatMap((found) => (found.status === 'visible' ? [found.article] : []));
  return (
    <>
      <PageHead
        trail={[quizCrumb]}
        here={{ href: quizHref(type), label: `${name}は、${summary}` }}
        about={about}
        origin={siteUrl}
      />
      <div className="quiz-text">
        {judgement ? (
          <p>
            6つの答えから、いまのあなたに近いのは<strong>{name}</strong>です。{QUIZ_LIMITS}
          </p>
        ) : (
          <>
            <p>{QUIZ_LIMITS}</p>
            <p>
              <a className="button quiz-start" href={quizCrumb.href}>
                6つの質問に答えてみる
              </a>
            </p>
          </>
        )}
      </div>
      {judgement && <Why name={name} judgement={judgement} />}
      <div className="quiz-pair">
        <section className="band" aria-labelledby="strengths">
          <h2 id="strengths">
            <Phrases text={`${name}で生きる強み`} />
          </h2>
          <ul className="quiz-list">
            {strengths.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
        <section className="band" aria-labelledby="cautions">
          <h2 id="cautions">気をつけたいこと</h2>
          <ul className="quiz-list">
            {cautions.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      </div>
      {articles.length > 0 && (
        <section className="band" aria-labelledby="reading">
          <h2 id="reading">次に読む記事</h2>
          <Entries articles={articles} level={3} brief />
        </section>
      )}
      {judgement && (
        <p className="quiz-passing">
          下の案内から登録すると、結果が「{name}」だったことを担当者に伝えます。6つの答えは伝えません。
          <a href={registerHref('quiz')}>結果を伝えずに登録する</a>こともできます。
        </p>
      )}
      <Cta place={judgement ? quizPlace(type) : 'quiz'} />
      <section className="band" aria-labelledby="types">
        <h2 id="types">5つの型</h2>
        <QuizTypes types={quizTypes} here={type} />
        <p className="quiz-ways">
          {judgement && <a href={quizHref(type)}>この結果を人に送るためのページ（あなたの答えは含みません）</a>}
          <a href={quizCrumb.href}>{judgement ? 'もう一度答える' : '診断を受ける'}</a>
        </p>
      </section>
    </>
  );
}

function Why({ name, judgement }: { name: string; judgement: Judgement }) {
  const [first, second] = judgement.points;
  return (
    <div className="quiz-pair">
      <section className="band" aria-labelledby="reasons">
        <h2 id="reasons">
          <Phrases text={`${name}に近いと考えた理由`} />
        </h2>
        <Reasons reasons={judgement.reasons} />
      </section>
      <section className="band" aria-labelledby="points">
        <h2 id="points">5つの型の点</h2>
        <div className="quiz-text">
          {first?.points === second?.points && (
            <p>同点の型があったので、後ろの質問の答えを重く見て決めました。もう一方の型も読んでみてください。</p>
          )}
          <Points points={judgement.points} hrefOf={quizHref} />
        </div>
      </section>
    </div>
  );
}

/** The type at this address, and what the answers in it say; without a type the page ends. */
async function readResult({ params, searchParams }: Props) {
  const type = typeAt((await params).type);
  if (!type) return notFound();
  const answers = answersFor(type, [(await searchParams).a].flat()[0] ?? '');
  return { type, judgement: answers && judge(answers) };
}
