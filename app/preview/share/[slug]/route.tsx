import { catalog } from '#lib/articles/catalog.ts';
import { drawShareImage } from '../../../share-image.tsx';

export const dynamic = 'force-dynamic';

/** The share image that an article will have. */
export async function GET(_: Request, { params }: { params: Promise<{ slug: string }> }): Promise<Response> {
  const article = catalog().article((await params).slug);
  if (!article) return new Response(null, { status: 404 });
  return drawShareImage({ label: article.category.name, title: article.title });
}
