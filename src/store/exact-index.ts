import { type IndexChange, type IndexPosition, nowhere, type Space, type VectorHit, type VectorIndex } from '../core/ports.js';

interface SpaceVectors {
  position: IndexPosition;
  dimension: number;
  /** Row after row; rows without an id are free. */
  values: Float32Array;
  ids: (string | undefined)[];
  revisions: number[];
  rows: Map<string, number>;
  free: number[];
}

/**
 * An exact nearest-neighbour index in this process: every query compares with every vector of the space, so the
 * answer is never approximate. It starts empty and holds 4 bytes a component.
 */
export function openExactIndex(): VectorIndex {
  const spaces = new Map<Space, SpaceVectors>();
  /** The end of each space's line of changes. */
  const advancing = new Map<Space, Promise<void>>();

  async function step(
    space: Space,
    make: (position: IndexPosition) => Promise<IndexChange | undefined>,
    signal: AbortSignal,
  ): Promise<IndexPosition> {
    signal.throwIfAborted();
    const before = spaces.get(space);
    const change = await make({ ...(before?.position ?? nowhere) });
    signal.throwIfAborted();
    // A clear() in between took the ground away from the change: it must be made anew, from the start.
    if (change !== undefined && spaces.get(space) === before) {
      const vectors = before ?? emptySpace();
      apply(vectors, change);
      spaces.set(space, vectors);
    }
    return { ...(spaces.get(space)?.position ?? nowhere) };
  }

  return {
    describe: () => Promise.resolve('built-in exact index, in memory'),

    advance(space, make, signal) {
      const previous = advancing.get(space) ?? Promise.resolve();
      const next = previous.then(() => step(space, make, signal));
      // Who waits in line must not fail with the one before; the failure goes to its own caller.
      const settled: Promise<void> = next.then(
        () => undefined,
        () => undefined,
      );
      advancing.set(space, settled);
      return next;
    },

    query: (space, vector, { limit, signal }) =>
      new Promise((resolve) => {
        signal.throwIfAborted();
        const vectors = spaces.get(space);
        if (vectors === undefined || vectors.rows.size === 0) return resolve([]);
        if (vector.length !== vectors.dimension) throw new Error(dimensionMessage(vector.length, vectors.dimension));
        resolve(nearest(vectors, vector, limit));
      }),

    records(space) {
      const { rows, revisions } = spaces.get(space) ?? emptySpace();
      return Promise.resolve(new Map([...rows].map(([id, row]) => [id, revisions[row] as number])));
    },

    count: () => Promise.resolve([...spaces.values()].reduce((total, { rows }) => total + rows.size, 0)),

    clear: () => Promise.resolve(spaces.clear()),

    close: () => Promise.resolve(spaces.clear()),
  };
}

function emptySpace(): SpaceVectors {
  return {
    position: nowhere,
    dimension: 0,
    values: new Float32Array(0),
    ids: [],
    revisions: [],
    rows: new Map(),
    free: [],
  };
}

function apply(vectors: SpaceVectors, change: IndexChange): void {
  const dimension = vectors.rows.size > 0 ? vectors.dimension : (change.upserts[0]?.vector.length ?? vectors.dimension);
  for (const { vector } of change.upserts) {
    if (vector.length !== dimension) throw new Error(dimensionMessage(vector.length, dimension));
  }
  if (dimension !== vectors.dimension) Object.assign(vectors, emptySpace(), { dimension });
  for (const id of change.deletes) {
    const row = vectors.rows.get(id);
    if (row === undefined) continue;
    vectors.rows.delete(id);
    vectors.ids[row] = undefined;
    vectors.free.push(row);
  }
  for (const { id, revision, vector } of change.upserts) {
    const row = vectors.rows.get(id) ?? vectors.free.pop() ?? vectors.ids.length;
    vectors.ids[row] = id;
    vectors.revisions[row] = revision;
    vectors.rows.set(id, row);
    reserve(vectors, row + 1);
    vectors.values.set(vector, row * dimension);
  }
  vectors.position = { ...change.position };
}

/** Doubles the room when it is used up, so that n upserts copy each row a constant number of times on average. */
function reserve(vectors: SpaceVectors, rows: number): void {
  if (rows * vectors.dimension <= vectors.values.length) return;
  const larger = new Float32Array(Math.max(rows, 2 * (vectors.values.length / vectors.dimension), 16) * vectors.dimension);
  larger.set(vectors.values);
  vectors.values = larger;
}

function nearest(vectors: SpaceVectors, query: Float32Array, limit: number): VectorHit[] {
  const best: VectorHit[] = [];
  let floor = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < vectors.ids.length; row++) {
    const id = vectors.ids[row];
    if (id === undefined) continue;
    const similarity = dotProduct(vectors.values, row * vectors.dimension, query);
    if (best.length >= limit && similarity <= floor) continue;
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((best[middle] as VectorHit).similarity >= similarity) low = middle + 1;
      else high = middle;
    }
    best.splice(low, 0, { id, revision: vectors.revisions[row] as number, similarity });
    if (best.length > limit) best.pop();
    floor = best.at(-1)?.similarity ?? floor;
  }
  return best;
}

/** Four sums side by side, since one sum would make each addition wait for the one before. */
function dotProduct(values: Float32Array, start: number, query: Float32Array): number {
  const whole = query.length - (query.length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i < whole; i += 4) {
    a += (values[start + i] as number) * (query[i] as number);
    b += (values[start + i + 1] as number) * (query[i + 1] as number);
    c += (values[start + i + 2] as number) * (query[i + 2] as number);
    d += (values[start + i + 3] as number) * (query[i + 3] as number);
  }
  for (; i < query.length; i++) a += (values[start + i] as number) * (query[i] as number);
  return a + b + c + d;
}

function dimensionMessage(given: number, expected: number): string {
  return `A vector of ${given} components was given to an index of ${expected}.`;
}
