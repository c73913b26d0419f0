import { describe, expect, it } from 'vitest';
import type { Event, EventDraft, MemoryState } from '../../../src/core/events.js';
import { unite } from '../../../src/core/merge/unite.js';
import { fingerprintOf, retiredReason } from '../../../src/core/reflection/retirement.js';
import { folded, hashId, liveTexts } from '../arbitrary-events.js';

const instant = (minute: number) => new Date(Date.UTC(2024, 0, 1, 0, minute)).toISOString();

/** A log of one home; each batch a minute after the other, from `minute` on. */
function log(home: string, before: Event[], minute: number, ...batches: EventDraft[][]): Event[] {
  const events = [...before];
  for (const [count, drafts] of batches.entries()) {
    const name = (index: number) => `${home} ${minute + count} ${index}`;
    for (const [index, draft] of drafts.entries()) {
      const end = index === drafts.length - 1 ? { end: true as const } : {};
      const place = { seq: events.length + 1, event_id: name(index), batch: name(0), ...end, at: instant(minute + count), device: home };
      events.push({ ...place, call_id: name(0), ...draft } as Event);
    }
  }
  return events;
}

const state = (text: string, minute: number, more: Partial<MemoryState> = {}) => ({
  text,
  kind: 'observation' as const,
  said_at: instant(minute),
  ...more,
});
const add = (memory_id: string, given: MemoryState): EventDraft => ({ event: 'ADD', memory_id, revision: 1, base: 0, state: given });
const cello = state('Ann plays the cello.', 0);
const choir = state('Ann sings in a choir.', 0);
const reflection = (up_to: number): EventDraft[] => [
  {
    event: 'RECEIVED',
    event_id: `reflection ${up_to}`,
    input: { form: 'reflection', turns: [], infer: true, kind: 'insight', at: '', up_to },
  },
  add(
    'insight',
    state('Ann is a musician.', 3, { kind: 'insight', sources: ['cello', 'choir'], source_fingerprint: fingerprintOf([cello, choir]) }),
  ),
  { event: 'PROCESSED', input_id: `reflection ${up_to}` },
];

const shared = log('origin', [], 0, [add('cello', cello), add('choir', choir)]);
const here = log('here', shared, 10, reflection(2));
const both = (there: Event[]) => [unite(here, there, hashId), unite(there, here, hashId)];

describe('an insight of one home', () => {
  it.each<[string, EventDraft]>([
    ['corrected', { event: 'UPDATE', memory_id: 'cello', revision: 2, base: 1, state: state('Ann gave up the cello.', 5) }],
    ['forgotten', { event: 'DELETE', memory_id: 'cello', revision: 1, base: 1 }],
    ['erased', { event: 'ERASE', memory_id: 'cello', revision: 1, base: 1 }],
  ])('is retired where the other home has %s a source, before or after, whichever is merged into which', (_, change) => {
    for (const minute of [5, 15]) {
      const [one = [], other = []] = both(log('there', shared, minute, [change]));
      expect(one.map((event) => JSON.stringify(event))).toEqual(other.map((event) => JSON.stringify(event)));
      const { memories, reflection: found } = folded(one);
      expect(memories.get('insight')?.status).toBe('forgotten');
      expect(one.at(-1)).toMatchObject({ event: 'DELETE', memory_id: 'insight', reason: retiredReason });
      expect(found.retired).toHaveLength(1);
      // Both homes have the same log now, and nothing is settled twice.
      expect(unite(one, here, hashId)).toEqual(one);
    }
  });

  it('stays where its sources say what they said', () => {
    const label: EventDraft = {
      event: 'UPDATE',
      memory_id: 'cello',
      revision: 2,
      base: 1,
      state: state('Ann plays the cello.', 0, { pinned: true }),
    };
    const [one = []] = both(log('there', shared, 5, [label]));
    expect(folded(one).memories.get('insight')?.status).toBe('live');
  });
});

describe('an insight that a merge retired', () => {
  const changed: EventDraft = { event: 'UPDATE', memory_id: 'cello', revision: 2, base: 1, state: state('Ann gave up the cello.', 5) };
  const said: EventDraft = { event: 'UPDATE', memory_id: 'cello', revision: 2, base: 1, state: state('Ann plays the cello.', 8) };

  it('is back once a third home turns out to have said later what it was derived from, whichever two met first', () => {
    const [there, third] = [log('there', shared, 5, [changed]), log('third', shared, 8, [said])];
    const [one = []] = both(there);
    expect(liveTexts(one)).not.toContain('Ann is a musician.');
    for (const whole of [unite(one, third, hashId), unite(here, unite(there, third, hashId), hashId)])
      expect(liveTexts(whole)).toContain('Ann is a musician.');
  });
});

describe('what one home has looked at', () => {
  it('is counted anew from where the homes parted: of the other home it knew nothing', () => {
    const [one = [], other = []] = both(log('there', shared, 5, [add('dog', state('Ann has a dog.', 5))]));
    expect(folded(one).reflection).toMatchObject({ upTo: 2, fresh: [3] });
    expect(one).toEqual(other);
  });
});
