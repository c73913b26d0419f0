import { describe, expect, it } from 'vitest';
import { scanLog } from '../../src/store/log-scan.js';
import { batchOf, linesOf, textsOf } from './log-fixtures.js';

function scan(lines: string, sequence = 0, firstLine = 2) {
  return scanLog(Buffer.from(lines), sequence, firstLine);
}

describe('a stretch of a log', () => {
  const whole = linesOf([...batchOf(1, ['a', 'b']), ...batchOf(3, ['c'])]);

  it('gives the events of its batches, with their places', () => {
    const { events, places, sequence, end, problems } = scan(whole);
    expect(textsOf(events)).toEqual(['a', 'b', 'c']);
    expect(sequence).toBe(3);
    expect(end).toBe(whole.length);
    expect(problems).toEqual([]);
    expect(places.map((place) => whole.slice(place.start, place.end))).toEqual(whole.split(/(?<=\n)/));
  });

  it('counts no batch before its last line is there, wherever it is cut off', () => {
    const first = linesOf(batchOf(1, ['a', 'b']));
    for (let length = 0; length < first.length; length += 1) {
      expect(scan(first.slice(0, length))).toMatchObject({ events: [], sequence: 0, end: 0, problems: [] });
    }
  });

  it('keeps byte places where the text is not ASCII', () => {
    const lines = linesOf([...batchOf(1, ['上海 🎉']), ...batchOf(2, ['Zürich'])]);
    const { events, end } = scan(lines);
    expect(textsOf(events)).toEqual(['上海 🎉', 'Zürich']);
    expect(end).toBe(Buffer.byteLength(lines));
  });

  it('ignores a batch that expected an earlier place: its writer had lost the lock', () => {
    const { events, sequence, problems } = scan(whole + linesOf(batchOf(2, ['late', 'later'], 'stale')) + linesOf(batchOf(4, ['d'])));
    expect(textsOf(events)).toEqual(['a', 'b', 'c', 'd']);
    expect(sequence).toBe(4);
    expect(problems).toEqual([]);
  });

  it('leaves a stale batch at the end out of what is written', () => {
    expect(scan(whole + linesOf(batchOf(3, ['late'], 'stale'))).end).toBe(whole.length);
  });

  it('reports events that are missing and counts those that follow', () => {
    const { events, sequence, problems } = scan(whole + linesOf(batchOf(7, ['g'])));
    expect(textsOf(events)).toEqual(['a', 'b', 'c', 'g']);
    expect(sequence).toBe(7);
    expect(problems).toEqual(['events 4 to 6 are missing before line 5']);
  });

  it('reports a garbage line and leaves out the batch around it', () => {
    const [head = '', tail = ''] = linesOf(batchOf(4, ['d', 'e'])).split(/(?<=\n)/);
    for (const garbage of ['\0\0\0\n', 'null\n', '{"event":"ADD"}\n', `${head.slice(0, 40)}\n`]) {
      const { events, problems } = scan(`${whole}${head}${garbage}${tail}${linesOf(batchOf(6, ['f']))}`);
      expect(textsOf(events)).toEqual(['a', 'b', 'c', 'f']);
      expect(problems).toEqual([
        'line 6 is not an event and is left out',
        'the batch that ends in line 7 is incomplete and is left out',
        'events 4 to 5 are missing before line 8',
      ]);
    }
  });

  it('leaves out a batch that has lost its first or an inner line', () => {
    const lines = linesOf(batchOf(4, ['d', 'e', 'f'])).split(/(?<=\n)/);
    for (const lost of [0, 1]) {
      const { events, problems } = scan(whole + lines.filter((_, index) => index !== lost).join(''));
      expect(textsOf(events)).toEqual(['a', 'b', 'c']);
      expect(problems).toEqual(['the batch that ends in line 6 is incomplete and is left out']);
    }
  });

  it('drops a batch without an end when another one follows', () => {
    const torn = linesOf(batchOf(4, ['d', 'e'], 'torn')).split(/(?<=\n)/)[0];
    expect(textsOf(scan(whole + torn + linesOf(batchOf(4, ['D']))).events)).toEqual(['a', 'b', 'c', 'D']);
  });

  it('keeps events and fields of later versions', () => {
    const [only] = batchOf(4, ['d']);
    const later = { ...only, event: 'TRANSLATE', event_id: 'x', batch: 'x', seq: 4, tongue: 'fr' };
    const richer = { ...batchOf(5, ['e'])[0], mood: 'glad' };
    const { events, problems } = scan(whole + linesOf([later, richer]));
    expect(events.slice(3)).toEqual([later, richer]);
    expect(problems).toEqual([]);
  });

  it('takes an event of this version that lacks what it needs for garbage', () => {
    const { state: _, ...headless } = batchOf(4, ['d'])[0] as Extract<ReturnType<typeof batchOf>[number], { event: 'ADD' }>;
    expect(scan(whole + linesOf([headless])).problems).toEqual(['line 5 is not an event and is left out']);
  });

  it('is read on from where the last look ended', () => {
    const first = linesOf(batchOf(1, ['a', 'b']));
    const rest = scan(whole.slice(first.length), 2, 4);
    expect(textsOf(rest.events)).toEqual(['c']);
    expect(rest.sequence).toBe(3);
  });
});
