import '#server-only';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp, { type OutputInfo } from 'sharp';
import { type Format, type Picture, pictureHref, WIDTHS } from './picture.ts';
import { readImage } from './read-image.ts';

// The entry of the process that lib/articles/images/gallery.ts starts; nothing imports it. A process, not a thread: a
// decoder is native code that strangers' bytes are put into, and when it crashes, only this process is gone.

/** `folder` is where widths are kept; without one the picture is only looked at. */
export type PaintTask = { file: string; folder: string | undefined };
export type PaintOutcome =
  | { status: 'picture'; picture: Picture }
  | { status: 'faulty'; message: string }
  /** Nothing is wrong with the picture: the disk is full, or may not be written. */
  | { status: 'failed'; reason: string };

/** Part of every hash: pictures are made anew when this changes. */
const RECIPE = `1 ${WIDTHS.join(' ')} avif50 webp75`;
const MOST_BYTES = 20_000_000;
/** More than a phone's camera makes (48 million); decoded they take 200 MB. */
const MOST_PIXELS = 50_000_000;
/** What WebP can hold. */
const MOST_EDGE = 16_000;

// One picture at a time on one core: readers come first.
sharp.concurrency(1);
sharp.cache(false);
os.setPriority(10);

process.on('disconnect', () => process.exit());
process.on('message', (task: PaintTask) => {
  void paint(task)
    .catch((error: unknown): PaintOutcome => ({ status: 'failed', reason: String(error) }))
    .then((outcome) => process.send?.(outcome));
});

async function paint({ file, folder }: PaintTask): Promise<PaintOutcome> {
  const name = path.basename(file);
  const faulty = (message: string): PaintOutcome => ({ status: 'faulty', message });
  const read = readImage(file, MOST_BYTES);
  if (read.status === 'faulty') return read;
  const { bytes } = read;
  const format = formatOf(bytes);
  const named = path.extname(name).slice(1).toLowerCase().replace('jpg', 'jpeg');
  if (format === undefined) {
    return faulty(`画像「${name}」の中身が画像ではありません（PNG、JPEG、WebP、AVIFのどれかで書き出します）`);
  }
  if (format !== named) return faulty(`画像「${name}」の中身は${format}です（名前の終わりを.${format}にします）`);
  const hash = createHash('sha256').update(RECIPE).update(bytes).digest('hex').slice(0, 24);
  const kept = folder === undefined ? undefined : readKept(folder, hash);
  if (kept) return { status: 'picture', picture: kept };
  let decoded: { data: Buffer; info: OutputInfo };
  try {
    const { width, height, pages = 1 } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (width * height > MOST_PIXELS || Math.max(width, height) > MOST_EDGE) {
      const size = `${width.toLocaleString('ja-JP')}×${height.toLocaleString('ja-JP')}`;
      return faulty(`画像「${name}」は${size}画素で、大きすぎます（幅2,600画素ほどに縮めます）`);
    }
    if (pages > 1) return faulty(`画像「${name}」は動く画像です（1枚の画像にします）`);
    decoded = await sharp(bytes, { failOn: 'error', limitInputPixels: MOST_PIXELS })
      .autoOrient()
      .resize({ width: WIDTHS[WIDTHS.length - 1], withoutEnlargement: true })
      .raw()
      .toBuffer({ resolveWithObject: true });
  } catch {
    // Whatever the decoder says is about the bytes: the file was read, and nothing is written yet.
    return faulty(`画像「${name}」を最後まで読めません（壊れていないか確かめ、書き出し直します）`);
  }
  const { width, height, channels } = decoded.info;
  const widths = [...WIDTHS.filter((each) => each < width), width];
  const picture = { hash, width, height, widths };
  if (folder === undefined) return { status: 'picture', picture };
  fs.mkdirSync(folder, { recursive: true });
  // Effort 4 takes five times as long for 4 % fewer bytes, and an editor is waiting.
  for (const each of widths) {
    const sized = () => sharp(decoded.data, { raw: { width, height, channels } }).resize({ width: each });
    keep(folder, fileOf(picture, each, 'avif'), await sized().avif({ quality: 50, effort: 3 }).toBuffer());
    keep(folder, fileOf(picture, each, 'webp'), await sized().webp({ quality: 75, effort: 5 }).toBuffer());
  }
  keep(folder, `${hash}.json`, Buffer.from(JSON.stringify(picture)));
  return { status: 'picture', picture };
}

/** By the first bytes, before a decoder sees any: the name of a file says nothing, and some decoders read anything. */
function formatOf(bytes: Buffer): 'png' | 'jpeg' | 'webp' | 'avif' | undefined {
  if (bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))) return 'png';
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'jpeg';
  const [outer, inner] = [bytes.toString('latin1', 0, 4), bytes.toString('latin1', 8, 12)];
  if (outer === 'RIFF' && inner === 'WEBP') return 'webp';
  return bytes.toString('latin1', 4, 8) === 'ftyp' && inner === 'avif' ? 'avif' : undefined;
}

function fileOf(picture: Picture, width: number, format: Format): string {
  return path.basename(pictureHref(picture, width, format));
}

/** Written aside and renamed: whoever asks for a file gets all of it or nothing, also after a crash. */
function keep(folder: string, name: string, bytes: Buffer): void {
  const aside = path.join(folder, `.${process.pid}-${name}`);
  const descriptor = fs.openSync(aside, 'w');
  try {
    fs.writeFileSync(descriptor, bytes);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  fs.renameSync(aside, path.join(folder, name));
}

/** A picture that was made before, with all its files. Its description is written last. */
function readKept(folder: string, hash: string): Picture | undefined {
  try {
    const picture: Picture = JSON.parse(fs.readFileSync(path.join(folder, `${hash}.json`), 'utf8'));
    for (const width of picture.widths) {
      for (const format of ['avif', 'webp'] as const) {
        if (fs.statSync(path.join(folder, fileOf(picture, width, format))).size === 0) return undefined;
      }
    }
    return picture;
  } catch {
    // Not there, or not what this recipe writes: it is made again.
    return undefined;
  }
}
