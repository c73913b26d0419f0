import { describe, expect, it } from 'vitest';
import { findTimePhrases, withoutPhrases } from '../../../src/core/time/phrases.js';
import { now, read } from './read-phrases.js';

describe('Phrases of time', () => {
  it('reads a bare date back in time, forward after words of the future, and as near as asked for', () => {
    expect(read('what was on Friday')).toContain('2024-03-08');
    expect(read('what will be on Friday')).toContain('2024-03-15');
    expect(read('on May 3')).toContain('2023-05-03');
    expect(read('on May 3', { prefer: 'future' })).toContain('2024-05-03');
    expect(read('on May 3', { prefer: 'nearest' })).toContain('2024-05-03');
    expect(read('on December 24', { prefer: 'nearest' })).toContain('2023-12-24');
  });

  it('takes days of the zone, also where the clock changes', () => {
    expect(read('today', { now: Date.parse('2024-03-13T20:00:00Z'), zone: 'Asia/Shanghai' })).toContain('2024-03-14');
    const [day] = findTimePhrases('2024-03-31', { now, zone: 'Europe/Berlin' });
    expect((day?.span.end ?? 0) - (day?.span.start ?? 0)).toBe(23 * 3_600_000);
  });

  it('are none where a count is no number', () => {
    expect(read('三一天前')).toBe('');
    expect(read('an couple of days ago')).toBe('[couple of days ago] 2024-03-11..2024-03-12 2024-03-11');
  });
});

describe('Numbers that are no day', () => {
  it.each(['0号', '3月0日', '上个月0号', '三月三一日', 'on the 0th.', 'March 0th', 'the 0th of May'])('%j stands for none', (text) => {
    expect(findTimePhrases(text, { now: 0, zone: 'UTC' }).filter(({ precision }) => precision === 'day')).toEqual([]);
  });
});

describe('Time phrases in long texts', () => {
  // biome-ignore format: a line reads better
  const parts = [
    'today ', '1 ', 'may ', 'in the ', '一', '2024-', '每', '  ', '3 days ', 'a', 'in a day did ', 'two days before ', 'the first monday ',
    'before christmas ', '春节前', '2024年', '第一', '上', 'the early ',
  ];
  it.each(parts)('stay bounded in 200,000 characters of "%s"', (part) => {
    expect(findTimePhrases(part.repeat(200_000 / part.length), { now, zone: 'UTC' }).length).toBeLessThanOrEqual(1000);
  });

  it('can be taken out', () => {
    const text = 'What did Ann do last week and on Friday?';
    expect(withoutPhrases(text, findTimePhrases(text, { now, zone: 'UTC' }))).toBe('What did Ann do   and on  ?');
  });
});
