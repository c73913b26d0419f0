import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.js';
import { keepView, restoreView } from '../../src/core/kept-view.js';
import { liveMemoryOf, statementOf } from '../../src/core/projection.js';
import { rank } from '../../src/core/ranking/ranking.js';
import { applyAll, createView, type SpaceView } from '../../src/core/view.js';
import { calls, simulate } from './arbitrary-events.js';

function viewOf(events: Event[]): SpaceView {
  const view = createView('user:ann');
  applyAll(view, events, 'UTC');
  return view;
}

/** What a process gets that starts from what this one keeps. */
const passedOn = (view: SpaceView) => restoreView(structuredClone(keepView(view)), 'UTC');

/** All that can be asked of a view. */
function answers(view: SpaceView) {
  const { statements: _, memories, ...rest } = view.projection;
  const texts = [...memories.values()].map((memory) => memory.state);
  const ranked = (query: string) => {
    const ranking = rank({ index: view.lexical, query, windows: [], floor: 0 });
    return ranking.best(100).map((found) => ({ ...found, why: ranking.explain(found.id) }));
  };
  return {
    rest,
    memories: [...memories.values()],
    live: texts.map((state) => liveMemoryOf(view.projection, statementOf(state), 0)?.id),
    found: [...texts.map(({ text }) => text), 'cofee and te', 'what did Ann say'].map(ranked),
  };
}

describe('a view that was kept', () => {
  it('answers as the one that it was kept of, and goes on like it', () => {
    fc.assert(
      fc.property(calls(30), fc.nat(100), (given, share) => {
        const { events } = simulate('home', given);
        const middle = Math.floor((events.length * share) / 100);
        const view = viewOf(events.slice(0, middle));
        const restored = passedOn(view);
        expect(answers(restored)).toEqual(answers(view));
        for (const each of [view, restored]) applyAll(each, events.slice(middle), 'UTC');
        expect(answers(restored)).toEqual(answers(view));
        expect(answers(passedOn(restored))).toEqual(answers(view));
      }),
      { numRuns: 60 },
    );
  });

  it('goes on like it although nothing was asked of it before', () => {
    fc.assert(
      fc.property(calls(30), fc.nat(100), (given, share) => {
        const { events } = simulate('home', given);
        const middle = Math.floor((events.length * share) / 100);
        const restored = passedOn(viewOf(events.slice(0, middle)));
        applyAll(restored, events.slice(middle), 'UTC');
        expect(answers(restored)).toEqual(answers(viewOf(events)));
      }),
      { numRuns: 60 },
    );
  });
});
