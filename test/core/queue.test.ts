import { describe, expect, it } from 'vitest';
import type { ReceivedInput } from '../../src/core/events.js';
import { createProjection, type Projection } from '../../src/core/projection.js';
import {
  isLeftToOthers,
  mostWaiting,
  mostWaitingBytes,
  mostWaitingCharacters,
  nextWaiting,
  patience,
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
      infer: true,
      attached: [],
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

  it('leaves what came to another process and needs a model that is not here to that process, for a day', () => {
    const at = '2024-01-01T00:00:00Z';
    const input = { seq: 1, at, characters: 5, bytes: 0, hasWords: true };
    const left = (more: { infer: boolean; attached: string[] }, { id = 'other', remote = false, after = 0 } = {}) => {
      const attachmentReader = {
        obstacle: (type: string) => (type === 'image/png' ? undefined : 'no ears'),
        read: async () => ({ text: '' }),
      };
      const extractor = { name: 'any', remote, extract: async () => ({ facts: [], skipped: [] }) };
      const clock = { now: () => Date.parse(at) + after };
      return isLeftToOthers({ own: new Set(['own']), extractor, attachmentReader, clock }, id, { ...input, ...more });
    };
    const text = { infer: true, attached: [] };
    expect([left(text), left(text, { remote: true }), left(text, { id: 'own' })]).toEqual([true, false, false]);
    expect([left(text, { after: patience - 1 }), left(text, { after: patience })]).toEqual([true, false]);
    const audio = { infer: true, attached: ['image/png', 'audio/mpeg'] };
    expect([left(audio, { remote: true }), left(audio, { remote: true, id: 'own' })]).toEqual([true, false]);
    expect(left({ infer: true, attached: ['image/png'] })).toBe(false);
  });

  it('goes in order of arrival, those set back behind the others', () => {
    const setBacks: Record<string, number> = {};
    const standing = { setBacks: (id: string) => setBacks[id] ?? 0, isLeft: (id: string) => id === 'input-4' };
    const next = () => nextWaiting(waitingSpace(1, 1, 1, 1), standing);
    expect(next()).toBe('input-1');
    setBacks['input-1'] = 1;
    expect(next()).toBe('input-2');
    Object.assign(setBacks, { 'input-2': 2, 'input-3': 1 });
    expect(next()).toBe('input-1');
    expect(nextWaiting(waitingSpace(), standing)).toBeUndefined();
  });

  it('gives the longest input a minute for each of the calls that it takes, and less than a claim lasts', () => {
    const input = { seq: 1, at: '', hasWords: true, infer: true, attached: [] };
    expect(timeLimitOf({ ...input, characters: 200_000, bytes: 0 })).toBeGreaterThan(9 * 60_000);
    expect(timeLimitOf({ ...input, characters: 0, bytes: 3 * 1024 * 1024 })).toBeGreaterThan(8 * 60_000);
    expect(timeLimitOf({ ...input, characters: 200_000, bytes: 3 * 1024 * 1024 })).toBeLessThan(1_800_000 / 2);
    expect(timeLimitOf({ ...input, characters: 100, bytes: 3 })).toBe(180_201);
  });
});
