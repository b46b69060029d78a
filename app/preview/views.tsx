import type { ReactNode } from 'react';
import '#components/desk.css';
import { DeskArticleView } from '#components/desk-article.tsx';
import { DeskList } from '#components/desk-list.tsx';
import { DeskParts } from '#components/desk-parts.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { deskArticle, deskEntries } from '#lib/articles/desk.ts';
import { readEnv } from '#lib/env.ts';
import { layOut } from '../article-sheet.tsx';
import { drawParts } from './parts.tsx';

/** A page of the preview: its title, and its parts as HTML. Each part that may change is marked with `data-live`. */
export type View = { title: string; html: string };

/**
 * Draws the page at `/preview/PLACE`; undefined where there is none. Plain markup: with React's development build, a
 * long article takes 30 ms this way and 700 ms as a page of server components.
 */
export async function drawView(place: readonly string[]): Promise<View | undefined> {
  const [room, name = '', ...rest] = place;
  if (rest.length > 0) return undefined;
  if (room === undefined) return view('プレビュー', <DeskList entries={deskEntries(new Date())} />);
  if (room === 'parts' && name === '') return view('記事の部品', <DeskParts parts={drawParts()} />);
  if (room === 'articles') return viewArticle(name);
  if (room === 'pages') return viewPage(name);
  return undefined;
}

/** What there is to say of an article, with the page in frames as wide as telephones. */
async function viewArticle(slug: string): Promise<View | undefined> {
  const desk = deskArticle(slug, new Date());
  if (!desk) return undefined;
  const { siteUrl } = readEnv();
  return view(desk.article?.title ?? slug, <DeskArticleView {...desk} siteUrl={siteUrl} />);
}

/** The article's page as readers will get it. */
async function viewPage(slug: string): Promise<View | undefined> {
  const article = catalog().article(slug);
  const laid = article && (await layOut(article, new Date()));
  if (laid?.status === 'laid') return view(article?.title ?? slug, <div data-live="page">{laid.sheet}</div>);
  return view(
    slug,
    <div data-live="page">
      <p className="desk-nothing">直すところがあるため、まだ表示できません。直して保存すると、ここに出ます。</p>
    </div>,
  );
}

async function view(title: string, shown: ReactNode): Promise<View> {
  // Next refuses this import where it can be seen, because it would not suit components with effects.
  const { renderToStaticMarkup } = await import('react-dom/server');
  return { title, html: renderToStaticMarkup(shown) };
}
