import '#server-only';
import fs from 'node:fs';
import path from 'node:path';

/** The bytes of an image file, or what an editor should mend. A link is not followed: it may lead anywhere. */
export function readImage(
  file: string,
  mostBytes: number,
): { status: 'read'; bytes: Buffer } | { status: 'faulty'; message: string } {
  const faulty = (message: string) => {
    return { status: 'faulty' as const, message: `画像「${path.basename(file)}」${message}` };
  };
  let descriptor: number | undefined;
  try {
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
    descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = fs.fstatSync(descriptor);
    if (!stats.isFile()) return faulty('がファイルではありません（画像そのものを置きます）');
    if (stats.size > mostBytes) {
      return faulty(`が${mostBytes.toLocaleString('ja-JP')}バイトを超えています（小さく書き出し直します）`);
    }
    return { status: 'read', bytes: fs.readFileSync(descriptor) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return faulty('が記事と同じフォルダーにありません（画像を置くか、画像の行を消します）');
    }
    if (code === 'ELOOP') return faulty('がリンクです（画像そのものを置きます）');
    return faulty(`を開けません（読み取りの権限を確かめます。${code}）`);
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}
