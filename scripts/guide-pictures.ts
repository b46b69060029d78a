import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Page } from 'playwright';
import sharp from 'sharp';
import { newArticle } from '#lib/articles/new-article.ts';
import { previewPath } from '#lib/articles/preview-link.ts';
import { secrets } from '#lib/secrets.ts';
import { ensureChromium, launchOptions } from '../tests/support/chromium.ts';
import { runDesk, saveArticle } from '../tests/support/running-desk.ts';

// node scripts/guide-pictures.ts: makes the pictures of docs/writing/first-article.md anew, from the site as it is.

const PROJECT = path.resolve(import.meta.dirname, '..');
const FOLDER = path.join(PROJECT, 'docs/writing/images');
const SLUG = 'short-meeting';
const VIEW = { width: 1280, height: 800 };
const TITLE = '週次の進捗会議を30分で終える準備';
const DESCRIPTION =
  '進捗会議が長引くのは、その場で初めて数字を見るからです。前日までに何を集め、どの順番で話すかを決めておけば、30分で終えられます。準備の手順、当日の進め方、議事録の残し方を、順を追って説明します。';

// Among the real articles, so that the pictures name the file as an editor sees it; gone again afterwards.
const content = path.join(PROJECT, 'content');
const made = newArticle(content, SLUG, new Date());
if (made.status === 'refused') throw new Error(made.message);
saveArticle(content, SLUG, (text) =>
  text.replace(/^title: .*$/m, `title: ${TITLE}`).replace(/^description: .*$/m, `description: ${DESCRIPTION}`),
);
const desk = await runDesk(content);
const browser = await chromium.launch(launchOptions(ensureChromium()));
try {
  const context = await browser.newContext({ viewport: VIEW, locale: 'ja-JP', timezoneId: 'Asia/Tokyo' });
  const page = await context.newPage();
  await open(page, '/preview');
  await keep(page, 'list');
  await open(page, `/preview/articles/${SLUG}`);
  await keep(page, 'article');
  saveArticle(content, SLUG, (text) => text.replace('1つの段落には', '報酬は<10万円です。1つの段落には'));
  await page.getByText('直すところ（1件）').waitFor();
  await keep(page, 'fault', 420);
  saveArticle(content, SLUG, (text) => text.replace('報酬は<10万円です。', ''));
  await open(page, '/preview/parts');
  await keep(page, 'parts');
  const { signingKey } = secrets(desk.dataDir);
  await open(page, previewPath(SLUG, new Date(), signingKey));
  await keep(page, 'link', 560);
} finally {
  await browser.close();
  await desk.remove('SIGKILL');
  rmSync(path.join(content, 'articles', `${SLUG}.mdx`));
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(desk.url + address);
}

/** The top of the page, as high as the guide shows it. */
async function keep(page: Page, name: string, height = VIEW.height): Promise<void> {
  // Of Next's own mark in the corner of the development server there is nothing to say.
  // The frames and the picture come after the page.
  await page.waitForLoadState('load');
  await page.addStyleTag({ content: 'nextjs-portal { display: none }' });
  await page.waitForTimeout(1500);
  const taken = await page.screenshot({ clip: { x: 0, y: 0, width: VIEW.width, height } });
  const small = await sharp(taken).resize({ width: 1000 }).webp({ quality: 80, effort: 6 }).toBuffer();
  writeFileSync(path.join(FOLDER, `${name}.webp`), small);
  console.log(`${name}.webp ${Math.round(small.length / 1024)}KB`);
}
