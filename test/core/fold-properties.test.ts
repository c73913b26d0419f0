import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.js';
import type { Position } from '../../src/core/ports.js';
import { applyEvent, createProjection, liveMemoryOf, type Projection, statementOf } from '../../src/core/projection.js';
import { createSpaces } from '../../src/core/spaces.js';
import { openLog, start } from '../store/log-fixtures.js';
import { temporaryHome } from '../support/home.js';
import { calls, folded, simulate } from './arbitrary-events.js';

const ann = 'user:ann' as const;
const now = Date.UTC(2024, 5, 1);

/** Everything that a projection says, as plain data. */
function saidBy(projection: Projection) {
  const memories = [...projection.memories.values()];
  return {
    sequence: projection.position.sequence,
    memories: memories.map(({ id, state, revision, status, labels, added, changed, created_at, updated_at, successor }) => ({
      ...{ id, state, revision, status, labels, added, changed, created_at, updated_at, successor },
    })),
    holders: memories.map(({ state }) => liveMemoryOf(projection, statementOf(state), now)?.id),
    pending: [...projection.pending.keys()],
  };
}

/** Events as they lie in a log, in the batches that they were appended in. */
const anyHistory = calls(16).map((given) => simulate('home', given).events);

function batchesOf(events: Event[]): Event[][] {
  const ends = events.flatMap(({ end }, index) => (end ? [index + 1] : []));
  return ends.map((end, index) => events.slice(ends[index - 1] ?? 0, end));
}

/** Splits a list after places that the numbers choose. */
function piecesOf<T>(list: T[], sizes: number[]): T[][] {
  const pieces: T[][] = [];
  for (let from = 0; from < list.length; from += pieces.at(-1)?.length ?? 1) {
    pieces.push(list.slice(from, from + 1 + (sizes[pieces.length % sizes.length] ?? 0)));
  }
  return pieces;
}

const sizes = fc.array(fc.nat(6), { minLength: 1, maxLength: 6 });

describe('any history', () => {
  it('adds up to the same whole and in pieces of any size, between which it is looked at', () => {
    fc.assert(
      fc.property(anyHistory, sizes, (events, chosen) => {
        const projection = createProjection(ann);
        for (const piece of piecesOf(events, chosen)) {
          for (const event of piece) applyEvent(projection, event);
          saidBy(projection);
        }
        expect(saidBy(projection)).toEqual(saidBy(folded(events)));
      }),
    );
  });

  it('adds up to the same for every follower of a log, whenever it looks', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, sizes, fc.infiniteStream(fc.nat(7)), async (events, chosen, looks) => {
        const home = await temporaryHome();
        const { log } = openLog(home);
        const followers = [openFollower(home), openFollower(home), openFollower(home)];
        let position: Position = start;
        for (const piece of piecesOf(batchesOf(events), chosen)) {
          position = await log.append(ann, position, () => piece.flat());
          const { value } = looks.next();
          const expected = saidBy(folded(events.slice(0, position.sequence)));
          for (const [index, follower] of followers.entries()) if ((value ?? 0) & (1 << index)) expect(await follower()).toEqual(expected);
        }
        for (const follower of [...followers, openFollower(home)]) expect(await follower()).toEqual(saidBy(folded(events)));
      }),
      { numRuns: 25 },
    );
  });

  it('adds up to the same with fields and kinds of events that are not known yet', () => {
    fc.assert(
      fc.property(anyHistory, fc.array(fc.nat(40), { maxLength: 5 }), (events, places) => {
        const later = events.map((event) => ({
          ...event,
          mood: 'calm',
          ...('state' in event ? { state: { ...event.state, mood: 'calm' } } : {}),
        }));
        const projection = createProjection(ann);
        const memory_id = events.flatMap((event) => ('memory_id' in event ? [event.memory_id] : []))[0] ?? 'nobody';
        for (const [index, event] of later.entries()) {
          const unknown = { ...event, event: 'TRANSLATE', memory_id, revision: 9, base: 8, state: { text: 'x' } };
          if (places.includes(index)) expect(applyEvent(projection, unknown as unknown as Event)).toBeUndefined();
          applyEvent(projection, event);
        }
        expect(withoutMood(projection)).toEqual(withoutMood(folded(events)));
        const kept = [...projection.memories.values()].filter(({ status }) => status !== 'erased');
        for (const { state } of kept) expect(state).toHaveProperty('mood', 'calm');
      }),
    );
  });

  it('is read from a log as it was written, whatever is in it that is not known yet', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, fc.array(fc.nat(40), { maxLength: 5 }), async (events, places) => {
        const later = events.map((event, index) =>
          places.includes(index) ? { ...event, event: 'TRANSLATE', language: 'pt' } : { ...event, mood: 'calm' },
        ) as unknown as Event[];
        const home = await temporaryHome();
        await openLog(home).log.append(ann, start, () => later);
        const { log, warnings } = openLog(home);
        expect((await log.read(ann, start)).events).toEqual(later);
        expect(warnings).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('leaves what was erased erased, whatever a merge brings after it', () => {
    fc.assert(
      fc.property(anyHistory, calls(8), (events, more) => {
        const memories = [...folded(events).memories.values()];
        const erasures = memories.map(({ id, revision }) => ({ event: 'ERASE', memory_id: id, revision, base: revision, at: '', seq: 0 }));
        const after = simulate('other', more, events).events.slice(events.length);
        const projection = folded([...events, ...(erasures as unknown as Event[]), ...after]);
        for (const { id } of memories) {
          expect(projection.memories.get(id)).toMatchObject({ status: 'erased', state: { text: '' } });
          expect([...projection.memories.values()].every((memory) => memory.state.text !== '' || memory.status === 'erased')).toBe(true);
        }
      }),
    );
  });
});

function withoutMood(projection: Projection): unknown {
  return JSON.parse(JSON.stringify(saidBy(projection), (key, value: unknown) => (key === 'mood' ? undefined : value)));
}

/** A process that follows the log of a home; asked, it says what it believes. */
function openFollower(home: string): () => Promise<ReturnType<typeof saidBy>> {
  const unused = () => {
    throw new Error('a follower writes nothing');
  };
  const space = createSpaces({
    history: openLog(home).log,
    clock: { now: () => now },
    ids: { memory: unused, event: unused },
    device: 'desk',
    zone: 'UTC',
    onChange: () => undefined,
  }).open(ann);
  return () => space.read(({ projection }) => saidBy(projection));
}
