import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkContent } from '#lib/articles/check.ts';
import { COMPONENTS } from '#lib/articles/components.ts';
import { faultLine } from '#lib/articles/schema.ts';
import { onTheSpot } from '#lib/articles/workshop.ts';
import { articleText, contentFolder } from './content-folder.ts';

const NOW = new Date('2026-11-22T12:00:00+09:00');
const FLOW = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 40"/>';

/** The faults of an article in a folder of its own, with a drawing beside it; its body begins in line 10. */
async function faultsOf(body: string): Promise<string[]> {
  const root = contentFolder();
  fs.mkdirSync(path.join(root, 'articles/a'));
  fs.writeFileSync(path.join(root, 'articles/a/flow.svg'), FLOW);
  fs.writeFileSync(path.join(root, 'articles/a/index.mdx'), articleText({ body: `${body}\n\n<Cta />\n` }));
  const checked = await checkContent(root, NOW, onTheSpot);
  if (checked.status !== 'checked') throw new Error('unreadable');
  return checked.faults.map((fault) => faultLine(fault).replace(`${root}/articles/a/index.mdx:`, ''));
}

const side = (title: string) => `<Side title="${title}">\n\n文。\n\n</Side>`;

test.each(Object.entries(COMPONENTS))('%sの例は、そのまま使える', async (name, { example, ...rule }) => {
  const inline = rule.place === 'inline' ? `数は${example}です。` : example;
  const whole = 'inside' in rule ? `<${rule.inside}>\n\n${inline}\n\n${side('もう一方')}\n\n</${rule.inside}>` : inline;
  expect(await faultsOf(name === 'Cta' ? '文。' : whole)).toEqual([]);
});

test('部品は10個までで、どれもこのサイトの記事で使われ、書き方の説明にある', () => {
  const names = Object.keys(COMPONENTS);
  expect(names.length).toBeLessThanOrEqual(10);
  const articles = fs
    .globSync('content/articles/**/*.mdx')
    .map((file) => fs.readFileSync(file, 'utf8'))
    .join('\n');
  const manual = fs.readFileSync('docs/writing/README.md', 'utf8');
  for (const [name, { props }] of Object.entries(COMPONENTS)) {
    expect(articles, name).toMatch(new RegExp(`<${name}[ >]`));
    for (const prop of Object.keys(props)) expect(manual, name).toMatch(new RegExp(`<${name} [^>]*${prop}="`));
    expect(manual, name).toContain(`<${name}`);
  }
});

test.each([
  [side('左'), ['10:1: <Side>が<Comparison>の外にあります（<Comparison>の中に書きます）']],
  [`<Comparison>\n\n${side('左')}\n\n</Comparison>`, ['10:1: <Comparison>の中の<Side>が1個です（2個か3個にします）']],
  [
    `<Comparison>\n\n${['1', '2', '3', '4'].map(side).join('\n\n')}\n\n</Comparison>`,
    ['10:1: <Comparison>の中の<Side>が4個です（2個か3個にします）'],
  ],
  [
    `<Comparison>\n\n${side('左')}\n\n間の文。\n\n${side('右')}\n\n</Comparison>`,
    ['10:1: <Comparison>の中に<Side>でないものがあります（外に出します）'],
  ],
  [
    '<Illustration caption="課題の流れの図です">\n\n![課題の流れの図です](flow.svg)\n\n</Illustration>',
    ['10:1: <Illustration>のcaptionと画像の説明が同じです（captionに読み方を、[ ]の中に画像の内容を書きます）'],
  ],
  [
    '<Illustration caption="説明">\n\n文だけ。\n\n</Illustration>',
    ['10:1: <Illustration>の中身が1つの画像ではありません（![画像の内容](photo.jpg)だけを書きます）'],
  ],
  [
    '<Illustration caption="説明">\n\n![課題の流れの図です](flow.svg)\n\n文もある。\n\n</Illustration>',
    ['10:1: <Illustration>の中身が1つの画像ではありません（![画像の内容](photo.jpg)だけを書きます）'],
  ],
  [
    '<Quotation>\n\n文。\n\n</Quotation>',
    ['10:1: <Quotation>にsourceがありません（<Quotation source="値">と書きます）'],
  ],
  ['<Question title="">\n\n文。\n\n</Question>', ['10:1: <Question>のtitleは文字です（title="値"の形で書きます）']],
])('部品の使い方 %j は場所と直し方つきで示される', async (body, faults) => {
  expect(await faultsOf(body)).toEqual(faults);
});
