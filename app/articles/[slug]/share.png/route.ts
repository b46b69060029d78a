import { catalog } from '#lib/articles/catalog.ts';
import { drawShareImage } from '../../../share-image.tsx';

export const dynamic = 'force-dynamic';

export async function GET(_: Request, { params }: { params: Promise<{ slug: string }> }): Promise<Response> {
  const found = catalog()
    .snapshot(new Date())
    .find((await params).slug);
  if (found.status !== 'visible') return new Response(null, { status: 404 });
  return drawShareImage({ label: found.article.category.name, title: found.article.title });
}
