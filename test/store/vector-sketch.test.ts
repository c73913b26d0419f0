import { expect, it } from 'vitest';
import { boundsOf, createSketch, sketchQuery, sketchRow, sketchRows } from '../../src/store/vector-sketch.js';
import { unitVector } from './chroma/fixtures.js';

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0);
}

/** Vectors of very different shapes: dense, with few components, with one that is far larger, long, short and empty. */
function vectorsOf(dimension: number): Float32Array[] {
  return Array.from({ length: sketchRows }, (_, seed) => {
    const vector = unitVector(dimension, seed);
    if (seed % 4 === 1) return vector.map((value, place) => (place % 7 === seed % 7 ? value : 0));
    if (seed % 4 === 2) return vector.map((value, place) => (place === seed % dimension ? 3 : value / 10));
    return vector.map((value) => value * (seed % 5));
  });
}

it.each([1, 7, 16, 512, 3072])('every dot product of %i components lies within its bounds, and those are near', (dimension) => {
  const vectors = vectorsOf(dimension);
  const sketch = createSketch(dimension);
  for (const [row, vector] of vectors.entries()) sketchRow(sketch, row, vector, 0);
  const [lower, upper] = [new Float64Array(sketchRows), new Float64Array(sketchRows)];
  const flat = new Float32Array(dimension).fill(dimension ** -0.5);
  for (const query of [...vectors.slice(0, 8), flat, flat.map((value) => -value)]) {
    boundsOf(sketch, sketchQuery(query), { lower, upper });
    for (const [row, vector] of vectors.entries()) {
      const exact = dot(query, vector);
      expect(lower[row]).toBeLessThanOrEqual(exact + 1e-9);
      expect(upper[row]).toBeGreaterThanOrEqual(exact - 1e-9);
      expect((upper[row] ?? 0) - (lower[row] ?? 0)).toBeLessThan(0.1 * (Math.hypot(...query) * Math.hypot(...vector) + 0.001));
    }
  }
});
