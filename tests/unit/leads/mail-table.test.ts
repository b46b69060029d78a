import { expect, test } from 'vitest';
import { deliverable } from '#lib/leads/mail-address.ts';
import { ANSWER_MESSAGES, answersSchema } from '#lib/leads/schema.ts';

const { emailEmpty: EMPTY, emailForm: FORM, emailLong: LONG } = ANSWER_MESSAGES;
const SAME = Symbol('kept as typed');

/** Kept as is, or as what; `mail` is the address that a mail goes to, none where no server would take it. */
type Kept = { kept: typeof SAME | string; mail: typeof SAME | string | 'none' };
const asTyped: Kept = { kept: SAME, mail: SAME };
const mended = (kept: string): Kept => ({ kept, mail: kept });
const byPhone = (kept: typeof SAME | string = SAME): Kept => ({ kept, mail: 'none' });

const TABLE: readonly [typed: string, what: Kept | string, why: string][] = [
  ['taro@example.jp', asTyped, 'ふつうのアドレス'],
  ['Taro.Yamada@Example.JP', { kept: SAME, mail: 'Taro.Yamada@example.jp' }, '大文字と小文字はそのまま残す'],
  ['taro+pmo@gmail.com', asTyped, 'プラス記号は本人が付けたもの'],
  ['taro_yamada-01@example.co.jp', asTyped, '下線とハイフンと数字'],
  ['a@b.co', asTyped, 'もっとも短い形'],
  ["o'brien@example.com", asTyped, 'アポストロフィ'],
  ['taro/sales=jp@example.com', asTyped, '斜線と等号も名前の側では使える'],
  ['!#$%&*?^`{|}~@example.com', asTyped, 'RFC 5322で使える記号だけ'],
  ['taro..yamada@docomo.ne.jp', asTyped, '昔のdocomoは続いた点を渡していた'],
  ['taro.@docomo.ne.jp', asTyped, '昔のdocomoは@の前の点を渡していた'],
  ['.taro@ezweb.ne.jp', asTyped, '昔のauは先頭の点を渡していた'],
  ['a...b..@ezweb.ne.jp', asTyped, '点がいくつ続いても'],
  ['-taro-@docomo.ne.jp', asTyped, 'ハイフンで始まり終わる'],
  ['taro@sub.sub.example.ac.jp', asTyped, '深いドメイン'],
  ['taro@xn--r8jz45g.jp', asTyped, 'すでにASCIIにした日本語ドメイン'],
  ['taro@example.xn--q9jyb4c', asTyped, 'ASCIIにした「.みんな」'],
  ['taro@3m.com', asTyped, '数字で始まるドメイン'],
  ['123456@qq.com', asTyped, '数字だけの名前'],
  ['taro@a-b--c.jp', asTyped, 'ハイフンの続くドメイン'],
  [`${'a'.repeat(64)}@example.jp`, asTyped, '名前の側が64文字ちょうど'],
  ['taro@例え.jp', { kept: SAME, mail: 'taro@xn--r8jz45g.jp' }, '日本語ドメインは、送るときだけASCIIにする'],
  ['taro@日本語.みんな', { kept: SAME, mail: 'taro@xn--wgv71a119e.xn--q9jyb4c' }, '全部が日本語のドメイン'],
  ['taro@bücher.example', { kept: SAME, mail: 'taro@xn--bcher-kva.example' }, 'ドイツ語のドメイン'],
  ['太郎@example.jp', byPhone(), '名前の側が日本語。SMTPUTF8のないサーバーには送れないので、電話で連絡する'],
  ['tarō@example.jp', byPhone(), 'アクセント付きの名前も同じ'],
  ['ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ', mended('taro@example.jp'), '全角で打った'],
  ['taro＠example.jp', mended('taro@example.jp'), '@だけ全角'],
  ['taro@example。jp', mended('taro@example.jp'), '点の代わりに句点'],
  ['taro@example｡jp', mended('taro@example.jp'), '半角の句点'],
  ['taro＿yamada＋１@example.jp', mended('taro_yamada+1@example.jp'), '全角の記号と数字'],
  [' taro@example.jp ', mended('taro@example.jp'), '前後の空白'],
  ['　taro@example.jp　', mended('taro@example.jp'), '前後の全角空白'],
  ['taro @ example.jp', mended('taro@example.jp'), '@の前後の空白'],
  ['taro@example.jp\r\n', mended('taro@example.jp'), '貼り付けで付いた改行'],
  ['taro\t@example.jp', mended('taro@example.jp'), '貼り付けで付いたタブ'],
  ['taro@example.jp\u200b', mended('taro@example.jp'), '幅のない空白'],
  ['\u200etaro@example.jp\u200f', mended('taro@example.jp'), '文字の向きの印'],
  ['\ufefftaro@example.jp', mended('taro@example.jp'), 'ファイルの先頭の印'],
  ['taro\u0000@example.jp', mended('taro@example.jp'), 'NUL'],
  ['mailto:taro@example.jp', mended('taro@example.jp'), 'リンクをそのまま写した'],
  ['MAILTO:taro@example.jp', mended('taro@example.jp'), '大文字のリンク'],
  ['taro@gmial.com', asTyped, '打ち間違いらしくても受け付け、登録のあとで直すかたずねる'],
  ['taro@example.con', asTyped, 'ない終わり方でも受け付け、あとでたずねる'],
  ['', EMPTY, '空'],
  [' 　\t', EMPTY, '空白だけ'],
  ['\u200b\ufeff', EMPTY, '見えない文字だけ'],
  ['taro', FORM, '@がない'],
  ['taro@', FORM, 'ドメインがない'],
  ['@example.jp', FORM, '名前がない'],
  ['taro@example', FORM, 'ドメインに点がない'],
  ['taro@@example.jp', FORM, '@が2つ'],
  ['taro@example..jp', FORM, 'ドメインの点が続く'],
  ['taro@.example.jp', FORM, 'ドメインが点で始まる'],
  ['taro@example.jp.', FORM, 'ドメインが点で終わる'],
  ['taro@192.168.0.1', FORM, 'ドメインが数字の住所'],
  ['taro@[192.168.0.1]', FORM, '括弧に入れた数字の住所'],
  ['taro@example.jp, hanako@example.jp', FORM, '2つのアドレス'],
  ['taro@example.jp;hanako@example.jp', FORM, '2つのアドレス'],
  ['"taro yamada"@example.jp', FORM, '引用符で囲んだ名前。空白を含む名前は、ほかの見出しと紛れる'],
  ['山田 <taro@example.jp>', FORM, '名前と山括弧の付いたアドレス'],
  ['taro(work)@example.jp', FORM, '注の付いたアドレス'],
  ['taro\\@x@example.jp', FORM, '逆斜線'],
  [`${'a'.repeat(65)}@example.jp`, FORM, '名前の側が65文字。どのサーバーも受け取らない'],
  [`${'a'.repeat(64)}@${'b.'.repeat(90)}example.jp`, LONG, '254文字を超える'],
];

test('表は60行あり、同じものは2度出ない', () => {
  expect(TABLE.length).toBeGreaterThanOrEqual(60);
  expect(new Set(TABLE.map(([typed]) => typed)).size).toBe(TABLE.length);
});

test.each(TABLE.map(([typed, what, why]) => ({ typed: JSON.stringify(typed).slice(0, 50), what, why, raw: typed })))(
  '$typed（$why）',
  ({ raw, what }) => {
    const read = answersSchema.shape.email.safeParse(raw);
    if (typeof what === 'string') {
      expect(read.error?.issues.map(({ message }) => message)).toEqual([what]);
      return;
    }
    const kept = what.kept === SAME ? raw : what.kept;
    expect(read.data).toBe(kept);
    expect(deliverable(read.data ?? '')).toBe(what.mail === SAME ? kept : what.mail === 'none' ? undefined : what.mail);
  },
);
