import { dayTexts, registerHref, withBreaks } from '../words.ts';

export function day(at) {
  const { iso, japanese } = dayTexts(at);
  return `<time datetime="${iso}">${japanese}</time>`;
}

/** YAML reads a day as midnight UTC; in Japan it began nine hours earlier. */
export function inJapan(day) {
  return new Date(day.getTime() - 9 * 3_600_000);
}

export function escapeHtml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

export function phrases(text) {
  return withBreaks(escapeHtml(text));
}

export function callToAction(place, slug) {
  return [
    `<div class="cta cta-${place}">`,
    `<p class="cta-offer phrases">${phrases('専任のエージェントが、長く続く高単価の案件を、あなたに代わって探します')}</p>`,
    `<p class="cta-action"><a class="button" href="${escapeHtml(registerHref(place, slug))}">無料で登録する</a>`,
    '<span class="cta-terms"><span>登録は無料、簡単60秒',
    '<a class="claim-mark" href="#claim-60" aria-label="注: 60秒の根拠">※</a></span>',
    `<span class="phrases">${phrases('24時間以内にご連絡いたします（土日祝日を除く）')}</span></span></p></div>`,
  ].join('');
}

export function contentsList(sections) {
  if (sections.length < 2) return '';
  const entries = sections.map(({ id, text }) => `<li><a class="phrases" href="#${id}">${phrases(text)}</a></li>`);
  return `<nav class="toc" aria-label="目次"><details><summary>目次</summary><ol>${entries.join('')}</ol></details></nav>`;
}

export function authorBox({ id, name, summary }) {
  return [
    '<section class="author-box" aria-labelledby="author"><h2 id="author">この記事を書いた人</h2>',
    `<p class="author-name"><a href="/authors/${id}">${name}</a></p><p>${summary}</p></section>`,
  ].join('');
}

export function figureText({ value, unit, asOf }) {
  return `${value.toLocaleString('ja-JP')}${unit}（${day(inJapan(asOf))}時点）`;
}
