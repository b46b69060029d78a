'use client';

import './without-eval.ts';
import { zodResolver } from '@hookform/resolvers/zod';
import { type ReactNode, type SubmitEvent, useActionState, useEffect, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import {
  type Answers,
  answersSchema,
  type Challenge,
  type Fault,
  QUESTIONS,
  type Question,
  TRAP,
  type Typed,
} from '#lib/leads/schema.ts';
import { site } from '#lib/site.ts';
import { ErrorSummary } from './error-summary.tsx';
import { dropDraft, keepDraft, restoreDraft } from './form-draft.ts';
import { FormNotice } from './form-notice.tsx';
import { prove } from './prove.ts';
import { Questions } from './questions.tsx';
import { createSender, PLAIN_ADDRESS, type RegisterAction, type Sent } from './send-answers.ts';

/** What a form arrives with: what it carries unseen, and after a refused post what was typed and why it came back. */
export type FormStart = {
  hidden: { submission_id: string } & Partial<
    Record<'page_mark' | 'from' | 'cta' | 'utm' | 'referrer', string | undefined>
  >;
  typed: Typed;
  refused: Exclude<Sent, { status: 'accepted' }> | undefined;
  challenge?: Challenge | undefined;
};

const TITLE = `無料登録｜${site.name}`;

/**
 * The four questions. One form, two ways (docs/decisions/0008-one-form-two-ways.md): without script, or before it has
 * loaded, the browser posts it to the server action; with script the same action is called without leaving the page, so
 * that nothing that happens on the way can take away what was typed. `children` stand above the form, below the
 * summary of errors.
 */
export function LeadForm({
  action,
  start,
  children,
}: {
  action: RegisterAction;
  start: FormStart;
  children: ReactNode;
}) {
  const [, postToAction] = useActionState(action, undefined);
  const [send] = useState(() => createSender(action));
  const [hidden, setHidden] = useState(start.hidden);
  const [sent, setSent] = useState<Sent | undefined>(start.refused);
  const { handleSubmit, setValue, formState } = useForm<Record<Question, string>, unknown, Answers>({
    resolver: zodResolver(answersSchema),
    mode: 'onSubmit',
    reValidateMode: 'onSubmit',
    shouldFocusError: false,
  });
  const form = useRef<HTMLFormElement>(null);
  const message = useRef<HTMLElement>(null);
  const busy = useRef(false);
  const proof = useRef<() => Promise<string | undefined>>(undefined);

  useEffect(() => {
    if (start.refused || !form.current) return;
    const restored = restoreDraft(form.current);
    if (restored) setHidden({ ...start.hidden, submission_id: restored });
  }, [start]);

  useEffect(() => {
    if (start.challenge) proof.current ??= prove(start.challenge);
  }, [start]);

  // A refusal that arrived with the page has focus by `autofocus`, before any script.
  useEffect(() => {
    if (sent !== start.refused) message.current?.focus();
  }, [sent, start]);

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy.current) return;
    busy.current = true;
    const data = formData(event.currentTarget);
    // The document owns the values: what a browser restored or filled in without an event counts as well.
    for (const name of QUESTIONS) setValue(name, String(data.get(name) ?? ''));
    const toServer = async () => {
      const proven = await proof.current?.();
      if (proven) data.set('proof', proven);
      settle(await send(data));
    };
    await handleSubmit(toServer, (errors) => settle({ status: 'invalid', faults: faultsOf(errors) }))()
      // A browser too old for the check (`toWellFormed`, `Intl.Segmenter`) leaves it to the server.
      .catch(toServer)
      .finally(() => {
        busy.current = false;
      });
  }

  function settle(outcome: Sent): void {
    setSent(outcome);
    if (!form.current) return;
    if (outcome.status === 'accepted') {
      dropDraft(form.current);
      window.location.assign(outcome.thanks);
    }
    if (outcome.status === 'unread') {
      form.current.action = PLAIN_ADDRESS;
      form.current.submit();
    }
  }

  const faults = sent?.status === 'invalid' ? sent.faults : [];
  return (
    <>
      <title>{sent && sent.status !== 'accepted' ? `エラー: ${TITLE}` : TITLE}</title>
      {faults.length > 0 && <ErrorSummary faults={faults} ref={message} />}
      {children}
      <form
        className="lead-form"
        ref={form}
        action={postToAction}
        noValidate
        onSubmit={submit}
        onInput={(event) => keepDraft(event.currentTarget)}
      >
        <p>すべて必須です</p>
        {/* Out of everybody's way, also of a keyboard's, a screen reader's and the browser's own autofill. */}
        <p hidden>
          <label htmlFor={TRAP}>この欄は空のままにしてください</label>
          <textarea id={TRAP} name={TRAP} tabIndex={-1} autoComplete="off" />
        </p>
        {Object.entries(hidden).map(
          ([name, value]) => value && <input type="hidden" key={name} name={name} value={value} />,
        )}
        <Questions typed={start.typed} faults={faults} phoneHint="ハイフンはなくても構いません" />
        {sent && <FormNotice sent={sent} ref={message} />}
        <p className="form-purpose">
          ご入力の内容は、案件のご紹介とご連絡に使います（<a href="/privacy">プライバシーポリシー</a>）
        </p>
        <button type="submit" className="button form-button">
          同意して無料登録する
        </button>
        <p className="form-progress" role="status">
          {formState.isSubmitting && '送信しています…'}
        </p>
      </form>
    </>
  );
}

/** The form's own fields; React's marks for a post without script stay behind. */
function formData(form: HTMLFormElement): FormData {
  const data = new FormData(form);
  for (const name of [...data.keys()]) if (name.startsWith('$ACTION')) data.delete(name);
  return data;
}

function faultsOf(errors: Partial<Record<Question, { message?: string }>>): Fault[] {
  return QUESTIONS.flatMap((field) => {
    const message = errors[field]?.message;
    return message ? [{ field, message }] : [];
  });
}
