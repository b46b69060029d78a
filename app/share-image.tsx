import { ImageResponse } from 'next/og';
import { ShareImage, TITLE_BOX } from '#components/share-image.tsx';
import { SHARE_SIZE } from '#lib/page-metadata.ts';
import { shareFonts } from '#lib/share-fonts.ts';
import { titleLines } from '#lib/title-lines.ts';

/**
 * The share image of a page as a PNG. Characters without a glyph are left out: next/og would fetch them from the
 * internet while the visitor of another site waits.
 */
export async function drawShareImage({ label, title }: { label: string; title: string }): Promise<Response> {
  const { faces, drawable, boldWidth } = await shareFonts();
  const { lines, size } = titleLines(drawable(title), TITLE_BOX, boldWidth);
  return new ImageResponse(<ShareImage label={drawable(label)} lines={lines} size={size} />, {
    ...SHARE_SIZE,
    fonts: faces,
  });
}
