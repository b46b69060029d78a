import '#server-only';
import { TextlintKernel, type TextlintMessage } from '@textlint/kernel';
import { parseBody } from '../compile.ts';
import type { Fault } from '../schema.ts';
import { placeOf, type Source } from '../source.ts';
import { kernelRules, sentenceOf } from './rules.ts';
import { textTree } from './text-tree.ts';
import type { Word } from './words.ts';

const kernel = new TextlintKernel();
const EXTENSION = '.mdx';

/**
 * Slips of language in an article's body, as warnings: a machine is sometimes wrong about them. An article that does not
 * parse has none; its faults come first. Takes some 100 ms an article, and 400 MB for the dictionary of kuromoji.
 */
export async function proof(source: Source, words: readonly Word[]): Promise<Fault[]> {
  const parsed = parseBody(source);
  if (parsed.status === 'broken') return [];
  const tree = textTree(parsed.tree, source.text);
  const plugin = {
    Processor: class {
      availableExtensions() {
        return [EXTENSION];
      }
      processor() {
        return {
          preProcess: () => tree,
          postProcess: (found: TextlintMessage[]) => ({ messages: found, filePath: source.path }),
        };
      }
    },
  };
  const { messages } = await kernel.lintText(source.text, {
    ext: EXTENSION,
    filePath: source.path,
    plugins: [{ pluginId: 'article', plugin }],
    rules: kernelRules(words),
  });
  return messages.map(({ ruleId, message, range: [start, end] }) => ({
    ...placeOf(source, start - (ONE_TOO_FAR.has(ruleId) ? 1 : 0)),
    message: sentenceOf(ruleId, source.text.slice(start, Math.min(end, start + MOST_QUOTED)), message),
    severity: 'warning',
  }));
}

/** Points behind the character that it means (@textlint-rule/textlint-rule-no-unmatched-pair 2.0.4). */
const ONE_TOO_FAR = new Set(['no-unmatched-pair']);
/** How much of a slip is quoted. */
const MOST_QUOTED = 20;
