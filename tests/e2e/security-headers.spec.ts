import { expect } from 'playwright/test';
import { test as base } from './site.ts';

// What a site that is served over https says of itself to browsers, on every kind of answer.

const test = base.extend<{ url: string }>({
  url: async ({ site, startSite }, use) => {
    const mail = { SMTP_URL: site.inbox.smtpUrl, MAIL_FROM: 'site@example.jp', LEADS_TO: 'team@example.jp' };
    const { url } = await startSite({ SITE_URL: 'https://pmo.example.jp', ...mail });
    await use(url);
  },
});

const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'permissions-policy': expect.stringContaining('camera=()'),
};
const KINDS = {
  記事: ['/articles/pmo-yametoke', 200],
  検索: ['/search?q=PMO', 200],
  無いページ: ['/nowhere', 404],
  断られた要求: ['/_next/image?url=x', 404],
  フォーム: ['/register', 200],
  受付のページ: ['/register/thanks?r=x', 200],
} as const;

test('どの答えも、https、埋め込み、送り元、機能についての決まりを持つ', async ({ url }) => {
  for (const [kind, [address, status]] of Object.entries(KINDS)) {
    const answer = await fetch(url + address);
    expect(answer.status, kind).toBe(status);
    const headers = Object.fromEntries(answer.headers);
    expect(headers, kind).toMatchObject(EVERYWHERE);
    expect(headers['referrer-policy'], kind).toMatch(/^(?:strict-origin-when-cross-origin|no-referrer)$/);
    expect(headers['content-security-policy'], kind).toMatch(/default-src 'none';.*frame-ancestors 'none'/);
  }
});

test('フォームのスクリプトは、開くたびに変わる印を持つものだけが動く', async ({ url }) => {
  const nonces = new Set<string>();
  for (let count = 0; count < 2; count += 1) {
    const answer = await fetch(`${url}/register`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const [, nonce = ''] = /script-src 'nonce-([\w+/=]{24})' 'strict-dynamic';/.exec(policy) ?? [];
    expect(policy).not.toContain('unsafe-');
    const scripts = (await answer.text()).match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    expect(
      scripts.filter((tag) => !tag.includes(` nonce="${nonce}"`) && !/ type="speculationrules"/.test(tag)),
    ).toEqual([]);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(2);
});
