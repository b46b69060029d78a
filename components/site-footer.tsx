import { site } from '#lib/site.ts';
import { Phrases } from './phrases.tsx';

const { operator } = site;

export function SiteFooter() {
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
      </ul>
      <address className="footer-contact">
        {operator.name}
        <br />
        電話 <a href={operator.phone.href}>{operator.phone.display}</a>（{operator.phone.hours}）
      </address>
      <p className="footer-claim" id="claim-60">
        ※
        「簡単60秒」は、お名前・メールアドレス・電話番号・稼働時期の4つの質問への入力を始めてから、登録の完了画面が出るまでの時間です。キー入力や画面操作の時間を見積もる手法（Keystroke-Level
        Model、Card・Moran・Newell 1983年）で、見積もりの誤差を加えて計算しています。
      </p>
    </footer>
  );
}
