import { mainVerb, openers } from './english-claim.js';
import { normalize } from './english-words.js';

/** What one does: the verb, whether it is what one mostly does, on what occasion, and the prepositions of the rest. */
interface Habit {
  verb: string;
  isMain: boolean;
  occasion: string | undefined;
  prepositions: string;
}

const main = /\b(?:mostly|mainly|usually|primarily|generally|normally|typically|tend to)\b/;
const purpose =
  /(?<!\b(?:listen|go|travel|drive|walk|commute|prefer|talk|speak|subscribe|belong)) to (?!work|school|bed|the|my|a|an|him|her|them)[a-z]+(?: (?!now\b|instead\b)[\w-]+){0,3}/;
const occasion = new RegExp(
  ` (?:while \\w+ing|(?:for|at|with|after|before|over) (?:breakfast|brunch|lunch|dinner|supper|dessert|bed|work))\\b|${purpose.source}`,
);
/** Verbs of which one does several things on any occasion; only what for tells them apart. */
const loose = /^(?:use|us|hav|get|take|tak|keep|make|mak|go|be|like|lik|lov|need|want|try|think|ask|feel|know)$/;

function habitOf(clause: string): Habit | undefined {
  const normal = normalize(clause).replace(openers, '');
  if (!/^(?:i|we)\b/.test(normal) || /\b(?:not|never|used to)\b/.test(normal)) return undefined;
  const verb = /^(?:i|we) (?:now )?do /.test(normal) ? 'do' : mainVerb(normal.replace(main, ''));
  if (verb === undefined) return undefined;
  const isLoose = loose.test(verb);
  return {
    verb,
    isMain: !isLoose && main.test(normal),
    occasion: (isLoose ? purpose : occasion).exec(normal)?.[0],
    prepositions: [...normal.matchAll(/\b(?:in|at|on|for|with|from|by|to|near|during|while|after|before)\b/g)].join(' '),
  };
}

/**
 * How surely what holds now replaces what a clause tells: 1 where it is what one mostly did, or did on the same
 * occasion; undefined where a statement tells no such habit.
 */
export function habitChange(text: string): ((clause: string) => number) | undefined {
  const now = habitOf(text);
  if (now === undefined || (!now.isMain && now.occasion === undefined)) return undefined;
  return (clause) => {
    const then = habitOf(clause);
    if (then?.verb !== now.verb || then.occasion !== now.occasion) return 0;
    return now.occasion !== undefined || (then.isMain && now.isMain && then.prepositions === now.prepositions) ? 1 : 0;
  };
}
