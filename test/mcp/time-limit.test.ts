import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTimeLimit } from '../../src/mcp/time-limit.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('a time limit does not count while somebody is waited for, and begins anew afterwards', async () => {
  const limit = createTimeLimit(1000);
  vi.advanceTimersByTime(999);
  await limit.pausedFor(async () => vi.advanceTimersByTime(5000));
  vi.advanceTimersByTime(999);
  expect(limit.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(limit.signal.reason).toMatchObject({ name: 'TimeoutError' });
});

it('a time limit that ended while somebody was waited for stays ended', async () => {
  const limit = createTimeLimit(1000);
  await limit.pausedFor(async () => limit.end());
  vi.advanceTimersByTime(5000);
  expect(limit.signal.aborted).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});
