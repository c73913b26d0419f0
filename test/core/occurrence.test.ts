import { describe, expect, it } from 'vitest';
import { occurrenceOf } from '../../src/core/occurrence.js';

const said_at = '2026-03-11T10:00:00.000Z';

/** First and last day of what a memory is of. */
function daysOf(text: string, occurred_at?: string): string {
  const { start, end } = occurrenceOf({ text, kind: 'observation', said_at, ...(occurred_at && { occurred_at }) }, 'UTC');
  return [start, end - 1].map((ms) => new Date(ms).toISOString().slice(0, 10)).join('..');
}

describe('The time that a memory is of', () => {
  it('is the whole week where its words name one, of which a day alone is kept', () => {
    expect(daysOf('I went hiking last week.', '2026-03-02')).toBe('2026-03-02..2026-03-08');
    expect(daysOf('我上周去爬山了。', '2026-03-02')).toBe('2026-03-02..2026-03-08');
    expect(daysOf('I went hiking last weekend.', '2026-03-07')).toBe('2026-03-07..2026-03-08');
    expect(daysOf('I went hiking two weeks ago.', '2026-02-25')).toBe('2026-02-22..2026-02-28');
  });

  it('is the date that is kept, where that is another one', () => {
    expect(daysOf('I went hiking last week.', '2026-03-04')).toBe('2026-03-04..2026-03-04');
    expect(daysOf('I met Ann on Friday of last week.', '2026-03-06')).toBe('2026-03-06..2026-03-06');
    expect(daysOf('I moved to Lyon in May.', '2025-05')).toBe('2025-05-01..2025-05-31');
  });

  it('is when it was said, where nothing else is known', () => {
    expect(daysOf('I like tea.')).toBe('2026-03-11..2026-03-11');
  });
});
