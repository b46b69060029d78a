import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startDelivery } from '#lib/leads/deliver.ts';
import { composeMail } from '#lib/leads/mails.ts';
import type { LeadStore } from '#lib/leads/store.ts';
import { openTransport } from '#lib/leads/transport.ts';
import { AGENTS, newLead, readableLog, SIGNING_KEY, storeIn, temporaryFolder } from './stage.ts';

vi.setConfig({ testTimeout: 30_000 });

/** Runs `npm run leads` as the agent team does, while this process plays the running site. */
async function leads(dataDir: string, ...args: string[]) {
  const command = spawn(process.execPath, ['scripts/leads.ts', ...args], {
    env: { NODE_ENV: 'production', DATA_DIR: dataDir, LEADS_TO: AGENTS.join(','), MAIL_FROM: 'noreply@pmo.example.jp' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, code] = await Promise.all([
    // Not text(): that takes the byte order mark away.
    buffer(command.stdout).then((bytes) => bytes.toString()),
    text(command.stderr),
    new Promise<number | null>((resolve) => command.on('exit', resolve)),
  ]);
  return { stdout, stderr, code };
}

async function site() {
  const dataDir = await temporaryFolder();
  const store = storeIn(dataDir);
  const deliver = () => {
    const context = { siteUrl: 'https://pmo.example.jp', mailFrom: 'noreply@pmo.example.jp', signingKey: SIGNING_KEY };
    const transport = openTransport({ smtpUrl: undefined, dataDir });
    const loop = startDelivery({ store, transport, compose: composeMail, context, log: readableLog() });
    onTestFinished(() => loop.stop());
  };
  return { dataDir, store, deliver };
}

const drained = (store: LeadStore) =>
  vi.waitFor(async () => expect((await store.condition()).pending).toBe(0), { timeout: 15_000, interval: 20 });

describe('一覧と詳細', () => {
  test('listは新しい順に、桁をそろえて表示し、待っているものを最後に言う', async () => {
    const { dataDir, store } = await site();
    const { receipt } = await store.accept(newLead());
    await store.accept(
      newLead({
        answers: { name: 'Ann', email: 'ann@example.com' },
        receivedAt: new Date('2026-11-27T18:05:00+09:00'),
        verdict: { status: 'quarantined', reason: '見えない欄に入力がありました' },
      }),
    );
    const { stdout, code } = await leads(dataDir, 'list');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^受付番号 +受付 +連絡期限 +状態 +お名前 +電話番号 +メール$/);
    expect(lines[1]).toMatch(
      /2026年11月27日\(金\)18:05 {2}11月30日\(月\)18:00まで {2}保留 {4}Ann {7}090-1234-5678 {2}（見えない欄/,
    );
    expect(lines[2]).toContain(
      `${receipt.number}  2026年11月27日(金)18:00  11月30日(月)18:00まで  未対応  山田太郎  090-1234-5678  未送信3`,
    );
    expect(lines[3]).toMatch(/^未送信のメール: 3通（最も古いもの: 20.+、0分前）$/);
    expect(lines.slice(4)).toEqual(['送れなかったメール: 0通', '保留の登録: 1件（release で保留を解けます）']);
  });

  test('showは受付番号でもIDでも、訂正前の答えまで表示する', async () => {
    const { dataDir, store } = await site();
    const first = newLead();
    const { receipt } = await store.accept(first);
    await store.accept({ ...first, answers: { ...first.answers, phone: '03-3123-4567', phoneE164: '+81331234567' } });
    for (const subject of [receipt.number.toLowerCase(), receipt.leadId]) {
      const { stdout, code } = await leads(dataDir, 'show', subject);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^電話番号 +03-3123-4567$/m);
      expect(stdout).toMatch(/^— 訂正前（1回目）\n(.*\n)*電話番号 +090-1234-5678$/m);
      expect(stdout).toMatch(/^押したボタン +記事の冒頭の案内$/m);
    }
  });

  test('画面の文字を動かす制御文字は表示しない', async () => {
    const { dataDir, store } = await site();
    const { receipt } = await store.accept(newLead({ answers: { name: '山田\u001b[31m太郎\u202e' } }));
    expect((await leads(dataDir, 'show', receipt.number)).stdout).toContain('山田[31m太郎\n');
  });
});

describe('書き出し', () => {
  test('JSONは記録の約束どおりで、日時は日本時間', async () => {
    const { dataDir, store, deliver } = await site();
    const { receipt } = await store.accept(newLead());
    deliver();
    await drained(store);
    const { stdout, code } = await leads(dataDir, 'export', '--format', 'json');
    expect(code).toBe(0);
    const mail = (kind: string) => ({
      kind,
      messageId: expect.stringMatching(/^<.+@pmo\.example\.jp>$/),
      state: 'sent',
      attempts: 1,
      sentAt: expect.stringMatching(/\+09:00$/),
    });
    expect(JSON.parse(stdout)).toEqual([
      {
        id: receipt.leadId,
        number: receipt.number,
        receivedAt: '2026-11-27T18:00:00+09:00',
        replyDueAt: '2026-11-30T18:00:00+09:00',
        name: '山田太郎',
        email: 'taro@example.jp',
        phone: '090-1234-5678',
        phoneE164: '+819012345678',
        start: 'now',
        source: { article: 'pmo-yametoke', cta: 'opening' },
        consent: { version: '2026-11-22', at: '2026-11-27T18:00:00+09:00' },
        state: 'new',
        mails: [mail('agent'), mail('agent'), mail('visitor')],
      },
    ]);
  });

  test('何も無くてもJSONとして読める', async () => {
    expect(JSON.parse((await leads((await site()).dataDir, 'export')).stdout)).toEqual([]);
  });

  test('CSVは表計算ソフトで開け、式になる値は文字のまま', async () => {
    const { dataDir, store } = await site();
    await store.accept(
      newLead({ answers: { name: '=HYPERLINK("http://evil.example","x")', phone: '+81 90-1234-5678' } }),
    );
    const { stdout } = await leads(dataDir, 'export', '--format', 'csv');
    expect(stdout.charCodeAt(0)).toBe(0xfeff);
    const [header, row, rest] = stdout.slice(1).split('\r\n');
    expect(header).toMatch(/^"受付番号","受付日時","連絡期限","状態","お名前","メールアドレス","電話番号",/);
    expect(row).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")","taro@example.jp","'+81 90-1234-5678"`);
    expect(rest).toBe('');
  });
});

describe('手入れ', () => {
  test('releaseで保留を解くと、動いているサイトがメールを送る', async () => {
    const { dataDir, store, deliver } = await site();
    deliver();
    const { receipt } = await store.accept(newLead({ verdict: { status: 'quarantined', reason: '速すぎる送信' } }));
    expect(await leads(dataDir, 'release', receipt.number)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('3通'),
    });
    await vi.waitFor(async () => expect(await readdir(path.join(dataDir, 'mail'))).toHaveLength(3), {
      timeout: 15_000,
    });
    await drained(store);
  });

  test('resendで、送れなかったメールがもう一度送られる', async () => {
    const { dataDir, store, deliver } = await site();
    const { receipt } = await store.accept(newLead());
    for (const mail of await store.claimDue(10, 60)) await store.markDead(mail.token, '550 gone');
    expect((await leads(dataDir, 'list')).stdout).toContain('送れなかったメール: 3通（resend でもう一度送れます）');
    expect((await leads(dataDir, 'resend', receipt.number)).stdout).toContain('3通を送信待ちにしました');
    deliver();
    await drained(store);
    expect(await readdir(path.join(dataDir, 'mail'))).toHaveLength(3);
  });

  test('eraseは大文字や全角で打っても人を見つけ、メールのファイルまで消す', async () => {
    const { dataDir, store, deliver } = await site();
    deliver();
    const { receipt } = await store.accept(newLead());
    await store.accept(newLead({ answers: { email: 'hanako@example.jp' } }));
    await drained(store);
    expect(await leads(dataDir, 'erase', 'ＴＡＲＯ＠example.jp')).toMatchObject({
      code: 0,
      stdout: '1件の登録から、個人の情報を消しました（受付番号と日時だけが残ります）。\n',
    });
    const files = await readdir(path.join(dataDir, 'mail'));
    expect(files).toHaveLength(3);
    expect(files.filter((name) => name.startsWith(receipt.number))).toEqual([]);
    expect(await store.find(receipt.number)).toMatchObject({ state: 'erased' });
    expect(await leads(dataDir, 'erase', 'taro@example.jp')).toMatchObject({ code: 1 });
  });

  test('purgeは、プライバシーポリシーの期間を過ぎた人だけを消す', async () => {
    const { dataDir, store } = await site();
    const old = await store.accept(newLead({ receivedAt: new Date('2020-01-01T00:00:00Z') }));
    const recent = await store.accept(newLead({ receivedAt: new Date() }));
    expect((await leads(dataDir, 'purge')).stdout).toBe('1件の登録から、個人の情報を消しました。\n');
    expect(await store.find(old.receipt.leadId)).toMatchObject({ state: 'erased' });
    expect(await store.find(recent.receipt.leadId)).toMatchObject({ state: 'new' });
  });
});

describe('終了コード', () => {
  test.each([
    [['show', '7K3M-9QXD'], 1],
    [['resend', '7K3M-9QXD'], 1],
    [['release', '7K3M-9QXD'], 1],
    [['erase', 'nobody@example.jp'], 1],
    [[], 2],
    [['show'], 2],
    [['lists'], 2],
    [['list', '--limit', 'x'], 2],
    [['export', '--format', 'xml'], 2],
    [['list', '--all'], 2],
    [['show', 'a', 'b'], 2],
  ])('leads %j は %i で終わり、理由を日本語で言う', async (args, code) => {
    const result = await leads((await site()).dataDir, ...args);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(/[ぁ-ん]/);
    expect(result.stderr).not.toContain('    at ');
  });
});
