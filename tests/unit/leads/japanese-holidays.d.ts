declare module 'japanese-holidays' {
  /** The name of the Japanese holiday on the JST day of `date`; undefined on other days. */
  function isHolidayAt(date: Date): string | undefined;
  const japaneseHolidays: { isHolidayAt: typeof isHolidayAt };
  export = japaneseHolidays;
}
