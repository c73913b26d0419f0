import { expect, it } from 'vitest';
import type { ReceivedInput } from '../../src/core/events.js';
import { candidateOf, datesOfMerged, defined } from '../../src/core/facts.js';
import type { Fact } from '../../src/core/ports.js';

const zone = 'Europe/Berlin';
const at = '2024-06-14T10:00:00+01:00';

function datesOf(merged: string, fact: Partial<Fact>, input: Partial<ReceivedInput> = {}) {
  const content = fact.text ?? 'The trip is to Rhodes now.';
  const received: ReceivedInput = { form: 'content', turns: [{ role: 'user', content }], infer: true, kind: 'observation', at, ...input };
  const candidate = candidateOf({ text: content, turn: 0, quote: content, ...fact }, received, 'input', zone);
  return datesOfMerged(merged, candidate, received, zone);
}

it('a statement that a fact was worked into keeps the date that stands in it', () => {
  expect(datesOf('The trip to Rhodes begins on 3 July 2024.', {})).toEqual({ occurred_at: '2024-07-03' });
});

it('of several dates in such a statement the fact says which one counts', () => {
  const merged = 'Olga was in hospital from 8 May 2024 and has been home since 13 June 2024.';
  expect(datesOf(merged, { occurred_at: '2024-06-13' })).toEqual({ occurred_at: '2024-06-13' });
});

it('a date gains the time of day that only the merged statement knows, in the offset of the words', () => {
  const fact = { text: 'The dentist is on Wednesday now, at the same time.', occurred_at: '2024-06-19' };
  expect(datesOf('The dentist is on 2024-06-19 at 3pm.', fact)).toEqual({ occurred_at: '2024-06-19T15:00:00+01:00' });
});

it('an instant of the fact is not lost to the bare date in the merged statement', () => {
  const occurred_at = '2024-06-19T15:00:00+01:00';
  expect(datesOf('The dentist is on 2024-06-19.', { occurred_at })).toEqual({ occurred_at });
});

it('a weekday that the fact alone could not place gives way to the date of the merged statement', () => {
  const fact = { text: 'The talk moved to Thursday.' };
  expect(datesOf('The talk is on 4 July 2024.', fact)).toEqual({ occurred_at: '2024-07-04' });
});

it('a yearly date stays yearly in the merged statement', () => {
  expect(datesOf("Olga's birthday is 22 November.", { text: 'Not the 21st.' })).toMatchObject({ recurs: 'yearly' });
});

it('where an extractor found no date, code reads only one that is whole and says its year', () => {
  const statedAt = (text: string, occurred_at?: null) => datesOf(text, defined({ text, occurred_at })).occurred_at;
  for (const text of [
    'I moved to Lyon in May.',
    'I met Joe on Friday.',
    'We will meet on July 3.',
    'I moved here in 2019.',
    'We swim every Monday.',
  ])
    expect(statedAt(text, null)).toBeUndefined();
  expect(datesOf('We swim every Monday.', { text: 'We swim every Monday.', occurred_at: null })).toEqual({});
  expect(statedAt('The trip begins on 3 July 2024.', null)).toBe('2024-07-03');
  expect(statedAt('旅行从2024年7月3日开始。', null)).toBe('2024-07-03');
  expect(statedAt('I moved to Lyon in May.')).toBe('2024-05');
});

it('what the caller told stands, and so does the fact where the statement has no date that can be read', () => {
  expect(datesOf('The trip to Rhodes begins on 3 July 2024.', {}, { occurred_at: '2024-08' })).toEqual({ occurred_at: '2024-08' });
  expect(datesOf('Rhodos statt Kreta.', { occurred_at: '2024-07' })).toEqual({ occurred_at: '2024-07' });
});
