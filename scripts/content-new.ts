import { newArticle } from '#lib/articles/new-article.ts';
import { EnvError, readEnv } from '#lib/env.ts';

// npm run content:new article SLUG: a draft that passes the check; its path on stdout.

const USAGE = '使い方: npm run --silent content:new article SLUG（SLUGは住所になる名前です。例: pmo-career）';

function main([kind, slug, ...rest]: readonly string[]): number {
  if (kind !== 'article' || slug === undefined || rest.length > 0) {
    console.error(USAGE);
    return 2;
  }
  const made = newArticle(readEnv().contentDir, slug, new Date());
  switch (made.status) {
    case 'made':
      console.log(made.path);
      return 0;
    case 'refused':
      console.error(made.message);
      return 1;
  }
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (error instanceof EnvError) console.error(error.message);
  else console.error('記事を作れませんでした', error);
  process.exitCode = 2;
}
