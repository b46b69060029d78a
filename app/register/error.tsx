'use client';

import { site } from '#lib/site.ts';

const { phone } = site.operator;

/** When the page itself breaks in the browser. What was typed is still in the tab, and comes back with the form. */
export default function RegisterError() {
  return (
    <div className="sheet" role="alert">
      <h1>ページを表示できませんでした</h1>
      <p>
        ご入力の内容は、このタブに残っています。フォームをもう一度開くか、お電話（
        <a href={phone.href}>{phone.display}</a>、{phone.hours}）でご連絡ください。
      </p>
      <p>
        <a className="button" href="/register">
          フォームをもう一度開く
        </a>
      </p>
    </div>
  );
}
