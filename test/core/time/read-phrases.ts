import { findTimePhrases, type PhraseOptions } from '../../../src/core/time/phrases.js';

/** A Wednesday, 2024-03-13. */
export const now = Date.parse('2024-03-13T10:00:00Z');

function side(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().replace('T00:00:00.000Z', '').replace(':00.000Z', '') : ms < 0 ? 'ever' : 'open';
}

/** "[phrase] start..end value recurs", one line a phrase. */
export function read(text: string, options: Partial<PhraseOptions> = {}): string {
  return findTimePhrases(text, { now, zone: 'UTC', ...options })
    .map(({ start, end, span, value, recurs }) =>
      [`[${text.slice(start, end)}]`, `${side(span.start)}..${side(span.end)}`, value, recurs].filter(Boolean).join(' '),
    )
    .join('; ');
}
