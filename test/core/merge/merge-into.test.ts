import { describe, expect, it } from 'vitest';
import type { Core } from '../../../src/core/core.js';
import type { Event } from '../../../src/core/events.js';
import { mergeInto } from '../../../src/core/merge/merge-into.js';
import { createSpaces } from '../../../src/core/spaces.js';
import { openLog, start } from '../../store/log-fixtures.js';
import { temporaryHome } from '../../support/home.js';
import { type Call, hashId, liveTexts, simulate } from '../arbitrary-events.js';

const space = 'user:ann' as const;
const { signal } = new AbortController();
const call = (kind: Call['kind'], text = 0): Call => ({ kind, text, pick: 0, wait: 1, ago: 0, who: 0 });

/** A home with a log, and what happens to its vectors and its log, in order. */
async function openHome(events: Event[], intrusions: Call[] = []) {
  const home = await temporaryHome();
  const { log } = openLog(home);
  await log.append(space, start, () => events);
  const happened: string[] = [];
  const other = openLog(home).log;
  const rewrite: typeof log.rewrite = async (...given) => {
    happened.push('rewrite');
    const intrusion = intrusions.shift();
    if (intrusion) {
      const { events: all } = await other.read(space, start);
      const more = simulate(`intruder${intrusions.length}`, [intrusion], all).events.slice(all.length);
      await other.append(space, { generation: 1, sequence: all.length }, () => more);
    }
    return log.rewrite(...given);
  };
  const ids = { memory: () => 'unused', event: () => 'unused' };
  const clock = { now: () => 0 };
  const vectors = {
    willErase: async () => {
      happened.push('note');
      return async () => {
        happened.push('drop');
      };
    },
  };
  const spaces = createSpaces({ history: { ...log, rewrite }, clock, ids, device: 'desk', zone: 'UTC', onChange: () => undefined });
  const core = { spaces, vectors } as unknown as Core;
  const texts = async () => liveTexts((await other.read(space, start)).events);
  return { happened, texts, merge: (theirs: Event[]) => mergeInto(core, { space, theirs, makeId: hashId, signal }) };
}

const shared = simulate('origin', [call('remember')]).events;
const ours = simulate('here', [call('remember', 1)], shared).events;

describe('a merge into a home', () => {
  it('has the vectors of what it erases dropped, also if it ends in between', async () => {
    const { happened, merge } = await openHome(ours);
    const theirs = simulate('there', [call('erase')], shared).events;
    expect(await merge(theirs)).toEqual({ space, received: 1, settled: 0, joined: 0, blanked: 2 });
    expect(happened).toEqual(['note', 'rewrite', 'drop']);
    await merge(theirs);
    expect(happened).toHaveLength(3);
  });

  it('leaves vectors alone where nothing is erased', async () => {
    const { happened, merge } = await openHome(ours);
    expect(await merge(simulate('there', [call('correct', 2), call('remember', 1)], shared).events)).toEqual({
      space,
      received: 6,
      settled: 0,
      joined: 1,
      blanked: 0,
    });
    expect(happened).toEqual(['rewrite']);
  });

  it('counts no insight that lost its source among what was changed in both, or was said in both', async () => {
    const origin = simulate('origin', [call('remember'), call('remember', 1)]).events;
    const { merge, texts } = await openHome(simulate('here', [call('derive')], origin).events);
    const theirs = simulate('there', [call('correct', 2)], origin).events;
    expect(await merge(theirs)).toMatchObject({ received: 3, settled: 0, joined: 0 });
    expect(await texts()).toHaveLength(2);
  });

  it.each([1, 6])('keeps what others write before it has the lock, be it %i times', async (times) => {
    const intrusions = [2, 3, 4, 5, 2, 3].slice(0, times).map((text) => call('remember', text));
    const { happened, texts, merge } = await openHome(ours, [...intrusions]);
    const theirs = simulate('there', [call('correct', 1)], shared).events;
    expect(await merge(theirs)).toMatchObject({ received: 3, joined: 1 });
    expect(happened).toHaveLength(Math.min(times, 4) + 1);
    expect(await texts()).toHaveLength(1 + Math.min(times, 4));
  });
});
