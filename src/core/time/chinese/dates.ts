import {
  centuryOf,
  dayIn,
  daysFromTo,
  decadeOf,
  halfOf,
  monthOf,
  nthDay,
  nthWeek,
  nthWeekday,
  quarterOf,
  seasonOf,
  summerHolidays,
  weekendOf,
  yearOf,
} from '../calendar.js';
import { dateOf, dayNumber, fieldsOf } from '../days.js';
import { type Groups, type PhraseContext, type PhraseTable, phraseRule, type Reading } from '../reading.js';
import { yearly } from '../relative.js';
import {
  bareYear,
  chineseNumber,
  dayNumber as dayText,
  inSaidYear,
  monthAhead,
  monthNumber,
  part,
  partOf,
  saidYear,
  to,
  week,
  weekdayNumber,
  yearIn,
} from './words.js';

const seasons = '春夏秋冬';
const wholeCentury = '世纪(?!\\d|[一二三四五六七八九]十年代)';
const ordinal = '(?:第(?<nth>[一二三四五1-5])个?|(?<last>最后一?个?))';

function monthDay(groups: Groups, context: PhraseContext): Reading | undefined {
  const month = chineseNumber(groups.month ?? '');
  return inSaidYear(groups, context, (year) => {
    if (groups.day === undefined) return monthOf(dayNumber(year, month, 1), partOf(groups.part));
    const first = dateOf(year, month, chineseNumber(groups.day));
    const last = groups.through ? dateOf(year, month, chineseNumber(groups.through)) : first;
    return daysFromTo(first, last);
  });
}

function pieceOfMonth(groups: Groups, context: PhraseContext): Reading | undefined {
  const { nth, day, piece = '' } = groups;
  const count = nth === undefined ? 0 : chineseNumber(nth);
  return inSaidYear(groups, context, (year) => {
    const first = dayNumber(year, chineseNumber(groups.month ?? ''), 1);
    if (piece === '天') return nthDay(first, count);
    if (day === undefined && piece !== '周末') return nthWeek(first, count);
    const date = nthWeekday(first, count, day === undefined ? 6 : weekdayNumber(day));
    return date !== undefined && day === undefined ? weekendOf(date) : dayIn(date);
  });
}

function decade({ century, tens = '', part: text }: Groups): Reading | undefined {
  const inCentury = chineseNumber(tens);
  if (inCentury % 10 !== 0) return undefined;
  const hundreds = century === undefined ? (inCentury < 30 ? 20 : 19) : chineseNumber(century);
  return decadeOf(100 * hundreds + inCentury, partOf(text));
}

/** A season and its kin, in the year said or meant. */
const seasonRule = (words: string, inYear: (year: number, word: string) => Reading) =>
  phraseRule(`${saidYear}?(?<word>${words})`, (groups, context) => inSaidYear(groups, context, (year) => inYear(year, groups.word ?? '')));

/** Chinese phrases that name days, months, seasons, years, in simplified characters, which traditional ones are folded to. */
export const chineseDates: PhraseTable = {
  hint: /[年月季春夏秋冬]|暑假|世纪/,
  rules: [
    // 3月5日到7日, 3月底. Neither 五月饼 nor 五月亮 nor 五月花号 is a month, and with songs 五月天 is a band.
    phraseRule(
      `${saidYear}?${monthNumber}月(?!${week})(?:份?的?${part}|份|(?<day>${dayText})[日号]?(?:${to}(?<through>${dayText})[日号])?)?(?![饼亮]|花号)(?!天的?(?:歌|演唱|乐队))`,
      monthDay,
    ),
    // 5月的第一个周末, 五月最后一天.
    phraseRule(`${saidYear}?${monthNumber}月份?的?${ordinal}(?<piece>周末|${week}(?<day>[一二三四五六日天])?|天)`, pieceOfMonth),
    // The first of "3到5月".
    phraseRule(`${saidYear}?${monthNumber}(?=${to}${monthAhead})`, monthDay),
    phraseRule(`${bareYear}(?!代)(?!的?${monthAhead})`, (groups, context) => {
      const year = yearIn(groups, context);
      return year === undefined ? undefined : yearOf(year);
    }),
    // The first of "2019到2021年".
    phraseRule(`(?<!\\d)(?<year>(?:19|20)\\d\\d)(?=${to}(?:19|20)\\d\\d年)`, (groups) => yearOf(Number(groups.year))),
    phraseRule(`(?:${bareYear}|去)年?的?(?<part>初|底|末)(?!一)`, (groups, context) =>
      yearOf(yearIn(groups, context) ?? fieldsOf(context.today).year - 1, partOf(groups.part)),
    ),
    phraseRule('(?<![\\d零〇一二三四五六七八九十去前今明后每近])年(?<part>初|底|末)(?![一二三四五六七八九十])', ({ part: text }, context) =>
      yearly((year) => yearOf(year, partOf(text)), context),
    ),
    seasonRule(`[${seasons}][天季]`, (year, word) => seasonOf(year, seasons.indexOf(word.charAt(0)))),
    seasonRule('暑假', summerHolidays),
    seasonRule('[上下]半年', (year, word) => halfOf(year, word.startsWith('上') ? 1 : 2)),
    seasonRule('第?[一二三四1-4]季度', (year, word) => quarterOf(year, chineseNumber(word.replace(/[第季度]/g, '')))),
    phraseRule(
      `(?:(?<century>\\d{2}|二十|十九)世纪|(?<last>上(?:个)?世纪))?(?<tens>[1-9]0|[一二三四五六七八九]十)年代(?<part>初|末)?`,
      (groups, context) => {
        if (groups.last) return decade({ ...groups, century: String(Math.floor(fieldsOf(context.today).year / 100) - 1) });
        const century = groups.century === undefined ? undefined : String(chineseNumber(groups.century) - 1);
        return decade(century === undefined ? groups : { ...groups, century });
      },
    ),
    phraseRule('(?<!\\d)(?<century>19|20)(?<tens>\\d0)年代(?<part>初|末)?', decade),
    phraseRule(`(?<!\\d)(?<century>\\d{2}|十[五六七八九]|二十一?)${wholeCentury}`, ({ century }) =>
      centuryOf(chineseNumber(century ?? '')),
    ),
    phraseRule(`上个?${wholeCentury}`, (_, { today }) => centuryOf(Math.floor(fieldsOf(today).year / 100))),
  ],
};
