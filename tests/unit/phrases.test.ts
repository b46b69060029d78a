import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { phrases } from '#lib/phrases.ts';

describe('見出しを文節で折り返す', () => {
  test.each([
    'PMOは|やめとけ？|言われる|理由と|後悔しない|働き方',
    '24時間以内に|ご連絡いたします|（土日祝日を|除く）',
    'プライバシーポリシー',
  ])('文節の切れ目で分かれる：%s', (expected) => {
    expect(phrases(expected.replaceAll('|', ''))).toEqual(expected.split('|'));
  });

  test.each([
    '責任を|小さく|引き受ける',
    '言い換えると|見分けられる',
    'PMOの|専門家として|深める',
    '成果が|見えにくく、|評価されにくい',
    '終わる|2か月前から|探す',
  ])('語の途中では分かれない：%s', (expected) => {
    expect(phrases(expected.replaceAll('|', ''))).toEqual(expected.split('|'));
  });

  test('空の文には何も無い', () => {
    expect(phrases('')).toEqual([]);
  });

  test('つなぎ直すと、どんな文でも元に戻り、文字が割れない', () => {
    const words = fc.constantFrom('以', '結', 'べ', 'つ', '、', 'は', '𠮷', '😀', 'PMO');
    fc.assert(
      fc.property(fc.array(words), (parts) => {
        const text = parts.join('');
        expect(phrases(text).join('')).toBe(text);
        expect(phrases(text).filter((phrase) => !phrase.isWellFormed())).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});
