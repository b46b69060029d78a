import { PMO_TYPES, type PmoType, QUIZ_QUESTIONS, type QuizOption, type QuizQuestion } from './schema.ts';

/** One answer for each question, in their order. */
export type QuizAnswers = readonly { question: QuizQuestion; option: QuizOption }[];

/** Why an answer speaks for the result, and with how many points. */
export type Reason = { question: string; answer: string; because: string; points: 1 | 2 };

export type Judgement = {
  type: PmoType;
  /** Of 18 points, most first; the result is the first. */
  points: readonly { type: PmoType; points: number }[];
  /** The answers that gave the result its points, in the order of the questions. */
  reasons: readonly Reason[];
};

/** The answers that `code` stands for, one digit a question: `112345`. Undefined for any other text. */
export function readAnswers(code: string): QuizAnswers | undefined {
  if (code.length !== QUIZ_QUESTIONS.length) return undefined;
  const answers = QUIZ_QUESTIONS.flatMap((question, at) => {
    const option = optionAt(question, code[at] ?? '');
    return option ? [{ question, option }] : [];
  });
  return answers.length === QUIZ_QUESTIONS.length ? answers : undefined;
}

/** The option of a question that a field's value names; undefined for any other text. */
export function optionAt(question: QuizQuestion, value: string): QuizOption | undefined {
  return /^[1-9]$/.test(value) ? question.options[Number(value) - 1] : undefined;
}

/**
 * The type with the most points. Of types with as many points, the one to which the last question gave more, or else
 * the last but one, and so on: what one wants next says more than where one likes to sit. This always decides: two types
 * that got the same from every question got nothing, and nothing is never the most.
 */
export function judge(answers: QuizAnswers): Judgement {
  const given = (type: PmoType) => answers.map(({ option }) => pointsFor(type, option));
  const ranking = PMO_TYPES.map((type) => ({ type, given: given(type) }))
    .map((each) => ({ ...each, points: each.given.reduce<number>((sum, points) => sum + points, 0) }))
    .sort((a, b) => b.points - a.points || comparedFromLast(b.given, a.given));
  const [{ type } = { type: PMO_TYPES[0] }] = ranking;
  const reasons = answers.flatMap(({ question, option }): Reason[] => {
    const points = pointsFor(type, option);
    if (points === 0) return [];
    const because = points === 2 ? option.why : option.also;
    return [{ question: question.label, answer: option.text, because, points }];
  });
  return { type, points: ranking.map((each) => ({ type: each.type, points: each.points })), reasons };
}

function pointsFor(type: PmoType, option: QuizOption): 0 | 1 | 2 {
  if (option.near === type) return 2;
  return option.beside === type ? 1 : 0;
}

/** Which of two rows of points is greater where they differ last. */
function comparedFromLast(one: readonly number[], other: readonly number[]): number {
  const at = one.findLastIndex((points, index) => points !== other[index]);
  return (one[at] ?? 0) - (other[at] ?? 0);
}
