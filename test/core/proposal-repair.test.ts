import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../src/core/facts.js';
import { howToText } from '../../src/core/how-to.js';
import { repaired } from '../../src/core/proposal-repair.js';
import type { TargetedProposal } from '../../src/core/reconcile.js';

const said_at = '2024-06-01T08:00:00.000Z';
const neighbours = [
  { id: 'm', text: 'Nora works at the harbour and owns a boat.', said_at: '2024-01-01T00:00:00.000Z' },
  { id: 'n', text: 'Nora has 2 cats.', said_at: '2024-01-01T00:00:00.000Z', occurred_at: '2019' },
];

function candidate(text: string, kind: Candidate['state']['kind'] = 'observation'): Candidate {
  return { fact: { text, turn: 0, quote: text }, state: { text, kind, said_at }, source: { input_id: 'input', turn: 0 } };
}

function repair(...given: [string, TargetedProposal | undefined][]) {
  const all = given.map(([text, proposal]) => ({ candidate: candidate(text), proposal }));
  return repaired(all, neighbours);
}

const update = (text: string, target = 'm') => ({ action: 'UPDATE', target, text, reason: 'moved' }) as const;

describe('the text of an update', () => {
  it.each([
    ['of memory and fact', 'Nora works at the library and owns a boat.'],
    ['with a date of theirs, however it is written', 'Nora has worked at the library since 1 June 2024 and owns a boat.'],
    ['of the fact alone', 'Nora works at the library.'],
  ])('%s stands', (_, text) => {
    expect(repair(['Nora works at the library.', update(text)])).toEqual([update(text)]);
  });

  it.each([
    ['with a number that neither has', 'Nora works at the library with 3 others and owns a boat.'],
    ['of mostly other words', 'Nora married a wealthy banker, quit the library and sailed around Africa.'],
    ['without end', 'Nora works at the library. '.repeat(200)],
  ])('%s gives way to the words of the fact', (_, text) => {
    expect(repair(['Nora works at the library.', update(text)])).toEqual([update('Nora works at the library.')]);
  });

  it('that leaves out a place or a number of its fact gives way to the words of the fact', () => {
    for (const fact of ['Nora now works in a bakery in Bonn.', 'Nora works in a bakery with 7 others.'])
      expect(repair([fact, update('Nora works in a bakery.')])).toEqual([update(fact)]);
  });

  it('may hold what all facts that change the memory say', () => {
    const text = 'Nora works at the library and sold the boat for 900 euros.';
    const given = repair(['Nora works at the library.', update(text)], ['Nora sold the boat for 900 euros.', update(text)]);
    expect(given).toEqual([update(text), update(text)]);
  });

  it('of a how-to keeps its form', () => {
    const howTo = howToText({ title: 'Boats', trigger: 'sell a boat', steps: ['Clean the boat', 'Sell the boat'] }).text;
    const shown = [{ id: 'h', text: howTo, said_at }];
    const all = [{ candidate: candidate(howTo, 'procedure'), proposal: update('Clean the boat and sell the boat.', 'h') }];
    expect(repaired(all, shown)).toEqual([update(howTo, 'h')]);
    const merged = howToText({ title: 'Boats', trigger: 'sell a boat', steps: ['Clean the boat', 'Sell the boat', 'Sell the boat'] }).text;
    expect(repaired([{ candidate: candidate(howTo, 'procedure'), proposal: update(merged, 'h') }], shown)).toEqual([update(merged, 'h')]);
  });
});

describe('answers that contradict each other are repaired:', () => {
  it('what one fact changes, no other ends', () => {
    const ending: TargetedProposal = { action: 'ADD', ends: ['m'] };
    const changing = update('Nora works at the library.');
    expect(repair(['Nora moved to Graz.', ending], ['Nora works at the library.', changing])).toEqual([
      { action: 'ADD', ends: [] },
      changing,
    ]);
    expect(repair(['Nora moved to Graz.', ending])).toEqual([ending]);
  });

  it('of two updates of one memory the one that says both counts for both', () => {
    const both = update('Nora works at the library and sold the boat.');
    const own = update('Nora works at the library.');
    expect(repair(['Nora works at the library.', own], ['Nora sold the boat.', both])).toEqual([both, both]);
    expect(repair(['Nora works at the library.', both], ['Nora sold the boat.', update('Nora sold the boat.')])).toEqual([both, both]);
  });

  it('what one fact updates no other deletes; it is added', () => {
    const given = repair(
      ['Nora left the harbour.', { action: 'DELETE', target: 'm' }],
      ['Nora sold the boat.', update('Nora sold the boat.')],
    );
    expect(given).toMatchObject([{ action: 'ADD', reason: expect.stringContaining('same input') }, { action: 'UPDATE' }]);
  });

  it('what one fact deletes says nothing for another any longer; that one is added', () => {
    const given = repair(
      ['Nora owns a boat.', { action: 'NONE', target: 'm' }],
      ['Nora left the harbour.', { action: 'DELETE', target: 'm' }],
    );
    expect(given).toMatchObject([
      { action: 'ADD', reason: expect.stringContaining('same input') },
      { action: 'DELETE', target: 'm' },
    ]);
  });

  it('what one fact updates still says another where its new text does', () => {
    const text = 'Nora works at the library and owns a boat.';
    expect(repair(['Nora owns a boat.', { action: 'NONE', target: 'm' }], ['Nora works at the library.', update(text)])).toEqual([
      update(text),
      update(text),
    ]);
    expect(repair(['Nora likes fog.', { action: 'NONE', target: 'm' }], ['Nora works at the library.', update(text)])).toMatchObject([
      { action: 'ADD' },
      { action: 'UPDATE' },
    ]);
  });

  it('all others stay as they are', () => {
    const given: [string, TargetedProposal | undefined][] = [
      ['Nora sings.', undefined],
      ['Nora rows.', { action: 'ADD' }],
      ['Nora has two cats.', { action: 'NONE', target: 'n' }],
      ['Nora left the harbour.', { action: 'DELETE', target: 'm' }],
    ];
    expect(repair(...given)).toEqual(given.map(([, proposal]) => proposal));
  });
});
