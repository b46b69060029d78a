import { LABELS, type Lead, QUESTIONS, START_CHOICES } from '#lib/leads/schema.ts';
import { Fact, Facts } from './facts.tsx';

/** What was received, as it was typed; `further` are the answers to the questions after acceptance, in words. */
export function Received({
  lead,
  further,
}: {
  lead: Pick<Lead, 'name' | 'email' | 'phone' | 'start'>;
  further: readonly { label: string; answer: string }[];
}) {
  return (
    <>
      <h2>受け付けた内容</h2>
      <Facts kind="answers">
        {QUESTIONS.map((question) => (
          <Fact key={question} name={LABELS[question]}>
            {question === 'start' ? START_CHOICES[lead.start] : lead[question]}
          </Fact>
        ))}
        {further.map(({ label, answer }) => (
          <Fact key={label} name={label}>
            <span className="as-typed">{answer}</span>
          </Fact>
        ))}
      </Facts>
    </>
  );
}
