import { drawView } from '../../views.tsx';

export const dynamic = 'force-dynamic';

/** The parts of a page of the preview, for the page that is open already. */
export async function GET(_: Request, { params }: { params: Promise<{ place?: string[] }> }): Promise<Response> {
  const view = await drawView((await params).place ?? []);
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(view?.html ?? '', { status: view ? 200 : 404, headers });
}
