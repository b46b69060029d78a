/** What an input method turns into `text` in one conversion, or keys that arrive as they are. */
export type Stroke = { romaji: string; text: string } | string;

/** What a person answers to one question: something typed, or choices by their place. */
export type Answer = readonly Stroke[] | { choose: readonly number[] };

export type Person = { readonly answers: Readonly<Record<string, Answer>> };

/** Two keys for each conversion: one that converts, one that accepts. */
export const KEYS_OF_CONVERSION = 2;

/**
 * Three people who differ in the length of name and address and in what they choose. Answers to questions that the
 * form does not ask are what they would answer if it did.
 */
export const PEOPLE = {
  short: person(['hayashi', '林', 'ハヤシ'], ['hajime', '一', 'ハジメ'], 'hayashi@example.jp', 0),
  usual: person(['yamada', '山田', 'ヤマダ'], ['tarou', '太郎', 'タロウ'], 'yamada.taro@example.jp', 2),
  long: person(
    ['teshigawara', '勅使河原', 'テシガワラ'],
    ['sayuri', '小百合', 'サユリ'],
    'teshigawara.sayuri@example.jp',
    3,
  ),
} as const;

export type PersonId = keyof typeof PEOPLE;

type Part = readonly [romaji: string, written: string, kana: string];

function person(family: Part, given: Part, email: string, start: number): Person {
  return {
    answers: {
      name: [{ romaji: family[0], text: family[1] }, ' ', { romaji: given[0], text: given[1] }],
      kana: [{ romaji: family[0], text: family[2] }, ' ', { romaji: given[0], text: given[2] }],
      email: [email],
      email2: [email],
      phone: ['09012345678'],
      phone1: ['090'],
      phone2: ['1234'],
      phone3: ['5678'],
      start: { choose: [start] },
      wishes: [{ romaji: 'shuumikkawokibou', text: '週三日を希望' }],
      jobs: { choose: [0, 2] },
    },
  };
}

/** The answer of `person`. @throws for a question that nobody here can answer: the measure would be too short. */
export function answerOf(person: Person, question: string): Answer {
  const answer = person.answers[question];
  if (!answer) throw new Error(`nobody knows what to answer to 「${question}」`);
  return answer;
}

export function isTyped(answer: Answer): answer is readonly Stroke[] {
  return !('choose' in answer);
}

/** What stands in the field afterwards. */
export function textOf(strokes: readonly Stroke[]): string {
  return strokes.map((stroke) => (typeof stroke === 'string' ? stroke : stroke.text)).join('');
}
