import { type PmoType, TYPE_NAMES } from '#lib/quiz/schema.ts';

/** Twice the number of questions: what a type has whose every answer is near it. */
const MOST_POINTS = 12;

/** The answers that speak for a result, in the order of the questions. */
export function Reasons({
  reasons,
}: {
  reasons: readonly { question: string; answer: string; because: string; points: number }[];
}) {
  return (
    <ol className="reasons">
      {reasons.map(({ question, answer, because, points }) => (
        <li key={question}>
          <p className="reason-question">
            {question}
            <span className="reason-points">{points}点</span>
          </p>
          <p className="reason-answer">{answer}</p>
          <p>{because}</p>
        </li>
      ))}
    </ol>
  );
}

/** What each type got, most first, each with the way to its page. */
export function Points({
  points,
  hrefOf,
}: {
  points: readonly { type: PmoType; points: number }[];
  hrefOf: (type: PmoType) => string;
}) {
  return (
    <ul className="points">
      {points.map(({ type, points: got }) => (
        <li key={type}>
          <a href={hrefOf(type)}>{TYPE_NAMES[type]}</a>
          <svg viewBox={`0 0 ${MOST_POINTS} 1`} preserveAspectRatio="none" aria-hidden="true">
            <rect width={got} height="1" />
          </svg>
          <span>{got}点</span>
        </li>
      ))}
    </ul>
  );
}

/** The five results, each with what it is in a few words. */
export function QuizTypes({
  types,
  here,
}: {
  types: readonly { type: PmoType; href: string; summary: string }[];
  here?: PmoType;
}) {
  return (
    <ul className="quiz-types">
      {types.map(({ type, href, summary }) => (
        <li key={type}>
          <a href={href} aria-current={type === here ? 'page' : undefined}>
            {TYPE_NAMES[type]}
          </a>
          <span>{summary}</span>
        </li>
      ))}
    </ul>
  );
}
