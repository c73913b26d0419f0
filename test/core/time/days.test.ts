import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { addMonths, dateOf, dayNumber, isoOf, weekdayOf } from '../../../src/core/time/days.js';
import { dateAt, momentOf } from '../../../src/core/time/instants.js';
import { findTimePhrases } from '../../../src/core/time/phrases.js';
import { read } from './read-phrases.js';

describe('Days as numbers', () => {
  it('are days of the Gregorian calendar', () => {
    expect(dayNumber(1970, 1, 1)).toBe(0);
    expect(isoOf(dayNumber(99, 3, 1), 'day')).toBe('0099-03-01');
    expect(weekdayOf(dayNumber(2024, 3, 13))).toBe(3);
    expect(weekdayOf(dayNumber(1969, 12, 28))).toBe(7);
    expect(dateOf(2023, 2, 29)).toBeUndefined();
    expect(isoOf(addMonths(dayNumber(2024, 3, 31), -1), 'day')).toBe('2024-02-29');
    expect(isoOf(dayNumber(-5, 1, 1), 'year')).toBeUndefined();
  });

  it('count the first of 1970 like any other', () => {
    expect(read('January 1, 1970')).toContain('1970-01-01..1970-01-02 1970-01-01');
    expect(read('1970年1月1日')).toContain('1970-01-01..1970-01-02 1970-01-01');
    expect(read('New Year’s Day 1970')).toContain('1970-01-01..1970-01-02 1970-01-01');
  });
});

describe('Moments of a zone', () => {
  // Clocks that change at midnight, by half an hour, or skip a day.
  it.each(['UTC', 'Europe/Berlin', 'America/New_York', 'America/Havana', 'Asia/Beirut', 'Australia/Lord_Howe', 'Pacific/Apia', '+05:30'])(
    'are those of the calendar in %s',
    (zone) => {
      for (let date = dayNumber(2011, 1, 1); date < dayNumber(2012, 2, 1); date++) {
        for (const hour of [0, 2]) {
          const local = Temporal.PlainDateTime.from(`${isoOf(date, 'day')}T0${hour}:00`);
          const moment = local.toZonedDateTime(zone).epochMilliseconds;
          expect(momentOf(date, zone, hour)).toBe(moment);
          const back = Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).toPlainDate().toString();
          expect(isoOf(dateAt(moment, zone), 'day')).toBe(back);
        }
      }
    },
  );

  it('bound phrases at the end of a year, in a leap year and where the clock changes', () => {
    const at = (text: string, iso: string, zone: string) => findTimePhrases(text, { now: Date.parse(iso), zone })[0];
    expect(at('today', '2023-12-31T20:00:00Z', 'Asia/Shanghai')?.value).toBe('2024-01-01');
    expect(at('last month', '2024-01-01T04:00:00Z', 'America/New_York')?.value).toBe('2023-11');
    expect(at('last year', '2024-02-29T12:00:00Z', 'UTC')?.value).toBe('2023');
    expect(at('a year ago today', '2024-02-29T12:00:00Z', 'UTC')?.value).toBe('2023-02-28');
    expect(at('February 29', '2023-03-13T12:00:00Z', 'UTC')?.value).toBe('2020-02-29');
    expect(at('last night', '2024-03-31T10:00:00Z', 'Europe/Berlin')?.span).toEqual({
      start: Date.parse('2024-03-30T17:00:00+01:00'),
      end: Date.parse('2024-03-31T06:00:00+02:00'),
    });
  });
});
