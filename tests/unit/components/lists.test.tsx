import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { CategoryNav } from '#components/category-nav.tsx';
import { Entries } from '#components/entries.tsx';
import { Figures } from '#components/figures.tsx';
import { Phrases } from '#components/phrases.tsx';
import { SiteFooter } from '#components/site-footer.tsx';
import { site } from '#lib/site.ts';
import { exampleArticle } from './example-article.ts';

afterEach(cleanup);

test('一覧の行は、題名から記事へつながり、短い行では説明を省く', () => {
  const article = exampleArticle();
  const { rerender } = render(<Entries articles={[article]} level={2} />);
  const link = screen.getByRole('link', { name: article.title });
  expect(link.getAttribute('href')).toBe('/articles/pmo-types');
  expect(screen.getByText('種類の説明')).toBeTruthy();
  rerender(<Entries articles={[article]} level={3} brief />);
  expect(screen.queryByText('種類の説明')).toBeNull();
  expect(screen.getByRole('heading', { level: 3, name: article.title })).toBeTruthy();
});

test('いま見ている分類が、読み上げでもわかる', () => {
  const categories = [
    { id: 'work', name: 'しごと', description: '' },
    { id: 'career', name: 'キャリア', description: '' },
  ];
  render(<CategoryNav categories={categories} here="career" />);
  expect(screen.getByRole('link', { current: 'page' }).textContent).toBe('キャリア');
});

test('数値には、集計した日と集計した者が添えられ、出せる数値が無ければ何も出ない', () => {
  const figure = {
    id: 'companies',
    label: '取引企業数',
    value: 5617,
    unit: '社',
    asOf: new Date('2025-04-30T00:00:00+09:00'),
    source: { name: '運営者集計' },
  };
  const { container, rerender } = render(<Figures figures={[figure]} />);
  expect(container.textContent).toContain('5,617社2025年4月30日時点、運営者集計');
  rerender(<Figures figures={[]} />);
  expect(container.childElementCount).toBe(0);
});

test('見出しは文節で折り返せて、読むときは元の文のまま', () => {
  const { container } = render(
    <h2>
      <Phrases text="「PMOはやめとけ」と言われる4つの理由" />
    </h2>,
  );
  expect(container.textContent).toBe('「PMOはやめとけ」と言われる4つの理由');
  expect(container.querySelectorAll('wbr')).toHaveLength(4);
  // A line may end after a closing bracket whatever `word-break` says; the phrase is held together by an element.
  expect(container.querySelector('.phrase')?.textContent).toBe('やめとけ」と');
});

test('どのページの下端にも、60秒の根拠と、電話番号と、プライバシーポリシーがある', () => {
  const measuredAt = new Date('2026-11-22T15:00:00Z');
  render(<SiteFooter claim={{ typedSeconds: 58, filledSeconds: 27, errorPercent: 21, measuredAt }} />);
  const claim = document.getElementById('claim-60')?.textContent;
  expect(claim).toContain(
    '誤差21%を加えると、最も長い場合で58秒、自動入力を使う場合で27秒でした（2026年11月23日測定）',
  );
  expect(screen.getByRole('link', { name: '60秒の測り方' }).getAttribute('href')).toBe('/about/60-seconds');
  expect(screen.getByRole('link', { name: site.operator.phone.display }).getAttribute('href')).toBe(
    site.operator.phone.href,
  );
  expect(screen.getByRole('link', { name: 'プライバシーポリシー' }).getAttribute('href')).toBe('/privacy');
});
