import { describe, expect, it } from 'vitest';
import { createLexicalIndex, type LexicalDocument } from '../../../src/core/ranking/lexical-index.js';
import { asksOnlyTime, windowShares } from '../../../src/core/ranking/time-arm.js';
import { weights } from '../../../src/core/ranking/weights.js';
import { spanOf } from '../../../src/core/time/instants.js';

const day = 24 * 60 * 60 * 1000;
const on = (date: string) => spanOf(date, 'UTC');
const march = on('2024-03');

/** How far each of some memories lies in the windows. */
function shares(documents: Partial<LexicalDocument>[], windows = [march], zone = 'UTC'): number[] {
  const index = createLexicalIndex();
  for (const [order, document] of documents.entries()) index.add(`m${order}`, { text: 'Rain.', order: 2 * order, ...document });
  return [...windowShares(index, windows, zone)];
}

describe('A window of time', () => {
  it('holds what overlaps it, ends included, and nothing of the moment at which it is over', () => {
    const instant = (at: number) => ({ span: { start: at, end: at + 1 }, dated: true });
    expect(shares([{ span: on('2024'), dated: true }, { span: on('2024-03-31') }, instant(march.start), instant(march.end - 1)])).toEqual([
      1, 1, 1, 1,
    ]);
    expect(shares([instant(march.start - 1), instant(march.end), {}])).toEqual([0, 0, 0]);
  });

  it('fades for what was said in the days after it, not for what happened then', () => {
    const later = (days: number, more: object = {}) => {
      const start = march.end + days * day;
      return { span: { start, end: start + 1 }, ...more };
    };
    const faded = shares([later(0), later(3), later(6), later(9), later(3, { dated: true })]);
    expect(faded).toEqual([1, expect.closeTo(2 / 3), expect.closeTo(1 / 3), 0, 0]);
    expect(weights.windowFade).toBe(9 * day);
    expect(shares([{ span: { start: march.start - day, end: march.start - day + 1 } }])).toEqual([0]);
  });

  it('is the nearest of several', () => {
    const january = on('2024-01');
    const said = [{ span: on('2024-02-04') }, { span: on('2024-01-04') }, { span: on('2024-03-04') }];
    const [between = 0, ...inside] = shares(said, [january, march]);
    expect(between).toBeCloseTo(2 / 3);
    expect(inside).toEqual([1, 1]);
    expect(shares(said, [march, january])).toEqual(shares(said, [january, march]));
  });

  it('holds each day of what recurs, as the days begin in the zone', () => {
    const birthday = { span: spanOf('2020-03-31', 'Asia/Tokyo'), dated: true, recurs: 'yearly' as const };
    expect(shares([birthday], [spanOf('2024-03-30', 'Asia/Tokyo')], 'Asia/Tokyo')).toEqual([0]);
    expect(shares([birthday], [spanOf('2024-03-31', 'Asia/Tokyo')], 'Asia/Tokyo')).toEqual([1]);
    expect(shares([birthday], [spanOf('2024-04-01', 'Asia/Tokyo')], 'Asia/Tokyo')).toEqual([0]);
  });

  it('knows nothing of a memory that was removed', () => {
    const index = createLexicalIndex();
    index.add('m', { text: 'Rain.', order: 1, span: on('2024-03-03') });
    index.remove('m');
    expect([...windowShares(index, [march], 'UTC')]).toEqual([0]);
  });
});

describe('A query asks for nothing but a time', () => {
  const index = createLexicalIndex();
  index.add('m', { text: 'Rain.', order: 1, subject: 'Ann Lee' });

  it.each([
    'what did I do',
    'What happened to Ann?',
    'what did Ann Lee do',
    'where did I go',
    'where have I been',
    'which places did we visit',
    '我做了什么',
    '去了哪里',
    '我去过哪些地方',
    '我干了啥',
    '的事',
    '',
  ])('where it goes on %j', (rest) => {
    expect(asksOnlyTime(rest, index)).toBe(true);
  });

  it.each([
    'what did I cook',
    'what did Bob do',
    'where did I go skiing',
    'how often did I visit the dentist',
    '我吃了什么',
    '我去了哪些博物馆',
    '我的故事',
    '地铁',
    '过敏',
    'ERR-42',
  ])('and not where it goes on %j', (rest) => {
    expect(asksOnlyTime(rest, index)).toBe(false);
  });
});
