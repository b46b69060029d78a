import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { openGallery } from '#lib/articles/images/gallery.ts';

// Real files through the real process that decodes them.

function stage(limitMs?: number) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gallery-'));
  const kept = path.join(folder, 'kept');
  const gallery = openGallery(kept, limitMs);
  onTestFinished(() => {
    gallery.close();
    fs.rmSync(folder, { recursive: true });
  });
  const at = (name: string) => path.join(folder, name);
  const files = () => (fs.existsSync(kept) ? fs.readdirSync(kept).sort() : []);
  const reasonOf = async (name: string) => {
    const taken = await gallery.take(at(name));
    return taken.status === 'faulty' ? taken.messages.join() : taken.status;
  };
  const pictureOf = async (name: string) => {
    const taken = await gallery.take(at(name));
    if (taken.status !== 'picture') throw new Error(JSON.stringify(taken));
    return taken.picture;
  };
  return { gallery, kept, at, files, reasonOf, pictureOf };
}

/** A picture of one colour with a spot, so that its orientation shows. */
const drawn = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#2a6' } }).composite([
    { input: { create: { width: 8, height: 8, channels: 3, background: '#f00' } }, left: 0, top: 0 },
  ]);

test('写真は本当の縦横になり、撮った場所などの記録が消え、向きが正され、決まった幅で2つの形式に残る', async () => {
  const { kept, at, files, pictureOf } = stage();
  await drawn(1000, 600)
    .withExif({ IFD0: { Copyright: '撮った人の名前' }, IFD3: { GPSLatitude: '35/1 40/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toFile(at('a.jpg'));
  const picture = await pictureOf('a.jpg');
  // Orientation 6: the camera was held upright.
  expect(picture).toMatchObject({ width: 600, height: 1000, widths: [480, 600] });
  const names = [480, 600].flatMap((width) => ['avif', 'webp'].map((type) => `${picture.hash}-${width}.${type}`));
  expect(files()).toEqual([...names, `${picture.hash}.json`].sort());
  for (const name of names) {
    const { format, width, height, exif, orientation } = await sharp(path.join(kept, name)).metadata();
    expect([name, format, (height ?? 0) > (width ?? 0)]).toEqual([name, name.endsWith('avif') ? 'heif' : 'webp', true]);
    expect([exif, orientation]).toEqual([undefined, undefined]);
  }
  // The spot of the upper left corner is at the upper right once the picture stands upright.
  const { data, info } = await sharp(path.join(kept, names[3] ?? ''))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const redAt = (x: number, y: number) => (data[(y * info.width + x) * info.channels] ?? 0) > 150;
  expect([redAt(2, 2), redAt(597, 2)]).toEqual([false, true]);
});

test('小さな画像は引き伸ばさず、大きな画像は1296画素までにする', async () => {
  const { at, pictureOf } = stage();
  await drawn(200, 100).png().toFile(at('small.png'));
  await drawn(2000, 500).webp().toFile(at('large.webp'));
  expect(await pictureOf('small.png')).toMatchObject({ width: 200, height: 100, widths: [200] });
  expect(await pictureOf('large.webp')).toMatchObject({ width: 1296, height: 324, widths: [480, 800, 1296] });
});

test('一度作った幅は再起動の後も使われ、欠けていれば作り直され、中身が変われば別の名前になる', async () => {
  const { kept, at, files, pictureOf } = stage();
  await drawn(300, 200).png().toFile(at('a.png'));
  const first = await pictureOf('a.png');
  const made = fs.statSync(path.join(kept, `${first.hash}-300.avif`));
  const again = openGallery(kept);
  onTestFinished(() => again.close());
  expect(await again.take(at('a.png'))).toEqual({ status: 'picture', picture: first });
  expect(fs.statSync(path.join(kept, `${first.hash}-300.avif`)).ino).toBe(made.ino);
  fs.rmSync(path.join(kept, `${first.hash}-300.avif`));
  const third = openGallery(kept);
  onTestFinished(() => third.close());
  await third.take(at('a.png'));
  expect(files()).toContain(`${first.hash}-300.avif`);
  await drawn(301, 200).png().toFile(at('a.png'));
  const changed = await pictureOf('a.png');
  expect(changed.hash).not.toBe(first.hash);
  // Pages that others keep still name the old one.
  expect(files()).toContain(`${first.hash}-300.avif`);
});

test('使われなくなった画像は1週間後に消え、使われている画像は残る', async () => {
  const { gallery, kept, at, files, pictureOf } = stage();
  await drawn(300, 200).png().toFile(at('a.png'));
  await drawn(310, 200).png().toFile(at('b.png'));
  const [used, unused] = [await pictureOf('a.png'), await pictureOf('b.png')];
  const inUse = new Set([used.hash]);
  await gallery.tidy(inUse);
  expect(files()).toHaveLength(6);
  const longAgo = Date.now() / 1000 - 8 * 86_400;
  for (const name of files()) fs.utimesSync(path.join(kept, name), longAgo, longAgo);
  fs.writeFileSync(path.join(kept, '.77-left-over.avif'), '');
  fs.utimesSync(path.join(kept, '.77-left-over.avif'), longAgo, longAgo);
  await gallery.tidy(inUse);
  expect(files().every((name) => name.startsWith(used.hash))).toBe(true);
  expect(files()).toHaveLength(3);
  // What went is made again when it is shown again.
  expect(await pictureOf('b.png')).toEqual(unused);
  expect(files()).toHaveLength(6);
});

test('壊れた画像、違う種類、大きすぎる画像は、直し方つきで断られ、何も残さない', async () => {
  const { at, files, reasonOf } = stage();
  const whole = await drawn(900, 600).jpeg().toBuffer();
  fs.writeFileSync(at('half.jpg'), whole.subarray(0, whole.length / 2));
  fs.writeFileSync(at('jpeg.png'), whole);
  fs.writeFileSync(at('text.png'), 'これは画像ではありません');
  fs.writeFileSync(at('empty.webp'), '');
  fs.writeFileSync(at('svg.png'), '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  fs.mkdirSync(at('folder.png'));
  fs.symlinkSync(at('half.jpg'), at('link.jpg'));
  fs.writeFileSync(at('heavy.png'), Buffer.alloc(20_000_001));
  // 30,000 x 30,000 pixels in 110 bytes, as a decompression bomb says it.
  const small = await drawn(8, 8).png().toBuffer();
  small.writeUInt32BE(30_000, 16);
  small.writeUInt32BE(30_000, 20);
  fs.writeFileSync(at('bomb.png'), small);
  const frames = [await drawn(8, 8).png().toBuffer(), await drawn(8, 8).negate().png().toBuffer()];
  await sharp(frames, { join: { animated: true } })
    .webp()
    .toFile(at('moving.webp'));
  expect(await reasonOf('half.jpg')).toMatch(/^画像「half\.jpg」を最後まで読めません（.+）$/);
  expect(await reasonOf('jpeg.png')).toBe('画像「jpeg.png」の中身はjpegです（名前の終わりを.jpegにします）');
  for (const name of ['text.png', 'empty.webp', 'svg.png'])
    expect(await reasonOf(name)).toMatch(/中身が画像ではありません/);
  expect(await reasonOf('folder.png')).toMatch(/ファイルではありません/);
  expect(await reasonOf('link.jpg')).toMatch(/リンクです/);
  expect(await reasonOf('heavy.png')).toMatch(/20,000,000バイトを超えています/);
  expect(await reasonOf('bomb.png')).toMatch(/30,000×30,000画素で、大きすぎます/);
  expect(await reasonOf('moving.webp')).toMatch(/動く画像です/);
  expect(await reasonOf('nothing.png')).toMatch(/記事と同じフォルダーにありません/);
  expect(files()).toEqual([]);
});

test('画像を読む処理が終わらなくても、待ち続けずに断る', async () => {
  const { at, gallery } = stage(1);
  await drawn(900, 600).png().toFile(at('slow.png'));
  expect(await gallery.take(at('slow.png'))).toMatchObject({ status: 'faulty' });
  const patient = openGallery(undefined);
  onTestFinished(() => patient.close());
  expect(await patient.take(at('slow.png'))).toMatchObject({ status: 'picture' });
});

test('保存できないときは画像のせいにせず、書けるようになれば作る', async () => {
  const { at, gallery, kept } = stage();
  await drawn(100, 80).png().toFile(at('a.png'));
  fs.writeFileSync(kept, 'a file where the folder should be');
  await expect(gallery.take(at('a.png'))).rejects.toThrow('could not be kept');
  fs.rmSync(kept);
  expect(await gallery.take(at('a.png'))).toMatchObject({ status: 'picture' });
});
