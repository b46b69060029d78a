import { expect, type Page } from 'playwright/test';
import { readQuery } from '#lib/articles/search/query.ts';
import { expectNoViolations } from './axe.ts';
import { test } from './site.ts';

// The search page from the front door: with JavaScript off but for axe, which needs it.

const STATES = {
  何も入れていないとき: '/search',
  見つかったとき: '/search?q=議事録',
  '2ページ目': '/search?q=PMO&page=2',
  見つからないとき: '/search?q=プロジェクトマネージャー給与',
  長すぎるとき: `/search?q=${'あ'.repeat(300)}`,
  タグのページ: '/tags/PMO',
};

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
const results = (page: Page) => page.getByRole('main').locator('.entries').first().getByRole('link');

for (const [state, path] of Object.entries(STATES)) {
  test(`${state}：axeの違反がなく、320pxでもあふれず、押せるところが44px以上`, async ({ page }) => {
    await page.goto(path);
    // Besides the light phone, on which every page is looked at (every-page).
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await overflow(page), `${width}px`).toBeLessThanOrEqual(0);
      await expectNoViolations(page);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await expectNoViolations(page, 'colours');
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('main a, main button, main input, header a')].flatMap((target) => {
        if (target.closest('.entry-title, .search-ask, p > a:not(:only-child)')) return [];
        const { width, height } = target.getBoundingClientRect();
        return width === 0 || (width >= 44 && height >= 44) ? [] : [`${target.textContent} ${width}×${height}`];
      }),
    );
    expect(small).toEqual([]);
  });
}

test.describe('JavaScriptなしで', () => {
  test.use({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });

  test('どのページからも検索へ進み、見つけた記事を読める', async ({ page }) => {
    await page.goto('/privacy');
    await page.getByRole('navigation', { name: 'サイト内' }).getByRole('link', { name: '検索' }).click();
    await expect(page).toHaveURL('/search');
    await page.getByLabel('記事の中の言葉').fill('ﾌﾘｰﾗﾝｽ　インボイス');
    await page.getByLabel('記事の中の言葉').press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('「フリーランス インボイス」の検索結果');
    await expect(page).toHaveTitle(/^「フリーランス インボイス」の検索結果/);
    await expect(page.getByLabel('記事の中の言葉')).toHaveValue('フリーランス インボイス');
    await expect(page.locator('mark').first()).toHaveText('フリーランス');
    await results(page).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('フリーランス');
  });

  test('10件より多ければ、続きへ進んで戻れる', async ({ page }) => {
    await page.goto('/search?q=PMO');
    await expect(page.getByText('13件の記事のうち1〜10件目')).toBeVisible();
    await expect(results(page)).toHaveCount(10);
    await page.getByRole('link', { name: '続き' }).click();
    await expect(page).toHaveURL('/search?q=PMO&page=2');
    await expect(page.getByText('13件の記事のうち11〜13件目')).toBeVisible();
    await page.getByRole('link', { name: '前の10件' }).click();
    await expect(page).toHaveURL('/search?q=PMO');
  });

  test('見つからないときは、近い言葉、分類、タグ、新着記事、登録への道がある', async ({ page }) => {
    await page.goto('/search?q=プロジェクトマネージャー給与');
    await expect(page.getByText('この言葉を含む記事は、見つかりませんでした。')).toBeVisible();
    const main = page.getByRole('main');
    await expect(main.getByRole('link', { name: '実務の型' })).toBeVisible();
    await expect(main.getByRole('link', { name: '会議' })).toBeVisible();
    await expect(main.getByRole('heading', { name: '新着記事' })).toBeVisible();
    await expect(main.getByRole('link', { name: '無料登録' })).toHaveAttribute('href', '/register?cta=search');
    await main.getByRole('link', { name: '「プロジェクト」で検索する' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('「プロジェクト」の検索結果');
    await expect(page.locator('mark').first()).toBeVisible();
  });

  test('タグから、同じタグの記事へ進める', async ({ page }) => {
    await page.goto('/articles/weekly-report');
    await page.getByRole('navigation', { name: 'タグ' }).getByRole('link', { name: '報告' }).click();
    await expect(page).toHaveURL(`/tags/${encodeURIComponent('報告')}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('「報告」の記事');
    await expect(results(page)).toHaveCount(1);
    await expect(page.locator('meta[name=robots]')).toHaveAttribute('content', /noindex/);
    await page.goto('/tags/ｐｍｏ');
    await expect(page).toHaveURL('/tags/PMO');
    await expect(page.locator('link[rel=canonical]')).toHaveAttribute('href', /\/tags\/PMO$/);
  });

  test('いちばん古い記事から次の記事を順にたどると、すべての記事を通る', async ({ page }) => {
    await page.goto('/articles');
    const count = await results(page).count();
    const seen = new Set<string>();
    const next = page.getByRole('navigation', { name: '前後の記事' }).getByRole('link', { name: '次の記事' });
    let link = results(page).last();
    do {
      const address = (await link.getAttribute('href')) ?? '';
      await link.click();
      // Only a page that is there whole says whether another follows.
      await page.waitForURL(address);
      seen.add(address);
      link = next;
    } while ((await next.count()) > 0);
    expect(seen.size).toBe(count);
  });
});

test.describe('どんな言葉でも', () => {
  const words = [
    ...[
      '"',
      '""',
      '"PMO',
      'PMO" OR "会議',
      'AND',
      'NOT',
      'NEAR(PMO 会議)',
      '*',
      'PMO*',
      '^',
      'title:PMO',
      '{a b}:c',
      '(',
      '-',
    ],
    ...[
      '%',
      '_',
      '\\',
      "'",
      "'; DROP TABLE articles; --",
      '<script>alert(1)</script>',
      '</title>',
      '👍',
      '👨‍👩‍👧',
      '\u0000',
      'a\u0000b',
    ],
    ...[' ', '　', '\t\n', '\u200b', '\u202e逆', '\ue0ff', 'の', 'ｶ', '１', '𠮷', 'あ'.repeat(256), 'あ'.repeat(257)],
    ...['a '.repeat(120), '%'.repeat(256), '"'.repeat(300), 'ﷺ'.repeat(20), 'a\u0301'.repeat(80)],
  ];

  test('役に立つページが、正しい状態で返る', async ({ request }) => {
    for (const typed of words) {
      const answer = await request.get(`/search?${new URLSearchParams({ q: typed })}`);
      const tooLong = [...typed.normalize('NFKC').trim()].length > 256;
      expect(answer.status(), JSON.stringify(typed)).toBe(tooLong ? 400 : 200);
      const html = await answer.text();
      expect(html).toContain('name="q"');
      // Nothing but blanks is the page to search from, which may be found.
      const isEmpty = readQuery(typed).status === 'empty';
      expect(html.includes('noindex'), JSON.stringify(typed)).toBe(!isEmpty);
      expect(html).not.toContain('<script>alert');
    }
  });

  test('壊れた符号、1万文字、繰り返した項目でも、倒れない', async ({ request }) => {
    for (const query of ['q=%ff', 'q=%ed%a0%80', 'q=%', 'q', 'q=PMO&q=会議', 'q[]=PMO', '__proto__=1', 'Q=PMO']) {
      expect((await request.get(`/search?${query}`)).status(), query).toBe(200);
    }
    for (const typed of ['a'.repeat(10_000), 'あ'.repeat(10_000), '"'.repeat(10_000)]) {
      const answer = await request.get(`/search?q=${encodeURIComponent(typed)}`);
      expect(answer.status()).toBe(400);
      expect(await answer.text()).toContain('言葉を短くしてお試しください');
    }
    for (const page of ['0', '-1', 'abc', '1.5', '99999', '']) {
      const answer = await request.get(`/search?q=PMO&page=${page}`, { maxRedirects: 0 });
      expect([answer.status(), answer.headers().location], page).toEqual([308, '/search?q=PMO']);
    }
    const beyond = await request.get('/search?q=PMO&page=3');
    expect(beyond.status()).toBe(404);
    expect(await beyond.text()).toContain('最初のページを見る');
    expect((await request.post('/search', { form: { q: 'PMO' } })).status()).toBe(405);
  });

  test('同じ検索は、書き方が違っても同じページで、変わらなければ304になる', async ({ request }) => {
    const first = await request.get('/search?q=議事録');
    expect(first.headers()).toMatchObject({ 'cache-control': 'public, max-age=0, must-revalidate' });
    const { etag } = first.headers();
    expect(etag).toMatch(/^"/);
    const again = await request.get('/search?q=%20議事録%E3%80%80&utm_source=a', {
      headers: { 'if-none-match': etag ?? '' },
    });
    expect(again.status()).toBe(304);
  });
});
