const japaneseMoment = new Intl.DateTimeFormat('ja-JP', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'Asia/Tokyo',
});

/** An instant in Japan for a sentence: 2026年11月29日 18:00. */
export function momentText(at: Date): string {
  return japaneseMoment.format(at);
}

/** An instant in Japan, to the minute. */
export function Moment({ at }: { at: Date }) {
  return <time dateTime={at.toISOString()}>{momentText(at)}</time>;
}
