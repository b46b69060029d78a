import type { Metadata } from 'next';
import { Day } from '#components/day.tsx';
import { ContactFacts, Facts } from '#components/facts.tsx';
import '#components/facts.css';
import { pageMetadata } from '#lib/page-metadata.ts';
import { site } from '#lib/site.ts';

const { name } = site;

export const metadata: Metadata = pageMetadata({
  path: '/accessibility',
  title: 'アクセシビリティ',
  description: `${name}のページと登録フォームについて、使いやすさを何で試験したか、試験していないことは何か、困ったときの連絡先をまとめています。`,
});

/** Says what was tested, how, and what was not; every line of the first list is a test that runs with `npm test`. */
export default function AccessibilityPage() {
  return (
    <article className="sheet">
      <h1>アクセシビリティ</h1>
      <p className="byline">
        <span>
          <Day at={new Date(site.accessibilityCheckedOn)} />
          現在
        </span>
      </p>
      <div className="prose">
        <p>
          {name}
          は、JIS X 8341-3:2016とWCAG
          2.2の適合レベルAAを目標に作っています。第三者による審査は受けておらず、適合を宣言するものではありません。試験したことと、していないことを、そのまま書きます。
        </p>

        <h2 id="tested">試験したこと</h2>
        <p>次のことは、サイトを変えるたびに、ブラウザー（Chromium）を使った自動の試験で確かめています。</p>
        <ul>
          <li>
            axe-coreの自動検査（WCAG
            2.0、2.1、2.2のAとAA、推奨事項）で、違反が見つからないこと。対象は、公開しているすべてのページ（トップ、記事、一覧、分類、タグ、執筆者、検索、診断、案内、公開を終えた記事と見つからない住所のお知らせ）と、登録フォームのはじめ、誤りの表示、送れなかったとき、完了、追加の質問、訂正と取り消しの画面で、幅390pxで確かめています。
          </li>
          <li>
            上の検査を、暗い配色の画面でも行うこと（フォームのすべての画面と、ページの種類ごとの代表。記事は2本です）。同じ代表とフォームの主な画面では、幅320px、1280px、強制カラーモードでも行うこと。
          </li>
          <li>
            記事と案内のページを、幅320px、文字の大きさ200%、WCAGの定める字間と行間に広げても、登録フォームを、幅320pxと文字の大きさ200%を重ねても、横に動かさずに読めること。
          </li>
          <li>
            登録、追加の質問、訂正を、キーボードだけで初めから完了まで進められること。焦点のあるところが、いつも線で囲まれていること。
          </li>
          <li>
            入力の誤りが、文字で、何を直せばよいかとともに示され、誤りの一覧から欄へ移れること。JavaScriptが動かなくても同じであること。
          </li>
          <li>
            登録フォーム、誤りの表示、完了、追加の質問、訂正の画面で、読み上げに使われる名前、役割、順序、状態が、書いたとおりであること（アクセシビリティツリーの検査）。
          </li>
          <li>フォームのボタン、リンク、選択肢の高さが44px以上であること。</li>
        </ul>

        <h2 id="untested">試験していないこと</h2>
        <ul>
          <li>スクリーンリーダー（NVDA、PC-Talker、VoiceOver、TalkBackなど）の実物での読み上げ</li>
          <li>障害のある方、高齢の方に実際に使っていただく試験</li>
          <li>Chromium以外のブラウザー、音声入力、スイッチ操作、画面拡大ソフト</li>
          <li>自動検査では判断できない、文章のわかりやすさや画像の説明の適切さについての、専門家の評価</li>
        </ul>

        <h2 id="help">使いにくいと感じたら</h2>
        <p>
          フォームを使えないときは、お電話かメールでも登録を承ります。使いにくいところは、お使いの機器とソフトの名前を添えてお知らせください。
        </p>
        <Facts>
          <ContactFacts />
        </Facts>
      </div>
    </article>
  );
}
