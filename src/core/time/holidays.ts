import { nthWeekday } from './calendar.js';
import { lunarDay } from './chinese-calendar.js';
import { type Day, dateOf, dayNumber } from './days.js';
import type { Groups } from './reading.js';

/** The day of a year on which a holiday falls; undefined in years that are not known. */
export type Holiday = (year: number) => Day | undefined;

const fixed =
  (month: number, day: number): Holiday =>
  (year) =>
    dateOf(year, month, day);

const lunar =
  (month: number, day: number): Holiday =>
  (year) =>
    lunarDay(year, month, day);

/** So many days after another holiday, before it where negative. */
const shifted =
  (holiday: Holiday, days: number): Holiday =>
  (year) => {
    const date = holiday(year);
    return date === undefined ? undefined : date + days;
  };

/** The fourth Thursday of November, as in the United States. */
const thanksgiving: Holiday = (year) => nthWeekday(dayNumber(year, 11, 1), 4, 4);

const lunarNewYear = lunar(1, 1);

/** Easter Sunday of the Western churches, by the algorithm of Meeus, Jones and Butcher. */
function easter(year: number): Day | undefined {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const epact =
    (19 * golden + century - Math.floor(century / 4) - Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3) + 15) % 30;
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const correction = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const days = epact + toSunday - 7 * correction + 114;
  return dateOf(year, Math.floor(days / 31), (days % 31) + 1);
}

/** 清明, the 4th or 5th of April: the usual approximation of that solar term, right from 1901 to 2099. */
function qingming(year: number): Day | undefined {
  if (year < 1901 || year > 2099) return undefined;
  const inCentury = year % 100;
  return dateOf(year, 4, Math.floor(inCentury * 0.2422 + (year < 2000 ? 5.59 : 4.81)) - Math.floor(inCentury / 4));
}

/** Holidays whose day is certain from their name. */
export const holidays = {
  newYear: fixed(1, 1),
  valentine: fixed(2, 14),
  womensDay: fixed(3, 8),
  patrick: fixed(3, 17),
  aprilFools: fixed(4, 1),
  labourDay: fixed(5, 1),
  childrensDay: fixed(6, 1),
  juneteenth: fixed(6, 19),
  teachersDay: fixed(9, 10),
  nationalDay: fixed(10, 1),
  halloween: fixed(10, 31),
  singlesDay: fixed(11, 11),
  christmasEve: fixed(12, 24),
  christmas: fixed(12, 25),
  boxingDay: fixed(12, 26),
  newYearsEve: fixed(12, 31),
  thanksgiving,
  blackFriday: shifted(thanksgiving, 1),
  easter,
  qingming,
  lunarNewYearsEve: shifted(lunarNewYear, -1),
  lunarNewYear,
  lantern: lunar(1, 15),
  dragonBoat: lunar(5, 5),
  qixi: lunar(7, 7),
  midAutumn: lunar(8, 15),
  doubleNinth: lunar(9, 9),
} satisfies Record<string, Holiday>;

/** A pattern for the names of holidays in a language, and the holiday that the groups of a match name. */
export function holidaysByName(names: readonly [pattern: string, holiday: Holiday][]): {
  pattern: string;
  holidayIn(groups: Groups): Holiday | undefined;
} {
  return {
    pattern: names.map(([pattern], index) => `(?<holiday${index}>${pattern})`).join('|'),
    holidayIn: (groups) => names.find((_, index) => groups[`holiday${index}`] !== undefined)?.[1],
  };
}
