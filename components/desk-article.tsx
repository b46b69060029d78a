import { type Article, DESCRIPTION_WIDTH, TITLE_WIDTH, widthOf } from '#lib/articles/schema.ts';
import { site } from '#lib/site.ts';
import { DeskFaults, DeskWarnings, type SeenFault } from './desk-faults.tsx';
import { StateText } from './desk-list.tsx';

type Desk = {
  slug: string;
  path: string;
  state: 'draft' | 'scheduled' | 'public' | 'ended' | 'faulty';
  article: Article | undefined;
  faults: readonly SeenFault[];
  warnings: readonly SeenFault[];
  language: 'read' | 'reading' | 'unread';
  isOlder: boolean;
  siteUrl: string;
};

/** So much of a title is read before a glance moves on, and so much of a description where little is shown. */
const TITLE_CORE = 15;
const DESCRIPTION_CORE = 50;
/** Common widths of telephones, and the width that WCAG 1.4.10 asks for. */
const FRAMES = [
  { width: 390, label: '390px（多くのスマートフォン）' },
  { width: 320, label: '320px（小さな画面、拡大した画面）' },
] as const;

/** An article on the editors' desk: what is to be mended, how it will look elsewhere, and its page as phones show it. */
export function DeskArticleView({ slug, path, state, article, siteUrl, ...found }: Desk) {
  const { faults, warnings, isOlder, language } = found;
  return (
    <div className="desk">
      <header className="desk-head" data-live="head">
        <p>
          <a href="/preview">記事の一覧へ</a>
        </p>
        <h1>{article?.title ?? slug}</h1>
        <p>
          <strong>
            <StateText state={state} article={article} />
          </strong>
          ・{path}
          {article && `・${article.minutes}分で読めます（${article.characters.toLocaleString('ja-JP')}文字）`}
        </p>
        <NextStep state={state} />
      </header>
      <div data-live="faults">
        <DeskFaults {...{ faults, isOlder, state }} />
      </div>
      <div className="desk-columns">
        <div>
          <div data-live="warnings">
            <DeskWarnings {...{ warnings, language }} />
          </div>
          <div className="desk-looks" data-live="looks">
            {article && <Looks article={article} siteUrl={siteUrl} />}
          </div>
        </div>
        <div className="desk-frames">
          {FRAMES.map(({ width, label }) => (
            <figure key={width}>
              <figcaption>{label}</figcaption>
              <iframe title={label} src={`/preview/pages/${slug}`} width={width} height={760} />
            </figure>
          ))}
          <p>
            <a href={`/preview/pages/${slug}`}>パソコンの幅で開く</a>
          </p>
        </div>
      </div>
    </div>
  );
}

function NextStep({ state }: { state: Desk['state'] }) {
  switch (state) {
    case 'draft':
      return (
        <p>
          公開するときは、<code>draft: true</code>の行を消して保存します。
        </p>
      );
    case 'scheduled':
      return (
        <p>
          <code>publishedAt</code>の時刻に、何もしなくても公開されます。
        </p>
      );
    case 'public':
    case 'ended':
    case 'faulty':
      return null;
  }
}

function Looks({ article, siteUrl }: { article: Article; siteUrl: string }) {
  const { slug, title, description, category } = article;
  const { host } = new URL(siteUrl);
  const { least, most } = DESCRIPTION_WIDTH;
  const picture = `/preview/share/${slug}?${new URLSearchParams({ title, category: category.name })}`;
  return (
    <>
      <section>
        <h2>題名と説明</h2>
        <Measured name="題名" text={title} core={TITLE_CORE} limit={`${TITLE_WIDTH}まで`} />
        <Measured name="説明" text={description} core={DESCRIPTION_CORE} limit={`${least}〜${most}`} />
        <p className="desk-hint">太い部分だけで、何の記事かが伝わるようにします。</p>
      </section>
      <section>
        <h2>検索結果（おおよその見え方）</h2>
        <p className="desk-hint">スマートフォン</p>
        <SearchLook {...{ host, title, description }} device="phone" />
        <p className="desk-hint">パソコン</p>
        <SearchLook {...{ host, title, description }} device="desktop" />
      </section>
      <section>
        <h2>共有されたとき</h2>
        <div className="desk-share">
          {/* biome-ignore lint/performance/noImgElement: as it is, drawn by this machine for this page. */}
          <img src={picture} width={1200} height={630} alt={`題名を描いた画像。${title}`} />
          <p>{host}</p>
          <p className="desk-share-title">{title}</p>
          <p>{description}</p>
        </div>
      </section>
    </>
  );
}

function Measured({ name, text, core, limit }: { name: string; text: string; core: number; limit: string }) {
  const letters = Array.from(text);
  return (
    <p className="desk-measured">
      <span>
        {name} 全角{widthOf(text)}文字分（{limit}）
      </span>
      <b>{letters.slice(0, core).join('')}</b>
      {letters.slice(core).join('')}
    </p>
  );
}

type Look = { host: string; title: string; description: string; device: 'phone' | 'desktop' };

function SearchLook({ host, title, description, device }: Look) {
  return (
    <div className={`desk-search desk-search-${device}`}>
      <p>
        {site.name}
        <br />
        {host} › articles
      </p>
      <p className="desk-search-title">{`${title}｜${site.name}`}</p>
      <p className="desk-search-text">{description}</p>
    </div>
  );
}
