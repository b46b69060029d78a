import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { postOnce, readForm } from '../support/form-post.ts';
import { runSite } from '../support/running-site.ts';

/** Puts a file system of a few megabytes over the folder, in a mount namespace that only this process has. */
function onSmallDisk(dataDir: string): string[] {
  const alone = userInfo().uid === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
  return ['unshare', ...alone, 'sh', '-c', 'mount -t tmpfs -o size=4m,mode=700 tmpfs "$0" && exec "$@"', dataDir];
}

test('ディスクがいっぱいなら保存したとは言わず、書いたものと電話番号を示し、空けばまた受け付ける', {
  timeout: 120_000,
}, async () => {
  const site = await runSite({}, onSmallDisk);
  onTestFinished(() => site.remove('SIGKILL'));
  const form = await readForm(`${site.url}/register`);
  expect((await postOnce(form)).status).toBe(303);

  // The site's own view of its disk: the mount is not visible from here.
  const filler = path.join('/proc', String(site.process.pid), 'root', site.dataDir, 'filler');
  for (let chunk = 1 << 20; chunk >= 512; ) {
    try {
      writeFileSync(filler, Buffer.alloc(chunk), { flag: 'a' });
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
      chunk >>= 1;
    }
  }

  const answers = {
    name: '山田 花子',
    email: 'full@example.jp',
    phone: '03-1234-5678',
    submission_id: 'when-the-disk-is-full',
  };
  // The log may have a little room left from before: what matters is that no refusal is called a success.
  const tries = [];
  for (let count = 0; count < 200 && tries.at(-1)?.status !== 503; count++) {
    tries.push(await postOnce(form, { ...answers, submission_id: `${answers.submission_id}-${count}` }));
  }
  const refused = tries.at(-1);
  expect(refused?.status).toBe(503);
  for (const shown of ['登録は完了していません', '03-0000-0000', '山田 花子', 'full@example.jp', '03-1234-5678']) {
    expect(refused?.body).toContain(shown);
  }
  expect((await fetch(`${site.url}/articles/pmo-yametoke`)).status).toBe(200);

  await rm(filler);
  const again = { ...answers, submission_id: `${answers.submission_id}-${tries.length - 1}` };
  await expect.poll(async () => (await postOnce(form, again)).status, { timeout: 10_000 }).toBe(303);
});
