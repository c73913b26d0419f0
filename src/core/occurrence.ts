import type { MemoryState } from './events.js';
import { type Span, spanOf } from './time/instants.js';
import { findTimePhrases } from './time/phrases.js';

const week = /week|[周週]|星期|[礼禮]拜/i;

/** The time that a memory is of: when what it states happens, else when it was said; written times are read in `zone`. */
export function occurrenceOf({ text, said_at, occurred_at }: MemoryState, zone: string): Span {
  // A week has no written form and is kept as one of its days: that "last week" was said only the words tell.
  if (occurred_at?.length === 10 && week.test(text)) {
    const phrases = findTimePhrases(text, { now: Date.parse(said_at), zone, prefer: 'tense' });
    const stretch = phrases.find(({ day }) => day === occurred_at);
    if (stretch) return stretch.span;
  }
  return spanOf(occurred_at ?? said_at, zone);
}
