import '#server-only';
import type { Root } from 'hast';
import { type Components, toJsxRuntime } from 'hast-util-to-jsx-runtime';
import type { ComponentType, ReactNode } from 'react';
import { Fragment, jsx, jsxs } from 'react/jsx-runtime';
import { catalog } from './catalog.ts';
import type { CompiledBody } from './compile.ts';
import type { ComponentName } from './components.ts';
import type { Picture } from './images/picture.ts';
import type { Article, Fault, Heading } from './schema.ts';

/** What draws the components of an article, and any plain element (`a`, `table`, `h2`, …) that needs more than HTML. */
export type ArticleComponents = Omit<Components, ComponentName> & {
  Cta: ComponentType;
  KeyPoints: ComponentType<{ children?: ReactNode }>;
  Note: ComponentType<{ title: string; children?: ReactNode }>;
  Quotation: ComponentType<{ source: string; url?: string; children?: ReactNode }>;
  Comparison: ComponentType<{ children?: ReactNode }>;
  Side: ComponentType<{ title: string; children?: ReactNode }>;
  Illustration: ComponentType<{ caption: string; children?: ReactNode }>;
  Question: ComponentType<{ title: string; children?: ReactNode }>;
  /** `id` of content/figures.yaml; the figure may be too old to be shown. */
  Figure: ComponentType<{ id: string }>;
  Sources: ComponentType<{ children?: ReactNode }>;
};

export type RenderedArticle = {
  status: 'rendered';
  /** The picture above the article, and what it is for those who do not draw it. */
  cover: ReactNode;
  coverPicture: Picture | undefined;
  /** Everything before the first h2. */
  opening: ReactNode;
  body: ReactNode;
  sources: ReactNode;
  /** All headings in order; sections have `depth` 2. */
  headings: readonly Heading[];
  characters: number;
  minutes: number;
};

/**
 * The body of `article` as React elements. `broken` when the file cannot be drawn and there is no good version of it;
 * then the next snapshot does not show the article any more.
 */
export async function renderArticle(
  article: Article,
  components: ArticleComponents,
): Promise<RenderedArticle | { status: 'broken'; faults: Fault[] }> {
  const compiled = await catalog().compiled(article.slug);
  if (compiled.status === 'broken') return compiled;
  const { characters, minutes } = article;
  return { status: 'rendered', ...drawBody(compiled.body, components), characters, minutes };
}

/** The parts of a compiled body as React elements of this copy of React; nothing in it is evaluated. */
export function drawBody({ cover, opening, body, sources, headings }: CompiledBody, components: ArticleComponents) {
  const draw = (tree: Root): ReactNode =>
    toJsxRuntime(tree, {
      Fragment,
      jsx,
      jsxs,
      components: components satisfies ArticleComponents as Components,
      // A style attribute would be refused by the pages' content security policy.
      tableCellAlignToStyle: false,
    });
  return {
    cover: cover ? draw({ type: 'root', children: [cover.element] }) : null,
    coverPicture: cover?.picture,
    opening: draw(opening),
    body: draw(body),
    sources: sources ? draw(sources) : null,
    headings,
  };
}
