import { occupations } from './english-words.js';

/** The value that "is Y" gives: the preposition in front, if any, and what kind of words follow. */
export interface Value {
  preposition: string;
  shape: 'name' | 'number' | 'occupation' | 'article' | 'other';
}

const form =
  /\b(?:am|is|are|['’]s|starts?|begins?|meets?|takes? place|happens?)\s+(?:(?:now|currently|actually|called|named)\s+)*(?:(?<preposition>(?:\p{L}+(?:ed|en|t|n)\s+)?(?:at|in|on|by|from|with|for|near|under|behind|to))\s+)?(?<rest>\S.*)$/u;
const numeral = /^\S*\d|^(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|noon|midnight)\b/i;
const occupied = new RegExp(`\\b(?:${occupations})\\b`, 'i');

/** Reads the value of a clause in its original spelling; undefined where it is not of the form "is Y". */
export function readValue(original: string): Value | undefined {
  const { preposition = '', rest = '' } = form.exec(original.slice(0, 500))?.groups ?? {};
  if (rest === '') return undefined;
  const words = rest.replace(/^(?:the|my|our) /i, '');
  if (/^an? /i.test(words)) return { preposition, shape: occupied.test(words) ? 'occupation' : 'article' };
  return { preposition, shape: numeral.test(words) ? 'number' : /^\p{Lu}/u.test(words) ? 'name' : 'other' };
}

/** Attributes that have one value, whatever it looks like. */
const label =
  /^(?:passw(?:ord)?|passphras|cod|key|id|usernam|handl|nicknam|nam|titl|address|url|email|number|version|tag|branch|color|siz|typ|mod|theme|them|languag|currency|format|motto|topic|plan|default|choic|diet|religion|citizenship|nationality|stack|framework|database)$/;

/**
 * Whether two values can be values of one attribute: "is at 10.0.0.7" and "is offline" are not. `attribute`: the stems
 * of what has the value; `person`: who has it can be many things at a time.
 */
export function valuesMeet(
  one: Value | undefined,
  { other, attribute, person }: { other: Value | undefined; attribute: readonly string[]; person: boolean },
): boolean {
  if (!one || !other) return true;
  if (attribute.includes('favorit') || label.test(attribute.at(-1) ?? '')) return true;
  if (one.shape !== other.shape) return false;
  if (one.preposition !== other.preposition) return one.shape === 'number' && (one.preposition === '' || other.preposition === '');
  if (one.shape === 'article') return !person;
  return one.shape !== 'other' || one.preposition !== '';
}
