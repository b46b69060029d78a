import type { Metadata } from 'next';
import { permanentRedirect } from 'next/navigation';
import { PageHead } from '#components/page-head.tsx';
import { QuizForm } from '#components/quiz-form.tsx';
import '#components/lead-form.css';
import '#components/quiz.css';
import { readEnv } from '#lib/env.ts';
import { QUIZ_ACTION, readSent } from '#lib/quiz/addresses.ts';
import { QUIZ_QUESTIONS } from '#lib/quiz/schema.ts';
import { setStatus } from '#lib/request-context.ts';
import { quizCrumb } from '../quiz-types.ts';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export const metadata: Metadata = { title: `エラー: ${quizCrumb.label}`, robots: { index: false, follow: true } };

/** The quiz with questions left open. lib/quiz/addresses.ts leads complete answers to their result before this page. */
export default async function OpenQuestionsPage({ searchParams }: Props) {
  const fields = await searchParams;
  const sent = readSent((name) => [fields[name]].flat()[0]);
  if (sent.status === 'complete') return permanentRedirect(sent.location);
  setStatus(422);
  return (
    <>
      <PageHead
        trail={[]}
        here={quizCrumb}
        about="あと少しで結果が出ます。選んだ答えは、そのまま残っています。"
        origin={readEnv().siteUrl}
      />
      <QuizForm action={QUIZ_ACTION} questions={QUIZ_QUESTIONS} chosen={sent.chosen} isSentBack />
    </>
  );
}
