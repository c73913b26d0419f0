/** Dates and numbers as a reader of a language writes them. */
export interface Format {
  /** An instant of ISO 8601, with day and time, where the reader is. */
  instant(iso: string): string;
  /** The day of an instant of ISO 8601, where the reader is. */
  day(iso: string): string;
  /** When something happened: an instant, or 2024, 2024-03, 2024-03-09 for the whole of it. */
  occurrence(text: string): string;
  /** A month such as 2024-03; `short` leaves its year out. */
  month(text: string, length?: 'long' | 'short'): string;
  number(value: number): string;
  /** A score with up to two digits. */
  score(value: number): string;
  bytes(value: number): string;
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** What is no date, as an address may say it, stays as it is. */
function written({ format }: Intl.DateTimeFormat, text: string, instant = text): string {
  const time = Date.parse(instant);
  return Number.isNaN(time) ? text : format(time);
}

/** Formats for a locale. */
export function createFormat(locale: string): Format {
  const formatter = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const instant = formatter({ dateStyle: 'medium', timeStyle: 'short' });
  const day = formatter({ dateStyle: 'medium' });
  // What has no time of day has no zone either.
  const wholeDay = formatter({ dateStyle: 'long', timeZone: 'UTC' });
  const month = formatter({ month: 'long', year: 'numeric', timeZone: 'UTC' });
  const shortMonth = formatter({ month: 'short', timeZone: 'UTC' });
  const number = new Intl.NumberFormat(locale);
  const score = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const format: Format = {
    instant: (iso) => written(instant, iso),
    day: (iso) => written(day, iso),
    occurrence(text) {
      if (/^\d{4}$/.test(text)) return text;
      if (/^\d{4}-\d\d$/.test(text)) return format.month(text);
      return /^\d{4}-\d\d-\d\d$/.test(text) ? written(wholeDay, text) : format.instant(text);
    },
    month: (text, length = 'long') => written(length === 'long' ? month : shortMonth, text, `${text}-01T00:00:00Z`),
    number: (value) => number.format(value),
    score: (value) => score.format(value),
    bytes(value) {
      const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), units.length - 1);
      const options = { style: 'unit', unit: units[power] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: 1 } as const;
      return new Intl.NumberFormat(locale, options).format(value / 1000 ** power);
    },
  };
  return format;
}
