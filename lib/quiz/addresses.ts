import { PMO_TYPES, type PmoType, QUIZ_QUESTIONS } from './schema.ts';
import { judge, optionAt, type QuizAnswers, readAnswers } from './score.ts';

/** Where the quiz's form sends its answers. */
export const QUIZ_ACTION = '/quiz/result';

/** What stands at an address of the quiz. `passing`: one of thousands, which differ in their answers only. */
export type QuizPlace =
  | { status: 'page'; url: string; passing: boolean }
  | { status: 'moved'; location: string }
  | { status: 'unknown' };

/** What the form sent: all answers, or those that could be read, by the name of their question. */
export type Sent =
  | { status: 'complete'; location: string }
  | { status: 'incomplete'; chosen: ReadonlyMap<string, string> };

export function quizHref(type: PmoType): string {
  return `/quiz/${type}`;
}

/** The address of the picture that stands for a result where it is shared. */
export function quizImagePath(type: PmoType): string {
  return `${quizHref(type)}/share.png`;
}

/**
 * Finds what the quiz shows at a path. The answers of the form are led to the address of their result, which carries
 * them as one short word (`?a=112345`), so that the page can say why; without them the same address is the page to
 * pass on. All other parameters, and answers that do not lead to this result, count as absent.
 */
export function locateQuiz(pathname: string, query: URLSearchParams): QuizPlace {
  if (pathname === '/quiz') return { status: 'page', url: pathname, passing: false };
  if (pathname === QUIZ_ACTION) {
    const sent = readSent((name) => query.get(name));
    if (sent.status === 'complete') return { status: 'moved', location: sent.location };
    const kept = new URLSearchParams([...sent.chosen]);
    return { status: 'page', url: kept.size > 0 ? `${pathname}?${kept}` : pathname, passing: kept.size > 0 };
  }
  if (PMO_TYPES.some((type) => pathname === quizImagePath(type))) {
    return { status: 'page', url: pathname, passing: false };
  }
  const type = typeAt(pathname.slice('/quiz/'.length));
  if (type === undefined || pathname !== quizHref(type)) return { status: 'unknown' };
  const code = query.get('a') ?? '';
  return answersFor(type, code)
    ? { status: 'page', url: `${pathname}?a=${code}`, passing: true }
    : { status: 'page', url: pathname, passing: false };
}

/** The type that a part of an address names. */
export function typeAt(name: string): PmoType | undefined {
  return PMO_TYPES.find((type) => type === name);
}

/** The answers behind `code` if they lead to `type`; undefined otherwise. */
export function answersFor(type: PmoType, code: string): QuizAnswers | undefined {
  const answers = readAnswers(code);
  return answers && judge(answers).type === type ? answers : undefined;
}

/** Reads the form's fields. `fieldValue` gives the value of a field, as it arrived. */
export function readSent(fieldValue: (name: string) => string | null | undefined): Sent {
  const chosen = new Map<string, string>();
  for (const question of QUIZ_QUESTIONS) {
    const value = fieldValue(question.name) ?? '';
    if (optionAt(question, value)) chosen.set(question.name, value);
  }
  const code = [...chosen.values()].join('');
  const answers = readAnswers(code);
  if (!answers) return { status: 'incomplete', chosen };
  return { status: 'complete', location: `${quizHref(judge(answers).type)}?a=${code}` };
}
