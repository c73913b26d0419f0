import { type Day, dayLength } from './days.js';

const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);
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
export function newMoonNear(date: Day): Day {
  const count = Math.round((date - epoch) / meanMonth);
  const dates = [-1, 0, 1].map((step) => Math.floor(newMoon(count + step) + (8 * 3_600_000) / dayLength));
  return dates.reduce((best, next) => (Math.abs(next - date) < Math.abs(best - date) ? next : best));
}
