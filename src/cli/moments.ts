const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** Units from large to small, and how many milliseconds one has. */
const units = [
  ['year', 365.25 * 24 * 3_600_000],
  ['month', 30.44 * 24 * 3_600_000],
  ['week', 7 * 24 * 3_600_000],
  ['day', 24 * 3_600_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago an instant was, or how long it is until then, in words such as "2 hours ago". */
export function relative(iso: string, now: number): string {
  const distance = Date.parse(iso) - now;
  const [unit, length] = units.find(([, milliseconds]) => Math.abs(distance) >= milliseconds) ?? ['second', 1000];
  return Math.abs(distance) < 60_000 ? 'just now' : words.format(Math.trunc(distance / length), unit);
}

/** An instant as people read it, to the minute, in the offset that it is written in. */
export function shownMoment(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
