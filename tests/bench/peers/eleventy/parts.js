import { dayTexts, escapeHtml, withBreaks } from '../words.ts';

export function day(at) {
  const { iso, japanese } = dayTexts(at);
  return `<time datetime="${iso}">${japanese}</time>`;
}

/** YAML reads a day as midnight UTC; in Japan it began nine hours earlier. */
export function inJapan(day) {
  return new Date(day.getTime() - 9 * 3_600_000);
}

export function phrases(text) {
  return withBreaks(escapeHtml(text));
}

export function contentsList(sections) {
  if (sections.length < 2) return '';
  const entries = sections.map(({ id, text }) => `<li><a class="phrases" href="#${id}">${phrases(text)}</a></li>`);
  return `<nav class="toc" aria-label="目次"><details><summary>目次</summary><ol>${entries.join('')}</ol></details></nav>`;
}

export function tagLinks(tags) {
  if (tags.length === 0) return '';
  const links = tags.map((tag) => `<li><a href="/tags/${encodeURIComponent(tag)}">${escapeHtml(tag)}</a></li>`);
  return `<nav class="tags" aria-label="タグ"><ul>${links.join('')}</ul></nav>`;
}

export function figureText({ value, unit, asOf }) {
  return `${value.toLocaleString('ja-JP')}${unit}（${day(inJapan(asOf))}時点）`;
}
