import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { articleParts } from '#components/article-parts.tsx';

afterEach(cleanup);

const { Quotation, Comparison, Side, Illustration, Question } = articleParts('a', () => undefined);

test('引用は、言葉と出典が1つのまとまりになり、出典から元のページへ行ける', () => {
  const { container, rerender } = render(
    <Quotation source="民法 第644条" url="https://laws.e-gov.go.jp/">
      <p>注意をもって処理する。</p>
    </Quotation>,
  );
  expect(container.querySelector('figure > blockquote')?.getAttribute('cite')).toBe('https://laws.e-gov.go.jp/');
  expect(container.querySelector('figure > figcaption')?.textContent).toBe('民法 第644条');
  expect(screen.getByRole('link', { name: '民法 第644条' }).getAttribute('href')).toBe('https://laws.e-gov.go.jp/');
  rerender(
    <Quotation source="社内の規程">
      <p>文。</p>
    </Quotation>,
  );
  expect(screen.queryByRole('link')).toBeNull();
});

test('図の説明は図と同じまとまりにあり、比べる側と問いはそれぞれの題を持つ', () => {
  const { container } = render(
    <>
      <Illustration caption="分け方の流れ">
        <svg role="img" aria-label="流れ図" />
      </Illustration>
      <Comparison>
        <Side title="直す前">前の文</Side>
        <Side title="直した後">後の文</Side>
      </Comparison>
      <Question title="どこまで話せますか">業種までです。</Question>
    </>,
  );
  expect(screen.getByRole('figure').textContent).toBe('分け方の流れ');
  expect(screen.getByRole('figure').contains(screen.getByRole('img', { name: '流れ図' }))).toBe(true);
  const sides = [...container.querySelectorAll('.comparison > .side')].map(({ textContent }) => textContent);
  expect(sides).toEqual(['直す前前の文', '直した後後の文']);
  expect(container.querySelector('.question')?.textContent).toBe('どこまで話せますか業種までです。');
});
