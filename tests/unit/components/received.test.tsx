import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Received } from '#components/received.tsx';
import { hardNames } from '../../support/hard-names.ts';

const lead = { email: 'taro@example.jp', phone: '090-1234-5678', start: 'now' } as const;

test('受付のページに出る1,000の難しい名前は、送られたバイトのまま', () => {
  for (const name of hardNames()) {
    document.body.innerHTML = renderToStaticMarkup(<Received lead={{ ...lead, name }} further={[]} />);
    expect(document.querySelector('dd')?.textContent).toBe(name);
  }
});

test('追加の回答に書かれたHTMLは、文字として出る', () => {
  const answer = '<img src=x onerror=alert(1)>\n&amp;';
  document.body.innerHTML = renderToStaticMarkup(
    <Received lead={{ ...lead, name: '山田' }} further={[{ label: '希望', answer }]} />,
  );
  expect(document.querySelector('.as-typed')?.textContent).toBe(answer);
  expect(document.querySelector('img')).toBeNull();
});
