import { describe, expect, it } from 'vitest';
import { takePage } from '../../src/core/page.js';
import type { Memory } from '../../src/core/projection.js';

const memoryOf = (state: object = {}, labels: Memory['labels'] = []) =>
  ({
    id: 'm',
    space: 'user:ann',
    revision: 1,
    status: 'live',
    created_at: '2024-03-01T23:30:00.000Z',
    updated_at: '2024-03-02T23:30:00.000Z',
    labels,
    state: { text: 'Tea.', kind: 'observation', said_at: '2024-03-01T23:30:00.000Z', ...state },
  }) as unknown as Memory;
const rendered = (state?: object, labels?: Memory['labels']) =>
  takePage([{ memory: memoryOf(state, labels) }], 1, 'Asia/Tokyo').memories[0];

describe('A page', () => {
  it('gives instants in the offset of the zone, and shorter times as they are', () => {
    expect(rendered({ occurred_at: '2024-03-09T20:00:00.000Z', expires_at: '2024-12-31T15:00:00.000Z' })).toEqual({
      id: 'm',
      memory: 'Tea.',
      space: 'user:ann',
      kind: 'observation',
      revision: 1,
      created_at: '2024-03-02T08:30:00+09:00',
      updated_at: '2024-03-03T08:30:00+09:00',
      said_at: '2024-03-02T08:30:00+09:00',
      occurred_at: '2024-03-10T05:00:00+09:00',
      expires_at: '2025-01-01T00:00:00+09:00',
    });
    for (const occurred_at of ['2024', '2024-03', '2024-03-09']) expect(rendered({ occurred_at })?.occurred_at).toBe(occurred_at);
  });

  it('names each agent and run once, the newest ten', () => {
    const labels = Array.from({ length: 24 }, (_, number) => ({ agent_id: `a${number >> 1}`, run_id: `r${number >> 1}` }));
    const newest = (name: string) => Array.from({ length: 10 }, (_, number) => `${name}${number + 2}`);
    expect(rendered({}, labels)).toMatchObject({ agent_ids: newest('a'), run_ids: newest('r') });
  });

  it('ends before it becomes too long, but gives one memory however long it is', () => {
    const long = { memory: memoryOf({ entities: ['x'.repeat(170_000)] }) };
    expect(takePage([long, long], 10, 'UTC')).toMatchObject({ memories: [{ id: 'm' }], taken: 1 });
    const longest = { memory: memoryOf({ entities: ['x'.repeat(400_000)] }) };
    expect(takePage([longest], 10, 'UTC').memories).toHaveLength(1);
  });

  it('leaves out the labels of a memory that holds more of them than an answer may, and says so', () => {
    const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, key) => [`key ${key}`, '\u0001'.repeat(1000)]));
    expect(rendered({ metadata: labels(32) })).toMatchObject({ metadata: labels(32) });
    expect(rendered({ metadata: labels(32) })).not.toHaveProperty('truncated');
    const cut = rendered({ metadata: labels(384) });
    expect(cut).toMatchObject({ truncated: true, metadata: labels(32) });
    expect(JSON.stringify(cut).length).toBeLessThan(300_000);
    expect(rendered({ metadata: { note: 'x'.repeat(400_000) } })).not.toHaveProperty('metadata');
  });

  it('passes over what is gone and counts it as used up, up to the limit', () => {
    const hit = { memory: memoryOf() };
    const { memories, taken } = takePage([undefined, hit, undefined, hit, undefined], 2, 'UTC');
    expect([memories.length, taken]).toEqual([2, 4]);
    expect(takePage([hit, undefined], 2, 'UTC').taken).toBe(2);
  });
});
