import type { Metadata } from 'next';
import { Fragment } from 'react';
import { ClaimMark, Cta } from '#components/cta.tsx';
import { Figures } from '#components/figures.tsx';
import { PageHead } from '#components/page-head.tsx';
import { Phrases } from '#components/phrases.tsx';
import { Steps } from '#components/steps.tsx';
import '#components/home.css';
import '#components/service.css';
import { catalog } from '#lib/articles/catalog.ts';
import { readEnv } from '#lib/env.ts';
import { jstIso } from '#lib/jst.ts';
import { describeClosedDays, describeDue, describeInstant, replyDueAt } from '#lib/leads/deadline.ts';
import { START_CHOICES } from '#lib/leads/schema.ts';
import { pageMetadata } from '#lib/page-metadata.ts';
import { site } from '#lib/site.ts';

const { operator, retentionMonths, extraClosingDays } = site;
const here = { href: '/service', label: 'サービスについて' };
const about =
  '専任の担当者が、フリーランスのPM・PdM・PMOに案件をご紹介するサービスです。登録の後に起こること、ご連絡の期限、費用、よくある質問をまとめました。';

/** A day off, a weekday evening, the end of a year: the promise at its most various. The dates stand beside the answers. */
const EXAMPLES = ['2026-11-22T15:04+09:00', '2026-11-27T18:00+09:00', '2026-12-28T18:00+09:00'].map((instant) => {
  return new Date(instant);
});

/** Without the configured days of the next weeks: this page stays as it is for longer than they are ahead. */
const CLOSED_DAYS = `${describeClosedDays(new Date(0), [])}${extraClosingDays.length > 0 ? 'と、登録フォームでお知らせする休業日' : ''}`;

export const metadata: Metadata = pageMetadata({ path: here.href, title: here.label, description: about });

export default function ServicePage() {
  const { figures } = catalog().snapshot(new Date());
  return (
    <div className="service">
      <PageHead trail={[]} here={here} about={about} origin={readEnv().siteUrl} />
      <section className="band" aria-labelledby="agent">
        <h2 id="agent">
          <Phrases text="担当者がすること" />
        </h2>
        <div className="prose">
          <p>
            登録された方に専任の担当者がつき、長く続く高単価の案件を、あなたに代わって探します。自分で募集を見て回り、条件を問い合わせて比べる時間を、担当者が引き受けます。はじめのご連絡で、これまでの経験と、希望する仕事や働き方を直接うかがいます。
          </p>
          <p>
            PMOの仕事は、名前が同じでも中身が大きく違います。希望がまだ言葉になっていないときは、
            <a href="/quiz">PMOタイプ診断</a>や<a href="/articles">記事</a>で考えを整理してから話すこともできます。
          </p>
        </div>
      </section>
      <Steps />
      <Cta place="service" />
      <section className="band" aria-labelledby="deadline">
        <h2 id="deadline">
          <Phrases text="ご連絡の期限" />
        </h2>
        <div className="prose">
          <p>
            登録から24時間以内にご連絡します。{CLOSED_DAYS}
            は、この24時間に数えません。期限は登録ごとに計算し、登録の完了画面と確認のメールに、日付と時刻でお知らせします。いま登録した場合の期限は、登録フォームにも出ています。
          </p>
          <table>
            <caption>登録した日時と、ご連絡の期限の例</caption>
            <thead>
              <tr>
                <th scope="col">登録した日時</th>
                <th scope="col">ご連絡の期限</th>
              </tr>
            </thead>
            <tbody>
              {EXAMPLES.map((received) => {
                const due = replyDueAt(received);
                return (
                  <tr key={jstIso(received)}>
                    <td>
                      <time dateTime={jstIso(received)}>{inParts(describeInstant(received))}</time>
                    </td>
                    <td>
                      <time dateTime={jstIso(due)}>{inParts(describeDue(due))}</time>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </section>
      <section className="band" aria-labelledby="cost">
        <h2 id="cost">
          <Phrases text="費用" />
        </h2>
        <p>登録は無料です。登録された方に、費用はかかりません。記事と診断は、登録しなくてもご利用いただけます。</p>
      </section>
      <Figures figures={figures} />
      <section className="band" aria-labelledby="questions">
        <h2 id="questions">
          <Phrases text="よくある質問" />
        </h2>
        <div className="questions">
          <h3>
            <Phrases text="登録には何が必要ですか" />
          </h3>
          <p>
            お名前、メールアドレス、電話番号、稼働できる時期の4つです。入力は約60秒
            <ClaimMark />
            です。職務経歴書などの書類は、登録のときには要りません。
          </p>
          <h3>
            <Phrases text="すぐに働けなくても登録できますか" />
          </h3>
          <p>
            できます。稼働できる時期に「{START_CHOICES.undecided}」を選べます。ご連絡の期限は、どれを選んでも同じです。
          </p>
          <h3>
            <Phrases text="ご連絡は電話ですか、メールですか" />
          </h3>
          <p>担当者が、電話かメールでご連絡します。登録の受付は、確認のメールですぐにお知らせします。</p>
          <h3>
            <Phrases text="確認のメールが届かないときは" />
          </h3>
          <p>
            登録の完了画面に出た受付番号が、受付のしるしです。ご不明な点は、お電話（
            <a href={operator.phone.href}>{operator.phone.display}</a>、{operator.phone.hours}）かメール（
            <a href={`mailto:${operator.email}`}>{operator.email}</a>）でお尋ねください。
          </p>
          <h3>
            <Phrases text="名前や経歴が、知らないうちに企業へ伝わりませんか" />
          </h3>
          <p>案件の紹介先の企業にお伝えするときは、その都度、事前に確認します。</p>
          <h3>
            <Phrases text="登録した内容を、消してもらえますか" />
          </h3>
          <p>
            ご依頼があれば削除します。手数料はいただきません。ご依頼がなくても、登録の日から{retentionMonths}
            か月を過ぎたら削除します。方法は<a href="/privacy#requests">プライバシーポリシー</a>をご覧ください。
          </p>
        </div>
      </section>
      <Cta place="service" />
    </div>
  );
}

/** An instant that may break between its day and its time, for cells that are narrow on a phone. */
function inParts(instant: string) {
  return instant.split(/(?<=\))/).map((part, index) => (
    <Fragment key={part}>
      {index > 0 && <wbr />}
      <span className="phrase">{part}</span>
    </Fragment>
  ));
}
