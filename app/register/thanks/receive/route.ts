import { takeFollowUp } from '#lib/leads/later.ts';
import { answerWithPage, setStatus } from '#lib/request-context.ts';
import { readForm, refusal, seeOther } from '../../own-post.ts';

/** Takes the questions after acceptance, with and without script alike; answered with a page. */
export async function POST(request: Request): Promise<Response> {
  const form = await readForm(request);
  if (!form) return refusal(400);
  const outcome = await takeFollowUp(form);
  const thanks = `/register/thanks?r=${encodeURIComponent(String(form.get('r')))}`;
  switch (outcome.status) {
    case 'kept':
      return seeOther(`${thanks}&did=answered`);
    case 'fault':
    case 'unstored': {
      const typed = Object.fromEntries([...form].filter((field) => typeof field[1] === 'string'));
      const message =
        outcome.status === 'fault'
          ? outcome.message
          : '回答を保存できませんでした。登録は完了しています。少し待ってから、もう一度お送りください';
      const status = outcome.status === 'fault' ? 422 : 503;
      setStatus(status);
      answerWithPage(thanks, { typed, message });
      return new Response(null, { status });
    }
    case 'invalid':
    case 'gone':
    case 'full':
      return seeOther(`/register/change?done=${outcome.status === 'full' ? 'full' : 'late'}`);
  }
}

/** Somebody who reloads or keeps the address of a post. */
export function GET(): Response {
  return seeOther('/register/thanks');
}
