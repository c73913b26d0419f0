import { expect, it } from 'vitest';
import { relative, shownMoment } from '../../src/cli/moments.js';

it('says in words how long ago something was, or how long it is until then', () => {
  const now = Date.parse('2026-03-09T12:00:00Z');
  const said = (iso: string) => relative(iso, now);
  expect(said('2026-03-09T11:59:30Z')).toBe('just now');
  expect(said('2026-03-09T11:30:00Z')).toBe('30 minutes ago');
  expect(said('2026-03-09T02:00:00+01:00')).toBe('11 hours ago');
  expect(said('2026-03-08T11:00:00Z')).toBe('yesterday');
  expect(said('2026-03-16T12:00:00Z')).toBe('next week');
  expect(said('2024-01-01T00:00:00Z')).toBe('2 years ago');
});

it('shows an instant to the minute in its own offset', () => {
  expect(shownMoment('2026-03-09T12:34:56.789+02:00')).toBe('2026-03-09 12:34');
});
