import { describe, expect, it } from 'vitest';
import { createLexicalIndex, type LexicalDocument } from '../../../src/core/ranking/lexical-index.js';
import { defaultFloor, type Ranked, type RankingReasons, rank } from '../../../src/core/ranking/ranking.js';
import { spanOf } from '../../../src/core/time/instants.js';
import { findTimePhrases, withoutPhrases } from '../../../src/core/time/phrases.js';

const now = Date.parse('2024-03-13T10:00:00Z');

type Documents = Record<string, Partial<LexicalDocument> & { text: string }>;
type Found = (Ranked & { why: RankingReasons })[];

/** Everything that anything speaks for, best first. */
function search(documents: Documents, query: string, dense: { id: string; similarity: number }[] = [], weight = 0.5): Found {
  const index = createLexicalIndex();
  // Said one by one: else they would be neighbours.
  for (const [order, [id, document]] of Object.entries(documents).entries()) index.add(id, { order: 10 * order, ...document });
  const phrases = findTimePhrases(query, { now, zone: 'UTC' });
  const windows = phrases.map(({ span }) => span);
  const rest = withoutPhrases(query, phrases);
  const ranking = rank({
    index,
    query,
    windows,
    rest,
    dense: { hits: dense, noise: 0.2, knows: 'spellings', weight },
    floor: Number.MIN_VALUE,
  });
  return ranking.best(100).map((ranked) => ({ ...ranked, why: ranking.explain(ranked.id) }));
}
const ids = (ranked: { id: string }[]) => ranked.map(({ id }) => id);
const above = (ranked: { id: string; score: number }[]) => ids(ranked.filter(({ score }) => score >= defaultFloor));
const at = (day: string) => spanOf(day, 'UTC');

describe('Ranking', () => {
  const home = {
    oslo: { text: 'I live in Oslo near the harbour' },
    tea: { text: 'I drink green tea every morning' },
    port: { text: 'The staging server listens on port 8080' },
    dog: { text: 'My dog Rex is afraid of thunder' },
  };

  it('puts the best match first, with a score between 0 and 1', () => {
    const [first] = search(home, 'Where do I live?');
    expect(first?.id).toBe('oslo');
    expect(first?.score).toBeGreaterThan(defaultFloor);
    expect(first?.score).toBeLessThanOrEqual(1);
  });

  it('gives nothing at the default floor for an unrelated query', () => {
    expect(above(search(home, 'quantum chromodynamics lattice'))).toEqual([]);
    expect(above(search(home, 'best lasagna recipe from grandmother with green vegetables and cheese'))).toEqual([]);
    expect(above(search(home, '今天股市怎么样'))).toEqual([]);
  });

  it('keeps what only its neighbours speak for under the floor, but in its place', () => {
    const run = {
      question: { text: 'What did Kumquat the cat break?', run: 'a', subject: 'Ann' },
      answer: { text: 'A vase.', run: 'a', subject: 'Bob' },
      far: { text: 'It rained a lot.', run: 'b' },
      weak: { text: 'The cat of my aunt and her long list of other animals: a hen, a pig, a cow, a duck and a goose', run: 'c' },
    };
    const ranked = search(run, 'What did the cat Kumquat break?');
    expect(ids(ranked).slice(0, 2)).toEqual(['answer', 'question']);
    expect(above(ranked)).not.toContain('answer');
    expect(ids(ranked)).not.toContain('far');
  });

  it('never lets a weak embedding reorder what words tell apart clearly', () => {
    const dense = [
      { id: 'dog', similarity: 0.5 },
      { id: 'tea', similarity: 0.4 },
    ];
    expect(ids(search(home, 'Where do I live?', dense, 0.15))[0]).toBe('oslo');
  });

  it('takes what was said in one call for neighbours, without a run', () => {
    const said = (last: number) => ({
      question: { text: 'What did Kumquat the cat break?', subject: 'Ann', order: 4 },
      answer: { text: 'A vase.', subject: 'Bob', order: last },
    });
    expect(ids(search(said(5), 'What did the cat Kumquat break?'))).toContain('answer');
    expect(ids(search(said(6), 'What did the cat Kumquat break?'))).not.toContain('answer');
  });

  it('finds by embedding alone what shares no word, and ignores similarity within the noise', () => {
    const dense = [
      { id: 'dog', similarity: 0.6 },
      { id: 'tea', similarity: 0.2 },
      { id: 'gone', similarity: 0.9 },
    ];
    expect(above(search(home, 'Haustier', dense))).toEqual(['dog']);
  });

  it('is not weakened by an embedding arm that answered nothing', () => {
    const index = createLexicalIndex();
    for (const [order, [id, document]] of Object.entries(home).entries()) index.add(id, { order: 10 * order, ...document });
    const words = rank({ index, query: 'live', windows: [], floor: defaultFloor });
    expect(search(home, 'live', []).map(({ id, score }) => ({ id, score }))).toEqual(words.best(9).map(({ id, score }) => ({ id, score })));
  });

  it('lets both sides add up', () => {
    const both = search(home, 'thunder', [{ id: 'dog', similarity: 0.8 }]);
    const words = search(home, 'thunder');
    expect(both[0]?.score).toBeGreaterThan(words[0]?.score ?? 1);
  });

  it('prefers what is about the person named', () => {
    const people = {
      bob: { text: 'likes spicy food a lot', subject: 'Bob' },
      ann: { text: 'likes spicy food a lot', subject: 'Ann' },
      cid: { text: 'likes spicy food a lot', subject: 'Cid' },
    };
    expect(ids(search(people, 'What food does Ann like?'))[0]).toBe('ann');
    expect(ids(search(people, 'What food does Bob like?'))[0]).toBe('bob');
    const [first, second] = search(people, 'What food does Ann like?');
    expect([first?.why?.lifted.subject ?? 1, second?.why?.lifted.subject ?? 1]).toEqual([expect.closeTo(1.6), 1]);
    const everybody = search(people, 'What food do Ann, Bob and Cid like?');
    expect(everybody.every(({ why }) => why?.lifted.subject === undefined)).toBe(true);
  });

  it('prefers what lies in the time that the query names', () => {
    const meetings = {
      old: { text: 'meeting with the bank', span: at('2023-11-02'), dated: true },
      last: { text: 'meeting with the bank', span: at('2024-03-05'), dated: true },
      next: { text: 'meeting with the bank', span: at('2024-04-05'), dated: true },
    };
    expect(ids(search(meetings, 'Which meeting was last week?'))[0]).toBe('last');
    expect(ids(search(meetings, 'Which meeting was in November 2023?'))[0]).toBe('old');
    const future = search(
      { ...meetings, silent: { text: 'Zoe arrives', span: at('2024-04-06'), dated: true } },
      'Which meeting is next month?',
    );
    expect(ids(future)[0]).toBe('next');
    expect((future[0]?.strength ?? 0) / (future[1]?.strength ?? 1)).toBeGreaterThan(1.4);
    expect(ids(future)).toContain('silent');
    expect(above(future)).not.toContain('silent');
  });

  it('answers by time alone when the query asks for nothing else', () => {
    const days = { rain: { text: 'It rained', span: at('2024-03-05') }, sun: { text: 'We sailed', span: at('2024-02-05') } };
    expect(above(search(days, 'What did I do last week?'))).toEqual(['rain']);
    expect(above(search(days, '上周我做了什么？'))).toEqual(['rain']);
    expect(above(search(days, 'quantum lattice last week'))).toEqual([]);
  });

  it('meets a recurring date on each of its days', () => {
    const days = {
      birthday: { text: 'Party for Zoe', span: at('2020-03-20'), dated: true, recurs: 'yearly' as const },
      other: { text: 'Party for Max', span: at('2020-08-20'), dated: true, recurs: 'yearly' as const },
    };
    expect(ids(search(days, 'Which party is next week?'))[0]).toBe('birthday');
  });

  it('prefers texts that offer the wanted kind of answer', () => {
    const trips = { timed: { text: 'The ferry goes on Monday' }, plain: { text: 'The ferry goes to Kiel' } };
    expect(ids(search(trips, 'When does the ferry go?'))[0]).toBe('timed');
    const fares = { counted: { text: 'The ferry took 300' }, plain: { text: 'The ferry was full' } };
    expect(ids(search(fares, 'How many did the ferry take?'))[0]).toBe('counted');
  });

  it('finds what is of the kind that is asked for', () => {
    const life = {
      turtle: { text: 'Shelly the turtle ate all of her lettuce' },
      pet: { text: 'A pet peeve of mine is loud music' },
      tea: { text: 'Green tea in the morning' },
    };
    expect(ids(search(life, 'Which pets are there?'))).toEqual(['pet', 'turtle']);
    expect(ids(search({ piano: { text: '我每周三上钢琴课' }, tea: { text: '我喜欢喝绿茶' } }, '会什么乐器'))[0]).toBe('piano');
    expect(ids(search(life, 'turtle'))).toEqual(['turtle']);
  });

  it('takes a verb for the verb, not for a noun that looks like one of its forms', () => {
    const homes = { ann: { text: 'Ann lives in Graz' }, life: { text: 'My life with dogs' }, bob: { text: 'Bob rides a bicycle' } };
    expect(above(search(homes, 'Where does Ann live?'))).toEqual(['ann']);
  });

  it('puts what tells before what asks the same', () => {
    const talk = { asks: { text: 'Did the parcel from Kiel arrive?' }, tells: { text: 'The parcel from Kiel did arrive today' } };
    const found = search(talk, 'parcel from Kiel');
    expect(ids(found)).toEqual(['tells', 'asks']);
    expect(found[1]?.why.lifted.question).toBeLessThan(1);
    const long =
      'I have been waiting for weeks and asked everybody on the street and in the office again and again: did the parcel from Kiel arrive?';
    expect(search({ long: { text: long } }, 'parcel from Kiel')[0]?.why.lifted.question).toBeUndefined();
  });

  it('puts the newer of equals first', () => {
    expect(ids(search({ first: { text: 'likes tea' }, second: { text: 'likes tea' } }, 'tea'))).toEqual(['second', 'first']);
  });

  it('explains places in the arms and what lifted a memory', () => {
    const dense = [{ id: 'oslo', similarity: 0.6 }];
    const [first] = search(home, 'Where do I live?', dense);
    expect(first?.why).toMatchObject({ lexical: { rank: 1 }, dense: { rank: 1, score: expect.closeTo(0.25) }, lifted: {} });
  });
});
