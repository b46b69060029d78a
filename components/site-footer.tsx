import { site } from '#lib/site.ts';
import { Day } from './day.tsx';
import { Phrases } from './phrases.tsx';

const { operator } = site;

/** What the last measure of the form said (lib/claim.ts): the footnote claims nothing else. */
type Measured = { typedSeconds: number; filledSeconds: number; errorPercent: number; measuredAt: Date };

export function SiteFooter({ claim }: { claim: Measured }) {
  return (
    <footer className="site-footer">
      <div className="footer-who">
        <p className="footer-name">{site.name}</p>
        <p className="phrases">
          <Phrases text={site.tagline} />
        </p>
      </div>
      <ul className="footer-links">
        {[...site.navigation, ...site.guides].map(({ href, label }) => (
          <li key={href}>
            <a href={href}>{label}</a>
          </li>
        ))}
        <li>
          <a href="/search">記事を検索</a>
        </li>
        <li>
          <a href="/privacy">プライバシーポリシー</a>
        </li>
        <li>
          <a href="/accessibility">アクセシビリティ</a>
        </li>
      </ul>
      <address className="footer-contact">
        {operator.name}
        <br />
        電話 <a href={operator.phone.href}>{operator.phone.display}</a>（{operator.phone.hours}）
      </address>
      <p className="footer-claim" id="claim-60">
        ※
        「簡単60秒」は、4つの質問への入力を始めてから登録の完了画面が出るまでの時間の見積もりです。実際のフォームを、キーボード、マウス、スマートフォンで、名前の長さが違う3人分操作し、操作ごとの時間を足す手法（Keystroke-Level
        Model、Card・Moran・Newell 1983年）で計算して誤差{claim.errorPercent}%を加えると、最も長い場合で
        {claim.typedSeconds}秒、自動入力を使う場合で{claim.filledSeconds}秒でした（
        <Day at={claim.measuredAt} />
        測定）。<a href="/about/60-seconds">60秒の測り方</a>
      </p>
    </footer>
  );
}
