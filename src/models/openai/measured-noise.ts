import type { Embedder } from '../../core/ports.js';
import { EndpointError } from './client.js';

/** Cosine, 0 to 1, that unrelated texts are taken to reach with a model that has not answered yet. */
export const usualNoise = 0.3;

/**
 * Statements as people keep them that have nothing to do with one another. How near a model puts them is what unrelated
 * memories reach with it: from about .1 to .8, by how it was trained, which no name tells for certain.
 */
export const unrelatedTexts = [
  'Her sister plays the cello in Vienna.',
  'The invoice for the roof is due in May.',
  'He is allergic to peanuts.',
  'The build server runs on Debian.',
  'They saw two otters by the river on Sunday.',
  'Tickets for the museum cost twelve euros.',
];

/** The same embedder with a noise that its first answer tells: the unrelated texts go along in the first request. */
export function withMeasuredNoise(embedder: Embedder): Embedder {
  let { noise } = embedder;
  let isDue = true;
  return {
    model: embedder.model,
    remote: embedder.remote,
    get dimension() {
      return embedder.dimension;
    },
    get noise() {
      return noise;
    },
    async embed(texts, signal) {
      if (!isDue || texts.length === 0) return embedder.embed(texts, signal);
      try {
        const vectors = await embedder.embed([...texts, ...unrelatedTexts], signal);
        noise = meanCosine(vectors.slice(texts.length));
        isDue = false;
        return vectors.slice(0, texts.length);
      } catch (error) {
        // An endpoint that answers, and will not take so many texts, is not to fail for that again.
        isDue = error instanceof EndpointError && error.status === undefined;
        throw error;
      }
    },
  };
}

/** The mean cosine of all pairs of some unit vectors, at least 0. */
function meanCosine(vectors: readonly Float32Array[]): number {
  const cosines = vectors.flatMap((left, place) => vectors.slice(place + 1).map((right) => dot(left, right)));
  return Math.max(0, cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length);
}

function dot(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, place) => sum + value * (right[place] ?? 0), 0);
}
