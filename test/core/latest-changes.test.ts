import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changedAfter } from '../../src/core/latest-changes.js';
import { applyEvent, createProjection, type Projection } from '../../src/core/projection.js';
import { calls, simulate } from './arbitrary-events.js';

/** What is looked for, found by looking at every memory. */
function idsChangedAfter({ memories }: Projection, sequence: number): string[] {
  const changed = [...memories.values()].filter((memory) => memory.changed > sequence);
  return changed.sort((a, b) => a.changed - b.changed).map(({ id }) => id);
}

it('in any history the memories changed after any event are those that say so, whenever one looks', () => {
  const anyHistory = calls(16).map((given) => simulate('home', given).events);
  fc.assert(
    fc.property(anyHistory, fc.nat(40), (events, first) => {
      const projection = createProjection('user:ann');
      for (const [number, event] of events.entries()) {
        applyEvent(projection, event);
        if (number < first) continue;
        for (const sequence of [0, event.seq - 3, event.seq - 1, event.seq, event.seq + 1])
          expect(changedAfter(projection, sequence).map(({ id }) => id)).toEqual(idsChangedAfter(projection, sequence));
      }
    }),
  );
});

it('the list of changes does not grow with the corrections of a memory', () => {
  const projection = createProjection('user:ann');
  const base = { batch: 'b', end: true, at: '2024-01-01T00:00:00.000Z', device: 'desk', call_id: 'call' } as const;
  const state = { text: 'tea', kind: 'observation', said_at: base.at } as const;
  for (let seq = 1; seq <= 5000; seq += 1) {
    const change = seq === 1 ? ({ event: 'ADD', base: 0 } as const) : ({ event: 'UPDATE', base: seq - 1 } as const);
    applyEvent(projection, { ...base, ...change, seq, event_id: `event-${seq}`, memory_id: 'tea', revision: seq, state });
    expect(changedAfter(projection, seq - 1).map(({ id }) => id)).toEqual(['tea']);
    expect(projection.changes?.length).toBeLessThan(1010);
  }
});
