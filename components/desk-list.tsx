import type { Article } from '#lib/articles/schema.ts';
import { Day } from './day.tsx';
import { Moment } from './moment.tsx';

type State = 'draft' | 'scheduled' | 'public' | 'ended' | 'faulty';
type Entry = { slug: string; state: State; article: Article | undefined; faults: number; warnings: number };

/** Public articles are many: the newest ones, and a way to any other. */
const PUBLIC_SHOWN = 12;

const GROUPS = [
  { title: '直すところがある記事', nothing: 'ありません。', holds: ({ faults }: Entry) => faults > 0 },
  {
    title: '下書き',
    nothing: 'ありません。',
    holds: ({ state, faults }: Entry) => state === 'draft' && faults === 0,
  },
  {
    title: '公開予定',
    nothing: 'ありません。',
    holds: ({ state, faults }: Entry) => state === 'scheduled' && faults === 0,
  },
] as const;

/** The first page of the editors' preview. */
export function DeskList({ entries }: { entries: readonly Entry[] }) {
  const sound = entries.filter(({ state, faults }) => state === 'public' && faults === 0);
  const warned = sound.filter(({ warnings }) => warnings > 0);
  const published = sound.filter(({ warnings }) => warnings === 0);
  const ended = entries.filter(({ state, faults }) => state === 'ended' && faults === 0);
  return (
    <div className="desk">
      <header className="desk-head">
        <h1>プレビュー</h1>
        <p>
          このコンピューターだけで見られるページです。記事のファイルを保存すると、すぐに変わります。部品の書き方は
          <a href="/preview/parts">記事の部品</a>にあります。
        </p>
      </header>
      <div data-live="entries">
        {GROUPS.map(({ title, nothing, holds }) => (
          <Group key={title} title={title} nothing={nothing} entries={entries.filter(holds)} />
        ))}
        <Group title="公開を終えた記事" nothing="ありません。" entries={ended} />
        <Group
          title={`公開中で、警告がある記事（${counted(warned)}）`}
          nothing="ありません。"
          entries={warned.slice(0, PUBLIC_SHOWN)}
        />
        <Group
          title={`公開中（${counted(published)}）`}
          nothing="まだありません。"
          entries={published.slice(0, PUBLIC_SHOWN)}
        />
        {Math.max(warned.length, published.length) > PUBLIC_SHOWN && (
          <p>
            公開中の記事は、新しい{PUBLIC_SHOWN}本ずつです。ほかの記事は、アドレスの<code>/articles/</code>の前に
            <code>/preview</code>
            を付けると開けます。
          </p>
        )}
      </div>
    </div>
  );
}

const counted = (entries: readonly Entry[]) => `${entries.length.toLocaleString('ja-JP')}本`;

function Group({ title, nothing, entries }: { title: string; nothing: string; entries: readonly Entry[] }) {
  return (
    <section className="desk-group">
      <h2>{title}</h2>
      {entries.length === 0 ? (
        <p>{nothing}</p>
      ) : (
        <ul>
          {entries.map((entry) => (
            <li key={entry.slug}>
              <a href={`/preview/articles/${entry.slug}`}>{entry.article?.title ?? entry.slug}</a>
              <span className="desk-state">
                <StateText {...entry} />
                {entry.faults > 0 && `・直すところ${entry.faults}件`}
                {entry.warnings > 0 && `・警告${entry.warnings}件（直さなくても公開できます）`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Where an article is on its way to readers, in a few words. */
export function StateText({ state, article }: Pick<Entry, 'state' | 'article'>) {
  if (!article) return 'まだ表示できません';
  switch (state) {
    case 'draft':
      return '下書き';
    case 'scheduled':
      return (
        <>
          公開予定 <Moment at={article.publishedAt} />
        </>
      );
    case 'public':
      return (
        <>
          公開中 <Day at={article.publishedAt} />
        </>
      );
    case 'ended':
      return <>公開終了 {article.expiresAt && <Moment at={article.expiresAt} />}</>;
    case 'faulty':
      return 'まだ表示できません';
  }
}
