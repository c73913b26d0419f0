import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event, EventDraft } from '../../../src/core/events.js';
import { unite } from '../../../src/core/merge/unite.js';
import { statementOf } from '../../../src/core/projection.js';
import { isFounded } from '../../../src/core/reflection/retirement.js';
import { auditLog } from '../../../src/core/verify.js';
import { calls, folded, forks, hashId, liveTexts, simulate } from '../arbitrary-events.js';

const merged = (ours: Event[], theirs: Event[]) => unite(ours, theirs, hashId);
const lines = (events: Event[]) => events.map((event) => JSON.stringify(event));
const idsOf = (events: Event[]) => events.map(({ event_id }) => event_id);
const runs = { numRuns: 150 };

/** What must hold of any log. */
function expectSound(events: Event[]): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort());
  expect(new Set(idsOf(events)).size).toBe(events.length);
  const revisions = new Map<string, number>();
  for (const [index, event] of events.entries()) {
    expect(event.end === true).toBe(events[index + 1]?.batch !== event.batch);
    if (events[index - 1]?.batch !== event.batch) expect(event.event_id).toBe(event.batch);
    if (!('memory_id' in event)) continue;
    const known = revisions.get(event.memory_id) ?? 0;
    if ('state' in event) {
      expect(event.revision).toBe(known + 1);
      revisions.set(event.memory_id, event.revision);
    } else if (event.event !== 'CONFIRM') expect(event.revision).toBe(known);
    for (const reference of [event.revision, 'base' in event ? event.base : 0, 'restored' in event ? event.restored : 0])
      expect(reference).toBeLessThanOrEqual(revisions.get(event.memory_id) ?? 0);
  }
  expect(
    auditLog(
      events.map((event, index) => ({ line: index + 2, event })),
      { replaced: true },
    ).flaws,
  ).toEqual([]);
  const { memories } = folded(events);
  const live = [...memories.values()].filter(({ status }) => status === 'live').map(({ state }) => statementOf(state));
  expect(new Set(live).size).toBe(live.length);
  for (const { status, state } of memories.values())
    if (status === 'live' && state.kind === 'insight')
      expect(isFounded(state, (id) => (memories.get(id)?.status === 'live' ? memories.get(id)?.state : undefined))).toBe(true);
}

/** Every event of a log that stands in another after it, in the same order. */
function expectWithin(events: Event[], whole: Event[]): void {
  const ids = new Set(idsOf(events));
  expect(idsOf(whole).filter((id) => ids.has(id))).toEqual(idsOf(events));
}

describe('any two logs that were one', () => {
  it('give the same lines in either order', () => {
    fc.assert(
      fc.property(forks(2), ([ours = [], theirs = []]) => {
        expect(lines(merged(ours, theirs))).toEqual(lines(merged(theirs, ours)));
      }),
      runs,
    );
  });

  it('lose nothing, keep their order, and make one sound log', () => {
    fc.assert(
      fc.property(forks(2), ([ours = [], theirs = []]) => {
        const whole = merged(ours, theirs);
        expectWithin(ours, whole);
        expectWithin(theirs, whole);
        expectSound(whole);
      }),
      runs,
    );
  });

  it('are done with after one merge', () => {
    fc.assert(
      fc.property(forks(2), ([ours = [], theirs = []]) => {
        const whole = merged(ours, theirs);
        for (const other of [ours, theirs, whole]) {
          expect(lines(merged(whole, other))).toEqual(lines(whole));
          expect(lines(merged(other, whole))).toEqual(lines(whole));
        }
        const again = merged(ours, ours);
        expect(again.every((event, index) => event === ours[index])).toBe(true);
      }),
      runs,
    );
  });

  it('go on and meet again without harm', () => {
    fc.assert(
      fc.property(forks(2), calls(8), calls(8), ([ours = [], theirs = []], more, others) => {
        const whole = merged(ours, theirs);
        // One goes on with what was united, the other as it was before or united, too.
        const here = simulate('later0', more, whole).events;
        for (const before of [theirs, whole]) {
          const there = simulate('later1', others, before).events;
          const again = merged(here, there);
          expect(lines(again)).toEqual(lines(merged(there, here)));
          expectWithin(here, again);
          expectWithin(there, again);
          expectSound(again);
        }
      }),
      runs,
    );
  });
});

describe('any three logs that were one', () => {
  it('believe the same whichever two are united first', () => {
    fc.assert(
      fc.property(forks(3), ([a = [], b = [], c = []]) => {
        const left = merged(merged(a, b), c);
        const right = merged(a, merged(b, c));
        expect(liveTexts(left)).toEqual(liveTexts(right));
        expectSound(left);
        // And the two results are one log after they have met.
        expect(lines(merged(left, right))).toEqual(lines(merged(right, left)));
        expect(liveTexts(merged(left, right))).toEqual(liveTexts(left));
      }),
      runs,
    );
  });
});

describe('any two logs of which one erased a memory', () => {
  it('hold its words in no line, but for what was said anew in knowledge of that or is another memory', () => {
    fc.assert(
      fc.property(forks(2), ([ours = [], theirs = []]) => {
        const whole = merged(ours, theirs);
        const erased = new Set(whole.flatMap((event) => (event.event === 'ERASE' ? [event.memory_id] : [])));
        const words = [...ours, ...theirs].flatMap((event) =>
          'state' in event && erased.has(event.memory_id) && event.state.text ? [event.state.text] : [],
        );
        const anew = new Set(
          [ours, theirs].flatMap((each) => idsOf(hasNoErase(each) ? [] : each.slice(each.findIndex(({ event }) => event === 'ERASE')))),
        );
        for (const event of whole.filter(({ event_id }) => !anew.has(event_id))) {
          const others = 'state' in event && !erased.has(event.memory_id) ? { ...event, state: undefined } : event;
          for (const word of words) expect(JSON.stringify(others)).not.toContain(word);
          // Nor a hash of them, from which they could be guessed.
          if ('state' in event && event.state.sources?.some((id) => erased.has(id))) expect(event.state.source_fingerprint).toBeUndefined();
        }
      }),
      runs,
    );
  });
});

function hasNoErase(log: Event[]): boolean {
  return log.every(({ event }) => event !== 'ERASE');
}

/** A log that goes on from `before` with batches of one event, each `[day, event]` in January 2024. */
function log(device: string, entries: [day: number, draft: EventDraft, label?: { agent_id: string }][], before: Event[] = []): Event[] {
  const events = [...before];
  for (const [index, [day, draft, label]] of entries.entries()) {
    const id = `${day}-${device}-${index}`;
    const at = new Date(Date.UTC(2024, 0, day)).toISOString();
    const place = { seq: events.length + 1, event_id: id, batch: id, end: true as const, at, device, call_id: `call-${id}` };
    events.push({ ...place, ...label, ...draft } as Event);
  }
  return events;
}

const state = (text: string, day: number) => ({
  text,
  kind: 'observation' as const,
  said_at: new Date(Date.UTC(2024, 0, day)).toISOString(),
});
const add = (id: string, text: string, day = 1): EventDraft => ({
  event: 'ADD',
  memory_id: id,
  revision: 1,
  base: 0,
  state: state(text, day),
});
const update = (id: string, text: string, said: number, base = 1): EventDraft => ({
  event: 'UPDATE',
  memory_id: id,
  revision: base + 1,
  base,
  state: state(text, said),
});
const forget = (id: string, revision = 1): EventDraft => ({ event: 'DELETE', memory_id: id, revision, base: revision });
/** What a log says of memories, one line an event. */
const told = (events: Event[]) =>
  events.flatMap((event) => {
    if (!('memory_id' in event)) return [];
    const { base, restored, successor } = { base: '', restored: '', successor: '', ...event };
    const text = 'state' in event ? event.state.text : '';
    return [`${event.event} ${event.memory_id} ${event.revision} ${base} ${restored}${successor} ${text}`.replace(/ +/g, ' ').trim()];
  });

const shared = log('origin', [[1, add('m', 'lives in Lisbon')]]);

describe('a memory that was changed in both', () => {
  it('says what was said last, though that was written first, and keeps both changes in its history', () => {
    const ours = log('here', [[5, update('m', 'lives in Porto', 5)]], shared);
    const theirs = log('there', [[6, update('m', 'lives in Faro', 3)]], shared);
    const whole = merged(ours, theirs);
    expect(told(whole)).toEqual([
      'ADD m 1 0 lives in Lisbon',
      'UPDATE m 2 1 lives in Porto',
      'UPDATE m 3 1 lives in Faro',
      'RESTORE m 4 3 2 lives in Porto',
    ]);
    expect(whole.at(-1)).toMatchObject({ device: 'merge', merged: '5-here-0', at: theirs.at(-1)?.at, end: true });
  });

  it('needs no word where what was said last was also written last', () => {
    const ours = log('here', [[5, update('m', 'lives in Porto', 5)]], shared);
    const theirs = log('there', [[6, update('m', 'lives in Faro', 6)]], shared);
    expect(told(merged(ours, theirs)).slice(1)).toEqual(['UPDATE m 2 1 lives in Porto', 'UPDATE m 3 1 lives in Faro']);
  });

  it('is forgotten where it was forgotten after the other statement, and stands where it was forgotten before', () => {
    const forgotten = log('here', [[5, forget('m')]], shared);
    const pinned = log('there', [[6, update('m', 'lives in Lisbon', 1)]], shared);
    expect(told(merged(forgotten, pinned)).slice(1)).toEqual(['DELETE m 1 1', 'UPDATE m 2 1 lives in Lisbon', 'DELETE m 2 2']);
    const moved = log('there', [[6, update('m', 'lives in Faro', 6)]], shared);
    expect(told(merged(forgotten, moved)).slice(1)).toEqual(['DELETE m 1 1', 'UPDATE m 2 1 lives in Faro']);
    const earlier = log(
      'here',
      [
        [3, update('m', 'lives in Faro', 3)],
        [4, forget('m', 2)],
      ],
      shared,
    );
    const restored = log('there', [[2, update('m', 'lives in Porto', 5)]], shared);
    expect(told(merged(earlier, restored)).at(-1)).toBe('RESTORE m 4 3 2 lives in Porto');
  });

  it('goes on where one home went on from what was merged, whatever was said when', () => {
    const ours = log('here', [[5, update('m', 'lives in Porto', 5)]], shared);
    const theirs = log('there', [[6, update('m', 'lives in Faro', 6)]], shared);
    const on = log('there', [[7, update('m', 'lives in Braga', 2, 3)]], merged(ours, theirs));
    const elsewhere = log('elsewhere', [[8, add('n', 'plays chess')]], theirs);
    for (const whole of [merged(on, elsewhere), merged(elsewhere, on)]) expect(liveTexts(whole)).toEqual(['lives in Braga', 'plays chess']);
  });

  it('is counted rightly when a home goes on with its own numbers after it was merged elsewhere', () => {
    const ours = log('here', [[3, update('m', 'lives in Porto', 3)]], shared);
    const theirs = log('there', [[4, update('m', 'lives in Faro', 4)]], shared);
    const whole = merged(ours, theirs);
    const later = log(
      'there',
      [
        [7, update('m', 'lives in Braga', 7, 2)],
        [8, { event: 'RESTORE', memory_id: 'm', revision: 4, base: 3, restored: 2, state: state('lives in Faro', 4) }],
        [9, { event: 'CONFIRM', memory_id: 'm', revision: 4 }, { agent_id: 'b' }],
      ],
      theirs,
    );
    expect(told(merged(whole, later)).slice(3)).toEqual(['UPDATE m 4 3 lives in Braga', 'RESTORE m 5 4 3 lives in Faro', 'CONFIRM m 5']);
  });
});

describe('a statement that both came to hold', () => {
  const ours = log('here', [[2, add('older', 'likes tea', 2), { agent_id: 'a' }]], shared);
  const theirs = log(
    'there',
    [
      [3, add('younger', 'Likes TEA.', 3), { agent_id: 'a' }],
      [4, { event: 'CONFIRM', memory_id: 'younger', revision: 1 }, { agent_id: 'b' }],
    ],
    shared,
  );

  it('stays once, in the older memory, with the labels of both', () => {
    const whole = merged(ours, theirs);
    expect(told(whole).slice(4)).toEqual(['DELETE younger 1 1 older', 'CONFIRM older 1']);
    expect(
      folded(whole)
        .memories.get('older')
        ?.labels.map(({ agent_id }) => agent_id),
    ).toEqual(['a', 'b']);
    const [first, last] = whole.slice(-2);
    expect([first?.batch, last?.batch, first?.end, last?.end]).toEqual([first?.event_id, first?.event_id, undefined, true]);
    expect(first?.call_id).toBe(last?.call_id);
  });

  it('comes back where the memory that was kept turns out to say something else', () => {
    const third = log('third', [[6, update('older', 'likes coffee', 6)]], ours);
    expect(liveTexts(merged(merged(ours, theirs), third))).toEqual(['Likes TEA.', 'likes coffee', 'lives in Lisbon']);
  });

  it('does not come back when it is forgotten afterwards', () => {
    const whole = merged(ours, theirs);
    const on = log('here', [[9, forget('older')]], whole);
    expect(liveTexts(merged(on, theirs))).toEqual(['lives in Lisbon']);
    expect(liveTexts(merged(on, log('there', [[8, add('n', 'plays chess', 8)]], theirs)))).toEqual(['lives in Lisbon', 'plays chess']);
  });

  it('stays in the memory that does not expire before', () => {
    const passing = ours.map((event) =>
      'state' in event && event.memory_id === 'older'
        ? { ...event, state: { ...event.state, expires_at: '2024-06-01T00:00:00.000Z' } }
        : event,
    );
    expect(told(merged(passing, theirs)).slice(4)).toEqual(['DELETE older 1 1 younger']);
  });
});

describe('two memories of which each was forgotten for the other', () => {
  it('are not both gone', () => {
    const both = log('origin', [
      [1, add('m', 'likes tea')],
      [1, add('n', 'likes tea')],
    ]);
    const joined = (id: string, other: string): EventDraft =>
      ({ ...forget(id), successor: other, merged: `1-origin-${id === 'm' ? 0 : 1}` }) as EventDraft;
    const whole = merged(log('here', [[2, joined('m', 'n')]], both), log('there', [[3, joined('n', 'm')]], both));
    expect(liveTexts(whole)).toEqual(['likes tea']);
  });
});

describe('a damaged log', () => {
  it('keeps its order where its times run backwards', () => {
    const ours = log(
      'x',
      [
        [9, add('p', 'plays chess')],
        [5, add('n', 'likes tea')],
      ],
      shared,
    );
    const theirs = log('there', [[7, add('o', 'owes money')]], [shared[0] as Event, { ...ours[2], seq: 2 } as Event]);
    for (const whole of [merged(ours, theirs), merged(theirs, ours)]) {
      expect(idsOf(whole)).toEqual(['1-origin-0', '9-x-0', '5-x-1', '7-there-0']);
      expectSound(whole);
    }
  });

  it('that lost lines is left as it is by one that adds nothing', () => {
    const ours = log(
      'here',
      [
        [2, add('n', 'plays chess')],
        [3, add('o', 'likes tea')],
      ],
      shared,
    ).filter(({ seq }) => seq !== 2);
    for (const whole of [merged(ours, ours), merged(ours, shared), merged(shared, ours)]) expect(lines(whole)).toEqual(lines(ours));
  });
});

describe('an event that differs between the logs', () => {
  const input = {
    form: 'content' as const,
    turns: [{ role: 'user' as const, content: 'I like tea' }],
    infer: true,
    kind: 'observation' as const,
  };
  const whole = log('here', [[2, { event: 'RECEIVED', input: { ...input, at: '', metadata: { a: 1 } } }]], shared);
  const blank = whole.map((event) =>
    event.event === 'RECEIVED' ? { ...event, input: { ...input, turns: [{ role: 'user' as const, content: '' }], at: '' } } : event,
  );

  it('is blanked in both where it is blanked in one', () => {
    expect(merged(whole, blank)).toEqual(blank);
    expect(merged(blank, whole)).toEqual(blank);
    const on = log('there', [[3, add('n', 'plays chess')]], whole);
    expect(merged(blank, on)[1]).toEqual(blank[1]);
  });

  it('keeps fields and kinds that are not known here', () => {
    const future = { event: 'TRANSLATE', memory_id: 'm', language: 'pt' } as unknown as EventDraft;
    const ours = log('here', [[2, future]], shared);
    const theirs = log('there', [[3, { ...add('n', 'plays chess'), mood: 'calm' } as unknown as EventDraft]], shared);
    expect(merged(ours, theirs).slice(1)).toEqual([ours[1], { ...theirs[1], seq: 3 }]);
  });

  it('loses what either has erased from it, also where the other does not know the words', () => {
    const turn = (content: string, more: object = {}) => [{ role: 'user' as const, content, ...more }];
    const waiting = (turns: ReturnType<typeof turn>) =>
      whole.map((event) => (event.event === 'RECEIVED' ? { ...event, input: { ...event.input, turns } } : event));
    const said = waiting(turn('A zebra. A yak. A bike.'));
    const one = waiting(turn('A yak. A bike.', { erased: true }));
    const other = waiting(turn('A zebra. A bike.', { erased: true }));
    const contentsOf = (events: Event[]) => events.flatMap((event) => (event.event === 'RECEIVED' ? event.input.turns : []));
    for (const [left, right, content] of [
      [one, said, 'A yak. A bike.'],
      [other, said, 'A zebra. A bike.'],
      [one, other, 'A bike.'],
    ] as const) {
      expect(contentsOf(merged(left, right))).toEqual(turn(content, { erased: true }));
      expect(contentsOf(merged(right, left))).toEqual(turn(content, { erased: true }));
    }
  });

  it('is left alone where the same words were said anew after they were erased', () => {
    const erased = log(
      'here',
      [[2, { event: 'ERASE', memory_id: 'm', revision: 1, base: 1 }]],
      [{ ...shared[0], state: state('', 1) } as Event],
    );
    const anew = log(
      'here',
      [[3, { event: 'RECEIVED', input: { ...input, turns: [{ role: 'user', content: 'lives in Lisbon' }], at: '' } }]],
      erased,
    );
    const theirs = log(
      'there',
      [[4, { event: 'RECEIVED', input: { ...input, turns: [{ role: 'user', content: 'he lives in Lisbon' }], at: '' } }]],
      shared,
    );
    const contents = merged(anew, theirs).flatMap((event) => (event.event === 'RECEIVED' ? [event.input.turns[0]?.content] : []));
    expect(contents).toEqual(['lives in Lisbon', '']);
  });
});
