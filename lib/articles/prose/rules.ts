import '#server-only';
import { createRequire } from 'node:module';
import type { TextlintKernelRule } from '@textlint/kernel';
import type { Word } from './words.ts';

type Rule = TextlintKernelRule['rule'];

// CommonJS without types, and Node and Vitest disagree on what its default is.
const require = createRequire(import.meta.url);
const preset: { rules: Record<string, Rule> } = require('textlint-rule-preset-ja-technical-writing');
const prh: { default: Rule } = require('textlint-rule-prh');

/** What is said of a slip: the words in question, or what the rule itself says. */
type Say = (words: string, said: string) => string;

const LIMITS = { sentence: 150, ten: 6, kanji: 8 };

/**
 * The rules of textlint-rule-preset-ja-technical-writing that hold for articles, each with its options and with what an
 * editor reads. They were tuned on the shipped articles. Not in use: those that lib/articles/inspect.ts covers
 * (invisible characters, NFC), and those against a voice that speaks to a reader (「と思います」「かもしれません」、「！」).
 */
const RULES: Readonly<Record<string, { options: Record<string, unknown> | true; say: Say }>> = {
  'sentence-length': {
    options: { max: LIMITS.sentence },
    say: () => `1つの文が${LIMITS.sentence}文字を超えています（2つに分けます）`,
  },
  'max-ten': {
    options: { max: LIMITS.ten },
    say: () => `1つの文に読点が${LIMITS.ten + 1}つ以上あります（文を分けるか、箇条書きにします）`,
  },
  'max-comma': { options: { max: 3 }, say: () => '1つの文に「,」が4つ以上あります（「、」にするか、文を分けます）' },
  'max-kanji-continuous-len': {
    options: { max: LIMITS.kanji, allow: ['事業者間取引適正化等法'] },
    say: (_, said) =>
      `漢字が${LIMITS.kanji + 1}文字以上続きます「${afterColon(said)}」（「の」などを入れて区切ります）`,
  },
  'no-mix-dearu-desumasu': {
    options: { preferInHeader: '', preferInBody: 'ですます', preferInList: '', strict: false },
    say: () => `文末が周りとそろっていません（本文は「です・ます」にそろえます）`,
  },
  'ja-no-mixed-period': {
    options: { periodMark: '。', allowPeriodMarks: ['：', '」', '）', '？', '！'], forceAppendPeriod: false },
    say: () => '文の終わりに「。」がありません（「。」を書きます）',
  },
  'arabic-kanji-numbers': {
    options: true,
    say: (words) => `「${words}」の数字の書き方が違います（数えるものは算用数字、慣用の言葉は漢数字で書きます）`,
  },
  'no-doubled-conjunction': {
    options: true,
    say: (words) => `同じつなぎの言葉が続けて使われています「${words}」（一方を消すか、言い換えます）`,
  },
  'no-doubled-conjunctive-particle-ga': {
    options: true,
    say: () => '1つの文に逆接の「が」が2つあります（文を2つに分けます）',
  },
  'no-double-negative-ja': { options: true, say: () => '二重の否定です（「〜です」「〜できます」と言い切ります）' },
  'no-doubled-joshi': {
    // The rest double in good prose too: 「どちらにも偏らないようにも」「AがBがあるとき」.
    options: {
      min_interval: 1,
      strict: false,
      allow: ['が', 'に', 'も', 'か', 'でも', 'にも', 'や', 'と', 'で', 'の'],
    },
    say: (_, said) => `1つの文に同じ助詞${quoted(said)}が続きます（言い換えるか、文を分けます）`,
  },
  'no-dropping-the-ra': {
    options: true,
    say: () => 'ら抜き言葉です（「見られる」「食べられる」のように「ら」を入れます）',
  },
  'no-hankaku-kana': { options: true, say: (words) => `半角のカナがあります「${words}」（全角で書きます）` },
  'ja-no-successive-word': {
    options: { allowOnomatopee: true },
    say: (_, said) => `同じ言葉が続いています${quoted(said)}（1つを消します）`,
  },
  'ja-no-abusage': { options: true, say: (_, said) => `言葉の誤用かもしれません（${firstLine(said)}）` },
  'ja-no-redundant-expression': {
    options: true,
    say: (_, said) => `まわりくどい言い方です${quoted(said)}（「することができる」なら「できる」のように縮めます）`,
  },
  'ja-unnatural-alphabet': {
    options: true,
    say: (words) => `打ち間違いらしい英字があります「${words}」（消すか、打ち直します）`,
  },
  'no-unmatched-pair': {
    options: true,
    say: () => '対になる括弧がありません（書き足すか、消します）',
  },
};

/** Rules in the form that the kernel takes, with the dictionary of spellings. */
export function kernelRules(words: readonly Word[]): TextlintKernelRule[] {
  const chosen = Object.entries(RULES).flatMap(([ruleId, { options }]) => {
    const rule = preset.rules[ruleId];
    return rule ? [{ ruleId, rule, options }] : [];
  });
  const rules = words.map(({ write, not }) => ({ expected: write, patterns: not }));
  const contents = JSON.stringify({ version: 1, rules });
  return [
    ...chosen,
    { ruleId: 'prh', rule: prh.default, options: { ruleContents: [contents], checkEmphasis: true, checkLink: true } },
  ];
}

/** What an editor reads about a slip that `ruleId` found at `words`; `said` is what the rule says. */
export function sentenceOf(ruleId: string, words: string, said: string): string {
  if (ruleId === 'prh') {
    const [wrong = '', right = ''] = firstLine(said).split(' => ');
    return `「${wrong}」は「${right}」と書きます（「${right}」に直します）`;
  }
  return RULES[ruleId]?.say(words, said) ?? `${firstLine(said)}（言い換えます）`;
}

const firstLine = (said: string) => said.split('\n')[0] ?? '';
const afterColon = (said: string) => firstLine(said).split(': ').at(-1) ?? '';
const quoted = (said: string) => {
  const found = /[「"“](.+?)[」"”]/.exec(said)?.[1];
  return found === undefined ? '' : `「${found}」`;
};
