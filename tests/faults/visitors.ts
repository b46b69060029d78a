import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { postOnce, type ReadForm } from '../support/form-post.ts';
import type { Dice } from './dice.ts';

// The clients of every fault: they keep the history that the checker compares with store and mailbox afterwards.

/** One post: what was said, what came back (`unknown` when the connection was lost) and how long that took. */
export type Post = {
  answers: { phone: string; start: string };
  status: number | 'unknown';
  location?: string;
  /** How the connection was lost. */
  cause?: string;
  milliseconds: number;
  /** `performance.now()` when it was sent. */
  askedAt: number;
};

/** Everything that one person sent under one submission id, in order. */
export type Visit = { id: string; email: string; posts: Post[] };

export const ACCEPTED = 303;
const INVALID = 422;
const GOOD_PHONE = '090-1234-5678';
const BAD_PHONE = '03';
/** What a person does after a lost connection or a refusal: waits a little and presses again. */
const AGAIN_AFTER_MS = 150;
const CHANCE_OF_MISTAKE = 1 / 20;
const CHANCE_OF_CORRECTION = 1 / 20;

export function newVisit(): Visit {
  const id = randomUUID();
  return { id, email: `${id}@example.jp`, posts: [] };
}

/** Sends the form once and writes it down; never rejects. */
export async function send(
  visit: Visit,
  form: ReadForm,
  { agent, start = 'month', phone = GOOD_PHONE }: { agent?: Agent; start?: string; phone?: string } = {},
): Promise<Post> {
  const post: Post = { answers: { phone, start }, status: 'unknown', milliseconds: 0, askedAt: performance.now() };
  visit.posts.push(post);
  const fields = { submission_id: visit.id, email: visit.email, ...post.answers };
  const answer = await postOnce(form, fields, agent).catch((error: Error & { code?: string }) => {
    post.cause = error.code ?? error.message;
  });
  post.milliseconds = performance.now() - post.askedAt;
  if (answer) Object.assign(post, { status: answer.status, ...(answer.location && { location: answer.location }) });
  return post;
}

type Crowd = {
  forms: readonly [ReadForm, ...ReadForm[]];
  clients: number;
  /** Nobody new comes once it is true; those who are there still finish. */
  isOver: () => boolean;
  dice: Dice;
  /** Filled while they come, for whoever must know how far they are. */
  visits?: Visit[];
};

/**
 * People who register one after the other, `clients` at a time, at every form in turn. They send again under the same
 * id what was refused with 503 or not answered, until they are told that it is accepted; a few first mistype, a few
 * correct themselves afterwards.
 */
export async function letIn({ forms, clients, isOver, dice, visits = [] }: Crowd): Promise<Visit[]> {
  const agent = new Agent({ keepAlive: true });
  async function insist(visit: Visit, form: ReadForm, start: string): Promise<void> {
    while ((await send(visit, form, { agent, start })).status !== ACCEPTED) await pause(AGAIN_AFTER_MS);
  }
  async function client(number: number): Promise<void> {
    for (let count = number; !isOver(); count += 1) {
      const form = forms[count % forms.length] ?? forms[0];
      const visit = newVisit();
      visits.push(visit);
      if (dice.chance(CHANCE_OF_MISTAKE)) {
        await send(visit, form, { agent, phone: BAD_PHONE });
        if (dice.chance(1 / 2)) continue;
      }
      await insist(visit, form, 'month');
      if (dice.chance(CHANCE_OF_CORRECTION)) await insist(visit, form, 'now');
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  agent.destroy();
  return visits;
}

export const isAccepted = ({ posts }: Visit): boolean => posts.some(({ status }) => status === ACCEPTED);

/** Posts whose answer left open whether they were stored: none came, or the store did not say in time. */
export const isOpen = ({ status }: Post): boolean => status !== ACCEPTED && status !== INVALID;
