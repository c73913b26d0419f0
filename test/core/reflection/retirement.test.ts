import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Event, EventDraft, MemoryState } from '../../../src/core/events.js';
import { applyEvent, createProjection, type Projection } from '../../../src/core/projection.js';
import { fingerprintOf, retiredReason, retirements } from '../../../src/core/reflection/retirement.js';

const said_at = '2024-01-01T00:00:00.000Z';

let projection: Projection;
beforeEach(() => {
  projection = createProjection('user:ann');
});

/** Applies a batch as a commit does; says which insights it retired. */
function commit(...decided: EventDraft[]): string[] {
  const retired = retirements(projection, decided);
  for (const draft of [...decided, ...retired]) {
    const seq = projection.position.sequence + 1;
    applyEvent(projection, { seq, event_id: `event-${seq}`, call_id: 'c', batch: 'b', at: said_at, device: 'd', ...draft } as Event);
  }
  return retired.flatMap((draft) => ('memory_id' in draft ? [draft.memory_id] : []));
}

const add = (memory_id: string, state: Partial<MemoryState> = {}): EventDraft => ({
  event: 'ADD',
  memory_id,
  revision: 1,
  base: 0,
  state: { text: `${memory_id} is so`, kind: 'observation', said_at, ...state },
});
const insight = (memory_id: string, sources: string[], state: Partial<MemoryState> = {}) =>
  add(memory_id, { kind: 'insight', sources, source_fingerprint: fingerprintOf(sources.map(stateOf)), ...state });

function next(memory_id: string) {
  const revision = projection.memories.get(memory_id)?.revision ?? 0;
  return { memory_id, base: revision, revision: revision + 1 };
}
const stateOf = (id: string) => projection.memories.get(id)?.state as MemoryState;
const update = (id: string, state: Partial<MemoryState>): EventDraft => ({
  event: 'UPDATE',
  ...next(id),
  state: { ...stateOf(id), ...state },
});
const forget = (id: string): EventDraft => ({ event: 'DELETE', ...next(id), revision: next(id).base });
const erase = (id: string): EventDraft => ({ event: 'ERASE', ...next(id), revision: next(id).base });
const restore = (id: string, restored: number, state: Partial<MemoryState> = {}): EventDraft => ({
  event: 'RESTORE',
  ...next(id),
  restored,
  state: { ...stateOf(id), ...state },
});
const live = () => [...projection.memories.values()].filter(({ status }) => status === 'live').map(({ id }) => id);

describe('an insight', () => {
  beforeEach(() => {
    commit(add('a'), add('b'), add('c'));
    commit(insight('i', ['a', 'b']), insight('j', ['b', 'c']));
  });

  it.each([
    ['is corrected', () => update('a', { text: 'a is otherwise' })],
    ['is forgotten', () => forget('a')],
    ['is erased', () => erase('a')],
    ['will be gone before it', () => update('a', { expires_at: '2025-01-01T00:00:00.000Z' })],
  ])('is retired in the same batch in which a source of it %s; others stay', (_, change) => {
    expect(commit(change())).toEqual(['i']);
    expect(live()).not.toContain('i');
    expect(live()).toContain('j');
    expect(projection.reflection.retired).toHaveLength(1);
  });

  it('stays while its sources get other labels, or say the same again', () => {
    expect(commit(update('a', { metadata: { colour: 'red' } }), update('b', { pinned: true }))).toEqual([]);
    expect(commit(forget('a'), restore('a', 1))).toEqual([]);
  });

  it('comes back together with its source, and not without it', () => {
    commit(forget('a'));
    expect(commit(restore('i', 1))).toEqual(['i']);
    expect(commit(restore('a', 1), restore('i', 1))).toEqual([]);
    expect(live()).toContain('i');
  });

  it('does not come back onto other words than it was derived from, and does once these are back', () => {
    commit(update('a', { text: 'a is otherwise' }));
    expect(commit(restore('i', 1))).toEqual(['i']);
    commit(restore('a', 1, { text: 'a is so' }));
    expect(commit(restore('i', 1))).toEqual([]);
  });

  it('comes back after it was forgotten itself, if nothing has changed under it', () => {
    commit(forget('i'));
    commit(update('a', { metadata: { colour: 'red' } }));
    expect(commit(restore('i', 1))).toEqual([]);
  });

  it('is not made of a memory that the same batch changes, or that is gone', () => {
    commit(forget('c'));
    expect(commit(insight('k', ['a', 'c']))).toEqual(['k']);
    expect(commit(update('a', { text: 'a is otherwise' }), insight('l', ['a', 'b']))).toEqual(['i', 'l']);
  });

  it('is not counted as retired when somebody forgets it', () => {
    commit(forget('i'));
    expect(projection.reflection.retired).toEqual([]);
  });
});

describe('whatever happens to memories and insights', () => {
  interface Step {
    kind: 'add' | 'reword' | 'label' | 'forget' | 'erase' | 'restore' | 'derive' | 'return';
    pick: number;
    other: number;
  }
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('add', 'reword', 'label', 'forget', 'erase', 'restore', 'derive', 'derive', 'return'),
    pick: fc.nat(7),
    other: fc.nat(7),
  });

  it('no live insight stands on a memory that is not live with the words it was derived from', () => {
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 25 }), (batches) => {
        projection = createProjection('user:ann');
        /** What the sources of each revision of an insight said when it was derived. */
        const derived = new Map<string, Map<string, string>>();
        const states = new Map<string, MemoryState>();
        let made = 0;
        for (const batch of batches) {
          const drafts = batch.flatMap(({ kind, pick, other }): EventDraft[] => {
            const all = [...projection.memories.values()].filter(({ status }) => status !== 'erased');
            const memory = all[pick % Math.max(all.length, 1)];
            made += 1;
            if (kind === 'add' || !memory) return [add(`m${made}`)];
            const { id, status, revision } = memory;
            const key = (number: number) => `${id} ${number}`;
            if (kind === 'derive') {
              const sources = all.filter((each) => each.status === 'live' && each.state.kind !== 'insight').map((each) => each.id);
              const chosen = [...new Set([sources[pick % 7], sources[other % 7]])].flatMap((each) => each ?? []);
              return chosen.length === 2 ? [insight(`i${made}`, chosen)] : [];
            }
            if (kind === 'restore' || kind === 'return') {
              const restored = kind === 'return' ? revision : 1 + (other % revision);
              const state = states.get(key(restored));
              return state && (status !== 'live' || restored !== revision) ? [restore(id, restored, state)] : [];
            }
            if (kind === 'erase') return [erase(id)];
            if (status !== 'live') return [];
            if (kind === 'forget') return [forget(id)];
            return [update(id, kind === 'label' ? { metadata: { number: other } } : { text: `word ${other}` })];
          });
          // Two changes of one memory do not come in one batch here, nor do insights with other changes, as in a reflection.
          const derives = drafts.some((draft) => draft.event === 'ADD' && draft.state.kind === 'insight');
          const seen = new Set(derives ? projection.memories.keys() : []);
          const distinct = drafts.filter((draft) => 'memory_id' in draft && !seen.has(draft.memory_id) && seen.add(draft.memory_id));
          const before = new Map([...projection.memories].map(([id, { state }]) => [id, state.text]));
          commit(...distinct);
          for (const draft of distinct) {
            if (!('state' in draft)) continue;
            const { memory_id: id, state, revision } = draft;
            states.set(`${id} ${revision}`, state);
            const base = draft.event === 'RESTORE' ? draft.restored : draft.base;
            const texts = new Map((state.sources ?? []).map((source) => [source, before.get(source) ?? '']));
            derived.set(`${id} ${revision}`, draft.event === 'ADD' ? texts : (derived.get(`${id} ${base}`) ?? texts));
          }
          for (const { id, status, state, revision } of projection.memories.values()) {
            expect(projection.insights.has(id)).toBe(status === 'live' && state.kind === 'insight');
            if (status !== 'live' || state.kind !== 'insight') continue;
            for (const [source, text] of derived.get(`${id} ${revision}`) ?? [])
              expect(projection.memories.get(source)).toMatchObject({ status: 'live', state: { text } });
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the fold', () => {
  const reflected = (up_to: number): EventDraft[] => [
    {
      event: 'RECEIVED',
      event_id: 'reflection',
      input: { form: 'reflection', turns: [], infer: true, kind: 'insight', at: said_at, up_to },
    },
    { event: 'PROCESSED', input_id: 'reflection' },
  ];

  it('counts what was added since the last reflection, and what was retired since', () => {
    commit(add('a'), add('b'));
    commit(insight('i', ['a', 'b']));
    commit(update('a', { text: 'a is otherwise' }));
    expect(projection.reflection).toEqual({ upTo: 0, fresh: [1, 2], retired: [5] });
    commit(add('c'));
    commit(...reflected(5));
    expect(projection.reflection).toEqual({ upTo: 5, fresh: [6], retired: [] });
  });

  it('takes a reflection for no input: nothing is pending, said or to be repeated', () => {
    commit(...reflected(0).slice(0, 1));
    expect(projection.pending.size).toBe(0);
    expect(projection.inputs.size).toBe(0);
    expect(projection.runs.size).toBe(0);
    expect(projection.oldestWords).toBeUndefined();
  });

  it('knows an insight that lost a source by the reason in the log', () => {
    commit(add('a'), add('b'));
    commit(insight('i', ['a', 'b']));
    const [draft] = retirements(projection, [forget('a')]);
    expect(draft).toEqual({ event: 'DELETE', memory_id: 'i', revision: 1, base: 1, reason: retiredReason });
  });
});
