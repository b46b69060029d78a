import { expect, test } from 'vitest';
import { perProcess } from '#lib/per-process.ts';

test('同じ名前のものはプロセスに1つだけ作られる', () => {
  let made = 0;
  const first = perProcess('test', () => ({ order: ++made }));
  const second = perProcess('test', () => ({ order: ++made }));
  expect(second).toBe(first);
  expect(made).toBe(1);
});
