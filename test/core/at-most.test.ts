import { describe, expect, it } from 'vitest';
import { atMost } from '../../src/core/at-most.js';

describe('work of which only so much goes on at a time', () => {
  it('is begun in order, each as soon as one before it ended, be it by failing', async () => {
    const run = atMost(2);
    const begun: number[] = [];
    const ends: ((failure?: Error) => void)[] = [];
    const piece = (number: number) =>
      run(() => {
        begun.push(number);
        return new Promise<number>((resolve, reject) => {
          ends.push((failure) => (failure ? reject(failure) : resolve(number)));
        });
      });
    const all = Promise.allSettled([1, 2, 3, 4].map(piece));
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    await settled();
    expect(begun).toEqual([1, 2]);
    ends[1]?.(new Error('no'));
    await settled();
    expect(begun).toEqual([1, 2, 3]);
    ends[0]?.();
    await settled();
    ends[2]?.();
    ends[3]?.();
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });
});
