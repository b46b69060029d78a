import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerpt, mark } from '#lib/articles/search/excerpt.ts';
import { findTerms, normalForm } from '#lib/articles/search/normal-form.ts';

describe('同じ言葉とみなす書き方', () => {
  test.each([
    ['ＰＭＯ', 'PMO', '全角の英数字'],
    ['pmo', 'PMO', '大文字と小文字'],
    ['ｶﾅ', 'カナ', '半角カナ'],
    ['ﾌﾟﾛｼﾞｪｸﾄ', 'プロジェクト', '半角カナの濁点'],
    ['か\u3099', 'が', '合成していない濁点'],
    ['フリ−ランス', 'フリーランス', '長音の代わりのマイナス'],
    ['フリ―ランス', 'フリーランス', '長音の代わりのダッシュ'],
    ['ﾌﾘｰﾗﾝｽ', 'フリーランス', '半角の長音'],
    ['2025–2026', '2025-2026', '範囲のダッシュ'],
    ['10〜18時', '10～18時', '波ダッシュ'],
    ['①', '1', '丸数字'],
    ['㈱', '(株)', '括弧付きの文字'],
    ['ＡＢＣ　ＤＥＦ', 'abc def', '全角の空白'],
    ['プロ\u200bジェクト', 'プロジェクト', '幅のない空白'],
    ['葛\u{e0100}城', '葛城', '異体字セレクタ'],
    ['ΟΔΟΣ', 'οδος', '語末のシグマ'],
  ])('%s = %s（%s）', (one, other) => expect(normalForm(one)).toBe(normalForm(other)));

  test.each([
    ['かな', 'カナ', 'ひらがなとカタカナ'],
    ['サーバ', 'サーバー', '語尾の長音'],
    ['ビル', 'ビール', '語中の長音'],
    ['髙', '高', '異体字'],
    ['ハ', 'バ', '清音と濁音'],
    ['や', 'ゃ', '小書き'],
  ])('%s ≠ %s（%s）', (one, other) => expect(normalForm(one)).not.toBe(normalForm(other)));
});

test('文の一部は、文の中にあるときと同じ形になる', () => {
  const character = fc.oneof(
    fc.constantFrom('あ', 'ア', 'ー', '-', 'A', 'Σ', '〜', '。', '漢', '①', '𠮷', '👍', '㈱', '％', '"', '\ue000'),
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
  );
  fc.assert(
    fc.property(fc.array(character), fc.array(character), fc.array(character), (before, part, after) => {
      const whole = normalForm([...before, ...part, ...after].join(''));
      return whole.includes(normalForm(part.join('')).trim());
    }),
  );
});

/** The text with its marks in brackets. */
const shown = ({ text, marks }: { text: string; marks: readonly { start: number; end: number }[] }) =>
  marks
    .toReversed()
    .reduce((all, { start, end }) => `${all.slice(0, start)}[${all.slice(start, end)}]${all.slice(end)}`, text);

describe('印の位置', () => {
  test.each([
    ['ＰＭＯとPMOとpmo', ['pmo'], '[ＰＭＯ]と[PMO]と[pmo]'],
    ['ﾌﾟﾛｼﾞｪｸﾄの管理', ['プロジェクト'], '[ﾌﾟﾛｼﾞｪｸﾄ]の管理'],
    ['㈱を書く', ['株'], '[㈱]を書く'],
    ['会議の議事録', ['会議', '議事'], '[会議]の[議事]録'],
    ['会議事録', ['会議', '議事'], '[会議事]録'],
    ['𠮷野の👨‍👩‍👧です', ['野の', '👨‍👩‍👧'], '𠮷[野の👨‍👩‍👧]です'],
    ['が゛', ['が'], '[が]゛'],
    ['なし', ['あり'], 'なし'],
  ])('%s', (text, terms, marked) => expect(shown(mark(text, terms.map(normalForm)))).toBe(marked));

  test('どんな文字でも、印は文字列の中に収まり、印の中身に言葉がある', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 12 });
    fc.assert(
      fc.property(texts, fc.nat(12), fc.nat(4), (text, from, length) => {
        const term = normalForm(text.slice(from, from + length)).trim();
        if (term === '') return;
        for (const { start, end } of findTerms(text, [term])) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(normalForm(text.slice(start, end))).toContain(term);
        }
      }),
    );
  });
});

describe('抜粋', () => {
  test('すべての語がある行を選び、短い項目より文を選ぶ', () => {
    const lines = ['会議の準備', '会議の前に、前回の議事録を読み返してから始めると、話が早く進みます。', '議事録'];
    expect(excerpt(lines, ['会議', '議事録'])?.text).toBe(lines[1]);
    expect(excerpt(lines, ['準備'])?.text).toBe(lines[0]);
    expect(excerpt(lines, ['ない語'])).toBeUndefined();
  });

  test('長い行は、言葉のある文の始めから切り取り、切ったところに…を置く', () => {
    const line = `${'前の話が長く続きます。'.repeat(20)}ここで副業の話をします。${'あとの話も長く続きます。'.repeat(20)}`;
    const cut = excerpt([line], ['副業']);
    expect(cut && shown(cut)).toMatch(/^…ここで\[副業\]の話をします。あとの話.*…$/);
    expect(cut?.text.length).toBeLessThanOrEqual(122);
  });

  test('切れ目で文字を割らない', () => {
    for (let shift = 0; shift < 4; shift++) {
      const cut = excerpt([`${'a'.repeat(shift)}${'𠮷'.repeat(100)}副業${'𠮷'.repeat(100)}`], ['副業']);
      expect(cut?.text.isWellFormed()).toBe(true);
      expect(cut && shown(cut)).toContain('[副業]');
    }
  });
});
