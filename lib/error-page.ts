import '#server-only';
import { site } from '#lib/site.ts';

const WORDS: Record<number, { title: string; text: string }> = {
  400: {
    title: 'このアドレスは開けません',
    text: 'アドレスに使えない文字が含まれているか、アドレスが長すぎます。検索の場合は、言葉を短くしてお試しください。',
  },
  403: {
    title: 'この送信は受け付けられません',
    text: '当サイトのフォーム以外から送信されたため、登録していません。登録は当サイトのフォームからお願いします。',
  },
  404: { title: 'ページが見つかりません', text: 'アドレスが変わったか、公開が終わった可能性があります。' },
  405: { title: 'この操作はできません', text: 'このアドレスでは受け付けていない操作です。' },
  408: {
    title: '送信が時間内に終わりませんでした',
    text: '登録は完了していません。通信の状態をご確認のうえ、もう一度お試しください。',
  },
  413: {
    title: '送信された内容が大きすぎます',
    text: '登録は完了していません。ファイルなどを付けず、フォームの項目だけを送信してください。',
  },
  415: {
    title: 'この形式の送信は受け付けられません',
    text: '登録は完了していません。当サイトのフォームから送信してください。',
  },
  417: {
    title: 'この送信は受け付けられません',
    text: '登録は完了していません。当サイトのフォームから送信してください。',
  },
  500: { title: 'ページを表示できませんでした', text: '時間をおいて、もう一度お試しください。' },
  503: { title: 'ただいま表示できません', text: '時間をおいて、もう一度お試しください。' },
};

/** Every status that `errorPage` has words for. */
export type ErrorStatus = 400 | 403 | 404 | 405 | 408 | 413 | 415 | 417 | 500 | 503;

/** A whole page that needs neither Next nor a style sheet: what is shown when something in front of them refuses. */
export function errorPage(status: ErrorStatus): string {
  const { title, text } = WORDS[status] ?? {
    title: 'エラーが発生しました',
    text: '時間をおいて、もう一度お試しください。',
  };
  const { phone } = site.operator;
  return `<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}｜${site.name}</title></head><body><main><h1>${title}</h1><p>${text}</p><ul><li><a href="/">トップページ</a></li><li><a href="/register">無料登録フォーム</a></li><li>お電話：<a href="${phone.href}">${phone.display}</a>（${phone.hours}）</li></ul></main></body></html>`;
}
