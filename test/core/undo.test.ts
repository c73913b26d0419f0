import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { allEvents } from '../../src/core/all-events.js';
import type { Call, Core } from '../../src/core/core.js';
import type { Event, EventDraft } from '../../src/core/events.js';
import type { Space } from '../../src/core/ports.js';
import { type Memory, type Projection, statementOf } from '../../src/core/projection.js';
import { createSpaces } from '../../src/core/spaces.js';
import { statementKey } from '../../src/core/statement.js';
import { type UndoAnswer, undo } from '../../src/core/undo.js';
import { openLog, start } from '../store/log-fixtures.js';
import { temporaryHome } from '../support/home.js';
import { calls, folded, simulate } from './arbitrary-events.js';

vi.mock('../../src/core/statement.js', async (original) => {
  const real = await original<typeof import('../../src/core/statement.js')>();
  return { ...real, statementKey: vi.fn(real.statementKey) };
});

const ann: Space = 'user:ann';
const bob: Space = 'user:bob';
const now = Date.UTC(2024, 5, 1);

let core: Core;
let made: number;
let warnings: string[];
beforeEach(async () => {
  warnings = [];
  made = 0;
  core = await openCore();
});

const nextId = () => {
  made += 1;
  return `event-${made}`;
};

/** As much of a home as an undo works with; `events` stand in its log. */
async function openCore(events: Event[] = []): Promise<Core> {
  const { log } = openLog(await temporaryHome());
  if (events.length > 0) await log.append(ann, start, () => events);
  const clock = { now: () => now };
  const ids = { memory: () => 'unused', event: nextId };
  const onChange = () => undefined;
  const logger = { warn: (message: string) => warnings.push(message) };
  return { spaces: createSpaces({ history: log, clock, ids, device: 'desk', zone: 'UTC', onChange }), clock, logger } as unknown as Core;
}

const callOf = (id: string): Call => ({ id, client: 'test/1', signal: new AbortController().signal });
const undoing = (id: string, by = `undo ${id}`) => undo(core, id, callOf(by));

/** Lets a call write events in a space. */
function write(call: string, drafts: EventDraft[], space = ann): Promise<void> {
  return core.spaces.open(space).commit({ call_id: call }, () => ({ drafts, answer: undefined }));
}

const state = (text: string) => ({ text, kind: 'observation' as const, said_at: '2024-01-01T00:00:00.000Z' });
const add = (id: string, text: string): EventDraft => ({ event: 'ADD', memory_id: id, revision: 1, base: 0, state: state(text) });
const update = (id: string, text: string, revision = 2): EventDraft => ({
  event: 'UPDATE',
  memory_id: id,
  revision,
  base: revision - 1,
  state: state(text),
});
const forget = (id: string, revision = 1): EventDraft => ({ event: 'DELETE', memory_id: id, revision, base: revision });

/** What is believed: status and state of each memory. */
function beliefs({ memories }: Projection): Record<string, string> {
  return Object.fromEntries([...memories.values()].map(({ id, status, state: { text } }) => [id, `${status} ${text}`]));
}
const believed = (space = ann) => core.spaces.open(space).read(({ projection }) => beliefs(projection));
/** What an undo did, one line a change. */
const told = ({ undone, left }: UndoAnswer) => [
  ...undone.map(({ id, event, memory, revision }) => `${event} ${id} ${revision} ${memory}`),
  ...left.map(({ id, event, reason }) => `${event} ${id} stays: ${reason}`),
];

describe('undo', () => {
  it('forgets what a call added, brings back what it changed, and remembers what it forgot', async () => {
    await write('before', [add('a', 'tea'), add('b', 'milk')]);
    await write('call', [update('a', 'coffee'), forget('b'), add('c', 'water')]);
    expect(told(await undoing('call'))).toEqual(['RESTORE a 3 tea', 'RESTORE b 2 milk', 'DELETE c 1 water']);
    expect(await believed()).toEqual({ a: 'live tea', b: 'live milk', c: 'forgotten water' });
  });

  it('can be undone in turn', async () => {
    await write('before', [add('a', 'tea'), add('b', 'milk')]);
    await write('call', [update('a', 'coffee'), forget('b'), add('c', 'water')]);
    const after = await believed();
    await undoing('call', 'second');
    expect(told(await undoing('second', 'third'))).toEqual(['RESTORE a 4 coffee', 'DELETE b 2 milk', 'RESTORE c 2 water']);
    expect(await believed()).toEqual(after);
  });

  it('writes one batch a space, of one call, with the reason', async () => {
    for (const space of [ann, bob]) await write('call', [add('a', 'tea'), add('b', 'milk')], space);
    const answer = await undoing('call', 'second');
    expect(answer).toMatchObject({ undone_call: 'call', call_id: 'second' });
    expect(answer.undone.map(({ space, id }) => `${space} ${id}`).sort()).toEqual(['user:ann a', 'user:ann b', 'user:bob a', 'user:bob b']);
    for (const space of [ann, bob]) {
      const { events } = await openedLog(space);
      const written = events.slice(2);
      expect(written.map((event) => [event.event, event.call_id, 'reason' in event && event.reason])).toEqual([
        ['DELETE', 'second', 'undo of call'],
        ['DELETE', 'second', 'undo of call'],
      ]);
      expect(new Set(written.map(({ batch }) => batch)).size).toBe(1);
    }
  });

  it('returns to what was before where a call brought a revision back, also out of forgetting', async () => {
    await write('before', [add('a', 'tea'), add('b', 'milk')]);
    await write('update', [update('a', 'coffee')]);
    await write('forget', [forget('b')]);
    await write('call', [
      { event: 'RESTORE', memory_id: 'a', revision: 3, base: 2, restored: 1, state: state('tea') },
      { event: 'RESTORE', memory_id: 'b', revision: 2, base: 1, restored: 1, state: state('milk') },
    ]);
    expect(told(await undoing('call'))).toEqual(['RESTORE a 4 coffee', 'DELETE b 2 milk']);
  });

  it('leaves forgotten under its last words what a call brought back under older ones', async () => {
    await write('before', [add('a', 'tea')]);
    await write('correct', [update('a', 'coffee')]);
    await write('forget', [forget('a', 2)]);
    await write('call', [{ event: 'RESTORE', memory_id: 'a', revision: 3, base: 2, restored: 1, state: state('tea') }]);
    expect(told(await undoing('call', 'second'))).toEqual(['DELETE a 4 tea']);
    expect(await believed()).toEqual({ a: 'forgotten coffee' });
    const written = (await openedLog(ann)).events.filter(({ call_id }) => call_id === 'second');
    expect(written).toMatchObject([
      { event: 'RESTORE', revision: 4, base: 3, restored: 2 },
      { event: 'DELETE', revision: 4, base: 4 },
    ]);
    expect(told(await undoing('second'))).toEqual(['RESTORE a 5 tea']);
  });

  it('changes nothing where the call was undone already, and says by which', async () => {
    await write('call', [add('a', 'tea')]);
    await undoing('call', 'second');
    expect(await undoing('call', 'third')).toMatchObject({
      undone: [],
      left: [{ reason: 'undone already by call second', call_id: 'second' }],
    });
  });

  it('leaves what another call changed since, and names that call', async () => {
    await write('call', [add('a', 'tea'), add('b', 'milk')]);
    await write('later', [update('a', 'coffee')]);
    const answer = await undoing('call');
    expect(told(answer)).toEqual(['DELETE b 1 milk', 'ADD a stays: changed since by call later']);
    expect(answer.left[0]?.call_id).toBe('later');
  });

  it('leaves what would say the same as another memory, also where that one is left', async () => {
    await write('before', [add('a', 'tea'), add('b', 'milk')]);
    await write('call', [update('a', 'coffee'), update('b', 'water')]);
    await write('later', [update('b', 'TEA!', 3)]);
    expect(told(await undoing('call'))).toEqual([
      'UPDATE b stays: changed since by call later',
      'UPDATE a stays: the same statement is remembered as b',
    ]);
  });

  it('takes back a call in which two memories changed places', async () => {
    await write('before', [add('a', 'tea'), add('b', 'milk')]);
    await write('call', [update('a', 'milk'), update('b', 'tea')]);
    expect(told(await undoing('call'))).toEqual(['RESTORE a 3 tea', 'RESTORE b 3 milk']);
  });

  it('cannot bring back what was erased, and says so', async () => {
    await write('call', [add('a', 'tea'), { event: 'CONFIRM', memory_id: 'a', revision: 1 }]);
    await write('erase', [{ event: 'ERASE', memory_id: 'a', revision: 1, base: 1 }]);
    expect(told(await undoing('erase'))).toEqual(['ERASE a stays: what is erased cannot come back']);
    expect(told(await undoing('call'))).toEqual([
      'CONFIRM a stays: that it was said again stays noted',
      'ADD a stays: the memory was erased since',
    ]);
  });

  it('leaves an input that still waits for its model, and says so', async () => {
    const input = { form: 'content' as const, turns: [], infer: true, kind: 'observation' as const, at: '2024-01-01T00:00:00Z' };
    await write('call', [{ event: 'RECEIVED', event_id: 'input', input }]);
    expect((await undoing('call')).left).toEqual([
      { space: ann, event: 'RECEIVED', reason: 'the input still waits for its model; undo the call again once something came of it' },
    ]);
    await write('call', [{ ...add('a', 'tea') }, { event: 'PROCESSED', input_id: 'input' }]);
    expect(told(await undoing('call'))).toEqual(['DELETE a 1 tea']);
  });

  it('leaves what it does not know, which a newer program wrote', async () => {
    await write('call', [{ event: 'DREAM' } as unknown as EventDraft]);
    expect(told(await undoing('call'))).toEqual(['DREAM undefined stays: a newer Keepsake wrote it, and can undo it']);
  });

  it('is not kept from one space by another that cannot be read', async () => {
    await write('call', [add('a', 'tea')]);
    await write('other', [add('b', 'milk')], bob);
    const { open } = core.spaces;
    const broken = { ...open(bob), read: () => Promise.reject(new Error('damaged')) };
    core.spaces.open = (space) => (space === bob ? broken : open(space));
    expect(told(await undoing('call'))).toEqual(['DELETE a 1 tea']);
    expect(warnings).toEqual(['a space could not be searched']);
    await expect(undoing('other')).rejects.toThrow('damaged');
  });

  it('compares each statement a few times, however many a call changed', async () => {
    const count = 200;
    const numbers = Array.from({ length: count }, (_, number) => number);
    await write(
      'before',
      numbers.map((number) => add(`other-${number}`, `other ${number}`)),
    );
    await write(
      'call',
      numbers.map((number) => add(`own-${number}`, `own ${number}`)),
    );
    await undoing('call', 'second');
    vi.mocked(statementKey).mockClear();
    expect((await undoing('second', 'third')).undone).toHaveLength(count);
    expect(vi.mocked(statementKey).mock.calls.length).toBeLessThan(20 * count);
  });

  it('names a call of which nothing is known', async () => {
    await write('call', [add('a', 'tea')]);
    await expect(undoing('cal')).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('No call cal ') });
    expect(await believed()).toEqual({ a: 'live tea' });
  });
});

/** The events of a space, as they lie in its log. */
async function openedLog(space: Space): Promise<{ events: Event[] }> {
  return { events: await allEvents(core.spaces.open(space)) };
}

describe('any call', () => {
  it('that was the last is undone whole, and the undoing too', async () => {
    await fc.assert(
      fc.asyncProperty(calls(10), async (given) => {
        const { events } = simulate('home', given);
        const last = events.at(-1)?.call_id;
        const own = events.filter(({ call_id }) => call_id === last);
        if (!last || own.some(({ event }) => event === 'ERASE')) return;
        const history = await openCore(events);
        const before = beliefs(folded(events.slice(0, -own.length)));
        const after = beliefs(folded(events));
        await undo(history, last, callOf('second'));
        const undone = await history.spaces.open(ann).read(({ projection }) => beliefs(projection));
        for (const [id, was] of Object.entries(before)) expect(undone[id]).toBe(was);
        for (const id of Object.keys(after)) if (!(id in before)) expect(undone[id]).toMatch(/^forgotten/);
        // What has nothing to take back leaves no events, and so no call.
        if (JSON.stringify(undone) !== JSON.stringify(after)) await undo(history, 'second', callOf('third'));
        expect(await history.spaces.open(ann).read(({ projection }) => beliefs(projection))).toEqual(after);
      }),
      { numRuns: 60 },
    );
  });

  it('is undone without touching what it did not change but insights that this takes a source from, and never doubles a statement', async () => {
    await fc.assert(
      fc.asyncProperty(calls(12), fc.nat(), async (given, chosen) => {
        const { events } = simulate('home', given);
        const ids = [...new Set(events.map(({ call_id }) => call_id))];
        const call = ids[chosen % Math.max(ids.length, 1)];
        if (!call) return;
        const history = await openCore(events);
        const before = beliefs(folded(events));
        const touched = new Set(events.flatMap((event) => (event.call_id === call && 'memory_id' in event ? [event.memory_id] : [])));
        await undo(history, call, callOf('second'));
        const { after, live } = await history.spaces.open(ann).read(({ projection }) => ({
          after: beliefs(projection),
          live: [...projection.memories.values()].flatMap(({ status, state }) => (status === 'live' ? [statementOf(state)] : [])),
        }));
        const { memories } = folded(events);
        const isOtherwise = (source: string) => after[source] !== before[source];
        for (const [id, was] of Object.entries(before)) {
          if (touched.has(id)) continue;
          const { status, state } = memories.get(id) as Memory;
          const isRetired = status === 'live' && state.kind === 'insight' && state.sources?.some(isOtherwise);
          expect(after[id]).toBe(isRetired ? `forgotten ${state.text}` : was);
        }
        expect(new Set(live).size).toBe(live.length);
      }),
      { numRuns: 60 },
    );
  });
});
