import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLexicalIndex, type LexicalDocument, type LexicalIndex } from '../../../src/core/ranking/lexical-index.js';

type Documents = ReadonlyMap<string, LexicalDocument>;

/** The index as the next start makes it again. */
const restored = (index: LexicalIndex, documents: Documents) =>
  createLexicalIndex({ dump: structuredClone(index.dump()), documents: (id) => documents.get(id) });

/** The neighbours of each document, as its columns name them. */
function neighbours(index: LexicalIndex, documents: Documents): Record<string, [string, string]> {
  const { previous, next } = index.columns;
  const at = (column: readonly number[], id: string) => index.idAt(column[index.slotOf(id) ?? -1] ?? -1);
  return Object.fromEntries([...documents.keys()].sort().map((id) => [id, [at(previous, id), at(next, id)]]));
}

/** The same by definition: the ones beside it in its run, without a run those whose numbers follow each other. */
function neighboursOf(documents: Documents): Record<string, [string, string]> {
  const all = [...documents].sort(([, a], [, b]) => a.order - b.order);
  const beside = (id: string, step: number): string => {
    const own = documents.get(id);
    const run = all.filter(([, { run }]) => run === own?.run);
    const [other, document] = run[run.findIndex(([each]) => each === id) + step] ?? ['', undefined];
    return own?.run !== undefined || document?.order === (own?.order ?? 0) + step ? other : '';
  };
  return Object.fromEntries([...documents.keys()].sort().map((id) => [id, [beside(id, -1), beside(id, 1)]]));
}

const anyStep = fc.record({
  what: fc.constantFrom('add', 'add', 'remove', 'restart'),
  order: fc.nat(11),
  run: fc.constantFrom('a', 'b', undefined),
  subject: fc.constantFrom('Ann Lee', 'Ann Gray', 'Bob', '', undefined),
  text: fc.constantFrom('kumquat', 'violin', 'kumquat violin', 'zebra'),
});

describe('The upkeep of an index', () => {
  it('keeps neighbours, subjects and spellings as they are, whatever comes and goes and however often it is restarted', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
        let index = createLexicalIndex();
        const documents = new Map<string, LexicalDocument>();
        for (const { what, order, ...rest } of steps) {
          const id = `m${order}`;
          if (what === 'restart') index = restored(index, documents);
          else if (what === 'add') {
            // A restored index reads what it replaces.
            index.add(id, { order, ...rest });
            documents.set(id, { order, ...rest });
          } else {
            index.remove(id);
            documents.delete(id);
          }
          expect(neighbours(index, documents)).toEqual(neighboursOf(documents));
          const alive = [...documents.values()];
          const subjects = new Set(alive.flatMap(({ subject }) => subject || []));
          expect(index.subjectCount).toBe(subjects.size);
          const named = [...subjects].filter((subject) => subject.startsWith('Ann'));
          expect([...index.subjectsNamed('Ann').values()].sort()).toEqual(named.map((subject) => subject.toLowerCase()).sort());
          for (const [number, subject] of index.subjectsNamed('Ann and Bob')) {
            const theirs = [...documents].filter((each) => each[1].subject?.toLowerCase() === subject).map(([id]) => id);
            const marked = [...documents.keys()].filter((id) => index.columns.subject[index.slotOf(id) ?? -1] === number);
            expect(marked).toEqual(theirs);
          }
          for (const [word, misspelt] of [
            ['kumquat', 'kumqaut'],
            ['violin', 'voilin'],
          ] as const) {
            const holders = [...documents].filter(([, { text }]) => text.includes(word)).map(([id]) => id);
            const { own } = index.score(misspelt);
            expect([...documents.keys()].filter((id) => (own[index.slotOf(id) ?? -1] ?? 0) > 0)).toEqual(holders);
          }
        }
        expect(index.size).toBe(documents.size);
      }),
      { numRuns: 150 },
    );
  });

  it('lends a memory nothing of one that took the place of a neighbour that is gone', () => {
    const index = createLexicalIndex();
    for (const order of [1, 2, 3]) index.add(`m${order}`, { text: 'Well.', order });
    index.remove('m2');
    index.add('m9', { text: 'Well.', order: 9 });
    expect(index.slotOf('m9')).toBe(1);
    expect([index.columns.next[0], index.columns.previous[2]]).toEqual([-1, -1]);
  });
});

describe('The words of a query', () => {
  function scored(texts: string[], query: string): number[] {
    const index = createLexicalIndex();
    for (const [order, text] of texts.entries()) index.add(`m${order}`, { text, order: 2 * order });
    return [...index.score(query).own];
  }

  it('count in full where they are there, also where another one of them is related or of a kind', () => {
    const [career = 0, pet = 0] = [scored(['My career.', 'My job.'], 'job career')[0], scored(['A turtle.', 'A pet.'], 'pet turtle')[0]];
    expect(career).toBeGreaterThan(0.3);
    expect(pet).toBeGreaterThan(0.3);
  });

  it('meet a compound by a part of five letters, not by a shorter one', () => {
    const [compound = 0, other] = scored(['Der Sommerurlaub.', 'Das Brot.'], 'Urlaub');
    expect(compound).toBeGreaterThan(0.1);
    expect(other).toBe(0);
    expect(scored(['Die Haustiere.', 'Das Brot.'], 'Tier')).toEqual([0, 0]);
  });

  it('say nothing where all of them are function words', () => {
    expect(scored(['My career.', 'My job.'], 'the of and')).toEqual([0, 0]);
  });
});
