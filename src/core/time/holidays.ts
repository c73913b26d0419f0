import { nthWeekday } from './calendar.js';
import { type Day, dateOf, dayLength, dayNumber } from './days.js';
import { newMoonNear } from './new-moon.js';

/** The day of a year on which a holiday falls; undefined in years that are not known. */
export type Holiday = (year: number) => Day | undefined;

let lunarFormat: Intl.DateTimeFormat | undefined;

/** Month and day of the Chinese calendar. */
function lunarOf(date: Day): { month: number; day: number; isLeap: boolean } {
  lunarFormat ??= new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
  const parts = lunarFormat.formatToParts(date * dayLength);
  const text = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return { month: Number.parseInt(text('month'), 10), day: Number(text('day')), isLeap: !/^\d+$/.test(text('month')) };
}

const meanMonth = 29.53;

/**
 * The day of the Chinese calendar in a year from 1900 to 2100, found in a few steps from where it lies on average. ICU
 * knows which month it is, but puts new moons around midnight on the wrong day (2027, 2030): the month begins at ours.
 */
function findLunar(year: number, month: number, day: number): Day | undefined {
  if (year < 1900 || year > 2100) return undefined;
  let date = dayNumber(year, 2, 5) + Math.round((month - 1) * meanMonth) + day - 1;
  for (let step = 0; step < 8; step++) {
    const at = lunarOf(date);
    if (at.month === month && at.day === day && !at.isLeap) return newMoonNear(date - day + 1) + day - 1;
    // Around the turn of the year month 12 lies before month 1.
    const months = ((month - at.month + 18) % 12) - 6;
    date += Math.round(months * meanMonth + day - at.day);
  }
  return undefined;
}

/** What was found: the calendar of ICU takes some 0.1 ms a holiday. At most 201 years of each. */
const known = new Map<string, Day | undefined>();

function lunar(month: number, day: number, shift = 0): Holiday {
  return (year) => {
    const key = `${year}-${month}-${day}`;
    if (!known.has(key) && year >= 1900 && year <= 2100) known.set(key, findLunar(year, month, day));
    const date = known.get(key);
    return date === undefined ? undefined : date + shift;
  };
}

const fixed =
  (month: number, day: number): Holiday =>
  (year) =>
    dateOf(year, month, day);

/** The fourth Thursday of November, as in the United States, or so many days after it. */
const thanksgiving =
  (shift: number): Holiday =>
  (year) =>
    (nthWeekday(dayNumber(year, 11, 1), 4, 4) ?? 0) + shift;

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
  thanksgiving: thanksgiving(0),
  blackFriday: thanksgiving(1),
  easter,
  qingming,
  lunarNewYearsEve: lunar(1, 1, -1),
  lunarNewYear: lunar(1, 1),
  lantern: lunar(1, 15),
  dragonBoat: lunar(5, 5),
  qixi: lunar(7, 7),
  midAutumn: lunar(8, 15),
  doubleNinth: lunar(9, 9),
} satisfies Record<string, Holiday>;
