import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { DeskFaults } from '#components/desk-faults.tsx';
import { Moment } from '#components/moment.tsx';
import { Phrases } from '#components/phrases.tsx';
import '#components/draft.css';
import { deskArticle } from '#lib/articles/desk.ts';
import { PREVIEW_DAYS, readPreview } from '#lib/articles/preview-link.ts';
import { setStatus } from '#lib/request-context.ts';
import { layOut } from '../../article-sheet.tsx';

type Props = {
  params: Promise<{ slug: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

// No description and no share image: what is sent on must not carry the article with it.
export const metadata: Metadata = {
  title: '公開していない記事',
  robots: { index: false, follow: false, noarchive: true },
};

export default async function DraftPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const { t } = await searchParams;
  const now = new Date();
  const link = readPreview(slug, typeof t === 'string' ? t : '', now);
  if (link.status === 'invalid') return notFound();
  if (link.status === 'expired') return <Expired until={link.until} />;
  const desk = deskArticle(slug, now);
  if (!desk) return notFound();
  if (desk.state === 'public') return redirect(`/articles/${slug}`);
  const laid = desk.article && (await layOut(desk.article, now));
  return (
    <>
      <aside className="draft-note" aria-label="この記事について">
        <p>
          <strong>公開していない記事です。</strong>内容は変わることがあります。このリンクは
          <Moment at={link.until} />
          まで開けます。リンクを知っている人はだれでも読めるので、確認を頼む人だけに渡してください。
        </p>
      </aside>
      {desk.faults.length > 0 && <DeskFaults {...desk} />}
      {laid?.status === 'laid' ? (
        laid.sheet
      ) : (
        <h1>
          <Phrases text="直すところがあるため、まだ表示できません" />
        </h1>
      )}
    </>
  );
}

function Expired({ until }: { until: Date }) {
  setStatus(410);
  return (
    <div className="sheet">
      <h1>
        <Phrases text="このリンクは期限が切れました" />
      </h1>
      <p>
        公開していない記事を確かめるためのリンクで、
        <Moment at={until} />
        まで開けました。続きをご覧になる場合は、リンクを送った人に、新しいリンクを作るよう頼んでください（作ってから
        {PREVIEW_DAYS}日間開けます）。
      </p>
      <p>
        公開中の記事は、<a href="/articles">記事一覧</a>からお読みいただけます。
      </p>
    </div>
  );
}
