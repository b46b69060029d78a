import { phrases } from '../../../lib/phrases.ts';
import { registerHref, site } from '../../../lib/site.ts';

// The words of this site are its own; how they are drawn is Astro's.
export { registerHref, site };

export const DISCLOSURES = {
  none: undefined,
  pr: '本サイトの運営者が提供するサービスへの、無料登録のご案内を含みます。',
  affiliate: 'リンク先でのお申し込みなどにより、運営者が報酬を受け取る場合があります。',
};

/** HTML with a `<wbr>` between the phrases of its texts. */
export function withBreaks(html: string): string {
  return html.replace(/(<[^>]*>)|([^<]+)/g, (_, tag, text) => tag ?? phrases(text).join('<wbr>'));
}

const japaneseDay = new Intl.DateTimeFormat('ja-JP', { dateStyle: 'long', timeZone: 'Asia/Tokyo' });
const isoDay = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: 'Asia/Tokyo' });

export function dayTexts(at: Date): { japanese: string; iso: string } {
  return { japanese: japaneseDay.format(at), iso: isoDay.format(at) };
}
