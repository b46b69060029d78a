import fs from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test, vi } from 'vitest';
// biome-ignore lint/style/noRestrictedImports: not a route, but what three routes share; drawn here without a server.
import { drawShareImage } from '#app/share-image.tsx';
import { SHARE_COLORS, TITLE_BOX } from '#components/share-image.tsx';
import { locate } from '#lib/articles/addresses.ts';
import { openCatalog } from '#lib/articles/catalog.ts';
import { phrases } from '#lib/phrases.ts';
import { QUIZ_RESULTS } from '#lib/quiz/results.ts';
import { PMO_TYPES, TYPE_NAMES } from '#lib/quiz/schema.ts';
import { shareFonts } from '#lib/share-fonts.ts';
import { site } from '#lib/site.ts';
import { titleLines } from '#lib/title-lines.ts';
import { articleText, contentFolder } from './content-folder.ts';

// Long after every article of the site was published.
const LATER = new Date('2100-01-01T00:00:00+09:00');
const { visible, categories } = openCatalog('content').snapshot(LATER);
const TITLES = [
  ...visible.map(({ title }) => title),
  site.headline.join(''),
  ...PMO_TYPES.map((type) => `${TYPE_NAMES[type]}：${QUIZ_RESULTS[type].summary}`),
];

/** Width and height from the header of a PNG (RFC 2083, 11.2.2). */
async function sizeOf(answer: Response): Promise<{ width: number; height: number; bytes: Buffer }> {
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), bytes };
}

test('すべての題名、分類名、サイト名の文字が、共有画像の書体にある', async () => {
  const { drawable } = await shareFonts();
  const texts = [...TITLES, ...categories.map(({ name }) => name), site.name, site.tagline];
  expect(texts.length).toBeGreaterThan(15);
  expect(texts.map(drawable)).toEqual(texts.map((text) => text.normalize('NFC')));
});

test('題名は3行までで、文節の途中で切れず、枠からはみ出さない', async () => {
  const { boldWidth } = await shareFonts();
  const longest = '「'.concat('漢'.repeat(30), '」');
  for (const title of [...TITLES, 'PMO', longest]) {
    const { lines, size } = titleLines(title, TITLE_BOX, boldWidth);
    expect(lines.length).toBeLessThanOrEqual(3);
    expect(lines.join('')).toBe(title);
    const widest = Math.max(...lines.map(boldWidth));
    expect(widest * size).toBeLessThanOrEqual(TITLE_BOX.width);
    const breaks = lines.slice(0, -1).map((_, index) => lines.slice(0, index + 1).join('').length);
    let at = 0;
    const allowed = phrases(title).map((phrase) => (at += phrase.length));
    expect(allowed).toEqual(expect.arrayContaining(breaks));
  }
});

test('行は読点で分かれ、長さがそろう', async () => {
  const { boldWidth } = await shareFonts();
  const lines = (title: string) => titleLines(title, TITLE_BOX, boldWidth).lines;
  expect(lines('PMOはやめとけ？言われる理由と後悔しない働き方')).toEqual([
    'PMOはやめとけ？',
    '言われる理由と',
    '後悔しない働き方',
  ]);
  expect(lines('PMOに必要なスキルと、経歴書や面談での見せ方')).toEqual([
    'PMOに必要なスキルと、',
    '経歴書や面談での見せ方',
  ]);
  expect(lines('PMOとは')).toEqual(['PMOとは']);
});

test('共有画像は1200×630のPNGで、題名ごとに違い、同じ題名なら同じ', async () => {
  const draw = async (title: string) => sizeOf(await drawShareImage({ label: 'しごとを知る', title }));
  const [one, other, again] = [await draw('PMOの1日'), await draw('PMOの単価'), await draw('PMOの1日')];
  expect(one).toMatchObject({ width: 1200, height: 630 });
  expect(other.bytes.equals(one.bytes)).toBe(false);
  expect(again.bytes.equals(one.bytes)).toBe(true);
});

test('書体に無い文字は省いて描き、外へ取りに行かない', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch');
  const { drawable } = await shareFonts();
  expect(drawable('PMO🎉の仕事 𰻞 葛\u{e0100}飾 한')).toBe('PMOの仕事 葛飾');
  const drawn = async (title: string) => (await sizeOf(await drawShareImage({ label: '型', title }))).bytes;
  expect((await drawn('PMO🎉の仕事')).equals(await drawn('PMOの仕事'))).toBe(true);
  expect(fetched).not.toHaveBeenCalled();
});

test('共有画像の版は、題名が変わると変わり、本文が変わっても変わらない', () => {
  const revision = (text: string) => {
    const snapshot = openCatalog(contentFolder({ 'a.mdx': text })).snapshot(LATER);
    const located = locate(snapshot, '/articles/a/share.png');
    return located.status === 'page' ? `${located.key} ${located.revision}` : located.status;
  };
  const before = revision(articleText());
  expect(before).toMatch(/^\/articles\/a\/share\.png \S+$/);
  expect(revision(articleText({ body: '別の文です。\n\n## 章\n\n文。' }))).toBe(before);
  expect(revision(articleText({ head: { title: '別の題名' } }))).not.toBe(before);
});

test('見えない記事の画像は見つからず、移った記事の画像は移った先にある', () => {
  const snapshot = openCatalog(
    contentFolder({
      'draft.mdx': articleText({ head: { draft: 'true' } }),
      'new.mdx': articleText({ head: { aliases: '[old]' } }),
    }),
  ).snapshot(LATER);
  expect(locate(snapshot, '/articles/draft/share.png')).toMatchObject({ key: '/not-found' });
  expect(locate(snapshot, '/articles/nope/share.png')).toMatchObject({ key: '/not-found' });
  expect(locate(snapshot, '/categories/work/share.png')).toMatchObject({ key: '/not-found' });
  expect(locate(snapshot, '/articles/old/share.png')).toEqual({ status: 'moved', location: '/articles/new/share.png' });
});

test('共有画像の色は、サイトの明るい配色と同じ', () => {
  const theme = createRequire(import.meta.url).resolve('@digital-go-jp/tailwind-theme-plugin/v4');
  const css = fs.readFileSync('app/tokens.css', 'utf8') + fs.readFileSync(theme, 'utf8');
  const value = (token: string): string => {
    const found = new RegExp(`--color-${token}:\\s*(?:light-dark\\()?(var\\(--color-([\\w-]+)\\)|#[0-9a-f]{3,6})`).exec(
      css,
    );
    return found?.[2] ? value(found[2]) : (found?.[1] ?? `no ${token}`);
  };
  expect(SHARE_COLORS).toEqual({
    paper: value('paper').replace(/^#fff$/, '#ffffff'),
    ink: value('ink'),
    accent: value('accent'),
  });
});
