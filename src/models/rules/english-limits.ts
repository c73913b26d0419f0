import { stem, termsOf, wordsOf } from './english-words.js';

const weekdays = '(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays?|weekends?';

/** When a habit holds: one drinks tea in the morning, and sleeps longer on Sundays. */
const occasion = new RegExp(
  `\\b(?:breakfast|brunch|lunch|dinner|supper|dessert|bed|mornings?|afternoons?|evenings?|night|(?:(?<=\\b(?:on|every|each|the|at) (?:\\w+ )?)(?:${weekdays}))|(?<=\\b(?:in|during|every) (?:the )?)(?:winter|summer|spring|autumn|fall)|(?<=\\bat )(?:work|home|school)|holidays?|vacation)\\b`,
  'g',
);

/** Stems of the occasions that a normalized statement names. */
export function occasionsOf(normal: string): string[] {
  return wordsOf([...normal.matchAll(occasion)].join(' ')).map(stem);
}

/** What dates or explains an ending rather than limiting it. */
const aside =
  /\b(?:at (?:all|the moment|present|this point|my age|\d+(?! ?[ap]m))\b|for (?:(?:me|us|now|good|ever|years|months|weeks|ages|lent|\w+ (?:reasons?|purposes)|the sake|(?:my|our) (?:health|heart|teeth|skin|back|sleep|own|kids?|child|children|family|wife|husband|baby))\b|(?:an?|some|(?:the )?last|two|three|four|five|six|\d+) (?:\w+ )?(?:while|time|days?|weeks?|months?|years?)\b)|(?:in|as of|on|by) (?:january|february|march|april|may|june|july|august|september|october|november|december|\d{4}|general|(?:doctor's|medical) \w+|choice|purpose)\b|(?:after|before) (?!\d|noon|midnight|dark|bed|work|school|class|training|breakfast|brunch|lunch|dinner|supper|meals?\b)|when (?!\w+ing\b|(?:i|we) (?:am|are|have|work|go|drive|eat|travel)\b)).*$/;
const limiting = /\b(?=(?:on|at|in|with|without|for|during|before|after|while|when|every|each)\b)/;
const clauseEnd =
  /[;!?()]|[,.:](?!\d)|\s[-–—]\s|\b(?:and|but|so|because|since|due|as (?:i|we|it|he|she|they|my)|though|although|if|until|till)\b/;
const leading = new RegExp(
  `^(?:on (?:${weekdays})|at (?:the )?(?:night|work|home|school|weekends?)|in (?:the )?(?:mornings?|afternoons?|evenings?|winter|summer|spring|autumn)),? (?=(?:i|we)\\b)`,
);

function wordsOfLimit(phrase: string): string[] {
  const terms = termsOf(phrase);
  return terms.length > 0
    ? terms
    : wordsOf(phrase)
        .slice(1)
        .filter((word) => !/^(?:an?|the|my|our)$/.test(word))
        .map(stem);
}

/**
 * Stems of what limits an ending to a time, a place, a company or a purpose: "drink coffee after 5pm" is not all
 * coffee. `ended`: what is over, from its verb, if it has one, to the end of the statement; `statement`: all
 * of it, without opening words.
 */
export function limitsOf(ended: string, { statement, hasVerb }: { statement: string; hasVerb: boolean }): string[] {
  const clause = ended.replace(/\b(?:anymore|these days|nowadays|now|after all)\b/g, ' ').split(clauseEnd, 1)[0] ?? '';
  const [first = '', ...phrases] = clause.replace(aside, '').split(limiting);
  const object = hasVerb ? first.replace(/^\s*(?:(?:i|we|am|is|are|be|do|not) )*\S+/, '') : first;
  // "Live with my parents": what a preposition leads to is the object where there is no other.
  const limits = termsOf(object).length > 0 ? phrases : phrases.slice(1);
  return [leading.exec(statement)?.[0] ?? '', ...limits].flatMap(wordsOfLimit);
}
