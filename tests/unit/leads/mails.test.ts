import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readLink } from '#lib/leads/links.ts';
import { composeFallback, composeMail } from '#lib/leads/mails.ts';
import { site } from '#lib/site.ts';
import { built, hasPython, readings } from './read-mail.ts';
import { context, lead, toAgent, toVisitor, WRITTEN } from './sample-lead.ts';

// Hundreds of random cases and processes of their own: slow on a busy machine, never stuck.
vi.setConfig({ testTimeout: 60_000 });

beforeAll(() => {
  if (!hasPython) console.info('python3が無いため、メールの2つ目の読み取り（Pythonのemail）は省きました');
});

describe('担当者へのメール', () => {
  test('期限が最初にあり、すべての項目が読める', async () => {
    const mail = composeMail(lead, toAgent, context);
    expect(mail.subject).toBe('【新規登録】11月30日(月)18:00までに連絡（受付番号 7K3M-9QXD）');
    expect(mail.text).toMatch(/^11月30日\(月\)18:00までに、ご連絡ください\n/);
    for (const fact of [
      '連絡期限：11月30日(月)18:00まで',
      'お名前：山田　太郎',
      '電話番号：０９０-1234-5678（+819012345678）',
      'メールアドレス：taro.yamada@example.com',
      'いつから稼働できますか：1か月以内',
      '希望の稼働日数：週3日\n　　月・水・金だと助かります',
      '受付番号：7K3M-9QXD',
      '受付日時：2026年11月27日(金)18:00',
      '読んでいた記事：https://pmo.example.jp/articles/pmo-yametoke',
      '押したボタン：記事の途中の案内',
      '参照元：https://www.google.com/',
      '広告の識別子：utm_source=news',
      '同意：2026年11月27日(金)18:00（プライバシーポリシー 2026-11-22版）',
      'npm run --silent leads show 7K3M-9QXD',
    ]) {
      expect(mail.text).toContain(fact);
    }
    const links = [...(mail.html ?? '').matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    expect(links).toEqual([
      'tel:+819012345678',
      'mailto:taro.yamada@example.com',
      'https://pmo.example.jp/articles/pmo-yametoke',
      'https://pmo.example.jp',
    ]);
  });

  test('返信は登録した方へ届き、担当者の不在通知は届かない', async () => {
    const { raw, envelope } = await built(composeMail(lead, toAgent, context));
    expect(envelope).toEqual({ from: 'noreply@pmo.example.jp', to: ['team@example.jp'] });
    for (const mail of await readings(raw)) {
      expect(mail.headerNames.sort()).toEqual([...WRITTEN, 'reply-to'].sort());
      expect(mail).toMatchObject({ to: ['team@example.jp'], replyTo: ['taro.yamada@example.com'] });
      expect(mail.subject).toBe('【新規登録】11月30日(月)18:00までに連絡（受付番号 7K3M-9QXD）');
    }
    expect(String(raw)).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(String(raw)).toMatch(/^Message-ID: <1@pmo\.example\.jp>\r$/m);
  });

  test('見出しには、確かめた返信先のほかに入力された文字が入らない', () => {
    const { text, html, ...header } = composeMail(lead, toAgent, context);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, phone) => {
        const mail = composeMail({ ...lead, name, phone, followUp: { [phone]: name } }, toAgent, context);
        expect({ ...mail, text, html }).toEqual({ ...header, text, html });
      }),
    );
  });

  test('異体字やつなぎ文字は名前のまま残し、長すぎる値は省略して伝える', () => {
    const name = '葛\u{e0100}城　\ufa19子 👨\u200d👩\u200d👧';
    expect(composeMail({ ...lead, name }, toAgent, context).text).toContain(`お名前：${name}\n`);
    const { text } = composeMail({ ...lead, name: '長'.repeat(10_240) }, toAgent, context);
    expect(text).toContain(`お名前：${'長'.repeat(2000)}…（長いため以下は省略しました）\n`);
  });

  test('返信先にできないアドレスは、本文にだけ残り、電話をすすめる', async () => {
    const mail = composeMail({ ...lead, email: '山田@example.com' }, toAgent, context);
    expect(mail.replyTo).toBeUndefined();
    expect(mail.text).toContain('メールアドレス：山田@example.com');
    expect(mail.text).toContain('まず電話でご連絡ください。');
    expect(mail.html).not.toContain('mailto:');
  });

  test('訂正は件名と本文で分かり、期限は日で終わるときもそのまま読める', () => {
    const due = new Date('2026-11-25T00:00:00+09:00');
    const mail = composeMail({ ...lead, replyDueAt: due, source: {} }, { ...toAgent, revision: 3 }, context);
    expect(mail.subject).toBe('【登録の訂正】11月24日(火)中に連絡（受付番号 7K3M-9QXD）');
    expect(mail.text).toContain('登録内容が訂正されました。');
    expect(mail.text).toContain('読んでいた記事：記録なし\n押したボタン：記録なし\n');
  });

  test('追加の回答は、どの登録への回答かを件名で言い、質問と答えを言葉で並べる', () => {
    const followUp = { note: '週3日なら\n月・水・金', rate: 'talk', role: 'pmo', days: 'three' };
    const mail = composeMail({ ...lead, followUp, occasion: 'follow-up' }, { ...toAgent, revision: 2 }, context);
    expect(mail.subject).toBe('【追加の回答】11月30日(月)18:00までに連絡（受付番号 7K3M-9QXD）');
    expect(mail.text).toContain('受付番号 7K3M-9QXD の方から、追加の質問への回答が届きました。');
    expect(mail.text).toContain(
      '希望する役割：PMO\n1週間に働ける日数：週3日\n希望する月額の目安（税別）：相談して決めたい\n担当者に伝えておきたいこと：週3日なら\n　　月・水・金\n',
    );
    expect(mail.text).toContain('お名前：山田　太郎');
  });

  test('取り消しは、連絡しないことと消すものを伝え、ご本人の情報を繰り返さない', () => {
    const mail = composeMail({ ...lead, occasion: 'withdrawal' }, { ...toAgent, revision: 2 }, context);
    expect(mail.subject).toBe('【登録の取り消し】ご連絡は不要です（受付番号 7K3M-9QXD）');
    expect(mail.text).toContain('ご連絡はしないでください。');
    for (const typed of [lead.name, lead.email, lead.phone]) expect(`${mail.text}${mail.html}`).not.toContain(typed);
    expect(mail.replyTo).toBeUndefined();
  });
});

describe('登録した方へのメール', () => {
  test('訂正と取り消しのリンクは、登録だけを指し、いつまで使えるかを言い、送り直しても同じ', () => {
    const mail = composeMail(lead, toVisitor, context);
    const [, token = ''] = /https:\/\/pmo\.example\.jp\/register\/change\?t=([\w-]+)\n/.exec(mail.text) ?? [];
    const wanted = { status: 'valid', leadId: lead.id, revision: 1 };
    expect(readLink('change', token, lead.receivedAt, context.signingKey)).toEqual(wanted);
    expect(mail.text).toContain('2026年12月27日(日)18:00までは、次のページからできます。');
    expect(composeMail({ ...lead, name: '別人', email: 'other@example.com' }, toVisitor, context).text).toBe(mail.text);
  });

  test('受付番号、期限、これからの流れ、連絡先、覚えがないときの案内が読める', async () => {
    const mail = composeMail(lead, toVisitor, context);
    expect(mail.subject).toBe(`【${site.name}】ご登録を受け付けました（受付番号 7K3M-9QXD）`);
    for (const fact of [
      '11月30日(月)18:00までに、担当者からご連絡します\n',
      '受付番号：7K3M-9QXD',
      '担当者からのご連絡：11月30日(月)18:00まで\n',
      '土日祝日・年末年始（12月29日〜1月3日）は、この24時間に数えません。',
      '■ これからの流れ\n\n1. 担当者が、',
      `電話：${site.operator.phone.display}（${site.operator.phone.hours}）`,
      `メール：${site.operator.email}`,
      '■ 登録した覚えがないとき',
      '自動でお送りしています',
      'https://pmo.example.jp/privacy',
    ]) {
      expect(mail.text).toContain(fact);
    }
    const { raw, envelope } = await built(mail);
    expect(envelope).toEqual({ from: 'noreply@pmo.example.jp', to: ['taro.yamada@example.com'] });
    for (const read of await readings(raw)) {
      expect(read.headerNames.sort()).toEqual([...WRITTEN, 'reply-to'].sort());
      expect(read).toMatchObject({ to: ['taro.yamada@example.com'], replyTo: [site.operator.email] });
    }
    expect(String(raw)).toMatch(/^Auto-Submitted: auto-replied\r$/m);
    expect(String(raw)).toMatch(/^X-Auto-Response-Suppress: All\r$/m);
  });

  test('何を入力しても、メールは1バイトも変わらない', () => {
    const typed = fc.record({
      name: fc.string({ unit: 'binary' }),
      email: fc.string({ unit: 'binary' }),
      phone: fc.string(),
      phoneE164: fc.string(),
      start: fc.constantFrom('now', 'month', 'quarter', 'undecided' as const),
      followUp: fc.dictionary(fc.string(), fc.string({ unit: 'binary' })),
      source: fc.record({
        article: fc.string(),
        cta: fc.constantFrom('opening', 'home' as const),
        referrer: fc.string(),
        utm: fc.string(),
      }),
    });
    const expected = composeMail(lead, toVisitor, context);
    fc.assert(
      fc.property(typed, (answers) => {
        expect(composeMail({ ...lead, ...answers }, toVisitor, context)).toEqual(expected);
      }),
    );
  });

  test('訂正の受け付けも知らせる', () => {
    const mail = composeMail(lead, { ...toVisitor, revision: 2 }, context);
    expect(mail.subject).toBe(`【${site.name}】ご登録内容の訂正を受け付けました（受付番号 7K3M-9QXD）`);
    expect(mail.text).toContain('ご登録内容の訂正を受け付けました。');
  });
});

test('内容を作れないときの通知は、受付番号と調べ方だけを伝える', async () => {
  const mail = composeFallback('7K3M-9QXD', toAgent, context);
  const { raw, envelope } = await built(mail);
  expect(envelope.to).toEqual(['team@example.jp']);
  for (const read of await readings(raw)) {
    expect(read.headerNames.sort()).toEqual([...WRITTEN, 'content-transfer-encoding'].sort());
    expect(read.subject).toBe('【要確認】登録の通知を作れませんでした（受付番号 7K3M-9QXD）');
    expect(read.text).toContain('npm run --silent leads show 7K3M-9QXD');
    expect(read.html).toBe('');
  }
});
