/** Rows in a sketch: the sums of one query over them fit into the fastest cache. */
export const sketchRows = 512;

/**
 * Vectors in 8 bits a component, one column of `sketchRows` rows after the other, so that a component which is zero in
 * the query costs nothing. A row's components are multiples of its step; `lengths` holds the length of what it is then,
 * `errors` that of what rounding took from it.
 */
export interface VectorSketch {
  columns: Int8Array;
  steps: Float64Array;
  lengths: Float64Array;
  errors: Float64Array;
}

/** A query whose components, in whole steps, are compared with sketches: those alone that are not zero. */
export interface SketchedQuery {
  places: Int32Array;
  levels: Int32Array;
  step: number;
  length: number;
  /** Length of what rounding took from it. */
  error: number;
}

const mostLevel = 127;
const mostQueryLevel = 32_767;
/** Columns that are added up in one pass. */
const stride = 8;

/** An empty sketch of vectors of this length. */
export function createSketch(dimension: number): VectorSketch {
  return {
    columns: new Int8Array(sketchRows * dimension),
    steps: new Float64Array(sketchRows),
    lengths: new Float64Array(sketchRows),
    errors: new Float64Array(sketchRows),
  };
}

/** Puts the vector that lies at `start` of `values` into a row of a sketch. */
export function sketchRow({ columns, steps, lengths, errors }: VectorSketch, row: number, values: Float32Array, start: number): void {
  const dimension = columns.length / sketchRows;
  const step = largest(values, start, dimension) / mostLevel;
  let kept = 0;
  let lost = 0;
  for (let place = 0; place < dimension; place++) {
    const value = values[start + place] as number;
    // Where all are zero, so is the step.
    const level = Math.round(value / step) || 0;
    columns[place * sketchRows + row] = level;
    kept += (level * step) ** 2;
    lost += (value - level * step) ** 2;
  }
  steps[row] = step;
  lengths[row] = Math.sqrt(kept);
  errors[row] = Math.sqrt(lost);
}

/** Prepares a query for `boundsOf`. Its levels are so small that no sum over a row exceeds 32 bits. */
export function sketchQuery(query: Float32Array): SketchedQuery {
  const levelLimit = Math.min(mostQueryLevel, Math.floor((2 ** 31 - 1) / (mostLevel * query.length)));
  const step = largest(query, 0, query.length) / levelLimit;
  const levels = Int32Array.from(query, (value) => Math.round(value / step) || 0);
  const used = [...levels.keys()].filter((place) => levels[place] !== 0);
  const padded = Math.ceil(used.length / stride) * stride;
  const places = new Int32Array(padded);
  places.set(used);
  return {
    places,
    levels: Int32Array.from(places, (place, at) => (at < used.length ? (levels[place] as number) : 0)),
    step,
    length: Math.hypot(...query),
    error: Math.hypot(...query.map((value, place) => value - (levels[place] as number) * step)),
  };
}

/**
 * Between what the dot product of a query with each row lies, whatever rounding took from both (Cauchy-Schwarz); both
 * arrays have `sketchRows` places.
 */
export function boundsOf(
  { columns, steps, lengths, errors }: VectorSketch,
  query: SketchedQuery,
  { lower, upper }: { lower: Float64Array; upper: Float64Array },
): void {
  const sums = sumsOf(columns, query);
  for (let row = 0; row < sketchRows; row++) {
    const middle = (sums[row] as number) * query.step * (steps[row] as number);
    const slack = query.length * (errors[row] as number) + query.error * (lengths[row] as number);
    lower[row] = middle - slack;
    upper[row] = middle + slack;
  }
}

/** Eight columns side by side, since sums that are read and written for each would take most of the time. */
function sumsOf(columns: Int8Array, { places, levels }: SketchedQuery): Int32Array {
  const sums = new Int32Array(sketchRows);
  const column = (at: number) => (places[at] as number) * sketchRows;
  const level = (at: number) => levels[at] as number;
  for (let at = 0; at < places.length; at += stride) {
    const [a, b, c, d] = [column(at), column(at + 1), column(at + 2), column(at + 3)];
    const [e, f, g, h] = [column(at + 4), column(at + 5), column(at + 6), column(at + 7)];
    const [p, q, r, s] = [level(at), level(at + 1), level(at + 2), level(at + 3)];
    const [t, u, v, w] = [level(at + 4), level(at + 5), level(at + 6), level(at + 7)];
    for (let row = 0; row < sketchRows; row++) {
      const first =
        Math.imul(columns[a + row] as number, p) +
        Math.imul(columns[b + row] as number, q) +
        Math.imul(columns[c + row] as number, r) +
        Math.imul(columns[d + row] as number, s);
      const second =
        Math.imul(columns[e + row] as number, t) +
        Math.imul(columns[f + row] as number, u) +
        Math.imul(columns[g + row] as number, v) +
        Math.imul(columns[h + row] as number, w);
      sums[row] = ((sums[row] as number) + first + second) | 0;
    }
  }
  return sums;
}

/** The largest absolute value among `count` components. */
function largest(values: Float32Array, start: number, count: number): number {
  let most = 0;
  for (let at = start; at < start + count; at++) most = Math.max(most, Math.abs(values[at] as number));
  return most;
}
