import { describe, expect, test } from 'vitest';
import { finish } from '#lib/reader/finish.ts';

const noStyle = (): undefined => undefined;

function page(body: string, head = '<title>記事</title>'): string {
  return `<!DOCTYPE html><html lang="ja"><head>${head}</head><body>${body}</body></html>`;
}

function finished(html: string, readStyleSheet: (href: string) => string | undefined = noStyle) {
  const result = finish(html, readStyleSheet);
  if (result.status === 'refused') throw new Error(result.reason);
  return result;
}

describe('仕上げ', () => {
  test('実行されるスクリプトとその先読みをすべて取り除く', () => {
    const html = page(
      '<p>本文</p><script src="/_next/a.js" async=""></script><script>self.__next_f.push([1,"x"])</script>',
      '<title>記事</title><link rel="preload" as="script" href="/_next/a.js"/><link rel="modulepreload" href="/b.js"/>',
    );
    expect(finished(html).html).toBe(page('<p>本文</p>'));
  });

  test('検索エンジンのためのデータと先読みの規則は残す', () => {
    const data = '<script type="application/ld+json">{"@type":"Article"}</script>';
    const rules = '<script type="speculationrules">{"prefetch":[]}</script>';
    expect(finished(page(`${data}${rules}<p>本文</p>`)).html).toBe(page(`${data}${rules}<p>本文</p>`));
  });

  test('Reactの目印だけを取り除き、文と画像の先読みは変えない', () => {
    const image = '<link rel="preload" as="image" href="/a.avif"/>';
    const html = page(
      '<div hidden=""><!--$--><!--/$--></div><p>あと<!-- -->3<!-- -->分</p>',
      `<title>記事</title>${image}`,
    );
    expect(finished(html).html).toBe(page('<p>あと3分</p>', `<title>記事</title>${image}`));
  });

  test('スタイルシートはページに書き込み、そのハッシュを返す', () => {
    const html = page(
      '<p>本文</p>',
      '<title>記事</title><link rel="stylesheet" href="/_next/static/x.css" data-precedence="next"/>',
    );
    const result = finished(html, (href) => (href === '/_next/static/x.css' ? 'p{color:red}' : undefined));
    expect(result.html).toBe(page('<p>本文</p>', '<title>記事</title><style>p{color:red}</style>'));
    // printf 'p{color:red}' | openssl dgst -sha256 -binary | base64
    expect(result.styleHashes).toEqual(["'sha256-p0bF+un5yUb9MBO6xRb8kPHlY2BdpHVtLiFkDrZPF64='"]);
  });

  test.each([
    ['遅れて届く内容が隠れている', page('<template id="B:0"></template><div hidden="" id="S:0">遅れた本文</div>')],
    ['途中で切れている', '<!DOCTYPE html><html lang="ja"><head><title>記事</title></head><body><p>本文'],
    ['題名が本文の後ろにある', page('<p>本文</p><title>記事</title>', '')],
  ])('%sページは仕上げを断る', (_reason, html) => {
    expect(finish(html, noStyle).status).toBe('refused');
  });
});
