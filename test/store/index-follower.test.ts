import { expect, it } from 'vitest';
import type { Event } from '../../src/core/events.js';
import type { IndexPosition, VectorIndex } from '../../src/core/ports.js';
import type { OpenSpace } from '../../src/core/spaces.js';
import { applyAll, createView, type SpaceView } from '../../src/core/view.js';
import { createIndexFollower } from '../../src/store/index-follower.js';
import { silentLogger } from './chroma/fixtures.js';
import { batchOf } from './log-fixtures.js';

function viewOf(events: Event[], generation: number): SpaceView {
  const view = createView('user:ann');
  applyAll(view, events, 'UTC');
  view.projection.position = { generation, sequence: events.length };
  return view;
}

it('a merge while the place of an index is looked up leaves no memory without a vector', async () => {
  const own = batchOf(1, ['tea'], 'own');
  const merged = [...batchOf(1, ['coffee'], 'theirs'), ...batchOf(2, ['tea'], 'own')];
  let events = own;
  let view = viewOf(own, 1);
  const space: Partial<OpenSpace> = {
    space: 'user:ann',
    read: async (use) => use(view),
    async events(sequences) {
      const found = sequences.flatMap((sequence) => events[sequence - 1] ?? []);
      // From here on the log is another one.
      events = merged;
      view = viewOf(merged, 2);
      return found;
    },
  };
  const held = new Set(['tea']);
  let reached: IndexPosition = { sequence: 1, event: 'own' };
  const index: Partial<VectorIndex> = {
    async advance(_, make) {
      const change = await make(reached);
      for (const { id } of change?.upserts ?? []) held.add(id);
      reached = change?.position ?? reached;
      return reached;
    },
    records: async () => new Map([...held].map((id) => [id, 1])),
  };
  const follower = createIndexFollower({
    openIndex: async () => index as VectorIndex,
    dimension: () => 2,
    embed: async (_, texts) => texts.map(() => new Float32Array(2)),
    onReplaced: async () => undefined,
    logger: silentLogger,
  });
  await follower.catchUp(space as OpenSpace, new AbortController().signal);
  expect([...held].sort()).toEqual(['coffee', 'tea']);
  expect(reached).toEqual({ sequence: 2, event: 'own' });
});
