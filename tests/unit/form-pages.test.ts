import { expect, test } from 'vitest';
import { createFormPages } from '#lib/form-pages.ts';
import { rewriteForwarded } from '#lib/guard.ts';
import type { Answer, Question } from '#lib/next-app.ts';
import { answerWithPage, noteFormRead, setStatus } from '#lib/request-context.ts';
import { openFrontDoor, SITE } from './front-door.ts';

// What Next is asked, and what becomes of its answers: Next's place is taken by a function that keeps the questions.

const PAGE: Answer = { status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<p>ok</p>') };

async function desk(
  answerTo: (question: Question) => Answer | Promise<Answer> = () => PAGE,
  takePlainPost: (post: Question) => Answer | undefined = () => undefined,
) {
  const asked: Question[] = [];
  const respond = createFormPages({
    ask: async (question) => {
      asked.push(question);
      return answerTo(question);
    },
    takePlainPost: async (post) => takePlainPost(post),
    siteUrl: SITE,
    nonces: false,
    draft: { key: 'draft', fields: [] },
  });
  const port = await openFrontDoor(async (request, response) => {
    const client = rewriteForwarded(request, 0, SITE);
    await respond(request, response, request.url ?? '/', client);
  });
  const url = `http://localhost:${port}`;
  const post = (body: FormData | string, headers: Record<string, string> = {}, target = '/register') =>
    fetch(url + target, { method: 'POST', body, headers: { origin: url, ...headers }, redirect: 'manual' });
  return { url, asked, post };
}

/** What React sends for `register(undefined, form)`. */
function scriptForm(): FormData {
  const form = new FormData();
  form.set('1_name', '𠮷野 “太郎”\u3000;="--x');
  form.set('1_email', 'taro@example.jp');
  form.set('1_申し込み', '1行目\r\n2行目');
  form.set('0', '["$undefined","$K1"]');
  return form;
}

const entries = async ({ headers, body = Buffer.alloc(0) }: Question): Promise<[string, FormDataEntryValue][]> => {
  const type = headers['content-type']?.toString() ?? '';
  return [...(await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData())];
};

test('スクリプトが送った内容は、書き直されて、1文字も違わずに届く', async () => {
  const { asked, post } = await desk();
  expect((await post(scriptForm(), { 'next-action': 'abc' })).status).toBe(200);
  const [question] = asked;
  if (!question) throw new Error('not asked');
  expect(await entries(question)).toEqual([...scriptForm()]);
  expect(question.headers['next-action']).toBe('abc');
});

const field = (name: string) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n[]\r\n`;

test('終わりのあとにごみが続く内容は、ごみを除いて渡す。終わらない内容や、おかしな名前は渡さずに断る', async () => {
  const { asked, post } = await desk();
  const multipart = { 'next-action': 'abc', 'content-type': 'Multipart/Form-Data; boundary=x' };
  expect((await post(`${field('0')}--x--\r\n--x\r\nContent-Dis`, multipart)).status).toBe(200);
  expect(asked[0]?.body?.toString()).not.toContain('Content-Dis\r\n');
  expect(asked.map(({ body }) => /--\r\n$/.test(body?.toString() ?? ''))).toEqual([true]);
  for (const broken of [field('0'), `--x\r\n\r\n--x--\r\n`, `${field('0\u001b')}--x--\r\n`, 'x']) {
    const answer = await post(broken, multipart);
    expect([answer.status, (await answer.text()).includes('<html lang="ja">')]).toEqual([400, true]);
  }
  expect(asked).toHaveLength(1);
});

test('Next.jsには、要る見出しだけを渡し、送り元はこのサイトと言う', async () => {
  const { url, asked } = await desk();
  const headers = {
    rsc: '1',
    'next-router-state-tree': 'x',
    'x-matched-path': '/a',
    cookie: 'a=b',
    referer: 'https://a.example/',
  };
  await fetch(`${url}/register?cta=header`, { headers });
  const host = new URL(url).host;
  expect(asked).toEqual([
    {
      method: 'GET',
      url: '/register?cta=header',
      headers: {
        host,
        origin: `http://${host}`,
        referer: 'https://a.example/',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-host': host,
        'x-forwarded-proto': 'http',
      },
    },
  ]);
});

test.each(['/register/receive/.rsc', '/register/a.json', '/register/%E3%81%82', '/register/(.)x'])(
  '%sは、Next.jsに聞かずに404',
  async (target) => {
    const { url, asked } = await desk();
    expect((await fetch(url + target)).status).toBe(404);
    expect(asked).toEqual([]);
  },
);

test('内容を読む前の失敗は400、読んだあとの失敗は500。自分で決めた503はそのまま', async () => {
  const failure: Answer = { status: 500, headers: {}, body: Buffer.from('Internal Server Error') };
  const unread = await desk(() => failure);
  for (const [target, headers] of [
    ['/register/change/receive', {}],
    ['/register', { 'next-action': 'abc' }],
  ] as const) {
    const answer = await unread.post(scriptForm(), headers, target);
    expect([answer.status, (await answer.text()).includes('<html lang="ja">')]).toEqual([400, true]);
  }
  const read = await desk(() => {
    noteFormRead();
    return failure;
  });
  expect((await read.post(scriptForm(), {}, '/register/change/receive')).status).toBe(500);
  const closed = await desk(() => {
    setStatus(503);
    return PAGE;
  });
  expect((await closed.post(scriptForm(), {}, '/register/change/receive')).status).toBe(503);
});

test.each(['/register', '/register?from=a', '/register/receive', '/register/thanks?r=x'])(
  'スクリプトなしで%sに送られたフォームは、Next.jsに聞かずに受け付ける',
  async (target) => {
    const taken: Question[] = [];
    const { asked, post } = await desk(
      () => PAGE,
      (question) => {
        taken.push(question);
        return { status: 303, headers: { location: '/register/thanks?r=y' }, body: Buffer.alloc(0) };
      },
    );
    const answer = await post(scriptForm(), {}, target);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/register/thanks?r=y']);
    expect(asked).toEqual([]);
    const [question] = taken;
    if (!question) throw new Error('not taken');
    expect(await entries(question)).toEqual([...scriptForm()]);
  },
);

test('断られたフォームのページはNext.jsが描き、決めた番号で返す。フォームでないものは400、開いただけの人はフォームへ', async () => {
  const { url, asked, post } = await desk(
    () => PAGE,
    ({ body }) => {
      if (body?.toString() === 'a=b') return undefined;
      setStatus(422);
      answerWithPage('/register', { sent: {} });
      return { status: 422, headers: {}, body: Buffer.alloc(0) };
    },
  );
  const answer = await post(scriptForm(), {}, '/register?from=a');
  expect([answer.status, await answer.text()]).toEqual([422, '<p>ok</p>']);
  expect(asked.map((question) => [question.method, question.url])).toEqual([['GET', '/register']]);
  const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await post('a=b', urlencoded)).status).toBe(400);
  expect((await post(scriptForm(), { 'next-action': 'abc' }, '/register/receive')).status).toBe(400);
  const opened = await fetch(`${url}/register/receive`, { redirect: 'manual' });
  expect([opened.status, opened.headers.get('location')]).toEqual([303, '/register']);
  expect(asked).toHaveLength(1);
});

test('ほかのサイトからの送信は、Next.jsに聞かずに403', async () => {
  const { asked, post } = await desk();
  expect((await post(scriptForm(), { origin: 'https://evil.example' })).status).toBe(403);
  expect(asked).toEqual([]);
});
