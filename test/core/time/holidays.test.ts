import { describe, expect, it } from 'vitest';
import { isoOf } from '../../../src/core/time/days.js';
import { type Holiday, holidays } from '../../../src/core/time/holidays.js';
import { read } from './read-phrases.js';

const dateIn = (holiday: Holiday, year: number) => {
  const date = holiday(year);
  return date === undefined ? undefined : isoOf(date, 'day');
};

describe('Holidays of the Chinese calendar', () => {
  // Published dates. In 2027 and 2030 the new moon falls within minutes of midnight in China.
  it.each([
    ['1985-02-20', '1990-01-27', '1995-01-31', '2000-02-05', '2005-02-09', '2010-02-14', '2015-02-19', '2018-02-16', '2019-02-05'],
    ['2020-01-25', '2021-02-12', '2022-02-01', '2023-01-22', '2024-02-10', '2025-01-29', '2026-02-17', '2027-02-06', '2028-01-26'],
    ['2029-02-13', '2030-02-03', '2033-01-31', '2035-02-08'],
  ])('put the new year on %s and the following', (...dates) => {
    expect(dates.map((date) => dateIn(holidays.lunarNewYear, Number(date.slice(0, 4))))).toEqual(dates);
  });

  it('put the other festivals on their published days, also behind a leap month', () => {
    const days = (holiday: Holiday) => [2020, 2022, 2023, 2024, 2025, 2026].map((year) => dateIn(holiday, year)?.slice(5));
    expect(days(holidays.dragonBoat)).toEqual(['06-25', '06-03', '06-22', '06-10', '05-31', '06-19']);
    expect(days(holidays.midAutumn)).toEqual(['10-01', '09-10', '09-29', '09-17', '10-06', '09-25']);
    expect(days(holidays.lantern)).toEqual(['02-08', '02-15', '02-05', '02-24', '02-12', '03-03']);
    expect(days(holidays.qingming)).toEqual(['04-04', '04-05', '04-05', '04-04', '04-04', '04-05']);
  });

  it('are unknown before 1900 and after 2100', () => {
    expect(dateIn(holidays.lunarNewYear, 1899)).toBeUndefined();
    expect(dateIn(holidays.midAutumn, 2101)).toBeUndefined();
  });
});

describe('Movable holidays of the West', () => {
  it('fall on their published days', () => {
    expect([2021, 2022, 2023, 2024, 2025].map((year) => dateIn(holidays.easter, year))).toEqual([
      '2021-04-04',
      '2022-04-17',
      '2023-04-09',
      '2024-03-31',
      '2025-04-20',
    ]);
    expect([2021, 2022, 2023, 2024].map((year) => dateIn(holidays.thanksgiving, year)?.slice(5))).toEqual([
      '11-25',
      '11-24',
      '11-23',
      '11-28',
    ]);
  });
});

describe('Names of holidays', () => {
  it.each([
    ['What did I get for Christmas?', '[Christmas] 2023-12-25..2023-12-26'],
    ['last Christmas', '[last Christmas] 2023-12-25..2023-12-26 2023-12-25'],
    ['next Christmas', '[next Christmas] 2024-12-25..2024-12-26 2024-12-25'],
    ['we ski every Christmas', '[every Christmas] 2023-12-25..2023-12-26 2023-12-25 yearly'],
    ['since Christmas', '[Christmas] 2023-12-25..open 2023-12-25'],
    ["on New Year's Eve", "[New Year's Eve] 2023-12-31..2024-01-01 2023-12-31"],
    ['on Valentine’s Day', '[Valentine’s Day] 2024-02-14..2024-02-15 2024-02-14'],
    ['the Fourth of July 2022', '[the Fourth of July 2022] 2022-07-04..2022-07-05 2022-07-04'],
    ['Thanksgiving 2022', '[Thanksgiving 2022] 2022-11-24..2022-11-25 2022-11-24'],
    ['during Chinese New Year', '[Chinese New Year] 2024-02-10..2024-02-11 2024-02-10'],
    ['the Christmas tree', ''],
    ['a Halloween costume', ''],
    ['I like Easter', ''],
    ['去年春节', '[去年春节] 2023-01-22..2023-01-23 2023-01-22'],
    ['除夕', '[除夕] 2024-02-09..2024-02-10 2024-02-09'],
    ['今年中秋', '[今年中秋] 2024-09-17..2024-09-18 2024-09-17'],
    ['去年聖誕節', '[去年聖誕節] 2023-12-25..2023-12-26 2023-12-25'],
    ['國慶期間', '[國慶期間] 2023-10-01..2023-10-08'],
    ['今年五一', '[今年五一] 2024-05-01..2024-05-02 2024-05-01'],
    ['周五一起吃饭', '[周五] 2024-03-08..2024-03-09 2024-03-08'],
    ['春节联欢晚会', ''],
    ['我最喜欢的节日是春节', ''],
  ])('reads "%s"', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});
