import type { VFileMessage } from 'vfile-message';
import type { YAMLError } from 'yaml';

/** What the parsers of YAML and MDX say, as an editor needs to hear it: what is wrong and what to type instead. */

/** One sentence for a YAML error, with its cure. */
export function explainYaml(error: YAMLError): string {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return '同じ項目が2回書かれています（どちらかの行を消します）';
    case 'TAB_AS_INDENT':
      return '行の頭にタブがあります（半角の空白に置き換えます）';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return '値の中に「: 」があります（値の全体を「"」で囲みます）';
    case 'MULTILINE_IMPLICIT_KEY':
      return '「項目: 値」の形になっていません（コロンの後に半角の空白を1つ入れます）';
    case 'BAD_SCALAR_START':
      return '値の1文字目に使えない記号があります（値の全体を「"」で囲みます）';
    case 'MISSING_CHAR':
      return '引用符や括弧が閉じていません（対になる記号を書き足します）';
    case 'BAD_INDENT':
      return '字下げか括弧の閉じ方が違います（行の頭の空白をそろえ、「[」には「]」を書きます）';
    case 'MULTIPLE_DOCS':
      return '「---」の行が余っています（見出しの情報を囲む2行だけにします）';
    case 'BAD_DQ_ESCAPE':
      return '「"」の中に「\\」があります（「\\\\」と書くか、「\\」を消します）';
    default:
      return `「項目: 値」として読めません（値に記号があれば「"」で囲みます。${error.code}）`;
  }
}

/** Where an MDX error really starts, as an offset into the text, and one sentence with its cure. */
export function explainMdx(error: VFileMessage, text: string, bodyStart: number): { offset: number; message: string } {
  const place = error.place && 'start' in error.place ? error.place.start : error.place;
  const reported = place?.offset ?? bodyStart;
  const opened = /for `<(\/?[^`>]*)>` \((\d+):(\d+)-/.exec(error.reason);
  const before = text.slice(bodyStart, reported);
  const lastTag = bodyStart + Math.max(before.lastIndexOf('<'), 0);
  switch (error.ruleId) {
    case 'end-tag-mismatch': {
      const offset = opened ? offsetAt(text, Number(opened[2]), Number(opened[3])) : reported;
      const name = opened?.[1] ?? '';
      return {
        offset,
        message: `<${name}>が閉じていません（</${name}>を、<${name}>と同じ字下げの独立した行に書きます）`,
      };
    }
    case 'unexpected-closing-slash':
      return { offset: lastTag, message: '閉じるタグだけがあります（対になる開くタグを書くか、このタグを消します）' };
    case 'unexpected-lazy':
      return { offset: lastTag, message: 'タグの途中で引用や箇条書きが終わっています（タグを1行に書きます）' };
    case 'acorn':
      return error.source === 'micromark-extension-mdxjs-esm'
        ? { offset: lineStart(text, reported), message: ESM_SENTENCE }
        : { offset: openBrace(text, bodyStart, reported), message: EXPRESSION_SENTENCE };
    case 'unexpected-eof':
    case 'non-spread':
    case 'spread-extra':
      if (error.source === 'micromark-extension-mdx-expression') {
        const offset = openBrace(text, bodyStart, reported);
        return { offset, message: '「{」が閉じていません（文字として出すなら「\\{」か全角の「｛」と書きます）' };
      }
      return { offset: lastTag, message: 'タグが途中で終わっています（「>」または「/>」で閉じます）' };
    case 'unexpected-character':
      return unexpectedCharacter(error, text, reported, lastTag);
    default:
      return { offset: reported, message: `MDXとして読めません（この行の「<」と「{」を見直します。${error.reason}）` };
  }
}

/** Shared by the parser's errors and the compiler's own check of what did parse. */
export const ESM_SENTENCE = 'importとexportは使えません（行を消します。文章なら行の頭の語を変えます）';
export const EXPRESSION_SENTENCE =
  '「{…}」の式は使えません（式を消します。文字として出すなら「\\{」か全角の「｛」と書きます）';

function unexpectedCharacter(error: VFileMessage, text: string, reported: number, lastTag: number) {
  const next = text.slice(lastTag + 1, lastTag + 2);
  if (next === '!') {
    return { offset: lastTag, message: '<!-- -->の注釈は使えません（注釈を消します）' };
  }
  if (/^<(?:https?:|mailto:|[\w.+-]+@)/.test(text.slice(lastTag, lastTag + 20))) {
    return { offset: lastTag, message: '<住所>の形のリンクは使えません（[文字](住所)と書きます）' };
  }
  if (error.reason.includes('before name') && reported === lastTag + 1) {
    return { offset: lastTag, message: '「<」の後がタグの名前ではありません（「\\<」か全角の「＜」と書きます）' };
  }
  if (error.reason.includes('attribute value')) {
    return { offset: reported, message: '属性の値が「"」で囲まれていません（名前="値"の形にします）' };
  }
  return {
    offset: reported,
    message: 'タグの書き方が違います（<名前 属性="値">の形にし、「<」を文字として出すなら「\\<」と書きます）',
  };
}

/** The offset of the first `{` before `end` that nothing closes, code left aside. */
function openBrace(text: string, start: number, end: number): number {
  const masked = text.slice(start, end + 1).replace(/`[^`\n]*`|\\[{}]/g, (found) => ' '.repeat(found.length));
  const open: number[] = [];
  for (let index = 0; index < masked.length; index++) {
    if (masked[index] === '{') open.push(start + index);
    else if (masked[index] === '}') open.pop();
  }
  return open[0] ?? end;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  for (let current = 1; current < line; current++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}
