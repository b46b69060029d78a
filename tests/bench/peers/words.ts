import { readFileSync } from 'node:fs';
import { jstIso } from '../../../lib/jst.ts';
import { phrases } from '../../../lib/phrases.ts';

// The words of this site are its own; how they are drawn is the peer's.

export const DISCLOSURES = {
  none: undefined,
  pr: '本サイトの運営者が提供するサービスへの、無料登録のご案内を含みます。',
  affiliate: 'リンク先でのお申し込みなどにより、運営者が報酬を受け取る場合があります。',
};

/** Pieces of the site's own page that are the same for every article, with `{{…}}` for what differs. */
const pieces: Record<string, string> = JSON.parse(readFileSync(`${process.env.PEER_WORK}/pieces.json`, 'utf8'));

export function piece(name: string, differing: Record<string, string>): string {
  return (pieces[name] ?? '').replace(/\{\{(\w+)\}\}/g, (_, word) => escapeHtml(differing[word] ?? ''));
}

/** What differs from article to article in the pieces. */
export function differing(slug: string, data: { title: string; description: string; publishedAt: Date; updatedAt?: Date }) {
  const { title, description, publishedAt, updatedAt = publishedAt } = data;
  return { slug, title, description, published: jstIso(publishedAt), modified: jstIso(updatedAt) };
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** As components/phrases.tsx has it. */
const BREAKS_INSIDE = /[」』）】？！].*[^」』）】？！、。]/;

/** HTML with a `<wbr>` between the phrases of its texts. */
export function withBreaks(html: string): string {
  return html.replace(/(<[^>]*>)|([^<]+)/g, (_, tag, text) => tag ?? phrases(text).map(whole).join('<wbr>'));
}

function whole(phrase: string): string {
  return BREAKS_INSIDE.test(phrase) ? `<span class="phrase">${phrase}</span>` : phrase;
}

const japaneseDay = new Intl.DateTimeFormat('ja-JP', { dateStyle: 'long', timeZone: 'Asia/Tokyo' });
const isoDay = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: 'Asia/Tokyo' });

export function dayTexts(at: Date): { japanese: string; iso: string } {
  return { japanese: japaneseDay.format(at), iso: isoDay.format(at) };
}
