import { describe, expect, test } from 'vitest';
import { throwDice } from './dice.ts';
import { mailRows, sufferRow } from './mail-rows.ts';

/** Minutes of the delivery loop's clocks that a fault lasts; five in the long form. */
const MINUTES = 2;

describe.concurrent('メールサーバーがどのように振る舞っても、メールは失われず、ほかのメールは待たされない', {
  timeout: 120_000,
}, () => {
  for (const row of mailRows(throwDice('mail'), MINUTES)) {
    test(row.name, async () => expect(await sufferRow(row)).toEqual([]));
  }
});
