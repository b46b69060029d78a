/** Japan's distance from UTC in milliseconds. There has been no summer time since 1951. */
export const JST_OFFSET_MS = 9 * 3_600_000;

/** An instant at +09:00: `2026-11-30T18:00:00+09:00`, fractions of a second only if there are any. */
export function jstIso(at: Date): string {
  return new Date(at.getTime() + JST_OFFSET_MS).toISOString().replace(/(?:\.000)?Z$/, '+09:00');
}
