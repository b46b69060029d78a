import type { Metadata } from 'next';
import { Day } from '#components/day.tsx';
import { pageMetadata } from '#lib/page-metadata.ts';
import { site } from '#lib/site.ts';

const { operator, name, privacyVersion, retentionMonths } = site;

export const metadata: Metadata = pageMetadata({
  path: '/privacy',
  title: 'プライバシーポリシー',
  description: `${name}が登録フォームでお預かりする情報、その使いみち、保存期間、開示や削除のご依頼の方法をまとめています。`,
});

export default function PrivacyPage() {
  return (
    <article className="sheet">
      <h1>プライバシーポリシー</h1>
      <p className="byline">
        <span>
          <Day at={new Date(privacyVersion)} />版
        </span>
      </p>
      <div className="prose">
        <p>
          {operator.name}（以下「当方」）は、{name}
          （以下「本サイト」）でお預かりする個人情報を、個人情報の保護に関する法律その他の法令に従い、次のとおり取り扱います。
        </p>

        <h2 id="collected">お預かりする情報</h2>
        <p>
          登録フォームから送信されたときに、次の情報を保存します。書きかけの内容は、お使いの端末のそのタブの中にだけ残り、送信するまで本サイトには届きません。
        </p>
        <ul>
          <li>お名前、メールアドレス、電話番号、稼働できる時期</li>
          <li>
            どの記事の、どの登録ボタンから来られたか。PMOタイプ診断の結果を伝える登録ボタンを選ばれた場合は、その結果。アドレスに広告などの識別子（utm）が付いていた場合と、ほかのサイトから来られた場合は、その識別子とリンク元
          </li>
          <li>同意いただいた本ポリシーの版と日時、受付の日時、ご連絡の期限、お送りしたメールの送信状況</li>
        </ul>
        <p>
          記事を読むだけ、PMOタイプ診断に答えるだけであれば、お名前やご連絡先をお預かりすることはありません。診断の答えは保存しません。
        </p>

        <h2 id="purposes">使いみち</h2>
        <ol>
          <li>登録された方への、案件のご紹介と面談の日程調整のためのご連絡</li>
          <li>受付番号とご連絡の期限をお知らせするメールの送信</li>
          <li>ご質問への回答と、ご依頼に応じた開示、訂正、削除</li>
          <li>どの記事が登録のきっかけになったかの集計（個人を識別しない形で行います）</li>
          <li>いたずらや大量送信の防止</li>
        </ol>
        <p>これ以外の目的では使いません。広告のメールを送る場合は、別に同意をいただきます。</p>

        <h2 id="mails">お送りするメール</h2>
        <p>
          登録を受け付けると、ご本人に受付の確認を1通お送りします。同じ内容の登録は、担当者にもメールで届きます。担当者は、そのメールを見てお電話またはメールでご連絡します。
        </p>

        <h2 id="sharing">第三者への提供と委託</h2>
        <p>
          ご本人の同意がある場合と法令に基づく場合を除き、個人情報を第三者に提供しません。案件の紹介先の企業にお名前や経歴を伝えるときは、その都度、事前に確認します。サーバーの運用やメールの配送を外部の事業者に委託する場合は、契約により適切に監督します。
        </p>

        <h2 id="cookies">Cookieと外部への通信</h2>
        <p>
          本サイトはCookieを使いません。アクセス解析、広告、地図、動画、文字の書体など、外部のサービスへの通信も行いません。記事のページは、スクリプトを使わずに表示しています。
        </p>

        <h2 id="retention">保存期間</h2>
        <p>
          お預かりした情報は、登録の日から{retentionMonths}
          か月を過ぎたら削除します。期間の途中でも、ご依頼があれば削除します。削除した後は、受付番号と受付、期限の日時だけを、件数の記録として残します。
        </p>

        <h2 id="security">安全のための措置</h2>
        <p>
          本サイトとの通信は暗号化します。登録の記録を見られる人を担当者に限り、動作の記録（ログ）にはお名前、メールアドレス、電話番号を書きません。
        </p>

        <h2 id="requests">開示、訂正、削除のご依頼</h2>
        <p>
          ご自身の情報の開示、訂正、利用の停止、削除を希望される場合は、下の窓口へ、登録に使ったメールアドレスから、または受付番号を添えてご連絡ください。ご本人であることを確認したうえで、遅滞なく対応します。手数料はいただきません。
        </p>

        <h2 id="contact">事業者と窓口</h2>
        <dl className="facts">
          <div>
            <dt>事業者</dt>
            <dd>{operator.name}</dd>
          </div>
          <div>
            <dt>所在地</dt>
            <dd>{operator.address}</dd>
          </div>
          <div>
            <dt>電話</dt>
            <dd>
              <a href={operator.phone.href}>{operator.phone.display}</a>（{operator.phone.hours}）
            </dd>
          </div>
          <div>
            <dt>メール</dt>
            <dd>
              <a href={`mailto:${operator.email}`}>{operator.email}</a>
            </dd>
          </div>
        </dl>

        <h2 id="changes">改定</h2>
        <p>
          内容を改めるときは、このページに新しい版の日付とともに掲載します。使いみちを広げる改定を、すでに登録された方へ同意なく適用することはありません。
        </p>
      </div>
    </article>
  );
}
