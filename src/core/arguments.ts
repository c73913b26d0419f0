import { KeepsakeError } from './errors.js';
import { formatInstant, normaliseInstant, parseInstant, spanOf } from './time/instants.js';

function checked<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new KeepsakeError('invalid_argument', `${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Milliseconds of a time argument; a bare date stands for the given edge of its day. Raises invalid_argument. */
export function momentArgument(name: string, text: string, options: { zone: string; edge: 'start' | 'end' }): number {
  return checked(name, () => parseInstant(text, options));
}

/** A time argument as ISO 8601 in UTC. Raises invalid_argument. */
export function instantArgument(name: string, text: string, options: { zone: string; edge: 'start' | 'end' }): string {
  return formatInstant(momentArgument(name, text, options), 'UTC');
}

/** A time argument in full, with the offset it was given. Raises invalid_argument. */
export function writtenInstant(name: string, text: string, zone: string): string {
  return checked(name, () => normaliseInstant(text, zone));
}

/** A time argument that may be as short as a year, as it is stored. Raises invalid_argument. */
export function spanArgument(name: string, text: string, zone: string): string {
  return checked(name, () => {
    spanOf(text, zone);
    return /^\d{4}(-\d{2}){0,2}$/.test(text.trim()) ? text.trim() : normaliseInstant(text, zone);
  });
}
