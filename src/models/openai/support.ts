import type { Turn } from '../../core/events.js';
import { meantNumbers, statedNumbers, writtenNumbers } from '../../core/numbers.js';
import { terms, words } from '../../core/ranking/analysis.js';
import { relatedTerms } from '../../core/ranking/concepts.js';
import { stopWords } from '../../core/ranking/english.js';
import { languagesAmong } from '../../core/ranking/languages.js';
import { parseInstant, zoneOf } from '../../core/time/instants.js';
import { findTimePhrases, withoutTime } from '../../core/time/phrases.js';
import { nameFinder } from './stated-names.js';

/** What a statement may rest on. */
export interface Evidence {
  /** Why a statement does not follow from what was shown, as the reason of a skipped part; undefined where it may. */
  objection(statement: Statement): string | undefined;
  /** Why a statement names what was not named, in the same form. */
  strangeName(text: string): string | undefined;
  /** Whether a date (ISO 8601, from the year on) of a statement said at `at` follows from it or from what was shown. */
  explains(date: string, at: string): boolean;
  /** Whether what is said to be a statement's subject shares a word with it or with what was shown. */
  holdsSubject(subject: string, text: string): boolean;
}

/** A statement with the words that it is said to come from, and when they were said (ISO 8601). */
export interface Statement {
  text: string;
  quote: string;
  at: string;
}

/** Terms by which the user is called, who is in every statement. */
const userTerms = new Set(['user', '用', '户', '用户', 'nutzer', 'utilisateur', 'usuario', 'utent', 'usuário', 'пользовател']);
const longestStatement = 4_000;
const longestSubject = 100;
/** Years around the day on which it was said that need no saying. */
const nearYears = 3;
/** Letters that two forms of one word begin with. */
const prefix = 4;
const ideograph = /^\p{Script=Han}$/u;
const timeUnit =
  /\b(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|age|aged|old|born|birthday|anniversary|since|ago|(?:this|last|next) \w+|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|[年月日号天周岁夜早晚晨]|[时時分点點]|星期|礼拜|生日/i;

/**
 * The evidence of turns: a statement must share a word of its own with them, and hold no number that they do not hold and
 * that follows from none of their dates. What code cannot know (a date in a language whose phrases are not read, how many
 * things were listed) counts in its favour.
 */
export function evidenceOf(turns: Pick<Turn, 'content' | 'name'>[]): Evidence {
  const all = turns.map(({ content, name }) => [name, content].filter(Boolean).join(': ')).join('\n');
  const knownTerms = once(() => new Set(terms(all)));
  const knownBeginnings = once(
    () => new Set([...knownTerms()].filter((term) => term.length >= prefix).map((term) => term.slice(0, prefix))),
  );
  const knownNumbers = once(() => meantNumbers(all));
  const knownDigits = once(() => joinedDigits(all));
  const isForeign = once(() => !isRead(all));
  const isDated = once(() => isForeign() || timeUnit.test(all) || phrasesIn(all, '2024-01-01').length > 0);

  function sharesWord({ text, quote }: Statement): boolean {
    const near = new Set(terms(quote).filter((term) => /[\p{L}\p{N}]/u.test(term)));
    const own = terms(text).filter((term) => !userTerms.has(term));
    // Only pictures were said: what they mean is the model's to tell.
    if (near.size === 0 && /\p{Extended_Pictographic}/u.test(quote)) return own.length > 0;
    return own.some((term) => {
      // A character alone is a part of too many words, but in the very words it says enough.
      if (ideograph.test(term)) return near.has(term);
      if (knownTerms().has(term) || (term.length >= prefix && knownBeginnings().has(term.slice(0, prefix)))) return true;
      return [...relatedTerms(term)].some((related) => near.has(related));
    });
  }

  function strangeNumber({ text, quote, at }: Statement): string | undefined {
    const isKnown = (number: string) => knownNumbers().has(number) || (number.length >= 4 && knownDigits().includes(number));
    const unknownIn = (part: string) => statedNumbers(withoutHeld(part, knownDigits())).filter((number) => !isKnown(number));
    if (unknownIn(text).length === 0) return undefined;
    // The day on which it was said needs no saying.
    const today = writtenNumbers(at.slice(0, 10));
    const dates = phrasesIn(text, at).filter(
      ({ start, end }) => isDated() || unknownIn(text.slice(start, end)).every((number) => today.includes(number)),
    );
    const counted = mostCounted(quote);
    const year = Number(at.slice(0, 4));
    const mayFollow = (value: number) => {
      if (value === year || value <= counted || (isForeign() && value <= 100)) return true;
      if (isDated() && isYear(value)) return true;
      // An age or a span that was told by its year.
      return [...knownNumbers()].some((each) => isYear(Number(each)) && Math.abs(Math.abs(year - Number(each)) - value) <= 1);
    };
    return unknownIn(withoutTime(text, dates)).find((number) => !mayFollow(Number(number)));
  }

  const unknownNames = once(() => nameFinder(all));

  return {
    strangeName(text) {
      const name = isForeign() || !isRead(text) ? undefined : unknownNames()(text);
      return name === undefined ? undefined : `not supported by what was said: ${name} is not there`;
    },
    explains(date, at) {
      const [year, said] = [Number(date.slice(0, 4)), Number(at.slice(0, 4))];
      if (Math.abs(year - said) <= nearYears) return true;
      // As it stands, as its last two digits, or as an age or a span of years.
      const mayBe = (number: number) => number === year || number === year % 100 || Math.abs(Math.abs(said - year) - number) <= 1;
      return (
        (isForeign() && isYear(year)) || knownDigits().includes(String(year)) || [...knownNumbers()].some((each) => mayBe(Number(each)))
      );
    },
    holdsSubject(subject, text) {
      if (subject.length > longestSubject) return false;
      const held = new Set([...terms(text), ...knownTerms(), ...words(text), ...words(all)]);
      // A name may be a word that carries no topic elsewhere.
      const own = [...terms(subject), ...words(subject).filter((word) => !stopWords.has(word))];
      return own.some((term) => held.has(term) || (term.length >= prefix && knownBeginnings().has(term.slice(0, prefix))));
    },
    objection(statement) {
      if (statement.text.length > longestStatement) return 'too long for one statement';
      if (!sharesWord(statement)) return 'not supported by what was said: nothing of it is there';
      const number = strangeNumber(statement);
      return number === undefined ? undefined : `not supported by what was said: ${number} is not there`;
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const isYear = (value: number) => value >= 1900 && value <= 2100;

/** How many things a list may be said to name ("Emma, Noah and Liam", "two cats and a dog"); 0 where nothing is listed. */
function mostCounted(text: string): number {
  const joints = text.match(/[,，、;；+&]|\b(?:and|und|et|y)\b|[和与跟]/gi) ?? [];
  const numbers = [...meantNumbers(text)].map(Number).filter((each) => each < 10);
  return joints.length === 0 ? 0 : joints.length + Math.max(...numbers);
}

function phrasesIn(text: string, at: string) {
  return findTimePhrases(text, { now: parseInstant(at, { zone: 'UTC', edge: 'start' }), zone: zoneOf(at) ?? 'UTC', prefer: 'nearest' });
}

/** Whether numbers and dates of a text are read here: it is English or Chinese. */
function isRead(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  const readable = letters.filter((letter) => /[a-z\p{Script=Han}]/iu.test(letter)).length;
  return readable >= letters.length * 0.8 && languagesAmong(words(text)).length === 0;
}

/** All digits of a text, those of one number together however they are set apart ("+1 (555) 010-0199"). */
function joinedDigits(text: string): string {
  return text.normalize('NFKC').replace(/(?<=\d)[\s().,/+-]+(?=\d)/g, '');
}

/** A text without the long numbers that the evidence holds, whatever sets their digits apart. */
function withoutHeld(text: string, digits: string): string {
  return text.normalize('NFKC').replace(/\d[\d\s().,/+-]*\d/g, (number) => {
    const bare = number.replace(/\D/g, '');
    return bare.length >= 5 && digits.includes(bare) ? ' ' : number;
  });
}
