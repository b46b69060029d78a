import type { Metadata } from 'next';
import '#components/lead-form.css';
import { z } from 'zod';
import { FaultList } from '#components/error-summary.tsx';
import { Fact, Facts } from '#components/facts.tsx';
import { Phrases } from '#components/phrases.tsx';
import { Received } from '#components/received.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { jstIso } from '#lib/jst.ts';
import { describeDue, describeInstant } from '#lib/leads/deadline.ts';
import { describeFollowUp } from '#lib/leads/follow-up.ts';
import { signLink } from '#lib/leads/links.ts';
import { likelyMeant } from '#lib/leads/mail-slip.ts';
import { readReceipt } from '#lib/leads/receipt.ts';
import type { Lead } from '#lib/leads/schema.ts';
import { openStore } from '#lib/leads/store.ts';
import { describeFailure } from '#lib/leads/store-error.ts';
import { log } from '#lib/log.ts';
import { pageState } from '#lib/request-context.ts';
import { site } from '#lib/site.ts';
import { Contact, Told, Words } from '../words.tsx';
import { FollowUpForm, type FollowUpStart } from './follow-up-form.tsx';

// The titles stand with the pages below: what is shown depends on the token.
export const metadata: Metadata = { title: { absolute: '' }, robots: { index: false } };

/** What a post to this page's own forms has done, by the mark that its redirect carries. */
const DONE: Record<string, string> = {
  answered: '追加の回答を受け取り、担当者に伝えました',
  corrected: '登録の内容を直し、担当者に伝えました',
};

const refusedSchema = z.object({ typed: z.record(z.string(), z.string()), message: z.string() });

type Query = { r?: string | string[]; did?: string | string[] };

/**
 * What a registered visitor needs: the number, the deadline, what comes next. The address may be opened again by
 * anybody who finds it in a history, so what was typed is shown, and can be added to, only while the token is fresh.
 */
export default async function ThanksPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { r: token, did } = await searchParams;
  const shown = await lookUp(String(token));
  switch (shown.status) {
    case 'found': {
      const done = typeof did === 'string' && Object.hasOwn(DONE, did) ? DONE[did] : undefined;
      const refused = refusedSchema.safeParse(pageState()).data;
      const receipt = String(token);
      return shown.fresh ? (
        <FreshThanks lead={shown.lead} receipt={receipt} done={done} refused={refused} />
      ) : (
        <Thanks lead={shown.lead} />
      );
    }
    case 'withdrawn':
      return <Words title="登録は取り消されています">この受付番号の登録は、取り消しの手続きが済んでいます。</Words>;
    case 'hidden':
      return (
        <Words title="登録を受け付けています">
          受付の記録を、いまは表示できません。登録は済んでいますので、もう一度お送りいただく必要はありません。受付番号とご連絡の期限は、確認のメールでもお知らせします。
        </Words>
      );
    case 'unknown':
      return (
        <Words title="登録の受付">
          ここに表示できる受付の記録はありません。登録がお済みの方は、受付番号とご連絡の期限を、確認のメールでご覧ください。
        </Words>
      );
  }
}

/** `hidden`: registered, but the store cannot be read this moment. */
type Shown = { status: 'found'; lead: Lead; fresh: boolean } | { status: 'hidden' | 'unknown' | 'withdrawn' };

async function lookUp(token: string): Promise<Shown> {
  const reading = readReceipt(token);
  if (reading.status === 'invalid') return { status: 'unknown' };
  try {
    const lead = await openStore().find(reading.leadId);
    if (!lead || lead.state === 'erased') return { status: 'unknown' };
    return lead.occasion === 'withdrawal' ? { status: 'withdrawn' } : { status: 'found', lead, fresh: reading.fresh };
  } catch (error) {
    // Whatever it was: somebody who has just registered must not think that it failed.
    log.error({ event: 'thanks.unread', leadId: reading.leadId, ...describeFailure(error) });
    return { status: 'hidden' };
  }
}

function Thanks({ lead }: { lead: Lead }) {
  return (
    <div className="thanks">
      <title>{`登録を受け付けました｜${site.name}`}</title>
      <h1>登録を受け付けました</h1>
      <Reception lead={lead} />
      <NextSteps />
      <Contact />
      <WayOn article={lead.source.article} />
    </div>
  );
}

/** Within the hour, to whoever has just registered: also what was received, and the ways to add to it and mend it. */
function FreshThanks({
  lead,
  receipt,
  done,
  refused,
}: {
  lead: Lead;
  receipt: string;
  done: string | undefined;
  refused: FollowUpStart | undefined;
}) {
  const now = new Date();
  const change = signLink('change', { leadId: lead.id, revision: lead.revision }, now);
  const title = `登録を受け付けました｜${site.name}`;
  return (
    <div className="thanks">
      <title>{refused ? `エラー: ${title}` : title}</title>
      {refused && <FaultList faults={[{ field: 'note', message: refused.message }]} />}
      {!refused && done && <Told>{done}</Told>}
      <h1>登録を受け付けました</h1>
      <Reception lead={lead} />
      <LikelySlip email={lead.email} change={change} receipt={receipt} />
      <NextSteps />
      <Received lead={lead} further={describeFollowUp(lead.followUp ?? {})} />
      {(!lead.followUp || refused) && (
        <FollowUpForm
          token={signLink('follow-up', { leadId: lead.id, revision: 1 }, now)}
          receipt={receipt}
          start={refused}
        />
      )}
      <Contact change={`/register/change?t=${change}`} />
      <WayOn article={lead.source.article} />
    </div>
  );
}

function Reception({ lead }: { lead: Lead }) {
  return (
    <Facts>
      <Fact name="受付番号">
        <strong>{lead.number}</strong>
      </Fact>
      <Fact name="ご連絡">
        <strong>
          <time dateTime={jstIso(lead.replyDueAt)}>{describeDue(lead.replyDueAt)}</time>
        </strong>
      </Fact>
      <Fact name="受付日時">
        <time dateTime={jstIso(lead.receivedAt)}>{describeInstant(lead.receivedAt)}</time>
      </Fact>
    </Facts>
  );
}

function NextSteps() {
  return (
    <>
      <h2>これからの流れ</h2>
      <ol>
        <li>受付番号とご連絡の期限を、メールでもお知らせします（同じアドレスへは1日に1通までです）。</li>
        <li>期限までに、担当者がお電話かメールでご連絡し、ご経験と働き方のご希望をうかがいます。</li>
        <li>ご希望に合う案件をご紹介します。</li>
      </ol>
    </>
  );
}

/** A correction of the mail address, offered and never forced: the lead is registered either way. */
function LikelySlip({ email, change, receipt }: { email: string; change: string; receipt: string }) {
  const meant = likelyMeant(email);
  return (
    meant && (
      <section className="slip" aria-labelledby="slip">
        <h2 id="slip">
          <Phrases text="メールアドレスをお確かめください" />
        </h2>
        <p>
          <span className="as-typed">{email}</span>で受け付けました。<strong className="as-typed">{meant}</strong>
          の打ち間違いではありませんか。正しければ、このままで構いません。
        </p>
        <form method="post" action="/register/change/receive">
          <input type="hidden" name="t" value={change} />
          <input type="hidden" name="r" value={receipt} />
          <input type="hidden" name="email" value={meant} />
          <button type="submit" className="button">
            {meant.slice(meant.lastIndexOf('@'))} に直す
          </button>
        </form>
      </section>
    )
  );
}

/** Back to the article that somebody came from, where it can still be read. */
function WayOn({ article }: { article: string | undefined }) {
  const canReturn = article !== undefined && catalog().snapshot(new Date()).find(article).status === 'visible';
  return (
    <p>
      <a className="button button-quiet" href={canReturn ? `/articles/${article}` : '/articles'}>
        {canReturn ? '読んでいた記事に戻る' : '記事一覧へ'}
      </a>
    </p>
  );
}
