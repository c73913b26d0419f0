import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Event } from '../../src/core/events.js';
import { sequenceAt } from '../../src/core/sequence-at.js';

/** A log of events at these times, some numbers of which are missing. */
const logOf = (events: { seq: number; at: number }[]) => {
  const bySeq = new Map(events.map(({ seq, at }) => [seq, { seq, at: new Date(at).toISOString() } as Event]));
  const log = { reads: 0, read: async (sequences: number[]) => sequences.flatMap((each) => bySeq.get(each) ?? []) };
  return { ...log, last: events.at(-1)?.seq ?? 0 };
};

it('is the number of the last event at an instant, wherever numbers are missing and however many share their time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ step: fc.constantFrom(1, 1, 1, 2, 90), wait: fc.nat(2) }), { maxLength: 40 }),
      fc.integer({ min: -2, max: 60 }),
      async (steps, instant) => {
        let [seq, at] = [0, 0];
        const events = steps.map(({ step, wait }) => {
          seq += step;
          at += wait;
          return { seq, at };
        });
        const { last, read } = logOf(events);
        const expected = events.filter((event) => event.at <= instant).at(-1)?.seq ?? 0;
        expect(await sequenceAt(instant, last, read)).toBe(expected);
      },
    ),
  );
});

it('is found with a few reads of single events', async () => {
  const log = logOf(Array.from({ length: 100_000 }, (_, index) => ({ seq: index + 1, at: index })));
  let reads = 0;
  const read = (sequences: number[]) => {
    reads += sequences.length;
    return log.read(sequences);
  };
  expect(await sequenceAt(12_345, log.last, read)).toBe(12_346);
  expect(reads).toBeLessThan(20);
});
