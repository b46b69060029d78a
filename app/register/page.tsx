import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { ClaimMark } from '#components/cta.tsx';
import { LeadForm } from '#components/lead-form.tsx';
import '#components/lead-form.css';
import { Fact, Facts } from '#components/facts.tsx';
import { jstIso } from '#lib/jst.ts';
import { describeClosedDays, describeDueBy, isLongWait, replyDueAt } from '#lib/leads/deadline.ts';
import { pageMetadata } from '#lib/page-metadata.ts';
import { passedResult } from '#lib/site.ts';
import { register } from './actions.ts';
import { freshStart, type Query, serveForm, startAgain } from './form-start.ts';

// The title stands in the form: only it knows whether there is an error.
export const metadata: Metadata = {
  ...pageMetadata({
    path: '/register',
    title: '無料登録',
    description: '4つの質問にお答えいただくと、専任の担当者が、長く続けられるPM・PMOの案件を探します。登録は無料です。',
  }),
  title: { absolute: '' },
};

export default async function RegisterPage({ searchParams }: { searchParams: Promise<Query> }) {
  const request = await headers();
  const start = await serveForm(
    startAgain() ?? freshStart(await searchParams, request.get('referer'), request.get('host')),
  );
  const now = new Date();
  const due = replyDueAt(now);
  const quizResult = passedResult(start.hidden.cta);
  return (
    <div className="register">
      <LeadForm action={register} start={start}>
        <div>
          <h1>無料登録</h1>
          <Facts>
            <Fact name="ご入力">
              4つの質問、
              <span className="claim">
                簡単60秒
                <ClaimMark />
              </span>
            </Fact>
            <Fact name="ご連絡">
              <strong>
                <time dateTime={jstIso(due)}>{describeDueBy(due)}</time>
              </strong>
              、担当者から
              {isLongWait(now, due) ? 'ご連絡します。お休みが続くため、いつもより日数がかかります' : 'ご連絡します'}
              <small>受付から24時間以内。{describeClosedDays(now)}は、この24時間に数えません</small>
            </Fact>
            {quizResult && <Fact name="診断">PMOタイプ診断の結果「{quizResult}」を担当者に伝えます</Fact>}
          </Facts>
        </div>
      </LeadForm>
    </div>
  );
}
