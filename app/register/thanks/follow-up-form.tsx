import { Phrases } from '#components/phrases.tsx';
import { FOLLOW_UP_CHOICES, NOTE_LABEL } from '#lib/leads/follow-up.ts';

/** What the questions arrive with after a refused post: what stood in them and why they came back. */
export type FollowUpStart = { typed: Record<string, string>; message: string };

/**
 * The questions after acceptance: all optional, one screen, a plain post. `token` says for which lead, `receipt` brings
 * the visitor back to this page.
 */
export function FollowUpForm({
  token,
  receipt,
  start,
}: {
  token: string;
  receipt: string;
  start?: FollowUpStart | undefined;
}) {
  return (
    <section className="further" aria-labelledby="further">
      <h2 id="further">
        <Phrases text="よろしければ、もう少しお聞かせください" />
      </h2>
      <p>
        登録は完了しています。お答えは任意で、答えたいものだけで構いません。ご紹介する案件を担当者が選ぶときに使います。
      </p>
      <form className="lead-form" method="post" action="/register/thanks/receive">
        <input type="hidden" name="t" value={token} />
        <input type="hidden" name="r" value={receipt} />
        {Object.entries(FOLLOW_UP_CHOICES).map(([name, { label, choices }]) => (
          <div className="question" key={name}>
            <label className="question-label" htmlFor={name}>
              {label}
            </label>
            <select className="field" id={name} name={name} defaultValue={start?.typed[name] ?? ''}>
              <option value="">選ばない</option>
              {Object.entries(choices).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          </div>
        ))}
        <div className="question" data-wrong={start ? '' : undefined}>
          <label className="question-label" htmlFor="note">
            {NOTE_LABEL}
          </label>
          {start && (
            <p className="question-error" id="note-error">
              {start.message}
            </p>
          )}
          <textarea
            className="field"
            id="note"
            name="note"
            rows={4}
            defaultValue={start?.typed.note}
            aria-invalid={start ? true : undefined}
            aria-describedby={start ? 'note-error' : undefined}
          />
        </div>
        <p className="form-purpose">
          お答えは、はじめの登録とあわせて、案件のご紹介とご連絡に使います（<a href="/privacy">プライバシーポリシー</a>
          ）
        </p>
        <button type="submit" className="button form-button">
          回答を送る
        </button>
      </form>
    </section>
  );
}
