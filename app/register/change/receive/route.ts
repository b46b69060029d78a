import { takeChange } from '#lib/leads/later.ts';
import { QUESTIONS } from '#lib/leads/schema.ts';
import { answerWithPage, setStatus } from '#lib/request-context.ts';
import { readForm, refusal, seeOther } from '../../own-post.ts';

/** Takes a correction or a withdrawal; `r` brings those back who came from the thanks page. */
export async function POST(request: Request): Promise<Response> {
  const form = await readForm(request);
  if (!form) return refusal(400);
  const outcome = await takeChange(form);
  const [receipt, token] = ['r', 't'].map((name) => encodeURIComponent(String(form.get(name) ?? '')));
  switch (outcome.status) {
    case 'kept':
      if (form.has('withdraw')) return seeOther('/register/change?done=withdrawn');
      return seeOther(receipt ? `/register/thanks?r=${receipt}&did=corrected` : '/register/change?done=corrected');
    case 'invalid':
    case 'unstored': {
      const status = outcome.status === 'invalid' ? 422 : 503;
      const typed = Object.fromEntries(QUESTIONS.map((name) => [name, String(form.get(name) ?? '')]));
      setStatus(status);
      answerWithPage(`/register/change?t=${token}`, {
        typed,
        faults: outcome.status === 'invalid' ? outcome.faults : [],
      });
      return new Response(null, { status });
    }
    case 'fault':
    case 'gone':
      return seeOther('/register/change?done=gone');
    case 'full':
      return seeOther('/register/change?done=full');
  }
}

/** Somebody who reloads or keeps the address of a post. */
export function GET(): Response {
  return seeOther('/register/change');
}
