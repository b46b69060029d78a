import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { phrases } from '#lib/phrases.ts';

describe('見出しを文節で折り返す', () => {
  test('文節の切れ目で分かれ、語の途中では分かれない', () => {
    expect(phrases('PMOはやめとけ？言われる理由と後悔しない働き方')).toEqual([
      'PMOは',
      'やめとけ？',
      '言われる',
      '理由と',
      '後悔しない',
      '働き方',
    ]);
    expect(phrases('24時間以内にご連絡いたします（土日祝日を除く）')).toEqual([
      '24時間以内に',
      'ご連絡いたします',
      '（土日祝日を',
      '除く）',
    ]);
  });

  test('切れ目の無い語は分けず、空なら何も無い', () => {
    expect(phrases('プライバシーポリシー')).toEqual(['プライバシーポリシー']);
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
