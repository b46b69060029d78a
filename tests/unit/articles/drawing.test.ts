import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { toHtml } from 'hast-util-to-html';
import { expect, onTestFinished, test } from 'vitest';
import { takeDrawing } from '#lib/articles/images/drawing.ts';
import { drawingElement } from '#lib/articles/images/picture.ts';

function take(text: string | Buffer) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drawing-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(path.join(folder, 'flow.svg'), text);
  return takeDrawing(path.join(folder, 'flow.svg'));
}

const svg = (inside: string, view = '0 0 360 200') =>
  `<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view}">\n${inside}\n</svg>\n`;
const faults = (text: string | Buffer) => {
  const taken = take(text);
  return taken.status === 'faulty' ? taken.messages : [];
};

test('図はページの中の要素になり、色はサイトの色に、説明は読み上げに変わる', () => {
  const taken = take(
    svg(
      '<title>道具が付けた題</title><g id="a" font-size="14"><rect x="1" y="2" width="9" height="8" fill="#F5F7F6" stroke="#1a1a1a"/><text x="5" y="6" text-anchor="middle" font-family="Arial">課題 &lt; 1</text></g>',
    ),
  );
  if (taken.status !== 'drawing') throw new Error(JSON.stringify(taken));
  expect(toHtml(drawingElement(taken.drawing, '流れの図'))).toBe(
    '<svg class="drawing" viewBox="0 0 360 200" width="360" height="200" role="img" aria-label="流れの図">' +
      '<g font-size="14"><rect x="1" y="2" width="9" height="8" fill="var(--color-wash)" stroke="var(--color-ink)"></rect>' +
      '<text x="5" y="6" text-anchor="middle">課題 &#x3C; 1</text></g></svg>',
  );
});

test('いちばん外側に書いた文字の大きさや並べ方も残る', () => {
  const taken = take(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 9" font-size="14" text-anchor="middle" width="720"><text>文</text></svg>',
  );
  if (taken.status !== 'drawing') throw new Error(JSON.stringify(taken));
  expect(toHtml(taken.drawing)).toBe(
    '<svg font-size="14" text-anchor="middle" class="drawing" viewBox="0 0 360 9" width="360" height="9"><text>文</text></svg>',
  );
});

test.each([
  ['<script>alert(1)</script>', /3行目: <script>は使えません/],
  ['<rect onload="alert(1)" width="1" height="1"/>', /3行目: <rect>のonload="alert\(1\)"は使えません/],
  ['<a href="https://example.jp/"><rect width="1" height="1"/></a>', /<a>は使えません/],
  ['<image href="https://example.jp/a.png"/>', /<image>は使えません/],
  ['<use href="#a"/>', /<use>は使えません/],
  ['<foreignObject><p>文</p></foreignObject>', /<foreignObject>は使えません/],
  ['<style>*{fill:red}</style>', /<style>は使えません/],
  ['<rect width="1" height="1" style="fill:red"/>', /<rect>のstyle="fill:red"は使えません/],
  ['<rect width="1" height="1" fill="#ff0000"/>', /fillの「#ff0000」は使えません（明暗に合わせて変わる色: #1a1a1a、/],
  [
    '<rect width="1" height="1" fill="url(https://example.jp/)"/>',
    /fillの「url\(https:\/\/example.jp\/\)」は使えません/,
  ],
  ['<path d="M0 0 L1 url(x)"/>', /<path>のd=".*"は使えません/],
  ['<g transform="scale(0.2)"/>', /<g>のtransform="scale\(0.2\)"は使えません/],
  ['<text x="1" y="1">文</text>', /3行目: 文字がスマートフォンで読めない大きさです（font-sizeを13以上にします）/],
  ['<text x="1" y="1" font-size="10">文</text>', /font-sizeを13以上にします/],
  ['<g font-size="14"><text><tspan font-size="8">文</tspan></text></g>', /font-sizeを13以上にします/],
  ['<rect>文</rect>', /<text>の外に文字があります/],
  ['<rect', /SVGとして読めません/],
  ['&copy;', /SVGとして読めません/],
])('図の中の %s は、行と直し方つきで断られる', (inside, fault) => {
  expect(faults(svg(inside))[0]).toMatch(fault);
  expect(faults(svg(inside))[0]).toMatch(/^図「flow\.svg」の\d+行目: .+（.+）$/);
});

test.each([
  [
    'DOCTYPE',
    '<!DOCTYPE svg [<!ENTITY a "aaaa">]>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 9"/>',
    /DOCTYPEがあります/,
  ],
  ['幅の広い図', svg('', '0 0 1200 800'), /幅を320〜400/],
  ['viewBoxの無い図', '<svg xmlns="http://www.w3.org/2000/svg"/>', /幅を320〜400/],
  ['SVGでないもの', '<html></html>', /いちばん外側が<svg>ではありません/],
  ['空のファイル', '', /./],
  ['大きなファイル', svg('<g/>'.repeat(10_000)), /30,000バイトを超えています/],
  ['文字コードの違うファイル', Buffer.from([0x3c, 0x83, 0x65]), /UTF-8ではありません/],
  ['深い入れ子', svg(`${'<g>'.repeat(2000)}${'</g>'.repeat(2000)}`), /入れ子が深すぎます/],
])('%sは図として出さない', (_, text, fault) => {
  const found = faults(text);
  expect(found[0]).toMatch(fault);
  expect(found.length).toBeLessThanOrEqual(5);
});

test('フォルダーの外を指すリンクはたどらない', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drawing-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(path.join(folder, 'real.svg'), svg(''));
  fs.symlinkSync(path.join(folder, 'real.svg'), path.join(folder, 'linked.svg'));
  expect(takeDrawing(path.join(folder, 'real.svg')).status).toBe('drawing');
  expect(takeDrawing(path.join(folder, 'linked.svg'))).toEqual({
    status: 'faulty',
    messages: ['画像「linked.svg」がリンクです（画像そのものを置きます）'],
  });
});
