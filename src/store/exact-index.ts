import { type IndexChange, type IndexPosition, nowhere, type Space, type VectorHit, type VectorIndex } from '../core/ports.js';
import { boundsOf, createSketch, sketchQuery, sketchRow, sketchRows, type VectorSketch } from './vector-sketch.js';

/** As many rows as a sketch has: their vectors one after the other, and once all have been used a sketch of them. */
interface Block {
  values: Float32Array;
  sketch?: VectorSketch;
}

/** Rows of a block that there is room for at first; a whole block has a power of two times as many. */
const firstRows = 32;

interface SpaceVectors {
  position: IndexPosition;
  dimension: number;
  /** Row after row; rows without an id are free. */
  blocks: Block[];
  ids: (string | undefined)[];
  revisions: number[];
  rows: Map<string, number>;
  free: number[];
}

/**
 * An exact nearest-neighbour index in this process: sketches of the vectors tell between what each similarity lies, and
 * whatever may be among the nearest is compared itself, so the answer is never approximate. It starts empty and holds 5
 * bytes a component.
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
    // A clear() or release() in between took the ground away from the change: it must be made anew, from the start.
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
      const settle = () => {
        if (advancing.get(space) === settled) advancing.delete(space);
      };
      const settled: Promise<void> = next.then(settle, settle);
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

    release: (space) => {
      spaces.delete(space);
    },

    clear: () => Promise.resolve(spaces.clear()),

    close: () => Promise.resolve(spaces.clear()),
  };
}

function emptySpace(): SpaceVectors {
  return {
    position: nowhere,
    dimension: 0,
    blocks: [],
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
    store(vectors, row, vector);
  }
  vectors.position = { ...change.position };
}

function store({ blocks, dimension }: SpaceVectors, row: number, vector: Float32Array): void {
  const number = Math.floor(row / sketchRows);
  const block = blocks[number] ?? { values: new Float32Array(firstRows * dimension) };
  blocks[number] = block;
  const place = row % sketchRows;
  if (place * dimension >= block.values.length) block.values = grown(block.values);
  block.values.set(vector, place * dimension);
  if (block.sketch) sketchRow(block.sketch, place, block.values, place * dimension);
  if (block.sketch || place < sketchRows - 1) return;
  // Rows are used in order, so all of the block are there.
  block.sketch = createSketch(dimension);
  for (let each = 0; each < sketchRows; each++) sketchRow(block.sketch, each, block.values, each * dimension);
}

/** With room for twice as many. Most spaces of a home with many are small. */
function grown(values: Float32Array): Float32Array {
  const larger = new Float32Array(2 * values.length);
  larger.set(values);
  return larger;
}

function nearest({ blocks, dimension, ids, revisions }: SpaceVectors, query: Float32Array, limit: number): VectorHit[] {
  const upper = new Float64Array(blocks.length * sketchRows).fill(Number.POSITIVE_INFINITY);
  const floor = boundAll(blocks, ids, { query, limit, upper });
  const best = createBest(limit);
  for (let row = 0; row < ids.length; row++) {
    if ((upper[row] as number) < Math.max(floor, best.floor()) || ids[row] === undefined) continue;
    const { values } = blocks[Math.floor(row / sketchRows)] as Block;
    best.offer(row, dotProduct(values, (row % sketchRows) * dimension, query));
  }
  return best.found.map(({ row, value }) => ({ id: ids[row] as string, revision: revisions[row] as number, similarity: value }));
}

/** Writes what the similarity of each sketched row is at most; returns what that of the `limit` nearest is at least. */
function boundAll(
  blocks: Block[],
  ids: (string | undefined)[],
  { query, limit, upper }: { query: Float32Array; limit: number; upper: Float64Array },
): number {
  const sketched = sketchQuery(query);
  const lower = new Float64Array(sketchRows);
  const best = createBest(limit);
  for (const [number, { sketch }] of blocks.entries()) {
    if (!sketch) continue;
    const first = number * sketchRows;
    boundsOf(sketch, sketched, { lower, upper: upper.subarray(first, first + sketchRows) });
    for (let place = 0; place < sketchRows; place++) {
      const value = lower[place] as number;
      if (value > best.floor() && ids[first + place] !== undefined) best.offer(first + place, value);
    }
  }
  return best.floor();
}

/** Keeps the rows with the `limit` largest values, largest first, of equals the first; under `floor` nothing gets in. */
function createBest(limit: number): { found: { row: number; value: number }[]; floor(): number; offer(row: number, value: number): void } {
  const found: { row: number; value: number }[] = [];
  let floor = Number.NEGATIVE_INFINITY;
  return {
    found,
    floor: () => floor,
    offer(row, value) {
      if (found.length >= limit && value <= floor) return;
      let low = 0;
      let high = found.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((found[middle] as { value: number }).value >= value) low = middle + 1;
        else high = middle;
      }
      found.splice(low, 0, { row, value });
      if (found.length > limit) found.pop();
      if (found.length === limit) floor = found.at(-1)?.value ?? floor;
    },
  };
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
