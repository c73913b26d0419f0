import { describe, expect, it } from 'vitest';
import { KeepsakeError } from '../../src/core/errors.js';
import { compileFilter, type FilterFields } from '../../src/core/filters.js';

const memory: FilterFields = {
  id: 'm1',
  kind: 'observation',
  subject: 'Ann',
  agent_id: ['claude', 'cursor'],
  run_id: ['r1'],
  created_at: '2024-03-09T12:00:00Z',
  said_at: '2024-03-09T12:00:00Z',
  occurred_at: '2024-02',
  metadata: { topic: 'Sea Travel', priority: 3, urgent: true, kind: 'label', 'metadata.odd': 'x' },
};
const matches = (filter: unknown, fields = memory, zone = 'UTC') => compileFilter(filter, { zone })(fields);

function refusal(filter: unknown): string {
  try {
    compileFilter(filter, { zone: 'UTC' });
  } catch (error) {
    if (error instanceof KeepsakeError && error.code === 'invalid_argument') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('A filter', () => {
  it.each([
    [{}, true],
    [{ kind: 'observation' }, true],
    [{ kind: { eq: 'insight' } }, false],
    [{ kind: 'observation', subject: 'Bob' }, false],
    [{ kind: { ne: 'insight', in: ['observation', 'procedure'] } }, true],
    [{ id: { nin: ['m2', 'm3'] } }, true],
    [{ pinned: false }, true],
    [{ pinned: true }, false],
    [{ and: [{ kind: 'observation' }, { subject: 'Ann' }] }, true],
    [{ or: [{ kind: 'insight' }, { subject: 'Ann' }] }, true],
    [{ or: [{ kind: 'insight' }], subject: 'Ann' }, false],
    [{ not: { subject: 'Ann' } }, false],
    [{ not: { or: [{ subject: 'Bob' }, { kind: 'insight' }] } }, true],
  ])('%j gives %s', (filter, expected) => {
    expect(matches(filter)).toBe(expected);
  });

  it.each([
    [{ priority: { gte: 3 } }, true],
    [{ priority: { gt: 3 } }, false],
    [{ priority: { lt: 3.5, gt: 2 } }, true],
    [{ urgent: true }, true],
    [{ topic: { contains: 'sea' } }, true],
    [{ topic: { contains: 'SEA T' } }, true],
    [{ topic: { contains: 'land' } }, false],
    [{ topic: { gt: 'Sea' } }, true],
    [{ 'metadata.kind': 'label' }, true],
    [{ kind: 'label' }, false],
    [{ constructor: { ne: 'x' } }, true],
    [{ toString: { contains: '' } }, false],
  ])('reads metadata: %j gives %s', (filter, expected) => {
    expect(matches(filter)).toBe(expected);
  });

  it.each(['eq', 'gt', 'gte', 'lt', 'lte', 'contains'])('does not match a missing value or one of another type with %s', (operator) => {
    expect(matches({ nothing: { [operator]: 'a' } })).toBe(false);
    expect(matches({ priority: { [operator]: '3' } })).toBe(false);
    expect(matches({ last_recalled_at: { [operator]: '2024' } })).toBe(false);
    expect(matches({ not: { nothing: { [operator]: 'a' } } })).toBe(true);
  });

  it('matches a missing value or one of another type with ne and nin', () => {
    expect(matches({ nothing: { ne: 'a' }, priority: { ne: '3' }, last_recalled_at: { nin: ['2024'] } })).toBe(true);
    expect(matches({ nothing: { in: ['a'] } })).toBe(false);
  });

  it.each([
    [{ agent_id: 'cursor' }, true],
    [{ agent_id: 'other' }, false],
    [{ agent_id: { ne: 'cursor' } }, false],
    [{ agent_id: { ne: 'other' } }, true],
    [{ agent_id: { in: ['other', 'claude'] } }, true],
    [{ agent_id: { nin: ['other', 'claude'] } }, false],
    [{ agent_id: { contains: 'CURS' } }, true],
    [{ run_id: { ne: 'r2' } }, true],
  ])('matches any of several labels: %j gives %s', (filter, expected) => {
    expect(matches(filter)).toBe(expected);
  });

  it.each([
    [{ created_at: { gte: '2024-03-09' } }, true],
    [{ created_at: { gt: '2024-03-09' } }, false],
    [{ created_at: { gt: '2024-03-08' } }, true],
    [{ created_at: { lte: '2024-03-09' } }, true],
    [{ created_at: { lt: '2024-03-09' } }, false],
    [{ created_at: { lt: '2024-03-10' } }, true],
    [{ created_at: { gte: '2024-03', lte: '2024-03' } }, true],
    [{ created_at: '2024-03-09' }, true],
    [{ created_at: { ne: '2024-03-09' } }, false],
    [{ created_at: { in: ['2023', '2024-03'] } }, true],
    [{ created_at: { gte: '2024-03-09T13:00:00+01:00' } }, true],
    [{ created_at: { gt: '2024-03-09T13:00:00+01:00' } }, false],
    [{ created_at: { contains: '03-09' } }, true],
    [{ occurred_at: '2024-02-29' }, true],
    [{ occurred_at: '2024-03-01' }, false],
    [{ occurred_at: { gte: '2024-02-15', lte: '2024-02-20' } }, true],
    [{ occurred_at: { lt: '2024-02-15' } }, false],
  ])('compares times as spans: %j gives %s', (filter, expected) => {
    expect(matches(filter)).toBe(expected);
  });

  it('takes dates in the zone', () => {
    const late = { ...memory, created_at: '2024-03-09T20:00:00Z' };
    expect(matches({ created_at: '2024-03-10' }, late, 'Asia/Shanghai')).toBe(true);
    expect(matches({ created_at: '2024-03-10' }, late, 'UTC')).toBe(false);
  });

  it.each([
    [{ kind: { like: 'x' } }, /filters\.kind has the unknown operator "like"; known are eq, ne, gt, gte, lt, lte, in, nin, contains/],
    [{ kind: ['a'] }, /filters\.kind is a list.*"in"/],
    [{ kind: null }, /filters\.kind\.eq takes one string/],
    [{ kind: {} }, /filters\.kind is empty/],
    [{ kind: { in: 'a' } }, /filters\.kind\.in takes a list/],
    [{ kind: { in: [{}] } }, /filters\.kind\.in takes a list/],
    [{ priority: { gt: Number.NaN } }, /filters\.priority\.gt takes one/],
    [{ created_at: { gte: 'soon' } }, /filters\.created_at\.gte: "soon" is not a time; give ISO 8601/],
    [{ created_at: { gte: 5 } }, /filters\.created_at\.gte compares times/],
    [{ and: { kind: 'a' } }, /filters\.and takes a list/],
    [{ or: [] }, /filters\.or is an empty list/],
    [{ or: ['a'] }, /filters take an object/],
    [{ not: [] }, /filters take an object/],
    ['kind', /filters take an object/],
    [null, /filters take an object/],
  ])('refuses %j and says why', (filter, message) => {
    expect(refusal(filter)).toMatch(message);
  });

  it('is bounded in depth and size', () => {
    const nested = (depth: number): unknown => (depth === 1 ? { kind: 'observation' } : { not: nested(depth - 1) });
    expect(refusal(nested(10))).toBe('accepted');
    expect(refusal(nested(11))).toMatch(/nested deeper than 10/);
    const wide = (count: number) => ({ or: Array.from({ length: count }, () => ({ kind: 'insight' })) });
    expect(refusal(wide(100))).toBe('accepted');
    expect(refusal(wide(101))).toMatch(/more than 100 conditions/);
  });
});
