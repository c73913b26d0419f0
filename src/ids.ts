import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { MakeId } from './core/merge/settling.js';
import type { Ids } from './core/ports.js';

const idLetters = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A memory's id: 14 letters and digits, 72 bits of chance. */
function memoryId(): string {
  // 252 is the largest multiple of 36 in a byte; what lies above would favour some letters.
  const letters = [...randomBytes(64)].filter((byte) => byte < 252).slice(0, 14);
  return letters.map((byte) => idLetters[byte % 36]).join('');
}

/** New ids: of memories by chance, of events by the clock and chance (UUID version 7). */
export const ids: Ids = { memory: memoryId, event: () => uuid() };

/** An event's id that follows from its instant (ISO 8601) and some words, so that two homes make the same one. */
export const derivedId: MakeId = (at, words) =>
  uuid({ msecs: Date.parse(at), random: createHash('sha256').update(words).digest().subarray(0, 16) });
