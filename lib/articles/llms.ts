import '#server-only';
import { site } from '#lib/site.ts';
import type { Snapshot } from './snapshot.ts';

const MOST_OF_A_CATEGORY = 50;

/**
 * The site in Markdown for programs that read in someone's place (https://llmstxt.org): what it is, who stands behind it, and
 * its articles by category, newest first. Says nothing that the pages do not say.
 */
export function llmsText({ categories, byCategory }: Snapshot, origin: string): string {
  const sections = categories.flatMap(({ id, name }) => {
    const articles = byCategory(id).slice(0, MOST_OF_A_CATEGORY);
    const lines = articles.map(
      ({ slug, title, description }) => `- [${title}](${origin}/articles/${slug}): ${description}`,
    );
    return articles.length > 0 ? [`## ${name}\n\n${lines.join('\n')}`] : [];
  });
  return [
    `# ${site.name}`,
    `> ${site.description}`,
    `${site.operator.name}が運営する、${site.tagline}のサイトです。記事は登録せずに全文を読めます。案件を紹介する事業者の記事なので、自社のサービスへの案内を含みます。記事は編集部の署名で、出典のある数字には時点を添えています。`,
    ...sections,
    `## このサイトについて\n\n${[
      `- [サービスの仕組み、費用、よくある質問](${origin}/service)`,
      `- [プライバシーポリシー](${origin}/privacy)`,
      `- [記事の全文フィード（Atom）](${origin}/feed.xml)`,
      `- [すべての記事](${origin}/articles)`,
    ].join('\n')}`,
    '',
  ].join('\n\n');
}
