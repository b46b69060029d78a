import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { FormStart } from '#components/lead-form.tsx';
import { formAnswerSchema, QUESTIONS, sourceSchema, submissionIdSchema } from '#lib/leads/schema.ts';
import { processScreening } from '#lib/leads/screening.ts';
import { pageState } from '#lib/request-context.ts';

// What the form arrives with. After a refused post it is handed from the request to the page inside the process: no
// typed character is ever part of an address or a cookie, and it does not depend on React recognising its own form
// again, which fails when a deploy changed the tree around it.

const hiddenSchema = z.object({
  submission_id: submissionIdSchema.catch(() => randomUUID()),
  page_mark: z.string().max(100).optional().catch(undefined),
  from: sourceSchema.shape.article,
  cta: sourceSchema.shape.cta,
  utm: sourceSchema.shape.utm,
  referrer: sourceSchema.shape.referrer,
});

const againSchema = z.object({ sent: z.record(z.string(), z.string()), refused: formAnswerSchema });

type Value = string | string[] | undefined;
export type Query = { from?: Value; cta?: Value; [name: string]: Value };

/** The form on an ordinary visit by an address with `query`, from a page at `referrer`; `host` is this site's. */
export function freshStart(query: Query, referrer: string | null, host: string | null): FormStart {
  const hidden = hiddenSchema.parse({
    from: query.from,
    cta: query.cta,
    utm: campaignOf(query),
    referrer: foreignPage(referrer, host),
  });
  return { hidden, typed: {}, refused: undefined };
}

/**
 * The form as it is served now: with the mark of its page, and with work for the browser while the site is flooded. A
 * form that is shown again keeps the mark that it was first served with.
 */
export async function serveForm(start: FormStart): Promise<FormStart> {
  const { mark, challenge } = await processScreening().sealPage();
  return { ...start, hidden: { ...start.hidden, page_mark: start.hidden.page_mark ?? mark }, challenge };
}

/** The form as a refused post brought it (lib/leads/plain-post.ts), and why; undefined on an ordinary visit. */
export function startAgain(): FormStart | undefined {
  const again = againSchema.safeParse(pageState());
  if (!again.success || again.data.refused.status === 'accepted') return undefined;
  const { sent, refused } = again.data;
  const typed = Object.fromEntries(QUESTIONS.map((name) => [name, sent[name]]).filter(([, text]) => text));
  return { hidden: hiddenSchema.parse(sent), typed, refused };
}

/** The `utm_*` part of a query as one line; undefined when there is none. */
function campaignOf(query: Query): string | undefined {
  const marks = Object.entries(query).flatMap(([name, value]) =>
    name.startsWith('utm_') && typeof value === 'string' ? [[name, value]] : [],
  );
  return marks.length > 0 ? new URLSearchParams(marks).toString() : undefined;
}

/** A page of another site, without its query, which may say more than where somebody came from. */
function foreignPage(referrer: string | null, host: string | null): string | undefined {
  const page = URL.parse(referrer ?? '');
  return page && page.host !== host ? page.origin + page.pathname : undefined;
}
