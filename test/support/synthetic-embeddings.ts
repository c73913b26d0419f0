/** An embedding as a function: one unit vector a text. */
export type SyntheticEmbedding = (text: string) => Float64Array;

const dimension = 256;

/** Numbers from 0 to below 1, the same for the same seed (mulberry32: Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

function seedOf(text: string): number {
  return [...text].reduce((seed, character) => Math.imul(seed, 31) + (character.codePointAt(0) ?? 0), 7);
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** An embedding that understands nothing: equal texts give equal vectors, all others unrelated ones. */
export const noiseEmbedding: SyntheticEmbedding = (text) => {
  const random = seededRandom(seedOf(text));
  // Sums of uniform numbers are near enough to normal ones for a direction without preference.
  return unit(new Float64Array(dimension).map(() => random() + random() + random() - 1.5));
};

/** An embedding that knows words by the concept they stand for, and of the other words nothing. */
export function conceptEmbedding(conceptOf: (word: string) => string | undefined): SyntheticEmbedding {
  const known = new Map<string, Float64Array>();
  const vectorOf = (concept: string) => {
    const vector = known.get(concept) ?? noiseEmbedding(concept);
    known.set(concept, vector);
    return vector;
  };
  return (text) => {
    const sum = new Float64Array(dimension);
    const concepts = text
      .toLowerCase()
      .split(/[^a-z]+/)
      .flatMap((word) => conceptOf(word) ?? []);
    if (concepts.length === 0) return noiseEmbedding(text);
    for (const vector of concepts.map(vectorOf)) {
      for (let place = 0; place < dimension; place += 1) sum[place] = (sum[place] ?? 0) + (vector[place] ?? 0);
    }
    return unit(sum);
  };
}

/** The same embedding with all its vectors in a narrow cone: cosines that were about 0 are about `cosine`. */
export function crowded(embedding: SyntheticEmbedding, cosine: number): SyntheticEmbedding {
  return (text) => Float64Array.of(Math.sqrt(cosine), ...embedding(text).map((value) => value * Math.sqrt(1 - cosine)));
}

/** The nearest of some vectors by cosine, best first. */
export function nearest(
  vectors: ReadonlyMap<string, Float64Array>,
  query: Float64Array,
  count: number,
): { id: string; similarity: number }[] {
  const hits = [...vectors].map(([id, vector]) => ({ id, similarity: dot(vector, query) }));
  return hits.sort((a, b) => b.similarity - a.similarity).slice(0, count);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < a.length; place += 1) sum += (a[place] ?? 0) * (b[place] ?? 0);
  return sum;
}
