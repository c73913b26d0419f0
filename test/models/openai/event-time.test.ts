import { describe, expect, it } from 'vitest';
import { checkedEventTime, withWeekday } from '../../../src/models/openai/event-time.js';

const at = '2024-03-08T20:10:00+08:00';

describe('an event time of a model', () => {
  it.each(['2024', '2024-03', '2024-02-29', '2024-03-09T15:00:00+08:00', '2024-03-09T15:00Z'])('%s is kept', (written) => {
    expect(checkedEventTime(written, at)).toBe(written);
  });

  it.each(['soon', '2024-13', '2023-02-29', '2024-04-31', '2024-3-9', '2024-03-09T25:00', '2024-03-09T10:61', '', '03/09/2024'])(
    '%j is dropped',
    (written) => {
      expect(checkedEventTime(written, at)).toBeUndefined();
    },
  );

  it('gets the offset of when it was said where it has none', () => {
    expect(checkedEventTime('2024-03-09 15:00', at)).toBe('2024-03-09T15:00+08:00');
    expect(checkedEventTime('2024-03-09T15:00:00', '2024-03-08T12:00:00Z')).toBe('2024-03-09T15:00:00Z');
  });
});

it('the weekday is that of the offset the time is written in', () => {
  expect(withWeekday('2024-03-09T00:30:00+08:00')).toBe('Saturday 2024-03-09T00:30:00+08:00');
});
