import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { ArticleHead } from '#components/article-head.tsx';
import { articleParts } from '#components/article-parts.tsx';
import { ArticleView } from '#components/article-view.tsx';
import { AuthorBox } from '#components/author-box.tsx';
import { Contents } from '#components/contents.tsx';
import { exampleArticle } from './example-article.ts';

const ORIGIN = 'https://pmo.example.jp';
const DRAWN = {
  cover: null,
  opening: <p>はじめに</p>,
  body: <h2 id="types">種類</h2>,
  sources: <p>資料</p>,
  headings: [
    { depth: 2, id: 'types', text: '種類' },
    { depth: 3, id: 'support', text: '支援型' },
    { depth: 2, id: 'まとめ', text: 'まとめ' },
  ],
};

afterEach(cleanup);

function structuredData(): Record<string, unknown>[] {
  return [...document.querySelectorAll('script[type="application/ld+json"]')].map((script) =>
    JSON.parse(script.textContent ?? ''),
  );
}

describe('記事のページ', () => {
  test('登録への案内は、はじめと終わりと下端にあり、どの記事のどこから来たかを持っていく', () => {
    render(
      <ArticleView article={exampleArticle()} drawn={DRAWN} tags={[]} related={[]} neighbours={{}} origin={ORIGIN} />,
    );
    const addresses = screen.getAllByRole('link', { name: /^無料で登録する/ }).map((link) => link.getAttribute('href'));
    expect(addresses).toEqual([
      '/register?from=pmo-types&cta=opening',
      '/register?from=pmo-types&cta=end',
      '/register?from=pmo-types&cta=fixed',
    ]);
  });

  test('本文の中の案内も、同じ文で、中ほどから来たことを持っていく', () => {
    const { Cta } = articleParts('pmo-types', () => undefined);
    render(<Cta />);
    expect(screen.getByRole('link', { name: '無料で登録する' }).getAttribute('href')).toBe(
      '/register?from=pmo-types&cta=middle',
    );
    expect(document.body.textContent).toContain('24時間以内にご連絡いたします（土日祝日を除く）');
  });

  test('検索エンジンには、記事までの道順を伝える', () => {
    render(
      <ArticleView article={exampleArticle()} drawn={DRAWN} tags={[]} related={[]} neighbours={{}} origin={ORIGIN} />,
    );
    const [breadcrumb] = structuredData();
    expect(breadcrumb).toMatchObject({
      '@type': 'BreadcrumbList',
      itemListElement: [
        { position: 1, name: 'トップ', item: `${ORIGIN}/` },
        { position: 2, name: '記事一覧', item: `${ORIGIN}/articles` },
        { position: 3, name: 'PMOの5つの種類', item: `${ORIGIN}/articles/pmo-types` },
      ],
    });
  });

  test('題名に何が書かれていても、構造化データの外に出ない', () => {
    const title = '</script><b id="out">外</b>';
    render(
      <ArticleView
        article={exampleArticle({ title })}
        drawn={DRAWN}
        tags={[]}
        related={[]}
        neighbours={{}}
        origin={ORIGIN}
      />,
    );
    expect(document.getElementById('out')).toBeNull();
    expect(document.body.innerHTML).not.toContain('</script><b');
    expect(JSON.stringify(structuredData()[0])).toContain(JSON.stringify(title));
  });
});

describe('記事の見出し部分', () => {
  test('公開日は日本の日付で出る', () => {
    render(<ArticleHead article={exampleArticle()} />);
    const day = screen.getByText('2026年11月16日');
    expect(day.getAttribute('datetime')).toBe('2026-11-16');
    expect(document.body.textContent).not.toContain('更新');
  });

  test('更新した記事には、公開日と更新日の両方が出る', () => {
    render(<ArticleHead article={exampleArticle({ updatedAt: new Date('2026-11-20T10:00:00+09:00') })} />);
    expect(document.body.textContent).toContain('公開 2026年11月16日');
    expect(document.body.textContent).toContain('更新 2026年11月20日');
  });

  test.each([
    ['pr', true],
    ['affiliate', true],
    ['none', false],
  ] as const)('広告の区分が%sのとき、PRの表示は%s', (disclosure, shown) => {
    render(<ArticleHead article={exampleArticle({ disclosure })} />);
    expect(screen.queryByText('PR') !== null).toBe(shown);
  });
});

describe('目次', () => {
  const links = () => screen.getAllByRole('link', { hidden: true }).map((link) => link.getAttribute('href'));

  test('章の見出しだけを、書かれた順に並べる', () => {
    render(
      <ArticleView article={exampleArticle()} drawn={DRAWN} tags={[]} related={[]} neighbours={{}} origin={ORIGIN} />,
    );
    const contents = within(screen.getByRole('navigation', { name: '目次' }));
    expect(contents.getAllByRole('link', { hidden: true }).map((link) => link.getAttribute('href'))).toEqual([
      '#types',
      '#まとめ',
    ]);
  });

  test('章が1つだけの記事には出ない', () => {
    const { container } = render(<Contents sections={[{ id: 'one', text: '1つだけ' }]} />);
    expect(container.childElementCount).toBe(0);
  });

  test('スマートフォンでは閉じて始まる', () => {
    render(<Contents sections={DRAWN.headings} />);
    expect(screen.getByRole('group').hasAttribute('open')).toBe(false);
    expect(links()).toEqual(['#types', '#support', '#まとめ']);
  });
});

describe('本文の部品', () => {
  const figure = {
    id: 'professionals',
    label: '登録プロ人材数',
    value: 30002,
    unit: '名',
    asOf: new Date('2025-04-30T00:00:00+09:00'),
    source: { name: '運営者集計' },
  };
  const draw = (parts: ReturnType<typeof articleParts>, id: string) => {
    const { Figure } = parts;
    render(
      <p>
        登録者は
        <Figure id={id} />
        です。
      </p>,
    );
  };

  test('数値は、集計した日つきで文に入る', () => {
    draw(
      articleParts('a', (id) => (id === figure.id ? figure : undefined)),
      figure.id,
    );
    expect(document.body.textContent).toBe('登録者は30,002名（2025年4月30日時点）です。');
  });

  test('古くなって出せない数値があっても、文は壊れない', () => {
    draw(
      articleParts('a', () => undefined),
      figure.id,
    );
    expect(document.body.textContent).toBe('登録者は（集計を更新中）です。');
  });

  test.each([
    [3, 0],
    [4, 1],
  ])('%i列の表を、キーボードで横に動かす枠は%iつ', (columns, frames) => {
    const { table: Table } = articleParts('a', () => undefined);
    const names = ['あ', 'い', 'う', 'え'].slice(0, columns);
    render(
      <Table>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
      </Table>,
    );
    const found = screen.queryAllByRole('group', { name: '表（横に動かせます）' });
    expect(found.map((frame) => frame.tabIndex)).toEqual(Array(frames).fill(0));
    expect(screen.getAllByRole('columnheader')).toHaveLength(columns);
  });
});

test('監修者がいる記事では、執筆者と監修者の両方が名前で出る', () => {
  const person = { id: 'sato', name: '佐藤（サンプル）', kind: 'person', summary: '紹介', profile: ['紹介'] } as const;
  const { author } = exampleArticle();
  render(<AuthorBox author={author} supervisor={{ ...person, profile: [...person.profile] }} />);
  expect(screen.getAllByRole('heading').map(({ textContent }) => textContent)).toEqual(['この記事の執筆者', '監修']);
  expect(screen.getByRole('link', { name: person.name }).getAttribute('href')).toBe('/authors/sato');
});
