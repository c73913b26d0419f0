import type { MemoryState } from '../core/events.js';

/** A JSON object whose fields are not known. */
export type Fields = Record<string, unknown>;

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text with something in it; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A name as a label or subject may be: one line of at most 128 characters. */
export function labelOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : textOf(value);
  return (
    text
      ?.toWellFormed()
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim()
      .slice(0, 128)
      .trim() || undefined
  );
}

/** The items of a list; of anything else none. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Labels of a memory that may come from any program, and the characters that each may have. */
const mostLabels = 50;
const longestLabel = 2000;

/** The fields of objects as labels: texts, numbers and truth values as they are, what is nested as its JSON, nothing for null. */
export function metadataOf(...objects: unknown[]): MemoryState['metadata'] {
  const entries = objects
    .filter(isFields)
    .flatMap(Object.entries)
    .flatMap(([name, value]): [string, string | number | boolean][] => {
      const key = labelOf(name);
      if (key === undefined || value === null || value === undefined || value === '') return [];
      if (typeof value === 'number' || typeof value === 'boolean') return [[key, value]];
      const text = typeof value === 'string' ? value : isListOfTexts(value) ? value.join(', ') : JSON.stringify(value);
      return text === '' || text === '[]' || text === '{}' ? [] : [[key, text.toWellFormed().slice(0, longestLabel)]];
    })
    .slice(0, mostLabels);
  // A map, so that no name can reach the prototype.
  return entries.length > 0 ? Object.fromEntries(new Map(entries)) : undefined;
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
