const shape = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/**
 * Checks a time that a model wrote: 2024, 2024-03, 2024-03-09 or an instant; undefined if it is none of these or no
 * day of the calendar. An instant without offset gets that of `at`, an ISO 8601 time.
 */
export function checkedEventTime(written: string, at: string): string | undefined {
  const match = shape.exec(written.trim());
  if (match === null) return undefined;
  const [time, year, month = '01', day = '01', hour, minute = '00', second = '00', offset] = match;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour ?? 0) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (hour === undefined) return time;
  return time.replace(' ', 'T') + (offset === undefined ? offsetOf(at) : '');
}

/** An ISO 8601 time as a prompt shows it, the weekday first: models count days badly. */
export function withWeekday(at: string): string {
  const day = new Date(`${at.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? at : `${day.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' })} ${at}`;
}

function offsetOf(at: string): string {
  return /(?:Z|[+-]\d\d:\d\d)$/.exec(at)?.[0] ?? 'Z';
}
