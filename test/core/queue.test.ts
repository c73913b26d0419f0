import { describe, expect, it } from 'vitest';
import { createProjection, type Projection } from '../../src/core/projection.js';
import { mostWaiting, mostWaitingCharacters, nextWaiting, requireRoom, timeLimitOf, waitingIn } from '../../src/core/queue.js';

/** A space in which inputs of so many characters wait, the first the oldest. */
function waitingSpace(...characters: number[]): Projection {
  const projection = createProjection('user:ann');
  for (const [index, each] of characters.entries())
    projection.pending.set(`input-${index + 1}`, {
      seq: index + 1,
      at: `2024-01-01T00:00:0${index % 10}.000Z`,
      characters: each,
      hasWords: true,
    });
  return projection;
}
const turns = (characters: number) => [{ content: 'x'.repeat(characters) }];

describe('the queue of a space', () => {
  it('is counted, with the time of its oldest input', () => {
    expect(waitingIn(waitingSpace(3, 4))).toEqual({ inputs: 2, characters: 7, since: '2024-01-01T00:00:00.000Z' });
    expect(waitingIn(waitingSpace())).toEqual({ inputs: 0, characters: 0 });
  });

  it('takes so many inputs and so many characters', () => {
    expect(() => requireRoom(waitingSpace(...Array<number>(mostWaiting - 1).fill(1)), turns(1))).not.toThrow();
    expect(() => requireRoom(waitingSpace(...Array<number>(mostWaiting).fill(1)), turns(1))).toThrow('10000 inputs with 10000 characters');
    expect(() => requireRoom(waitingSpace(mostWaitingCharacters - 5), turns(5))).not.toThrow();
    expect(() => requireRoom(waitingSpace(mostWaitingCharacters - 5), turns(6))).toThrow('1 inputs with 49999995 characters');
  });

  it('goes in order of arrival, those set back behind the others', () => {
    const setBacks: Record<string, number> = {};
    const next = () => nextWaiting(waitingSpace(1, 1, 1), (id) => setBacks[id] ?? 0);
    expect(next()).toBe('input-1');
    setBacks['input-1'] = 1;
    expect(next()).toBe('input-2');
    Object.assign(setBacks, { 'input-2': 2, 'input-3': 1 });
    expect(next()).toBe('input-1');
    expect(nextWaiting(waitingSpace(), () => 0)).toBeUndefined();
  });

  it('gives the longest input a minute for each of the calls that it takes, and less than a claim lasts', () => {
    const input = { seq: 1, at: '', hasWords: true };
    const longest = timeLimitOf({ ...input, characters: 200_000 });
    expect(longest).toBeGreaterThan(9 * 60_000);
    expect(longest).toBeLessThan(1_800_000 / 2);
    expect(timeLimitOf({ ...input, characters: 100 })).toBeLessThan(200_000);
  });
});
