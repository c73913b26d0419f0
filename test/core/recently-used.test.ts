import { expect, it } from 'vitest';
import { createRecentlyUsed } from '../../src/core/recently-used.js';

function keeping({ most, fewest = 0 }: { most: number; fewest?: number }) {
  const inUse = new Set<string>();
  const gone: string[] = [];
  const held = createRecentlyUsed<string>({ most, fewest, isInUse: (item) => inUse.has(item), letGo: (item) => gone.push(item) });
  return { held, inUse, gone };
}

it('lets go of what was used longest ago, until the rest fits', () => {
  const { held, gone } = keeping({ most: 10 });
  held.used('a', 4);
  held.used('b', 4);
  held.used('a', 4);
  expect(gone).toEqual([]);
  held.used('c', 7);
  expect(gone).toEqual(['b', 'a']);
  expect([held.size, held.weight]).toEqual([1, 7]);
});

it('weighs an item anew whenever it is used', () => {
  const { held, gone } = keeping({ most: 10 });
  held.used('a', 4);
  held.used('b', 4);
  held.used('b', 9);
  expect(gone).toEqual(['a']);
  expect(held.weight).toBe(9);
});

it('leaves what is in use, and what was just used, however heavy', () => {
  const { held, inUse, gone } = keeping({ most: 10 });
  inUse.add('a');
  held.used('a', 8);
  held.used('b', 8);
  held.used('c', 50);
  expect(gone).toEqual(['b']);
  inUse.clear();
  held.used('c', 50);
  expect(gone).toEqual(['b', 'a']);
  expect(held.size).toBe(1);
});

it('keeps the fewest that were used last, whatever they weigh', () => {
  const { held, gone } = keeping({ most: 10, fewest: 2 });
  held.used('a', 100);
  held.used('b', 100);
  expect(gone).toEqual([]);
  held.used('c', 100);
  expect(gone).toEqual(['a']);
});

it('forgets what weighs nothing any more', () => {
  const { held, gone } = keeping({ most: 10 });
  held.used('a', 9);
  held.gone('a');
  held.gone('never there');
  held.used('b', 9);
  expect(gone).toEqual([]);
  expect([held.size, held.weight]).toEqual([1, 9]);
});
