import type { QuizQuestion } from '#lib/quiz/schema.ts';
import { Choices } from './field.tsx';
import { Phrases } from './phrases.tsx';

/**
 * The quiz as a plain form that is sent by GET and needs no script. `chosen` are values by the name of their question;
 * `isSentBack` says that the form was sent with questions left open, which are then named, first in `main`.
 */
export function QuizForm({
  action,
  questions,
  chosen,
  isSentBack,
}: {
  action: string;
  questions: readonly QuizQuestion[];
  chosen: ReadonlyMap<string, string>;
  isSentBack: boolean;
}) {
  const numbered = questions.map((question, index) => {
    const isOpen = isSentBack && !chosen.has(question.name);
    return { ...question, number: index + 1, error: isOpen ? `質問${index + 1}の答えを1つ選んでください` : undefined };
  });
  return (
    <form className="quiz" action={action} method="get">
      {isSentBack && (
        // biome-ignore lint/a11y/noAutofocus: the page comes back because of what the summary says.
        <section className="error-summary" aria-labelledby="open-questions" tabIndex={-1} autoFocus>
          <h2 id="open-questions">
            <Phrases text="まだ答えていない質問があります" />
          </h2>
          <ul>
            {numbered.map(
              ({ name, error }) =>
                error && (
                  <li key={name}>
                    <a href={`#${name}`}>{error}</a>
                  </li>
                ),
            )}
          </ul>
        </section>
      )}
      <p>すべての質問に、近いと思うものを1つずつ選んでください。</p>
      {numbered.map(({ name, label, number, options, error }) => (
        <Choices
          key={name}
          name={name}
          label={<Phrases text={`${number}. ${label}`} />}
          error={error}
          choices={Object.fromEntries(options.map(({ text }, index) => [index + 1, phrased(text)]))}
          defaultValue={chosen.get(name)}
        />
      ))}
      <button className="button" type="submit">
        結果を見る
      </button>
    </form>
  );
}

function phrased(text: string) {
  return (
    <span className="phrases">
      <Phrases text={text} />
    </span>
  );
}
