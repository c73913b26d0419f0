import { describe, expect, it } from 'vitest';
import {
  formatInstant,
  normaliseInstant,
  parseInstant,
  recurringOverlaps,
  spanOf,
  spansOverlap,
  zoneOf,
} from '../../../src/core/time/instants.js';

const iso = (ms: number) => new Date(ms).toISOString();
const zone = 'Asia/Shanghai';

describe('Written times', () => {
  it('stand for a day, month or year of the zone, to its last millisecond', () => {
    expect(iso(parseInstant('2024-03-09', { zone, edge: 'start' }))).toBe('2024-03-08T16:00:00.000Z');
    expect(iso(parseInstant('2024-03-09', { zone, edge: 'end' }))).toBe('2024-03-09T15:59:59.999Z');
    expect(iso(parseInstant('2024-02', { zone: 'UTC', edge: 'end' }))).toBe('2024-02-29T23:59:59.999Z');
    expect(iso(parseInstant('2024', { zone: 'UTC', edge: 'end' }))).toBe('2024-12-31T23:59:59.999Z');
  });

  it('keep their own offset and take the zone without one', () => {
    expect(iso(parseInstant('2024-03-09T10:00:00+01:00', { zone, edge: 'start' }))).toBe('2024-03-09T09:00:00.000Z');
    expect(iso(parseInstant('2024-03-09 10:00', { zone, edge: 'end' }))).toBe('2024-03-09T02:00:00.000Z');
    expect(normaliseInstant('2024-03-09T10:00-0530', zone)).toBe('2024-03-09T10:00:00-05:30');
    expect(normaliseInstant('2024-03-09T10:00', zone)).toBe('2024-03-09T10:00:00+08:00');
    expect(zoneOf('2024-03-09T10:00Z')).toBe('UTC');
    expect(zoneOf('2024-03-09T10:00+0530')).toBe('+05:30');
    expect(zoneOf('2024-03-09')).toBeUndefined();
  });

  it.each(['2024-02-30', '2024-13', '2024-02-30T10:00:00Z', '2024-03-09T25:00:00Z', '10:00', 'soon', ''])(
    'refuse "%s" with an example',
    (text) => {
      expect(() => spanOf(text, zone)).toThrow(RangeError);
      expect(() => spanOf(text, zone)).toThrow(`"${text}" is not a time; give ISO 8601, for example 2024-03-09`);
    },
  );

  it('end with the years 0 and 9999, which have four digits in every zone', () => {
    for (const text of ['-271821-04-20T00:00:00Z', '-000100-01-01T00:00:00Z', '+010001-01-01T00:00:00Z', '+275760-09-13T00:00:00Z'])
      expect(() => spanOf(text, 'America/New_York')).toThrow(/is not a time/);
    for (const text of ['0000', '9999-12-31', '9999-12-31T23:59:59-12:00'])
      for (const zone of ['America/New_York', 'Pacific/Kiritimati']) {
        const { start } = spanOf(text, zone);
        expect(spanOf(formatInstant(start, 'UTC'), zone).start).toBe(start);
      }
  });

  it('are formatted with the offset that holds on their day, on both sides of each change', () => {
    const berlin = (text: string) => formatInstant(Date.parse(text), 'Europe/Berlin');
    expect(berlin('2024-03-31T00:59:59Z')).toBe('2024-03-31T01:59:59+01:00');
    expect(berlin('2024-03-31T01:00:00Z')).toBe('2024-03-31T03:00:00+02:00');
    expect(berlin('2024-10-27T01:00:00.250Z')).toBe('2024-10-27T02:00:00.250+01:00');
    expect(berlin('2024-07-01T00:00:00Z')).toBe('2024-07-01T02:00:00+02:00');
    expect(formatInstant(0, 'UTC')).toBe('1970-01-01T00:00:00Z');
    expect(formatInstant(0, '+05:45')).toBe('1970-01-01T05:45:00+05:45');
  });
});

describe('Spans', () => {
  it('overlap a range whose ends belong to it', () => {
    const span = spanOf('2024-03-09', 'UTC');
    expect(spansOverlap(span, span.end)).toBe(false);
    expect(spansOverlap(span, span.end - 1)).toBe(true);
    expect(spansOverlap(span, undefined, span.start)).toBe(true);
    expect(spansOverlap(span, undefined, span.start - 1)).toBe(false);
    expect(spansOverlap(span)).toBe(true);
  });

  const comes = (day: string, recurs: 'daily' | 'weekly' | 'monthly' | 'yearly', wanted: string, at = 'Europe/Berlin') => {
    const { start, end } = spanOf(wanted, at);
    return recurringOverlaps({ span: spanOf(day, at), recurs }, start, end - 1, at);
  };

  it('come round before and after the day that was said', () => {
    expect(comes('2020-05-03', 'yearly', '2024-05-03')).toBe(true);
    expect(comes('2020-05-03', 'yearly', '2011-05-03')).toBe(true);
    expect(comes('2020-05-03', 'yearly', '2024-05-04')).toBe(false);
    expect(comes('2020-02-29', 'yearly', '2023-02-28')).toBe(true);
    expect(comes('2024-01-31', 'monthly', '2024-02-29')).toBe(true);
    expect(comes('2024-01-15', 'monthly', '2035-07-15')).toBe(true);
    expect(comes('2024-01-15', 'monthly', '2035-07-16')).toBe(false);
    expect(comes('2024-03-08', 'weekly', '2034-03-10')).toBe(true);
    expect(comes('2024-03-08', 'weekly', '2034-03-11')).toBe(false);
    expect(comes('2024-03-08', 'daily', '1999-12-31')).toBe(true);
  });

  it('agree with every single day over years', () => {
    const first = Date.parse('2024-01-31T00:00:00Z');
    for (let day = -800; day < 800; day++) {
      const date = new Date(first + day * 86_400_000);
      const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
      expect(comes('2024-01-31', 'monthly', date.toISOString().slice(0, 10), 'UTC')).toBe(date.getUTCDate() === last);
    }
  });
});
