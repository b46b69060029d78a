import { expect, test } from 'vitest';
import { openShelf } from '#lib/articles/shelf.ts';
import type { Source } from '#lib/articles/source.ts';

const source = (text: string): Source => ({ path: 'content/articles/a.mdx', text, bodyStart: 0 });

test('棚に置いた文は、何千あっても1文字も変わらずに戻り、ほかの係にも渡せる', () => {
  const shelve = openShelf();
  const texts = Array.from(
    { length: 2000 },
    (_, number) => `${number}本目の記事。\0葛\u{E0100}飾区 😀 ${'あ'.repeat(number)}`,
  );
  const shelved = texts.map((text) => shelve(source(text)));
  expect(shelved.map(({ text }) => text)).toEqual(texts);
  expect(structuredClone(shelved[7])).toEqual(source(texts[7] ?? ''));
});

test('棚に置いても、新しい版と前の版は別のもので、前の版の文はそのまま読める', () => {
  const shelve = openShelf();
  const [before, after] = [shelve(source('前の版')), shelve(source('新しい版'))];
  expect([before.text, after.text]).toEqual(['前の版', '新しい版']);
});
