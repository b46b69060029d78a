import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import '#components/lead-form.css';
import { catalog } from '#lib/articles/catalog.ts';
import { jstIso } from '#lib/jst.ts';
import { describeDue, describeInstant } from '#lib/leads/deadline.ts';
import { readReceipt } from '#lib/leads/receipt.ts';
import { LABELS, type Lead, QUESTIONS, START_CHOICES } from '#lib/leads/schema.ts';
import { openStore } from '#lib/leads/store.ts';
import { describeError, log } from '#lib/log.ts';
import { site } from '#lib/site.ts';

// The titles stand with the pages below: what is shown depends on the token.
export const metadata: Metadata = { title: { absolute: '' }, robots: { index: false } };

const { phone } = site.operator;

/**
 * What a registered visitor needs: the number, the deadline, what comes next. The address may be opened again by
 * anybody who finds it in a history, so what was typed is shown only while the token is fresh.
 */
export default async function ThanksPage({ searchParams }: { searchParams: Promise<{ r?: string | string[] }> }) {
  const { r: token } = await searchParams;
  const shown = await lookUp(String(token));
  switch (shown.status) {
    case 'found':
      return <Thanks lead={shown.lead} fresh={shown.fresh} />;
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
type Shown = { status: 'found'; lead: Lead; fresh: boolean } | { status: 'hidden' } | { status: 'unknown' };

async function lookUp(token: string): Promise<Shown> {
  const reading = readReceipt(token);
  if (reading.status === 'invalid') return { status: 'unknown' };
  try {
    const lead = await openStore().find(reading.leadId);
    if (!lead || lead.state === 'erased') return { status: 'unknown' };
    return { status: 'found', lead, fresh: reading.fresh };
  } catch (error) {
    // Whatever it was: somebody who has just registered must not think that it failed.
    log.error({ event: 'thanks.unread', leadId: reading.leadId, ...describeError(error) });
    return { status: 'hidden' };
  }
}

function Thanks({ lead, fresh }: { lead: Lead; fresh: boolean }) {
  return (
    <div className="thanks">
      <title>{`登録を受け付けました｜${site.name}`}</title>
      <h1>登録を受け付けました</h1>
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
      <h2>これからの流れ</h2>
      <ol>
        <li>受付番号とご連絡の期限を、メールでもお知らせします（同じアドレスへは1日に1通までです）。</li>
        <li>期限までに、担当者がお電話かメールでご連絡し、ご経験と働き方のご希望をうかがいます。</li>
        <li>ご希望に合う案件をご紹介します。</li>
      </ol>
      {fresh && <Received lead={lead} />}
      <Contact />
      <WayOn article={lead.source.article} />
    </div>
  );
}

function Received({ lead }: { lead: Lead }) {
  return (
    <>
      <h2>受け付けた内容</h2>
      <Facts kind="answers">
        {QUESTIONS.map((question) => (
          <Fact key={question} name={LABELS[question]}>
            {question === 'start' ? START_CHOICES[lead.start] : lead[question]}
          </Fact>
        ))}
      </Facts>
    </>
  );
}

/** A kind page for an address that was opened late, cut short or without its token: nothing is wrong. */
function Words({ title, children }: { title: string; children: string }) {
  return (
    <div className="thanks">
      <title>{`${title}｜${site.name}`}</title>
      <h1>{title}</h1>
      <p>{children}</p>
      <Contact />
      <WayOn article={undefined} />
    </div>
  );
}

function Contact() {
  return (
    <>
      <h2>お問い合わせ</h2>
      <p>
        メールが届かないとき、内容を直したいとき、登録を取り消したいときは、受付番号を添えて
        <a href={phone.href}>{phone.display}</a>（{phone.hours}）または
        <a href={`mailto:${site.operator.email}`}>{site.operator.email}</a>
        へお知らせください。お預かりした情報の扱いは<a href="/privacy">プライバシーポリシー</a>のとおりです。
      </p>
    </>
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

function Facts({ children, kind }: { children: ReactNode; kind?: 'answers' }) {
  return <dl className={kind ? `facts facts-${kind}` : 'facts'}>{children}</dl>;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
