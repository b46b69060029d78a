import { describe, expect, test, vi } from 'vitest';
import { createLimits } from '#lib/leads/limits.ts';
import { createScreening } from '#lib/leads/screening.ts';
import { submit } from '#lib/leads/submit.ts';
import { FRIDAY_EVENING, filledForm, readableLog, storeIn, temporaryFolder } from './stage.ts';

// Each store has a thread of its own to start, on machines that do other things as well.
vi.setConfig({ testTimeout: 20_000 });

async function desk() {
  const store = storeIn(await temporaryFolder());
  const log = readableLog();
  const screening = createScreening(createLimits({ floodAbove: 0, sitePerMinute: 1000 }));
  const send = (form: FormData) => submit(form, { store, log, screening, clock: () => FRIDAY_EVENING });
  const stored = async () => (await store.list({ limit: 100 })).leads;
  return { store, log, send, stored };
}

describe('受け付ける', () => {
  test('正しい4つの答えは登録になり、受付番号と24営業時間後の期限が返る', async () => {
    const { send, stored } = await desk();
    const outcome = await send(filledForm());
    const [lead] = await stored();
    expect(outcome).toEqual({
      status: 'accepted',
      receipt: {
        leadId: lead?.id,
        number: lead?.number,
        receivedAt: FRIDAY_EVENING,
        replyDueAt: new Date('2026-11-30T18:00:00+09:00'),
      },
    });
    expect(lead).toMatchObject({
      name: '山田太郎',
      email: 'taro@example.jp',
      phone: '090-1234-5678',
      phoneE164: '+819012345678',
      start: 'now',
      source: { article: 'pmo-yametoke', cta: 'opening' },
      state: 'new',
    });
  });

  test('全角のアドレスと電話番号は直して残し、名前は前後の空白のほかは変えない', async () => {
    const { send, stored } = await desk();
    await send(
      filledForm({
        name: '　山﨑　德子 ',
        email: 'ＴＡＲＯ＠ｅｘａｍｐｌｅ．ｊｐ ',
        phone: '０９０－１２３４－５６７８',
      }),
    );
    expect(await stored()).toMatchObject([
      { name: '山﨑　德子', email: 'TARO@example.jp', phone: '０９０－１２３４－５６７８', phoneE164: '+819012345678' },
    ]);
  });

  test('同じ画面から50回同時に届いても登録は1件で、答えは同じ', async () => {
    const { send, stored } = await desk();
    const form = filledForm();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => send(form)));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(await stored()).toHaveLength(1);
  });

  test.each([
    ['無い', undefined],
    ['短い', 'abc'],
    ['記号だらけの', "'; DROP TABLE leads; --"],
  ])('送信番号が%sフォームも登録になる', async (_, id) => {
    const { send, stored } = await desk();
    const form = filledForm();
    if (id === undefined) form.delete('submission_id');
    else form.set('submission_id', id);
    expect(await send(form)).toMatchObject({ status: 'accepted' });
    expect(await send(form)).toMatchObject({ status: 'accepted' });
    expect(await stored()).toHaveLength(2);
  });

  test('来た記事やボタンの記録がおかしくても登録になり、おかしなものは残らない', async () => {
    const { send, stored } = await desk();
    const form = filledForm({
      from: '../../etc/passwd',
      cta: 'banner',
      referrer: 'javascript:alert(1)',
      utm: '<script>',
    });
    expect(await send(form)).toMatchObject({ status: 'accepted' });
    expect(await stored()).toMatchObject([{ source: {} }]);
  });

  test('余計な欄、危ない名前の欄、くり返された欄は、登録に影響しない', async () => {
    const { send, stored } = await desk();
    const form = filledForm();
    for (const name of ['__proto__', 'constructor', '$ACTION_ID_00', 'verdict', 'state', 'id']) form.append(name, 'x');
    form.append('name', '二人目');
    form.append('email', new File(['x'], 'x.txt'));
    expect(await send(form)).toMatchObject({ status: 'accepted' });
    expect(await stored()).toMatchObject([{ name: '山田太郎', email: 'taro@example.jp', state: 'new' }]);
  });
});

describe('断る', () => {
  test('空のフォームは、4つの直し方を欄の順に返し、何も残さない', async () => {
    const { send, stored } = await desk();
    expect(await send(new FormData())).toEqual({
      status: 'invalid',
      faults: [
        { field: 'name', message: 'お名前を入力してください' },
        { field: 'email', message: 'メールアドレスを入力してください' },
        { field: 'phone', message: '電話番号を入力してください' },
        { field: 'start', message: 'いつから稼働できるかを選んでください' },
      ],
      typed: { name: '', email: '', phone: '', start: '' },
    });
    expect(await stored()).toEqual([]);
  });

  test('1桁足りない電話番号は断り、入力したものはそのまま返す', async () => {
    const { send, stored } = await desk();
    expect(await send(filledForm({ phone: '090-1234-567', email: 'taro＠' }))).toEqual({
      status: 'invalid',
      faults: [
        {
          field: 'email',
          message: 'メールアドレスは「name@example.jp」のように、@とドメインを含めて入力してください',
        },
        { field: 'phone', message: '電話番号の桁数が足りません。市外局番から入力してください' },
      ],
      typed: { name: '山田太郎', email: 'taro＠', phone: '090-1234-567', start: 'now' },
    });
    expect(await stored()).toEqual([]);
  });

  test('文字の欄にファイルを入れても、空の欄と同じに扱う', async () => {
    const { send } = await desk();
    const form = filledForm();
    form.set('name', new File(['山田太郎'], 'name.txt'));
    expect(await send(form)).toMatchObject({
      status: 'invalid',
      faults: [{ field: 'name', message: 'お名前を入力してください' }],
    });
  });
});

describe('保存できない', () => {
  test('データベースが使えなければ「保存できない」と答え、入力を返し、直れば同じフォームが登録になる', async () => {
    const folder = await temporaryFolder();
    const log = readableLog();
    const form = filledForm();
    const closed = storeIn(`${folder}/missing\0`);
    expect(await submit(form, { store: closed, log })).toEqual({
      status: 'unstored',
      typed: { name: '山田太郎', email: 'taro@example.jp', phone: '090-1234-5678', start: 'now' },
    });
    expect(log.lines).toMatchObject([{ event: 'lead.unstored' }]);
    expect(await submit(form, { store: storeIn(folder), log })).toMatchObject({ status: 'accepted' });
  });

  test('思いがけない失敗のログには、場所だけが残り、その言葉は残らない', async () => {
    const log = readableLog();
    const store = {
      ...storeIn(await temporaryFolder()),
      accept: async () => Promise.reject(new TypeError('山田太郎 cannot be read')),
    };
    expect(await submit(filledForm(), { store, log })).toMatchObject({ status: 'unstored' });
    expect(log.lines).toMatchObject([{ event: 'lead.unstored', fault: 'bug', kind: 'TypeError' }]);
    expect(log.lines[0]?.at).toMatch(/submit\.test\.ts:\d+/);
    expect(JSON.stringify(log.lines)).not.toContain('山田');
  });

  test('ログには、成功のときも失敗のときも、名前も住所も番号も出ない', async () => {
    const { send, log } = await desk();
    await send(filledForm());
    await send(filledForm({ phone: '1' }));
    await submit(filledForm(), { store: storeIn('/dev/null/leads'), log });
    expect(log.lines).toHaveLength(2);
    expect(JSON.stringify(log.lines)).not.toMatch(/山田|taro|1234|9012345678/);
  });
});
