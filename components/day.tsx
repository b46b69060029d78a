const japaneseDay = new Intl.DateTimeFormat('ja-JP', { dateStyle: 'long', timeZone: 'Asia/Tokyo' });
const isoDay = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: 'Asia/Tokyo' });

/** The calendar day in Japan on which `at` falls, for a sentence or a title. */
export function dayText(at: Date): string {
  return japaneseDay.format(at);
}

/** The calendar day in Japan on which `at` falls: 2026年11月16日. */
export function Day({ at }: { at: Date }) {
  return <time dateTime={isoDay.format(at)}>{dayText(at)}</time>;
}
