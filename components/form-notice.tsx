import type { ReactNode, Ref } from 'react';
import { site } from '#lib/site.ts';
import type { Sent } from './send-answers.ts';

const { phone } = site.operator;

/**
 * What became of a submission when it is not a fault of the answers, told next to the button, where the visitor is and
 * can try again.
 */
export function FormNotice({ sent, ref }: { sent: Sent; ref?: Ref<HTMLElement> }) {
  switch (sent.status) {
    case 'invalid':
    case 'unread':
      return null;
    case 'accepted':
      return (
        <Notice title="登録を受け付けました" ref={ref}>
          <p>
            <a href={sent.thanks}>受付番号と、ご連絡の期限を見る</a>
          </p>
        </Notice>
      );
    case 'limited':
      return (
        <Notice title="少し時間をおいて、もう一度お送りください" ref={ref}>
          <p>
            短い間に送信が重なったため、まだ登録していません。ご入力の内容は残っています。{sent.retryFrom}
            以降に、もう一度ボタンを押してください。
          </p>
          <Telephone />
        </Notice>
      );
    case 'unstored':
      return (
        <Notice title="登録を保存できませんでした" ref={ref}>
          <p>
            こちらの不具合により、登録は完了していません。ご入力の内容は残っています。少し待ってから、もう一度ボタンを押してください。何度押しても、登録は1件です。
          </p>
          <Telephone />
        </Notice>
      );
    case 'unreached':
      return (
        <Notice title="登録できたか、確認できませんでした" ref={ref}>
          <p>
            通信が途切れたか、サーバーから返事がありません。ご入力の内容は残っています。もう一度ボタンを押してください。何度押しても、登録は1件です。
          </p>
          <Telephone />
        </Notice>
      );
  }
}

function Notice({ title, ref, children }: { title: string; ref: Ref<HTMLElement> | undefined; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noAutofocus: without script this is how a visitor whose page came back meets the message.
    <section className="form-notice" role="alert" tabIndex={-1} autoFocus ref={ref}>
      <p className="form-notice-title">{title}</p>
      {children}
    </section>
  );
}

function Telephone() {
  return (
    <p>
      お電話でも承ります：<a href={phone.href}>{phone.display}</a>（{phone.hours}）
    </p>
  );
}
