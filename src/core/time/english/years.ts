import { centuryOf, decadeOf, halfOf, quarterOf, seasonOf, yearOf } from '../calendar.js';
import { fieldsOf } from '../days.js';
import { type Groups, type PhraseContext, type PhraseTable, phraseRule, type Reading } from '../reading.js';
import { inSaidYear, nextWordYear, ordinal, ordinalEnding, ordinalOf, part, partOf, saidYear, year } from './words.js';

const seasons: Record<string, number> = { spring: 0, summer: 1, autumn: 2, fall: 2, winter: 3 };
const decades: Record<string, number> = {
  twenties: 20,
  thirties: 30,
  forties: 40,
  fifties: 50,
  sixties: 60,
  seventies: 70,
  eighties: 80,
  nineties: 90,
};
const season = `(?<season>${Object.keys(seasons).join('|')})`;
const digits = '(?:19|20)\\d\\d';
const fullYear = `(?<year>${digits})`;
/** A part of a decade, which "the late 90s" needs no "of" for. */
const third = '(?:(?<part>early|mid|late)[\\s-])?';
/** What a quarter or half without its year must follow, or may. */
const cue = '\\b(?:in|during|since|before|after|until|by)\\s';
/** Not the first number of a date, a ratio, a decimal. */
const notDate = '(?![-/.:]\\d)';

function seasonInYear(groups: Groups, context: PhraseContext): Reading | undefined {
  return inSaidYear(groups, context, (inYear) => seasonOf(inYear, seasons[groups.season?.toLowerCase() ?? ''] ?? 0));
}

function pieceOfYear(groups: Groups, context: PhraseContext): Reading | undefined {
  const said = groups.nth === undefined ? Number(groups.number) : ordinalOf(groups.nth);
  const isHalf = /^h/i.test(groups.piece ?? '');
  const size = isHalf ? 2 : 4;
  const number = said === 0 ? size : said;
  return number > size ? undefined : inSaidYear(groups, context, (inYear) => (isHalf ? halfOf(inYear, number) : quarterOf(inYear, number)));
}

function decade({ century, tens, word, part: text }: Groups): Reading {
  const inCentury = word ? (decades[word.toLowerCase()] ?? 0) : Number(tens);
  return decadeOf(Number(century ?? (inCentury === 20 ? 20 : 19)) * 100 + inCentury, partOf(text));
}

/** English phrases that name seasons. */
export const englishSeasons: PhraseTable = {
  hint: /spring|summer|autumn|fall|winter/i,
  rules: [
    phraseRule(
      `\\b(?:(?:in|during|since|until|over|before|after|every|each)\\s{1,2}(?:the\\s)?(?:(?:early|mid|late)[\\s-])?|(?<direction>last|this|next)\\s{1,2})${season}\\b(?!\\s(?:love|asleep|behind|apart|ill|rolls?|onions?)\\b)${year}`,
      seasonInYear,
    ),
    phraseRule(`\\b${season}${saidYear}`, seasonInYear),
  ],
};

/** English phrases that name years, their quarters and halves, decades and centuries. */
export const englishYears: PhraseTable = {
  hint: /\d|ties\b|\b(?:quarter|half)\s(?:of|in)\b|last century/i,
  rules: [
    phraseRule(
      `(?<=\\b(?:in|since|during|of|by|before|after|until|till|from|between|year|around|back in)\\s|\\b${digits}\\s?(?:and|to|-|–|until)\\s?)(?:${part})?${fullYear}\\b${notDate}(?!\\s?[%年])`,
      (groups) => yearOf(Number(groups.year), partOf(groups.part)),
    ),
    phraseRule(`\\b(?<part>early|mid|late|beginning of|end of)[\\s-]${fullYear}\\b${notDate}`, (groups) =>
      yearOf(Number(groups.year), partOf(groups.part)),
    ),
    phraseRule(`(?<![-\\d/.])${fullYear}(?=\\s?[-–]\\s?${digits}\\b(?![-/.\\d]))`, (groups) => yearOf(Number(groups.year))),
    // "My 2019 trip", but not "the 2000 guests".
    phraseRule('(?<=\\b(?:my|our|his|her|their|the)\\s)(?<year>19[5-9]\\d|20(?!00)[0-4]\\d)(?=\\s[a-z])', (groups) =>
      yearOf(Number(groups.year)),
    ),
    phraseRule(`\\b(?:the\\s)?${ordinal}\\s(?<piece>quarter|half)(?:\\s(?:of|in)(?:\\sthe)?)${nextWordYear}`, pieceOfYear),
    phraseRule(`(?:${cue})?\\b(?<piece>[QH])(?<number>[1-4])${saidYear}`, pieceOfYear),
    phraseRule(`\\b${fullYear}\\s?(?<piece>[QH])(?<number>[1-4])\\b`, pieceOfYear),
    phraseRule(`${cue}(?<piece>[QH])(?<number>[1-4])\\b`, pieceOfYear),
    phraseRule(`(?:\\bthe\\s)?\\b${third}(?<century>19|20)(?<tens>\\d0)'?s\\b`, decade),
    phraseRule(`\\bthe\\s${third}'?(?<tens>[2-9]0)'?s\\b`, decade),
    phraseRule(`\\bthe\\s${third}(?<word>${Object.keys(decades).join('|')})\\b`, decade),
    phraseRule(`\\b(?:the\\s)?(?<century>\\d{1,2})${ordinalEnding}\\scentury\\b`, (groups) => centuryOf(Number(groups.century))),
    phraseRule('\\blast\\scentury\\b', (_, { today }) => centuryOf(Math.floor(fieldsOf(today).year / 100))),
  ],
};
