import { site } from '#lib/site.ts';
import { drawShareImage } from '../share-image.tsx';

export const dynamic = 'force-dynamic';

/** The picture of every page that has none of its own. */
export function GET(): Promise<Response> {
  return drawShareImage({ label: site.name, title: site.headline.join('') });
}
