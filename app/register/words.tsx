import type { ReactNode } from 'react';
import { Phrases } from '#components/phrases.tsx';
import { site } from '#lib/site.ts';

const { phone } = site.operator;

/** A kind page for an address that was opened late, cut short or has done its work: nothing is wrong. */
export function Words({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="thanks">
      <title>{`${title}｜${site.name}`}</title>
      <h1>
        <Phrases text={title} />
      </h1>
      <p>{children}</p>
      <Closing />
    </div>
  );
}

/** Last on a page that has nothing more to say: how to reach a person, and a way back to reading. */
export function Closing() {
  return (
    <>
      <Contact />
      <p>
        <a className="button button-quiet" href="/articles">
          記事一覧へ
        </a>
      </p>
    </>
  );
}

/** How to reach a person; `change` is the address at which a registration is corrected or withdrawn. */
export function Contact({ change }: { change?: string | undefined }) {
  return (
    <>
      <h2>お問い合わせ</h2>
      {change && (
        <p>
          内容を直したいとき、登録を取り消したいときは、<a href={change}>訂正と取り消しのページ</a>
          からお手続きください。確認のメールからも開けます。
        </p>
      )}
      <p>
        {change ? 'メールが届かないとき、お困りのとき' : 'お困りのとき'}は、受付番号を添えて
        <a href={phone.href}>{phone.display}</a>（{phone.hours}）または
        <a href={`mailto:${site.operator.email}`}>{site.operator.email}</a>
        へお知らせください。お預かりした情報の扱いは<a href="/privacy">プライバシーポリシー</a>のとおりです。
      </p>
    </>
  );
}

/** What a post has done, or why it did nothing, first in `main` and read out when the page opens. */
export function Told({ children, wrong = false }: { children: string; wrong?: boolean }) {
  return (
    // biome-ignore lint/a11y/noAutofocus: what has just happened is what the visitor must meet first.
    <section className={wrong ? 'form-notice' : 'form-notice form-done'} role="alert" tabIndex={-1} autoFocus>
      <p className="form-notice-title phrases">
        <Phrases text={children} />
      </p>
    </section>
  );
}
