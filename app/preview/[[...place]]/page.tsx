import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { drawView } from '../views.tsx';

type Props = { params: Promise<{ place?: string[] }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const view = await drawView((await params).place ?? []);
  return { title: view?.title ?? 'プレビュー', robots: { index: false } };
}

/** A page of the editors' preview. Its parts come as HTML, as the script of lib/preview.ts fetches them later. */
export default async function PreviewPage({ params }: Props) {
  const view = await drawView((await params).place ?? []);
  if (!view) return notFound();
  // biome-ignore lint/security/noDangerouslySetInnerHtml: React's own markup; drawn there once more it would take ten times as long.
  return <div className="view" dangerouslySetInnerHTML={{ __html: view.html }} />;
}
