import { dayIn } from '../calendar.js';
import { holidays, holidaysByName } from '../holidays.js';
import { type PhraseTable, phraseRule } from '../reading.js';
import { inSaidYear, year } from './words.js';

const { pattern, holidayIn } = holidaysByName([
  ['christmas eve', holidays.christmasEve],
  ['christmas(?: day)?|xmas', holidays.christmas],
  ['boxing day', holidays.boxingDay],
  ["new year'?s eve", holidays.newYearsEve],
  ["new year'?s day", holidays.newYear],
  ["valentine'?s day", holidays.valentine],
  ["(?:st\\.?|saint) patrick'?s day", holidays.patrick],
  ["april fools?'?s? day", holidays.aprilFools],
  ['easter(?: sunday)?', holidays.easter],
  ['juneteenth', holidays.juneteenth],
  ['halloween', holidays.halloween],
  ['thanksgiving(?: day)?', holidays.thanksgiving],
  ['black friday', holidays.blackFriday],
  ['(?:chinese|lunar) new year', holidays.lunarNewYear],
  ['lantern festival', holidays.lantern],
  ['dragon boat festival', holidays.dragonBoat],
  ['mid-?autumn festival', holidays.midAutumn],
]);
const cue = 'on|at|for|to|over|around|during|since|before|after|until|till|by|from|every|each|between';
/** What is named after a holiday is not the day. */
const thing =
  'trees?|presents?|gifts?|cards?|cookies?|carols?|lights?|decorations?|songs?|movies?|costumes?|markets?|sweaters?|music|shopping|eggs?|bunny';

/** Holidays by their English names, where a preposition, "last", "next" or a year beside them shows that the day is meant. */
export const englishHolidays: PhraseTable = {
  hint: /mas\b|mas eve|boxing day|year'?s (?:eve|day)|patrick|valentine|fools|easter|teenth|halloween|thanksgiving|black friday|new year|festival/i,
  rules: [
    phraseRule(
      `(?:(?<=\\b(?<cue>${cue})\\s(?:the\\s)?)|\\b(?<direction>last|this past|this coming|this|next|coming)\\s|)\\b(?<name>${pattern})\\b(?!'|-|\\s(?:${thing})\\b)${year}`,
      (groups, context) => {
        const isSure = groups.cue ?? groups.direction ?? groups.year ?? groups.which;
        if (isSure === undefined && !/\s(?:eve|day|friday|sunday)$/i.test(groups.name ?? '')) return undefined;
        const reading = inSaidYear(groups, context, (inYear) => dayIn(holidayIn(groups)?.(inYear)));
        // A present "for Christmas" was not bought at Christmas.
        const isDated =
          groups.year ?? groups.which ?? groups.direction ?? (/^(?:for|to)$/i.test(groups.cue ?? '') ? undefined : groups.cue);
        return reading && { ...reading, topical: 'holiday', value: isDated ? reading.value : undefined };
      },
    ),
  ],
};
