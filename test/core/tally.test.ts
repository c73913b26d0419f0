import { expect, it } from 'vitest';
import { createTally } from '../../src/core/tally.js';

it('what was counted for a key counts until it is taken back, once', () => {
  const tally = createTally();
  const [first, second] = [tally.add('ann'), tally.add('ann')];
  tally.add('bob');
  expect([tally.of('ann'), tally.of('bob'), tally.of('carol'), tally.total]).toEqual([2, 1, 0, 3]);
  first();
  first();
  expect([tally.of('ann'), tally.total]).toEqual([1, 2]);
  second();
  expect([tally.of('ann'), tally.total]).toEqual([0, 1]);
});
