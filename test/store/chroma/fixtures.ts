import type { Logger } from '../../../src/core/ports.js';

/** A logger that drops everything. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A unit vector that depends on the seed alone (mulberry32 under the hood); different seeds are far from each other. */
export function unitVector(dimension: number, seed: number): Float32Array {
  let state = (seed + 1) * 0x9e3779b9;
  const vector = Float32Array.from({ length: dimension }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
  const length = Math.hypot(...vector);
  return vector.map((component) => component / length);
}
