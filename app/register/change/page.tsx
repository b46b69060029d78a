import type { Metadata } from 'next';
import '#components/lead-form.css';
import { z } from 'zod';
import { FaultList } from '#components/error-summary.tsx';
import { Fact, Facts } from '#components/facts.tsx';
import { Phrases } from '#components/phrases.tsx';
import { Questions } from '#components/questions.tsx';
import { findByLink } from '#lib/leads/later.ts';
import { type Fault, QUESTIONS, type Typed } from '#lib/leads/schema.ts';
import { pageState, setStatus } from '#lib/request-context.ts';
import { site } from '#lib/site.ts';
import { Closing, Told, Words } from '../words.tsx';

export const metadata: Metadata = { title: { absolute: '' }, robots: { index: false } };

const TITLE = '登録内容の訂正と取り消し';

/** What is said once a post has done its work, or could not, by the mark that its redirect carries. */
const DONE: Record<string, { title: string; text: string }> = {
  corrected: {
    title: '登録の内容を直しました',
    text: '直した内容を、担当者に伝えました。ご連絡の期限は変わりません。',
  },
  withdrawn: {
    title: '登録を取り消しました',
    text: `担当者に伝えました。お預かりした情報は、${site.withdrawnDays}日を過ぎると消えます。`,
  },
  gone: {
    title: 'このリンクは使えません',
    text: 'リンクの期限が過ぎたか、登録が取り消されたか、メールアドレスが直されています。登録の内容は何も変わっていません。',
  },
  late: {
    title: '追加の回答を受け取れませんでした',
    text: '時間がたったため、受け取れませんでした。登録は完了していますので、担当者からのご連絡のときにお話しください。',
  },
  full: {
    title: 'この登録は、これ以上ここから変えられません',
    text: '変更の回数が多いため、担当者が確認します。お電話かメールでお知らせください。',
  },
};

const refusedSchema = z.object({
  typed: z.partialRecord(z.enum(QUESTIONS), z.string()),
  faults: z.array(z.object({ field: z.enum(QUESTIONS), message: z.string() })),
});

type Query = { t?: string | string[]; done?: string | string[] };

/**
 * Where a registered visitor corrects or withdraws, by a link in their mail. Opening it changes nothing, and it shows
 * nothing of what was registered: the mail may have gone to a mistyped address.
 */
export default async function ChangePage({ searchParams }: { searchParams: Promise<Query> }) {
  const { t, done } = await searchParams;
  const told = typeof done === 'string' && Object.hasOwn(DONE, done) ? DONE[done] : undefined;
  if (told) return <Words title={told.title}>{told.text}</Words>;
  const found = await findByLink(String(t));
  switch (found.status) {
    case 'found': {
      const refused = refusedSchema.safeParse(pageState()).data;
      return <Change token={String(t)} number={found.lead.number} refused={refused} />;
    }
    case 'unstored':
      setStatus(503);
      return (
        <Words title="いまは表示できません">
          登録の記録を読めませんでした。少し待ってから、もう一度開いてください。
        </Words>
      );
    case 'gone':
      return <Words title={TITLE}>{DONE.gone?.text}</Words>;
  }
}

type Refused = { typed: Typed; faults: Fault[] };

function Change({ token, number, refused }: { token: string; number: string; refused: Refused | undefined }) {
  const { typed, faults } = refused ?? { typed: {}, faults: [] };
  return (
    <div className="thanks">
      <title>{`${refused ? 'エラー: ' : ''}${TITLE}｜${site.name}`}</title>
      {faults.length > 0 && <FaultList faults={faults} />}
      {refused && faults.length === 0 && (
        <Told wrong>保存できませんでした。登録の内容は変わっていません。少し待ってから、もう一度お送りください</Told>
      )}
      <h1>
        <Phrases text={TITLE} />
      </h1>
      <Facts>
        <Fact name="受付番号">
          <strong>{number}</strong>
        </Fact>
      </Facts>
      <h2>内容を直す</h2>
      <p>
        直したい項目だけ入力してください。空欄の項目は変わりません。登録済みの内容は、安全のためここには出しません。
      </p>
      <form className="lead-form" method="post" action="/register/change/receive" noValidate>
        <input type="hidden" name="t" value={token} />
        <Questions typed={typed} faults={faults} />
        <button type="submit" className="button form-button">
          入力した項目を直す
        </button>
      </form>
      <h2>登録を取り消す</h2>
      <p>
        担当者からのご連絡を止めます。お預かりした情報は、取り消しから{site.withdrawnDays}
        日を過ぎると消えます。登録した覚えがない方は、取り消さずに、届いたメールへ「登録していません」とご返信ください。
      </p>
      <form className="lead-form" method="post" action="/register/change/receive">
        <input type="hidden" name="t" value={token} />
        <button type="submit" className="button form-button button-outline" name="withdraw" value="yes">
          この登録を取り消す
        </button>
      </form>
      <Closing />
    </div>
  );
}
