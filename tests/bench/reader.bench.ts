import type { Figure } from './figure.ts';
import { measureAnswers } from './reader/answers.ts';
import { measureBytes } from './reader/bytes.ts';
import { measureMemory } from './reader/memory.ts';

// What a reader page costs: bytes on the wire beside Astro, answers a second of one core beside stock Next and nginx,
// memory after 10,000 pages.

export async function measure(): Promise<Figure[]> {
  return [...(await measureBytes()), ...(await measureAnswers()), ...(await measureMemory())];
}
