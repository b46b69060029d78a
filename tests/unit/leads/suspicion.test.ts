import { describe, expect, test } from 'vitest';
import { judge, type Signs } from '#lib/leads/suspicion.ts';

/** 山田太郎, who took 40 seconds. */
const PERSON: Signs = {
  name: '山田太郎',
  email: 'taro@example.jp',
  trapFilled: false,
  mark: { status: 'ours', ageSeconds: 40, asked: false },
  sentWithMark: 1,
  sentWithAddress: 1,
  hasSubmissionId: true,
  fromPage: true,
  proof: 'unneeded',
};
const seen = (changes: Partial<Signs>) => judge({ ...PERSON, ...changes });
const served = (ageSeconds: number, asked = false): Signs['mark'] => ({ status: 'ours', ageSeconds, asked });

describe('人は、しるしが1つあっても受け付ける', () => {
  const alone: [string, Partial<Signs>][] = [
    ['ふつうに書いた', {}],
    ['パスワード管理が2秒で書いた', { mark: served(2) }],
    ['1秒で送った', { mark: served(1) }],
    ['25時間前に開いた画面', { mark: served(25 * 3600) }],
    ['72時間前に開いた画面を、見えない欄まで自動入力した', { mark: served(72 * 3600), trapFilled: true }],
    ['半年前に開いた画面', { mark: served(180 * 86_400) }],
    ['時計が1時間戻った', { mark: served(-3600) }],
    ['前の版の画面で、印がない', { mark: { status: 'absent' } }],
    ['鍵がなくなって、印が読めない', { mark: { status: 'forged' } }],
    ['見えない欄を自動入力した', { trapFilled: true }],
    ['ログイン名が名前の欄に入った', { name: 'Taro@Example.jp' }],
    ['会社の名前に.comがつく', { name: 'ブッキング.com 山田' }],
    ['画面を複製して6回送った', { sentWithMark: 6, sentWithAddress: 3 }],
    ['同じ人が5回登録した', { sentWithAddress: 5 }],
    ['古いブラウザーが、どこから送ったかを言わない', { fromPage: false, mark: { status: 'absent' } }],
    ['混んでいるが、証明がある', { proof: 'solved', mark: served(40, true) }],
    ['混む前に開いた画面から、混んでから送った', { proof: 'missing', mark: served(40) }],
  ];
  test.each(alone)('%s', (_, changes) => expect(seen(changes)).toEqual({ status: 'welcome' }));
});

describe('機械らしいものは、理由をつけて隔離する', () => {
  const together: [string, Partial<Signs>, string][] = [
    ['名前にリンク', { name: '副業で稼ぐ https://a.example/x' }, 'お名前にリンクがある'],
    ['掲示板のリンク', { name: '[url=a.example]x[/url]' }, 'お名前にリンクがある'],
    [
      '見えない欄と偽の印',
      { trapFilled: true, mark: { status: 'forged' } },
      '人には見えない欄に入力がある、フォームの印が本物でない',
    ],
    [
      '見えない欄と1秒',
      { trapFilled: true, mark: served(1) },
      '人には見えない欄に入力がある、画面を開いてから送信までが早すぎる',
    ],
    [
      '画面を開かずに送った',
      { mark: { status: 'absent' }, hasSubmissionId: false, fromPage: false },
      'フォームの印がない、フォームの番号がない、ブラウザーの画面から送られていない',
    ],
    [
      '1つの印の使い回しと、名前のサイト',
      { sentWithMark: 6, name: 'cheap-pills.top' },
      'お名前にサイトの名前がある、1つの画面から何件も送られている',
    ],
    ['同じアドレスで11件', { sentWithAddress: 11 }, '同じメールアドレスで何件も送られている'],
    [
      '混んでいて、求めた証明がない',
      { proof: 'missing', mark: served(40, true) },
      '送信が集中している間に、計算の証明（JavaScriptが必要）なしで送られた',
    ],
    [
      '混んでいて、印がない',
      { proof: 'missing', mark: { status: 'absent' } },
      'フォームの印がない、送信が集中している',
    ],
  ];
  test.each(together)('%s', (_, changes, words) =>
    expect(seen(changes)).toEqual({ status: 'quarantined', reason: `自動送信の疑い：${words}` }),
  );

  test('理由には、書かれたものが出ない', () => {
    const verdict = seen({ name: 'buy http://spam.example now', email: 'victim@example.jp', trapFilled: true });
    expect(JSON.stringify(verdict)).not.toMatch(/spam|victim|buy/);
  });
});
