/** Removes the first of some suffixes that leaves at least `least` letters. */
function without(word: string, suffixes: readonly string[], least: number): string {
  const found = suffixes.find((suffix) => word.length - suffix.length >= least && word.endsWith(suffix));
  return found === undefined ? word : word.slice(0, -found.length);
}

const arabicPrefix = /^(?:و(?=.{3}))?(?:(?:ال|بال|كال|فال|لل)(?=.{2}))?/u;
const arabicSuffixes = 'اتها اتهم تها تهم تنا ها ان ات ون ين يه ية تي ته تك نا هم ه ة ي'.split(' ');

/**
 * Arabic: conjunction, article, then endings of number, gender and possession, after light10 (Larkey, Ballesteros and
 * Connell, "Light Stemming for Arabic Information Retrieval", 2007).
 */
export function stemArabic(word: string): string {
  return without(word.replace(arabicPrefix, ''), arabicSuffixes, 3);
}

const hebrewPrefix = /^(?:(?:וה|שה|מה|כש|וש|וב|ול|ומ)(?=.{3})|[הובלמשכ](?=.{3}))/u;
const hebrewSuffixes = 'ותיו ותיה יות יימ ימ ות יו יה ית תי נו ה ת י'.split(' ');

/** Hebrew: one prefix of article, conjunction or preposition and one ending of number, gender or possession; three letters stay. */
export function stemHebrew(word: string): string {
  return without(word.replace(hebrewPrefix, ''), hebrewSuffixes, 3);
}
