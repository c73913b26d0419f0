import { spanOf } from '../core/time/instants.js';

/** Larger numbers are milliseconds since 1970, smaller ones seconds: the border is the year 5138 and 1973. */
const firstMilliseconds = 1e11;
/** No conversation with a program is older, in milliseconds since 1970; what says so was never filled in. */
const earliest = Date.UTC(1970, 0, 2);
const latest = Date.UTC(9999, 0, 1);

/** A time of another program, given as seconds or milliseconds since 1970 or as text, in ISO 8601; undefined where it is none. */
export function timeOf(value: unknown): string | undefined {
  const ms = typeof value === 'number' ? momentOf(value) : typeof value === 'string' ? momentOfText(value) : undefined;
  return ms !== undefined && ms >= earliest && ms < latest ? new Date(ms).toISOString() : undefined;
}

function momentOf(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  return Math.round(value < firstMilliseconds ? value * 1000 : value);
}

/** Databases write a space for the T, and more digits than are counted. */
function momentOfText(value: string): number | undefined {
  const text = value.trim().replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, '$1T');
  if (/^\d{9,13}(?:\.\d+)?$/.test(text)) return momentOf(Number(text));
  try {
    return spanOf(text, 'UTC').start;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A time that may stand for a day, month or year, as it is written; undefined where it is none. */
export function spanTextOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    spanOf(value, 'UTC');
    return value.trim();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
