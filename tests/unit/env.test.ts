import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { EnvError, readEnv } from '#lib/env.ts';

const PUBLIC = {
  SITE_URL: 'https://pmo.example.jp',
  SMTP_URL: 'smtps://a:b@mail.example.jp',
  MAIL_FROM: 'a@example.jp',
  LEADS_TO: 'b@example.jp',
};

function reason(source: Record<string, string>): string {
  try {
    readEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  return '始まる';
}

describe('環境変数', () => {
  test('何も設定しなくても、手元で始まる', () => {
    expect(readEnv({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      siteUrl: 'http://localhost:3000',
      dataDir: path.resolve('.data'),
      contentDir: path.resolve('content'),
      smtpUrl: undefined,
      leadsTo: ['leads@localhost'],
      trustProxy: 0,
    });
  });

  test('空の値は、設定しなかったのと同じ', () => {
    expect(readEnv({ SMTP_URL: '', PORT: '' })).toEqual(readEnv({}));
  });

  test('公開の設定がそろえば始まる', () => {
    expect(readEnv({ ...PUBLIC, LEADS_TO: 'b@example.jp, c@example.jp' })).toMatchObject({
      siteUrl: 'https://pmo.example.jp',
      leadsTo: ['b@example.jp', 'c@example.jp'],
    });
  });

  test.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['PORT', '3000.5'],
    ['SITE_URL', 'pmo.example.jp'],
    ['SITE_URL', 'https://pmo.example.jp/blog'],
    ['SITE_URL', 'ftp://pmo.example.jp'],
    ['SMTP_URL', 'mail.example.jp:587'],
    ['SMTP_URL', 'http://mail.example.jp'],
    ['DATABASE_URL', 'mysql://db/leads'],
    ['MAIL_FROM', '編集部'],
    ['LEADS_TO', 'team'],
    ['LEADS_TO', ','],
    ['LEADS_TO', 'a@example.jp\nBcc: x@evil.example'],
    ['OPERATOR_MAIL_TO', '運用担当'],
    ['DKIM_DOMAIN', 'localhost'],
    ['DKIM_SELECTOR', 'a b'],
    ['METRICS_PORT', '0'],
    ['METRICS_PORT', 'on'],
    ['TRUST_PROXY', '-1'],
    ['TRUST_PROXY', 'true'],
    ['READER_PAGES', 'fast'],
    ['NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', 'short'],
  ])('%s=%j では始まらず、名前、理由、例を示す', (name, value) => {
    expect(reason({ [name]: value })).toMatch(new RegExp(`^環境変数 ${name}: .+（例: ${name}=.+）$`));
  });

  test.each(['SMTP_URL', 'MAIL_FROM', 'LEADS_TO'])('公開のアドレスなのに %s がなければ始まらない', (name) => {
    const { [name as keyof typeof PUBLIC]: _left, ...rest } = PUBLIC;
    expect(reason(rest)).toMatch(new RegExp(`^環境変数 ${name}: .+必須.+（例: ${name}=.+）$`));
  });

  test('運用担当の宛先を決めなければ、担当者の宛先に知らせる', () => {
    expect(readEnv(PUBLIC).operatorMailTo).toEqual(['b@example.jp']);
    expect(readEnv({ ...PUBLIC, OPERATOR_MAIL_TO: 'c@example.jp, d@example.jp' }).operatorMailTo).toEqual([
      'c@example.jp',
      'd@example.jp',
    ]);
  });

  test('監視の数値は、ポートを決めたときだけ、このコンピューターの中にだけ出す', () => {
    expect(readEnv({}).metrics).toBeUndefined();
    expect(readEnv({ METRICS_PORT: '9464' }).metrics).toEqual({ port: 9464, host: '127.0.0.1' });
    expect(reason({ METRICS_PORT: '3000' })).toMatch(/^環境変数 METRICS_PORT: PORTと同じ.+（例: METRICS_PORT=9464）$/);
  });

  test('DKIMの設定は3つそろえ、差出人のドメインと合わせる', () => {
    const dkim = { ...PUBLIC, DKIM_DOMAIN: 'Example.jp', DKIM_SELECTOR: 'site', DKIM_KEY_FILE: '/etc/site/dkim.pem' };
    expect(readEnv(PUBLIC).dkim).toBeUndefined();
    expect(readEnv(dkim).dkim).toEqual({ domain: 'example.jp', selector: 'site', keyFile: '/etc/site/dkim.pem' });
    expect(readEnv({ ...dkim, MAIL_FROM: 'a@mail.example.jp' }).dkim?.domain).toBe('example.jp');
    expect(reason({ ...dkim, DKIM_SELECTOR: '', DKIM_KEY_FILE: '' }).split('\n')).toEqual([
      expect.stringMatching(/^環境変数 DKIM_SELECTOR: .+3つそろえて.+（例: DKIM_SELECTOR=.+）$/),
      expect.stringMatching(/^環境変数 DKIM_KEY_FILE: .+3つそろえて.+（例: DKIM_KEY_FILE=.+）$/),
    ]);
    expect(reason({ ...dkim, MAIL_FROM: 'a@otherexample.jp' })).toMatch(/^環境変数 DKIM_DOMAIN: .+合っていません/);
  });

  test('間違いが2つあれば、2つとも示す', () => {
    expect(reason({ PORT: 'x', TRUST_PROXY: 'y' }).split('\n')).toHaveLength(2);
  });

  test('間違った値では、サーバーは何も作らずに終わる', () => {
    const parent = mkdtempSync(path.join(tmpdir(), 'env-'));
    const dataDir = path.join(parent, 'data');
    const result = spawnSync(process.execPath, ['server.ts'], {
      encoding: 'utf8',
      env: { NODE_ENV: 'production', PATH: process.env.PATH, DATA_DIR: dataDir, PORT: '99999' },
    });
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/^環境変数 PORT: .+（例: PORT=3000）\n$/);
    expect(readdirSync(parent)).toEqual([]);
    rmSync(parent, { recursive: true });
  });
});
