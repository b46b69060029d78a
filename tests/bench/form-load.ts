import { Agent } from 'node:http';
import { postOnce, type ReadForm } from '../support/form-post.ts';

/** How a run of posts went. Only answers that accept (303) count as done. */
export type LoadResult = { perSecond: number; milliseconds: number[]; refused: number };

export type Load = {
  clients: number;
  seconds?: number;
  posts?: number;
  /** Headers of the next post. */
  headers?: () => Record<string, string>;
};

/** Posts the form from `clients` keep-alive connections for `seconds`, or `posts` times; every post is another person's. */
export async function postForms(
  form: ReadForm,
  { clients, seconds = Infinity, posts = Infinity, headers = () => ({}) }: Load,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const milliseconds: number[] = [];
  let [begun, refused] = [0, 0];
  const started = performance.now();
  const end = started + seconds * 1000;

  async function client(): Promise<void> {
    while (performance.now() < end && begun < posts) {
      begun += 1;
      const before = performance.now();
      const { status } = await postOnce(form, {}, agent, headers());
      milliseconds.push(performance.now() - before);
      if (status !== 303) refused++;
    }
  }

  await Promise.all(Array.from({ length: clients }, client));
  const elapsed = (performance.now() - started) / 1000;
  agent.destroy();
  return { perSecond: (milliseconds.length - refused) / elapsed, milliseconds, refused };
}
