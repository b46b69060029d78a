import type { Metadata } from 'next';
import { Phrases } from '#components/phrases.tsx';

export const metadata: Metadata = { title: 'ページが見つかりません', robots: { index: false } };

export default function NotFound() {
  return (
    <div className="sheet">
      <h1>
        <Phrases text="お探しのページは見つかりませんでした" />
      </h1>
      <p>住所が変わったか、公開を終えた可能性があります。お手数ですが、次のページからお進みください。</p>
      <ul className="ways-on">
        <li>
          <a href="/articles">記事一覧</a>
        </li>
        <li>
          <a href="/">トップページ</a>
        </li>
        <li>
          <a href="/register">無料登録</a>
        </li>
      </ul>
    </div>
  );
}
