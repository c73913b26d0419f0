import { describe, expect, it } from 'vitest';
import type { ReceivedInput } from '../../src/core/events.js';
import { createProjection, type Projection } from '../../src/core/projection.js';
import {
  mostWaiting,
  mostWaitingBytes,
  mostWaitingCharacters,
  nextWaiting,
  requireRoom,
  timeLimitOf,
  waitingIn,
} from '../../src/core/queue.js';

/** A space in which inputs of so many characters wait, the first the oldest. */
function waitingSpace(...characters: number[]): Projection {
  const projection = createProjection('user:ann');
  for (const [index, each] of characters.entries())
    projection.pending.set(`input-${index + 1}`, {
      seq: index + 1,
      at: `2024-01-01T00:00:0${index % 10}.000Z`,
      characters: each,
      bytes: 1000,
      hasWords: true,
    });
  return projection;
}
function given(characters: number, bytes = 0): ReceivedInput {
  const attachments = [{ hash: 'hash', mime_type: 'image/png', bytes }];
  const turn = { role: 'user' as const, content: 'x'.repeat(characters), ...(bytes > 0 && { attachments }) };
  return { form: 'messages', turns: [turn], infer: true, kind: 'observation', at: '2024-01-01T00:00:00Z' };
}

describe('the queue of a space', () => {
  it('is counted, with the time of its oldest input', () => {
    expect(waitingIn(waitingSpace(3, 4))).toEqual({ inputs: 2, characters: 7, bytes: 2000, since: '2024-01-01T00:00:00.000Z' });
    expect(waitingIn(waitingSpace())).toEqual({ inputs: 0, characters: 0, bytes: 0 });
  });

  it('takes so many inputs, characters, and bytes of attachments', () => {
    expect(() => requireRoom(waitingSpace(...Array<number>(mostWaiting - 1).fill(1)), given(1))).not.toThrow();
    expect(() => requireRoom(waitingSpace(...Array<number>(mostWaiting).fill(1)), given(1))).toThrow('10000 inputs with 10000 characters');
    expect(() => requireRoom(waitingSpace(mostWaitingCharacters - 5), given(5))).not.toThrow();
    expect(() => requireRoom(waitingSpace(mostWaitingCharacters - 5), given(6))).toThrow('1 inputs with 49999995 characters');
    expect(() => requireRoom(waitingSpace(1), given(1, mostWaitingBytes - 1000))).not.toThrow();
    expect(() => requireRoom(waitingSpace(1), given(1, mostWaitingBytes - 999))).toThrow(
      '1 inputs with 1 characters and 1000 bytes attached',
    );
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
    expect(timeLimitOf({ ...input, characters: 200_000, bytes: 0 })).toBeGreaterThan(9 * 60_000);
    expect(timeLimitOf({ ...input, characters: 0, bytes: 3 * 1024 * 1024 })).toBeGreaterThan(8 * 60_000);
    expect(timeLimitOf({ ...input, characters: 200_000, bytes: 3 * 1024 * 1024 })).toBeLessThan(1_800_000 / 2);
    expect(timeLimitOf({ ...input, characters: 100, bytes: 3 })).toBe(180_201);
  });
});
