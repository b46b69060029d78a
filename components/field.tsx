import type { InputHTMLAttributes, ReactNode } from 'react';
import type { Question } from '#lib/leads/schema.ts';

type Wiring = { label: string; hint?: string | undefined; error?: string | undefined };

/** A guideline as a type: these cut, redden or hide what a visitor types (docs/decisions/0008-one-form-two-ways.md). */
type Refused = { placeholder?: never; required?: never; pattern?: never; maxLength?: never; onKeyDown?: never };

type FieldProps = Wiring &
  Refused & { name: Exclude<Question, 'start'>; defaultValue: string | undefined } & Pick<
    InputHTMLAttributes<HTMLInputElement>,
    'type' | 'inputMode' | 'autoComplete' | 'autoCapitalize' | 'spellCheck'
  >;

/** One question with one line to type: id, label, hint, error and what joins them for a screen reader. */
export function Field({ name, label, hint, error, ...input }: FieldProps) {
  return (
    <div className="question" data-wrong={error ? '' : undefined}>
      <label className="question-label" htmlFor={name}>
        {label}
      </label>
      {hint && (
        <p className="question-hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <FieldError name={name} error={error} />
      <input
        className={`field field-${name}`}
        id={name}
        name={name}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(name, hint, error)}
        {...input}
      />
    </div>
  );
}

type ChoicesProps = Omit<Wiring, 'label'> & {
  name: string;
  label: ReactNode;
  choices: Record<string, ReactNode>;
  defaultValue: string | undefined;
};

/** One question with a few answers to choose from. The first carries the question's id: an error's link leads there. */
export function Choices({ name, label, hint, error, choices, defaultValue }: ChoicesProps) {
  return (
    <fieldset
      className="question"
      data-wrong={error ? '' : undefined}
      aria-describedby={describedBy(name, hint, error)}
    >
      <legend className="question-label">{label}</legend>
      {hint && (
        <p className="question-hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <FieldError name={name} error={error} />
      <div className="choices">
        {Object.entries(choices).map(([value, text], index) => (
          <label className="choice" key={value}>
            <input
              type="radio"
              id={index === 0 ? name : `${name}-${value}`}
              name={name}
              value={value}
              defaultChecked={value === defaultValue}
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function FieldError({ name, error }: { name: string; error: string | undefined }): ReactNode {
  return (
    error && (
      <p className="question-error" id={`${name}-error`}>
        {error}
      </p>
    )
  );
}

function describedBy(name: string, hint: string | undefined, error: string | undefined): string | undefined {
  return [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ') || undefined;
}
