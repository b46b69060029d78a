import { deskArticle } from '#lib/articles/desk.ts';
import { PREVIEW_DAYS, previewEnd, previewPath } from '#lib/articles/preview-link.ts';
import { EnvError, readEnv } from '#lib/env.ts';

// npm run --silent content:preview SLUG: an address on stdout under which a draft can be read for some days.

const USAGE = '使い方: npm run --silent content:preview SLUG（SLUGは記事のファイルの名前です。例: pmo-career）';

function main([slug, ...rest]: readonly string[]): number {
  if (slug === undefined || rest.length > 0) {
    console.error(USAGE);
    return 2;
  }
  const { siteUrl } = readEnv();
  const now = new Date();
  const found = deskArticle(slug, now);
  if (!found) {
    console.error(`記事「${slug}」はありません（ファイルの名前から.mdxを除いて書きます）`);
    return 1;
  }
  if (found.state === 'public') {
    console.error(`記事「${slug}」は公開中です（${siteUrl}/articles/${slug}を渡します）`);
    return 1;
  }
  const until = previewEnd(now).toLocaleString('ja-JP', {
    timeZone: 'Asia/Tokyo',
    dateStyle: 'long',
    timeStyle: 'short',
  });
  console.log(siteUrl + previewPath(slug, now));
  console.error(`${PREVIEW_DAYS}日間（${until}まで）、このアドレスを知っている人だけが読めます`);
  return 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (error instanceof EnvError) console.error(error.message);
  else console.error('アドレスを作れませんでした', error);
  process.exitCode = 2;
}
