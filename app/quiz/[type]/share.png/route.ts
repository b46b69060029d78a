import { typeAt } from '#lib/quiz/addresses.ts';
import { QUIZ_RESULTS } from '#lib/quiz/results.ts';
import { TYPE_NAMES } from '#lib/quiz/schema.ts';
import { drawShareImage } from '../../../share-image.tsx';
import { quizCrumb } from '../../quiz-types.ts';

export const dynamic = 'force-dynamic';

export async function GET(_: Request, { params }: { params: Promise<{ type: string }> }): Promise<Response> {
  const type = typeAt((await params).type);
  if (type === undefined) return new Response(null, { status: 404 });
  return drawShareImage({ label: quizCrumb.label, title: `${TYPE_NAMES[type]}は、${QUIZ_RESULTS[type].summary}` });
}
