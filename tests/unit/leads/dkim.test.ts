import { spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { EnvError } from '#lib/env.ts';
import { composeMail } from '#lib/leads/mails.ts';
import { openTransport } from '#lib/leads/transport.ts';
import { openInbox } from '../../support/inbox.ts';
import { readings } from './read-mail.ts';
import { context, lead, toAgent, toVisitor } from './sample-lead.ts';
import { temporaryFolder } from './stage.ts';
import { verifyDkim } from './verify-dkim.ts';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

async function signing(file: string | Buffer = privateKey.export(pem)) {
  const dataDir = await temporaryFolder();
  const keyFile = path.join(dataDir, 'dkim.pem');
  await writeFile(keyFile, file);
  return { dataDir, dkim: { domain: 'pmo.example.jp', selector: 'site', keyFile } };
}

/** A mail with long Japanese lines, trailing blanks and a dot alone on a line, as it arrives at a real server. */
async function received(dkim: boolean) {
  const inbox = await openInbox();
  const settings = await signing();
  const transport = openTransport({
    smtpUrl: inbox.smtpUrl,
    dataDir: settings.dataDir,
    ...(dkim && { dkim: settings.dkim }),
  });
  const typed = {
    ...lead,
    name: `${'山田　太郎 '.repeat(40)}  `,
    followUp: { 自由記入: '上の行  \n.\n\n..\n下の行   ' },
  };
  for (const row of [toAgent, toVisitor]) {
    expect(await transport.send(composeMail(typed, row, context))).toEqual({ status: 'sent' });
  }
  transport.close();
  await inbox.close();
  return inbox.mails.map(({ raw }) => raw);
}

test('鍵を設定すれば、担当者あても本人あても、受け取った側が署名を確かめられる', async () => {
  const mails = await received(true);
  expect(mails).toHaveLength(2);
  for (const raw of mails) {
    const verdict = verifyDkim(raw, publicKey);
    expect(verdict).toMatchObject({ status: 'pass', domain: 'pmo.example.jp', selector: 'site' });
    expect('signedHeaders' in verdict && verdict.signedHeaders).toEqual(
      expect.arrayContaining(['from', 'to', 'reply-to', 'subject', 'date', 'message-id', 'content-type']),
    );
    for (const reading of await readings(raw)) expect(reading.subject).toMatch(/^【.+】.+（受付番号 7K3M-9QXD）$/);
  }
});

test('届くまでに差出人、件名、返信先、本文のどれかが変われば、署名は合わない', async () => {
  const [raw] = await received(true);
  const text = String(raw?.toString('latin1'));
  const other = createPublicKey(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
  expect(verifyDkim(Buffer.from(text, 'latin1'), other).status).toBe('headers changed');
  for (const [from, to] of [
    ['noreply@pmo.example.jp>', 'someone@pmo.example.jp>'],
    ['Subject: =?', 'Subject: x=?'],
    ['taro.yamada@example.com', 'taro.yamada@example.net'],
  ] as const) {
    expect(text).toContain(from);
    expect(verifyDkim(Buffer.from(text.replace(from, to), 'latin1'), publicKey).status).toBe('headers changed');
  }
  const cut = Buffer.from(text.slice(0, -20), 'latin1');
  expect(verifyDkim(cut, publicKey).status).toBe('body changed');
});

test('設定しなければ署名しない', async () => {
  for (const raw of await received(false)) expect(verifyDkim(raw, publicKey)).toEqual({ status: 'none' });
});

test.each([
  ['鍵ではないファイル', 'これは鍵ではありません\n', 'PEM形式の'],
  ['公開鍵', publicKey.export({ type: 'spki', format: 'pem' }), 'PEM形式の'],
  ['暗号化した鍵', privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'x' }), '暗号化していない'],
  ['RSAでない鍵', generateKeyPairSync('ed25519').privateKey.export(pem), 'RSAの秘密鍵'],
  ['短すぎる鍵', generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey.export(pem), '1024ビット以上'],
])('%sでは始まらず、ファイルの場所と直し方を1行で言い、中身は言わない', async (_, file, reason) => {
  const { dataDir, dkim } = await signing(file);
  const start = () => openTransport({ smtpUrl: undefined, dataDir, dkim });
  expect(start).toThrow(EnvError);
  expect(start).toThrow(/^環境変数 DKIM_KEY_FILE: .+\/dkim\.pem（例: .+）$/);
  expect(start).toThrow(reason);
});

test('鍵のファイルが無ければ始まらない', async () => {
  const { dataDir, dkim } = await signing();
  const missing = { ...dkim, keyFile: path.join(dataDir, 'none.pem') };
  expect(() => openTransport({ smtpUrl: undefined, dataDir, dkim: missing })).toThrow(/読めません（ENOENT）/);
});

test('間違った鍵では、サイトは理由を1行で示して始まらない', async () => {
  const { dataDir, dkim } = await signing('これは鍵ではありません\n');
  const result = spawnSync(process.execPath, ['server.ts'], {
    encoding: 'utf8',
    env: {
      NODE_ENV: 'production',
      DATA_DIR: dataDir,
      MAIL_FROM: 'noreply@pmo.example.jp',
      DKIM_DOMAIN: dkim.domain,
      DKIM_SELECTOR: dkim.selector,
      DKIM_KEY_FILE: dkim.keyFile,
    },
  });
  expect(result.stderr).toMatch(/^環境変数 DKIM_KEY_FILE: PEM形式の.+（例: .+）\n$/);
  expect(result.status).toBe(1);
});
