import { describe, expect, test } from 'vitest';
import { answerOf, PEOPLE } from '../support/form-people.ts';
import { demanded, PHONE, type Screen, scrollFor } from '../support/form-screen.ts';
import { holds, NOTHING, promisedSeconds, secondsOf, sum } from '../support/klm.ts';

describe('操作の回数から秒数へ', () => {
  test('操作ひとつずつが、出典どおりの秒数になる', () => {
    expect(secondsOf({ ...NOTHING, keys: 1 }, 'keyboard')).toBe(0.28);
    expect(secondsOf({ ...NOTHING, keys: 1 }, 'mouse')).toBe(0.28);
    expect(secondsOf({ ...NOTHING, keys: 1 }, 'touch')).toBe(0.33);
    expect(secondsOf({ ...NOTHING, points: 1 }, 'mouse')).toBe(1.1);
    expect(secondsOf({ ...NOTHING, homings: 1 }, 'mouse')).toBe(0.4);
    expect(secondsOf({ ...NOTHING, thoughts: 1 }, 'touch')).toBe(1.35);
    expect(secondsOf({ ...NOTHING, characters: 500 }, 'touch')).toBe(60);
  });

  test('応答の時間を加え、手法の誤差21%を足した秒数が上限と比べられる', () => {
    const tally = sum({ keys: 100 }, { points: 10, thoughts: 4 }, { keys: 10 });
    expect(tally).toEqual({ keys: 110, points: 10, homings: 0, thoughts: 4, characters: 0 });
    // (110 x 0.28 + 10 x 1.1 + 4 x 1.35 + 2) x 1.21
    expect(promisedSeconds(tally, 'keyboard', 2)).toBeCloseTo(59.532, 6);
    expect(holds(tally, 'keyboard', 2)).toBe(true);
    expect(holds(tally, 'keyboard', 2.5)).toBe(false);
    expect(holds({ ...NOTHING, thoughts: 18 }, 'autofill', 0)).toBe(true);
    expect(holds({ ...NOTHING, thoughts: 19 }, 'autofill', 0)).toBe(false);
  });
});

describe('フォームの作りから操作の回数へ', () => {
  const low = { top: 1000, bottom: 1050 };
  const screen: Screen = {
    controls: [
      { question: 'name', kind: 'typed', autocomplete: 'name' },
      { question: 'start', kind: 'radio', autocomplete: '' },
    ],
    stops: ['name#0', 'start#0', 'other#2', 'submit'],
    places: { 'name#0': { top: 0, bottom: 50 }, 'start#0': low, 'start#1': low, 'start#2': low, submit: low },
    characters: 40,
    scrolled: 0,
    scrollable: 2000,
  };

  test('キーボード: ローマ字、変換2回ずつ、次の欄までのTab、選択、送信が1回ずつ数えられる', () => {
    // Tab, yamada + 2, space, tarou + 2, Tab, two arrows, Tab past the link to the button, Enter.
    const keys = 1 + 8 + 1 + 7 + 1 + 2 + 2 + 1;
    expect(demanded([screen], PEOPLE.usual, 'keyboard')).toEqual({
      keys,
      points: 0,
      homings: 0,
      thoughts: 5,
      characters: 40,
    });
  });

  test('マウス: 欄ごとに指して押し、打つたびに手が往復する', () => {
    const keys = 16 + 3;
    // The third answer is out of sight: one turn of the wheel.
    expect(demanded([screen], PEOPLE.usual, 'mouse')).toEqual({
      keys,
      points: 4,
      homings: 2,
      thoughts: 5,
      characters: 40,
    });
  });

  test('自動入力: 打つ欄は候補を選ぶ1回にまとまる', () => {
    expect(demanded([screen], PEOPLE.usual, 'autofill')).toEqual({
      keys: 0,
      points: 5,
      homings: 0,
      thoughts: 4,
      characters: 40,
    });
  });

  test('見えている欄までは画面を動かさず、見えない欄は画面の中ほどへ動かす', () => {
    expect(scrollFor({ top: 100, bottom: 150 }, 0, PHONE.height, 2000)).toBeUndefined();
    expect(scrollFor(low, 0, 400, 2000)).toBe(825);
    expect(scrollFor(low, 0, 400, 700)).toBe(700);
  });

  test('誰も答えを知らない質問が増えたら、短く数えずに止まる', () => {
    expect(() => answerOf(PEOPLE.usual, 'favourite')).toThrow('favourite');
  });
});
