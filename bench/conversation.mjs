const common = (
  'the and i to a of it was my in that you for we is on with so he me they but at have be this she are about just like had as not what ' +
  'really up go there from one some out got all if your do get been time our would an them when know can more think will her his by us then'
).split(' ');
const people = 'Ana Bela Carlos Dora Emil Fritz Greta Hana Igor Jonas Karim Lea Mira Nils Olga Pedro'.split(' ');
const onsets = 'b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl sp st t th tr v w'.split(' ');
const vowels = 'a e i o u ai ea ee ie oo ou'.split(' ');
const codas = ['', '', '', ...'n r s t l m d ng ck st nt'.split(' ')];
const vocabulary = 20_000;
const runLength = 20;
const begin = Date.UTC(2024, 0, 1);
const twoYears = 2 * 365 * 86_400_000;
const minute = 60_000;
const timePhrases = ['last week', 'in March 2025', 'yesterday', 'two months ago', 'on 9 November 2024', 'last summer'];
/** Shares of a text's words: those that everybody always says, and names. */
const commonShare = 0.45;
const nameShare = 0.03;

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = (list, random) => list[Math.floor(random() * list.length)];

/** Words that can be spoken, the common ones short, as in a real language. */
function makeWords() {
  const random = randomFrom(1);
  const made = new Set();
  while (made.size < vocabulary) {
    const syllables = 1 + Math.floor(2 * random() + made.size / vocabulary);
    made.add(Array.from({ length: syllables }, () => pick(onsets, random) + pick(vowels, random) + pick(codas, random)).join(''));
  }
  return [...made];
}

const words = makeWords();

/** A word as often as its rank says: Zipf's law with exponent 1. */
const someWord = (random) => words[Math.floor(Math.exp(random() * Math.log(vocabulary + 1))) - 1];

function someText(random, length) {
  const word = () => {
    const kind = random();
    return kind < commonShare ? pick(common, random) : kind < commonShare + nameShare ? pick(people, random) : someWord(random);
  };
  return Array.from({ length }, word).join(' ');
}

/** The turn of a number: one of two speakers of its run says 5 to 30 words. Of `memories` turns the last is said two years after the first. */
export function turn(number, memories) {
  const run = Math.floor(number / runLength);
  const pair = randomFrom(run);
  const speakers = [pick(people, pair), pick(people, pair)];
  const random = randomFrom(number + 1_000_000);
  const at = begin + Math.floor((run * runLength * twoYears) / memories) + (number % runLength) * minute;
  return { text: `${someText(random, 5 + Math.floor(random() * 26))}.`, subject: speakers[number % 2], run: `run ${run}`, at };
}

/** A question of 4 to 12 words about what was said; every third names somebody, every fourth a time, every fifth misspells a word. */
export function askedOf(number) {
  const random = randomFrom(number + 9_000_000);
  const asked = someText(random, 4 + Math.floor(random() * 9)).split(' ');
  if (number % 3 === 0) asked[0] = pick(people, random);
  if (number % 5 === 0) {
    const long = asked.reduce((best, word, at) => (word.length > asked[best].length ? at : best), 0);
    asked[long] = asked[long].slice(0, 2) + asked[long].slice(3);
  }
  if (number % 4 === 0) asked.splice(8, 4, pick(timePhrases, random));
  return `${asked.join(' ')}?`;
}
