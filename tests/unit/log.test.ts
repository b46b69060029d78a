import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { describeError, withoutPeople } from '#lib/log.ts';

test.each([
  ['550 5.1.1 <taro@example.jp>: Recipient address rejected', '550 5.1.1 <<address>>: Recipient address rejected'],
  ['no such user "taro..x."@docomo.ne.jp', 'no such user <address>'],
  ['太郎@例え.jp は使えません', '<address> は使えません'],
  ['call +81 90-1234-5678 or 09012345678 now', 'call <number> or <number> now'],
  ['line one\r\nline two', 'line one line two'],
  ['451 4.7.1 greylisted, try again in 300 seconds', '451 4.7.1 greylisted, try again in 300 seconds'],
])('ほかのシステムの言葉から人を消す: %s', (said, written) => {
  expect(withoutPeople(said)).toBe(written);
});

test('長い言葉は300文字で切る', () => {
  expect(withoutPeople('x '.repeat(1000))).toHaveLength(300);
});

test('エラーは種類と、人を消した言葉になる', () => {
  const error = Object.assign(new Error('mailbox taro@example.jp is full'), { code: 'EENVELOPE' });
  expect(describeError(error)).toEqual({ code: 'EENVELOPE', message: 'mailbox <address> is full' });
  expect(describeError('odd')).toEqual({ code: 'unknown', message: 'odd' });
});

test('ライブラリーが印字するものは、種類と場所だけを1行に記録する', () => {
  const program = `
    import { takeOverConsole } from '#lib/log.ts';
    takeOverConsole();
    console.error(new TypeError('山田太郎 <taro@example.jp> 090-1234-5678\\n    at 山田'));
    console.error('⨯', 'could not read 山田太郎');
    console.warn({ name: '山田太郎' });`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).not.toMatch(/山田|taro|1234/);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { level: 'error', event: 'library.said', kind: 'TypeError', at: expect.stringMatching(/^at .+:\d+:\d+/) },
    { level: 'error', event: 'library.said', kind: 'text' },
    { level: 'warn', event: 'library.said', kind: 'text' },
  ]);
});
