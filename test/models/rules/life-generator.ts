/** A side of a life: how it is told at first, how it changes or ends, and what is said beside it that changes nothing. */
export interface LifeTopic {
  /** What may hold; {x}, {y} in the sentences. */
  values: string[];
  first: string[];
  changes: string[];
  endings: string[];
  additions: string[];
}

/** What is said later: of a first statement that it changed or ended, or something of its own. */
export type Saying =
  | { sort: 'change'; said: string; first: string; value: string }
  | { sort: 'ending'; said: string; first: string }
  | { sort: 'addition'; said: string };

/** What one user says, in order. */
export interface Life {
  first: string[];
  later: Saying[];
}

/** How many of each sort a life holds; between 8 and 12 first statements. */
const counts = { least: 8, most: 12, changes: 4, endings: 3, additions: 2 };

/** As many lives as asked for, always the same ones for the same seed. Every wording has its turn before one comes again. */
export function makeLives(topics: LifeTopic[], { users, seed }: { users: number; seed: number }): Life[] {
  const random = createRandom(seed);
  const turns = new Map<string[], string[]>();
  const pick = (wordings: string[]) => {
    const left = turns.get(wordings) ?? [];
    if (left.length === 0) left.push(...shuffled(wordings, random));
    turns.set(wordings, left);
    const next = left.pop();
    if (next === undefined) throw new Error('nothing to pick from');
    return next;
  };
  return Array.from({ length: users }, () => makeLife(topics, { random, pick }));
}

function makeLife(topics: LifeTopic[], { random, pick }: { random: () => number; pick: (wordings: string[]) => string }): Life {
  const told = shuffled(topics, random)
    .slice(0, counts.least + Math.floor(random() * (counts.most - counts.least + 1)))
    .map((topic) => {
      const [x = '', y = '', z = ''] = shuffled(topic.values, random);
      return { topic, x, y, z, first: filled(pick(topic.first), x, y) };
    });
  const changing = told.filter(({ topic }) => topic.changes.length > 0).slice(0, counts.changes);
  const ending = told.filter((each) => !changing.includes(each)).slice(0, counts.endings);
  const adding = shuffled(told, random).slice(0, counts.additions);
  const later: Saying[] = [
    ...changing.map(({ topic, x, y, first }): Saying => {
      return { sort: 'change', said: filled(pick(topic.changes), x, y), first, value: withoutArticle(y) };
    }),
    ...ending.map(({ topic, x, y, first }): Saying => ({ sort: 'ending', said: filled(pick(topic.endings), x, y), first })),
    ...adding.map(({ topic, x, z }): Saying => ({ sort: 'addition', said: filled(pick(topic.additions), x, z) })),
  ];
  return { first: told.map(({ first }) => first), later: shuffled(later, random) };
}

function filled(sentence: string, x: string, y: string): string {
  return sentence
    .replaceAll('{x-}', withoutArticle(x))
    .replaceAll('{x}', x)
    .replaceAll('{y}', y)
    .replaceAll('{n}', /叫(.+)的/.exec(x)?.[1] ?? x);
}

function withoutArticle(value: string): string {
  return value.replace(/^(?:an?|the) /, '');
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Mulberry32: numbers in [0, 1) that follow from the seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
