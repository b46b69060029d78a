import { z } from 'zod';

/**
 * The questions after acceptance: optional, on the thanks page, about the same lead. One description for the page, the
 * server, the store and the mails. Pure.
 */

const ROLES = {
  pm: 'プロジェクトマネージャー（PM）',
  pdm: 'プロダクトマネージャー（PdM）',
  pmo: 'PMO',
  other: 'そのほか、まだ決めていない',
} as const;
// Keys of digits alone would be put in front of the others.
const DAYS = { 'one-or-two': '週1〜2日', three: '週3日', four: '週4日', five: '週5日' } as const;
const RATES = {
  'under-60': '60万円未満',
  '60-80': '60万円以上80万円未満',
  '80-100': '80万円以上100万円未満',
  'over-100': '100万円以上',
  talk: '相談して決めたい',
} as const;

/** The questions with a few answers to choose from, in the order of the page; each may be left out. */
export const FOLLOW_UP_CHOICES = {
  role: { label: '希望する役割', choices: ROLES },
  days: { label: '1週間に働ける日数', choices: DAYS },
  rate: { label: '希望する月額の目安（税別）', choices: RATES },
} as const satisfies Record<string, { label: string; choices: Record<string, string> }>;

export const NOTE_LABEL = '担当者に伝えておきたいこと';
const NOTE_LENGTH = 1000;

export const FOLLOW_UP_MESSAGES = {
  noteLong: `${NOTE_LABEL}は${NOTE_LENGTH}文字以内で入力してください`,
  nothing: '答えたい質問を1つ以上選ぶか、入力してください',
} as const;

/** What was answered, by question; at least one. Choices are kept by their key, the note as it was typed. */
export type FollowUp = Readonly<Record<string, string>>;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters but the line break are what it removes.
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

const note = z
  .string()
  .transform((text) =>
    text
      .toWellFormed()
      .replace(/\r\n?|[\u2028\u2029]/g, '\n')
      .replace(CONTROL, '')
      .trim(),
  )
  .superRefine((text, context) => {
    if (Array.from(text).length > NOTE_LENGTH) context.addIssue(FOLLOW_UP_MESSAGES.noteLong);
  });

/** A choice that this build does not know counts as left out: an optional answer is no reason to refuse the others. */
const choice = (choices: Record<string, string>) =>
  z
    .string()
    .refine((key) => Object.hasOwn(choices, key))
    .catch('');

const answersSchema = z.object({
  role: choice(ROLES).default(''),
  days: choice(DAYS).default(''),
  rate: choice(RATES).default(''),
  note: note.default(''),
});

export type FollowUpReading =
  | { status: 'answered'; followUp: FollowUp }
  | { status: 'nothing' }
  | { status: 'fault'; message: string };

/** Reads what the form of the thanks page sent. */
export function readFollowUp(typed: Record<string, unknown>): FollowUpReading {
  const read = answersSchema.safeParse(typed);
  if (!read.success) return { status: 'fault', message: read.error.issues[0]?.message ?? FOLLOW_UP_MESSAGES.noteLong };
  const answered = Object.entries(read.data).filter(([, answer]) => answer !== '');
  return answered.length === 0 ? { status: 'nothing' } : { status: 'answered', followUp: Object.fromEntries(answered) };
}

/** Question and answer in words, in the order of the page; what this build does not know is shown as it was kept. */
export function describeFollowUp(followUp: FollowUp): { label: string; answer: string }[] {
  const known: Record<string, { label: string; choices: Record<string, string> }> = FOLLOW_UP_CHOICES;
  const order = [...Object.keys(known), 'note'];
  const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return Object.entries(followUp)
    .toSorted(([one], [other]) => place(one) - place(other))
    .map(([key, answer]) => {
      if (key === 'note') return { label: NOTE_LABEL, answer };
      const question = Object.hasOwn(known, key) ? known[key] : undefined;
      return { label: question?.label ?? key, answer: question?.choices[answer] ?? answer };
    });
}
