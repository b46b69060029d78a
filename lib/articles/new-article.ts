import '#server-only';
import fs from 'node:fs';
import path from 'node:path';
import { openCatalog } from './catalog.ts';
import { displayPath } from './folder.ts';
import { SLUG } from './schema.ts';

export type Made = { status: 'made'; path: string } | { status: 'refused'; message: string };

/**
 * Writes a draft that passes the check, with the first author and category of the folder, dated today (JST). Never
 * over an existing file, an existing article's address or an alias.
 */
export function newArticle(root: string, slug: string, now: Date): Made {
  if (!SLUG.test(slug)) {
    return refused(`「${slug}」は記事の名前に使えません（a-z、0-9と、それらをつなぐ-だけを使います。例: pmo-career）`);
  }
  const snapshot = openCatalog(root).snapshot(now);
  if (snapshot.find(slug).status !== 'unknown') {
    return refused(`「${slug}」という記事か、その古い住所がすでにあります（別の名前にします）`);
  }
  const [author] = snapshot.authors;
  const [category] = snapshot.categories;
  if (!author || !category) {
    return refused('著者か分類がありません（content/authorsとcontent/categories.yamlを先に書きます）');
  }
  const file = `articles/${slug}.mdx`;
  const today = new Date(now.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);
  fs.writeFileSync(path.join(root, file), draft(today, author.id, category.id), { flag: 'wx' });
  return { status: 'made', path: displayPath(root, file) };
}

function refused(message: string): Made {
  return { status: 'refused', message };
}

function draft(today: string, author: string, category: string): string {
  return `---
title: 記事の題名（32文字以内、大切な言葉を前に）
description: この記事でわかることを、読者の言葉で80文字から120文字で書きます。前半の50文字だけを読んでも意味が通るように、まず結論を置き、そのあとに扱う範囲と、読み終えたときに何ができるようになるかを続けます。
publishedAt: ${today}
author: ${author}
category: ${category}
tags: []
draft: true
disclosure: none
---

読者の困りごとを、読者の言葉で書き出します。続けて、この記事を読むと何がわかるのかを伝えます。ここまでが導入で、この後に無料登録への案内が自動で入ります。

## 最初の章の見出し

章の見出しは「## 」、その中の小さな見出しは「### 」で始めます。

### 小さな見出し

1つの段落には1つのことだけを書きます。

<Cta />

## まとめ

大切なことを短く振り返り、読者が今日できることを1つ挙げます。
`;
}
