/** Words that say that there is a picture, not what is on it. */
const SAYS_NOTHING =
  /^(?:記事の)?(?:画像|写真|図|図版|図表|イメージ|イラスト|スクリーンショット|アイキャッチ|サムネイル)(?:画像)?[0-9０-９]*$/;
const FILE_NAME = /\.(?:png|jpe?g|webp|avif|svg|gif)$/i;
const LEAST = 6;
const MOST = 300;

/**
 * What is wrong with the words that stand for a picture where it is not seen, with the cure; undefined when they do.
 * `where` is how an editor writes them: `[ ]の中` or `imageAlt`.
 */
export function altFault(alt: string, file: string, where: string): string | undefined {
  const words = alt.trim();
  const cure = `${where}に、見えない人にも伝わるように内容を書きます`;
  if (words === '') return `画像「${file}」の説明がありません（${cure}）`;
  if (FILE_NAME.test(words) || words === file.replace(/\.\w+$/, '')) {
    return `画像「${file}」の説明がファイルの名前です（${cure}）`;
  }
  if (SAYS_NOTHING.test(words) || [...words].length < LEAST) {
    return `画像「${file}」の説明「${words}」では内容がわかりません（${cure}）`;
  }
  if ([...words].length > MOST) {
    return `画像「${file}」の説明が${[...words].length}文字あります（${MOST}文字以内にし、残りは本文に書きます）`;
  }
  return undefined;
}
