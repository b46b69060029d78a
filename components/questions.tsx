import { type Fault, LABELS, type Question, START_CHOICES, type Typed } from '#lib/leads/schema.ts';
import { Choices, Field } from './field.tsx';

type Props = { typed: Typed; faults: readonly Fault[]; phoneHint?: string };

/** The four questions, each with what was typed and, where that was refused, what to mend. */
export function Questions({ typed, faults, phoneHint }: Props) {
  const errorAt = (name: Question) => faults.find(({ field }) => field === name)?.message;
  return (
    <>
      <Field
        name="name"
        label={LABELS.name}
        type="text"
        autoComplete="name"
        spellCheck={false}
        error={errorAt('name')}
        defaultValue={typed.name}
      />
      <Field
        name="email"
        label={LABELS.email}
        type="email"
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        error={errorAt('email')}
        defaultValue={typed.email}
      />
      <Field
        name="phone"
        label={LABELS.phone}
        hint={phoneHint}
        type="tel"
        inputMode="tel"
        autoComplete="tel"
        error={errorAt('phone')}
        defaultValue={typed.phone}
      />
      <Choices
        name="start"
        label={LABELS.start}
        choices={START_CHOICES}
        error={errorAt('start')}
        defaultValue={typed.start}
      />
    </>
  );
}
