import type { Metadata } from 'next';
import { Day } from '#components/day.tsx';
import { Fact, Facts } from '#components/facts.tsx';
import '#components/facts.css';
import { type ClaimRun, readClaim, summarize } from '#lib/claim.ts';
import { pageMetadata } from '#lib/page-metadata.ts';

const MODES: Record<ClaimRun['mode'], string> = {
  keyboard: 'キーボード',
  mouse: 'マウス',
  touch: 'スマートフォン',
  autofill: '自動入力',
};
const PEOPLE: Record<ClaimRun['person'], string> = { short: '短い', usual: 'ふつう', long: '長い' };

/** What each constant of the measure stands for; one that is unknown here is shown by its own name. */
const MEANINGS: Record<string, string> = {
  key: 'キーまたはマウスのボタンを1回押す',
  touchKey: 'スマートフォンの画面のキーを1回押す',
  point: '画面の1か所を指す（タップ、画面を動かす操作を含む）',
  homing: '手をキーボードとマウスのあいだで動かす',
  thought: '次の操作を決める',
  character: '画面の文字を1文字読む',
};

export const metadata: Metadata = pageMetadata({
  path: '/about/60-seconds',
  title: '「簡単60秒」の測り方',
  description:
    '登録フォームの「簡単60秒」を、どのように測り、どの数字から計算しているか。操作の回数、1回あたりの秒数とその出典、測った日、含めていない時間をまとめています。',
});

const oneDecimal = (seconds: number): string => (Math.ceil(seconds * 10) / 10).toFixed(1);

/** The measure behind the claim, from the file that `npm run bench form` writes; no figure is written here. */
export default function SixtySecondsPage() {
  const claim = readClaim();
  const { typedSeconds, filledSeconds, errorPercent } = summarize(claim);
  return (
    <article className="sheet">
      <h1>「簡単60秒」の測り方</h1>
      <p className="byline">
        <span>
          <Day at={claim.measuredAt} />
          測定
        </span>
      </p>
      <div className="prose">
        <p>
          本サイトの登録フォームは、入力を始めてから完了の画面が出るまで、最も長い場合で{typedSeconds}
          秒、ブラウザーの自動入力を使う場合で{filledSeconds}
          秒という計算になりました。人に計ってもらった時間ではなく、操作の回数から見積もった時間です。
        </p>

        <h2 id="method">どのように測ったか</h2>
        <p>
          公開しているものと同じフォームをブラウザー（Chromium）で実際に操作し、最初の欄に進むところから完了の画面が出るまでに起きた操作を数えました。同じ回数を、フォームの作り（欄の種類や順序）からも別に数え、2つが一致することを確かめています。
        </p>
        <ul>
          <li>操作のしかたは、キーボード、マウス、幅390pxのスマートフォン、自動入力の4通りです。</li>
          <li>名前とメールアドレスが短い人、ふつうの人、長い人の3人として入力しました。</li>
          <li>日本語の名前は、ローマ字の字数に、変換と確定の2回と、決める時間1回を変換ごとに足しています。</li>
          <li>最初の欄と登録ボタンのあいだに見える文字は、すべて読むものとしています。</li>
          <li>
            回数に1回あたりの秒数を掛けて足し、実際に計った応答の時間を加え、手法の誤差として{errorPercent}
            %を足しました。
          </li>
        </ul>

        <h2 id="results">結果</h2>
        <p>時間は、誤差{errorPercent}%を足したあとの秒数です。</p>
        <table>
          <thead>
            <tr>
              <th scope="col">操作</th>
              <th scope="col">名前</th>
              <th scope="col">時間</th>
              <th scope="col">上限</th>
            </tr>
          </thead>
          <tbody>
            {claim.runs.map((run) => (
              <tr key={`${run.mode}-${run.person}`}>
                <td>{MODES[run.mode]}</td>
                <td>{PEOPLE[run.person]}</td>
                <td>{oneDecimal(run.promisedSeconds)}秒</td>
                <td>{run.limitSeconds}秒</td>
              </tr>
            ))}
          </tbody>
        </table>

        <h2 id="operators">操作の回数</h2>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls by itself must be reachable by keyboard. */}
        <div className="wide-table" role="group" aria-label="操作の回数（横に動かせます）" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">操作、名前</th>
                <th scope="col">押す</th>
                <th scope="col">指す</th>
                <th scope="col">手を動かす</th>
                <th scope="col">決める</th>
                <th scope="col">読む文字</th>
                <th scope="col">応答</th>
              </tr>
            </thead>
            <tbody>
              {claim.runs.map(({ mode, person, operators, responseSeconds }) => (
                <tr key={`${mode}-${person}`}>
                  <td>
                    {MODES[mode]}、{PEOPLE[person]}
                  </td>
                  <td>{operators.keys}回</td>
                  <td>{operators.points}回</td>
                  <td>{operators.homings}回</td>
                  <td>{operators.thoughts}回</td>
                  <td>{operators.characters}字</td>
                  <td>{responseSeconds.toFixed(2)}秒</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>

        <h2 id="constants">1回あたりの秒数と出典</h2>
        <Facts>
          {claim.constants.map(({ id, symbol, seconds, source }) => (
            <Fact key={id} name={`${symbol} ${seconds}秒`}>
              {MEANINGS[id] ?? id}
              <small>{source}</small>
            </Fact>
          ))}
        </Facts>

        <h2 id="limits">含めていない時間</h2>
        <ul>
          <li>フォームを開くまでと、最初の欄より上にある説明を読む時間</li>
          <li>打ち間違いを直す時間、変換の候補を選び直す時間、キーボードの言語を切り替える時間</li>
          <li>通信の時間（応答は、サーバーと同じ機械の上で計っています）</li>
        </ul>
        <p>
          操作に慣れた人を想定した手法のため、実際の時間は人によって変わります。急ぐ必要はなく、書きかけの内容は消えません。
        </p>
        <p>測定したプログラムの版: {claim.commit}</p>
      </div>
    </article>
  );
}
