import type { Metadata } from 'next';
import { PageHead } from '#components/page-head.tsx';
import { QuizForm } from '#components/quiz-form.tsx';
import { QuizTypes } from '#components/quiz-result.tsx';
import '#components/lead-form.css';
import '#components/quiz.css';
import { readEnv } from '#lib/env.ts';
import { pageMetadata } from '#lib/page-metadata.ts';
import { QUIZ_ACTION } from '#lib/quiz/addresses.ts';
import { QUIZ_QUESTIONS } from '#lib/quiz/schema.ts';
import { QUIZ_LIMITS, quizCrumb, quizTypes } from './quiz-types.ts';

const about =
  '働き方の好みについての6つの質問から、支援型、管理型、戦略型、コーポレート、第三者評価のどれに近いかがわかります。登録はいりません。';

export const metadata: Metadata = pageMetadata({ path: quizCrumb.href, title: quizCrumb.label, description: about });

export default function QuizPage() {
  return (
    <>
      <PageHead trail={[]} here={quizCrumb} about={about} origin={readEnv().siteUrl} />
      <QuizForm action={QUIZ_ACTION} questions={QUIZ_QUESTIONS} chosen={new Map()} isSentBack={false} />
      <section className="band" aria-labelledby="scoring">
        <h2 id="scoring">結果の決め方</h2>
        <div className="quiz-text">
          <p>
            1つの答えにつき、いちばん近い型に2点、次に近い型に1点が入ります。点の合計がいちばん多い型が結果です。同点のときは質問6の答え、それでも決まらなければ質問5の答えというように、後ろの質問から順に見て、先に多くの点を得た型にします。
          </p>
          <p>{QUIZ_LIMITS}</p>
          <p>答えは結果のページのアドレスに入るだけで、本サイトは保存しません。</p>
        </div>
      </section>
      <section className="band" aria-labelledby="types">
        <h2 id="types">5つの型</h2>
        <QuizTypes types={quizTypes} />
      </section>
    </>
  );
}
