import { type Day, dayLength, dayNumber } from './days.js';

const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);
/** Days from one new moon to the next, on average. */
const meanMonth = 29.530588861;
/** The mean new moon of January 2000, in days since 1970 (Julian day 2,451,550.09766). */
const epoch = 2_451_550.09766 - 2_440_587.5;
/** Days that uniform time was ahead of the Earth's around 2025; over a century it differs by less than a minute. */
const clockDrift = 70 / 86_400;

/** The moment of the so-manieth new moon since January 2000, in days since 1970, within some minutes (Meeus, Astronomical Algorithms, chapter 49, its larger terms). */
function newMoon(count: number): number {
  const centuries = count / 1236.85;
  const orbit = 1 - 0.002516 * centuries;
  const sun = 2.5534 + 29.1053567 * count;
  const moon = 201.5643 + 385.81693528 * count + 0.0107582 * centuries ** 2;
  const latitude = 160.7108 + 390.67050284 * count - 0.0016118 * centuries ** 2;
  const node = 124.7746 - 1.56375588 * count;
  return (
    epoch +
    meanMonth * count +
    0.00015437 * centuries ** 2 -
    0.4072 * sine(moon) +
    0.17241 * orbit * sine(sun) +
    0.01608 * sine(2 * moon) +
    0.01039 * sine(2 * latitude) +
    0.00739 * orbit * sine(moon - sun) -
    0.00514 * orbit * sine(moon + sun) +
    0.00208 * orbit ** 2 * sine(2 * sun) -
    0.00111 * sine(moon - 2 * latitude) -
    0.00057 * sine(moon + 2 * latitude) +
    0.00056 * orbit * sine(2 * moon + sun) -
    0.00042 * sine(3 * moon) +
    0.00042 * orbit * sine(sun + 2 * latitude) +
    0.00038 * orbit * sine(sun - 2 * latitude) -
    0.00024 * orbit * sine(2 * moon - sun) -
    0.00017 * sine(node) -
    clockDrift
  );
}

/** The date in China (UTC+8) of the new moon nearest to a date. */
function newMoonNear(date: Day): Day {
  const count = Math.round((date - epoch) / meanMonth);
  const dates = [-1, 0, 1].map((step) => Math.floor(newMoon(count + step) + (8 * 3_600_000) / dayLength));
  return dates.reduce((best, next) => (Math.abs(next - date) < Math.abs(best - date) ? next : best));
}

let lunarFormat: Intl.DateTimeFormat | undefined;

/** Month and day of the Chinese calendar. */
function lunarOf(date: Day): { month: number; day: number; isLeap: boolean } {
  lunarFormat ??= new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
  const parts = lunarFormat.formatToParts(date * dayLength);
  const text = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return { month: Number.parseInt(text('month'), 10), day: Number(text('day')), isLeap: !/^\d+$/.test(text('month')) };
}

/** Beyond these years the drift of the clock is another one, and months may begin on other days. */
const firstYear = 1900;
const lastYear = 2100;

/**
 * A day of the Chinese calendar, found in a few steps from where it lies on average. ICU knows which month it is, but
 * puts new moons around midnight on the wrong day (2027, 2030): the month begins at ours.
 */
function findLunar(year: number, month: number, day: number): Day | undefined {
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

/** What was found: the calendar of ICU takes some 0.1 ms a day. At most 201 years of each holiday. */
const known = new Map<string, Day | undefined>();

/** The day of a month of the Chinese calendar in a year, undefined outside of 1900 to 2100. */
export function lunarDay(year: number, month: number, day: number): Day | undefined {
  if (year < firstYear || year > lastYear) return undefined;
  const key = `${year}-${month}-${day}`;
  if (!known.has(key)) known.set(key, findLunar(year, month, day));
  return known.get(key);
}
