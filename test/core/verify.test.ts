import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.js';
import { unite } from '../../src/core/merge/unite.js';
import { auditLog, indexFlaws, type LogLine } from '../../src/core/verify.js';
import { folded, forks, hashId } from './arbitrary-events.js';

/** What an event says beside its place in the log. */
type Said = { event: Event['event'] | 'FUTURE'; [field: string]: unknown };

const state = (text: string, more: object = {}) => ({ text, kind: 'observation', said_at: '2024-01-01T00:00:00.000Z', ...more });
const add = (id: string, text = id, more: object = {}): Said => ({
  event: 'ADD',
  memory_id: id,
  revision: 1,
  base: 0,
  state: state(text, more),
});
const update = (id: string, revision: number, base = revision - 1): Said => ({
  event: 'UPDATE',
  memory_id: id,
  revision,
  base,
  state: state(`${id} ${revision}`),
});
const remove = (id: string, revision = 1): Said => ({ event: 'DELETE', memory_id: id, revision, base: revision });
const eraseOf = (id: string, revision = 1): Said => ({ ...remove(id, revision), event: 'ERASE' });
const restore = (id: string, revision: number, restored = 1, base = revision - 1): Said => ({
  ...update(id, revision, base),
  event: 'RESTORE',
  restored,
});
const received: Said = { event: 'RECEIVED', input: { form: 'content', turns: [], infer: true, kind: 'observation', at: '' } };
const confirm = (id: string, revision = 1): Said => ({ event: 'CONFIRM', memory_id: id, revision });

/** Lines from the second on, a batch each; event ids count up from e1 and times by a second. */
function log(...said: (Said | Said[])[]): LogLine[] {
  let seq = 0;
  return said.flatMap((batch) => {
    const events = Array.isArray(batch) ? batch : [batch];
    const first = `e${seq + 1}`;
    return events.map((each, index) => {
      seq += 1;
      const place = { seq, event_id: `e${seq}`, call_id: 'call', batch: first, at: new Date(seq * 1000).toISOString(), device: 'desk' };
      const end = index === events.length - 1 ? { end: true } : {};
      return { line: seq + 1, event: { ...place, ...end, ...each } as unknown as Event };
    });
  });
}

function flawsOf(lines: LogLine[], replaced = false): string[] {
  return auditLog(lines, { replaced }).flaws.map(({ line, text }) => `${line}: ${text}`);
}

/** The lines with one of them changed. */
function changed(lines: LogLine[], line: number, fields: object): LogLine[] {
  return lines.map((each) => (each.line === line ? { line, event: { ...each.event, ...fields } as Event } : each));
}

const life = log(
  [received, { ...add('a'), source: { input_id: 'e1' } }, { event: 'PROCESSED', input_id: 'e1' }],
  confirm('a'),
  update('a', 2),
  remove('a', 2),
  restore('a', 3),
  { event: 'FUTURE', memory_id: 'a', anything: 1 },
  [add('b'), eraseOf('b')],
);

describe('an audit of a log', () => {
  it('finds nothing where nothing is wrong, and tells what is live', () => {
    for (const replaced of [false, true]) {
      const { flaws, events, live } = auditLog(life, { replaced });
      expect(flaws).toEqual([]);
      expect(events).toBe(10);
      expect(live).toEqual(new Map([['a', 3]]));
    }
    expect(flawsOf([])).toEqual([]);
  });

  it.each<[string, LogLine[], string[]]>([
    [
      'a batch that lost its last line',
      log([received, add('a')], add('b')).filter(({ line }) => line !== 3),
      ['2: the batch that begins here is not complete: line 2 does not count', '4: events 1 to 2 are missing before this line'],
    ],
    [
      'a batch that lost its first line',
      log(add('x'), [received, add('a')]).filter(({ line }) => line !== 3),
      ['4: the first line of batch e2 is missing: line 4 does not count'],
    ],
    [
      'a batch that lost a line between',
      log([received, add('a'), add('b')]).filter(({ line }) => line !== 3),
      ['2: the numbers of batch e1 have a gap: lines 2 to 4 do not count'],
    ],
    [
      'an end that is not there',
      log(add('x'), [add('a'), add('b')]).slice(0, 2),
      ['3: the batch that begins here is not complete: line 3 does not count'],
    ],
    [
      'a line that is no event',
      log(add('a'), [add('b'), add('c'), add('d')]).map((each) => (each.line === 4 ? { line: 4, event: undefined } : each)),
      [
        '3: the batch that begins here is not complete: line 3 does not count',
        '5: the first line of batch e2 is missing: line 5 does not count',
      ],
    ],
    [
      'lost batches',
      log(add('a'), add('b'), add('c'), add('d')).filter(({ line }) => line !== 3 && line !== 4),
      ['5: events 2 to 3 are missing before this line'],
    ],
    [
      'a doubled batch',
      [...log(add('a'), add('b')), { line: 4, event: log(add('a'), add('b'))[1]?.event }],
      ['4: number 2 was given before: line 4 does not count'],
    ],
    [
      'a doubled line inside of a batch',
      log([add('a'), add('b')]).flatMap((each, index) => (index === 0 ? [each, { ...each, line: 99 }] : [each])),
      ['99: event e1 stands above already'],
    ],
    ['a doubled event_id', changed(log(add('a'), add('b')), 3, { event_id: 'e1', batch: 'e1' }), ['3: event e1 stands in line 2 already']],
    [
      'a time that runs backwards',
      changed(log(add('a'), add('b'), add('c')), 3, { at: '1969-01-01T00:00:00.000Z' }),
      ['3: its time 1969-01-01T00:00:00.000Z lies before 1970-01-01T00:00:01.000Z'],
    ],
  ])('names %s', (_, lines, flaws) => {
    expect(flawsOf(lines)).toEqual(flaws);
  });

  it.each<[string, LogLine[], string]>([
    ['an ADD of a known memory', log(add('a'), { ...add('a'), state: state('other') }), '3: memory a is added again'],
    ['an ADD of another revision', log({ ...add('a'), revision: 2 }), '2: memory a begins with revision 2 on 0, not with 1 on 0'],
    ['a change of an unknown memory', log(update('a', 2)), '2: UPDATE of memory a, which was never added'],
    ['a revision that was left out', log(add('a'), update('a', 3, 1)), '3: memory a should have revision 2 here, not 3'],
    ['a base that never was', log(add('a'), update('a', 2, 2)), '3: memory a is changed on revision 2, but 1 was current'],
    [
      'a DELETE of another revision',
      log(add('a'), update('a', 2), { ...remove('a', 1), base: 2 }),
      '4: memory a should have revision 2 here, not 1',
    ],
    [
      'a RESTORE of a revision that never was',
      log(add('a'), restore('a', 2, 7)),
      '3: memory a is brought back to revision 7, which it never had',
    ],
    ['a CONFIRM of an unknown memory', log(confirm('a')), '2: CONFIRM of memory a, which was never added'],
    ['words of an unknown input', log({ ...add('a'), source: { input_id: 'e9' } }), '2: it came from input e9, which is not above'],
    ['a PROCESSED without its RECEIVED', log({ event: 'PROCESSED', input_id: 'e9' }), '2: PROCESSED of input e9, which is not above'],
    [
      'two live memories that say the same',
      log(add('a', 'I like tea.'), add('b', 'i like  TEA')),
      '3: memory b says the same as memory a in line 2',
    ],
  ])('names %s, whether the log was replaced or not', (_, lines, flaw) => {
    for (const replaced of [false, true]) expect(flawsOf(lines, replaced)).toEqual([flaw]);
  });

  it.each<[string, LogLine[], string]>([
    [
      'a change on an older revision',
      log(add('a'), update('a', 2), update('a', 3, 1)),
      '4: memory a is changed on revision 1, but 2 was current',
    ],
    ['a change of a forgotten memory', log(add('a'), remove('a'), update('a', 2)), '4: UPDATE of memory a, which is forgotten'],
    ['a change of an erased memory', log(add('a'), eraseOf('a'), update('a', 2)), '4: UPDATE of memory a, which is erased'],
    ['a memory that is forgotten twice', log(add('a'), remove('a'), remove('a')), '4: DELETE of memory a, which is forgotten'],
    [
      'a CONFIRM of a forgotten memory',
      log(add('a'), remove('a'), confirm('a')),
      '4: CONFIRM of revision 1 of memory a, which is forgotten at 1',
    ],
    [
      'an input that was processed twice',
      log(received, { event: 'PROCESSED', input_id: 'e1' }, { event: 'PROCESSED', input_id: 'e1' }),
      '4: input e1 was processed in line 3 already',
    ],
  ])('names %s, which only a merge may bring about', (_, lines, flaw) => {
    expect(flawsOf(lines)).toEqual([flaw]);
    expect(flawsOf(lines, true)).toEqual([]);
  });

  it('lets a statement come again when the one before had expired, or was retired or erased', () => {
    const expired = { expires_at: '1970-01-01T00:00:02.000Z' };
    expect(flawsOf(log(add('a', 'tea', expired), add('b', 'tea')))).toEqual([]);
    expect(flawsOf(log(add('a', 'tea', { expires_at: '1970-01-01T00:00:03.000Z' }), add('b', 'tea')))).toHaveLength(1);
    expect(flawsOf(log(add('a', 'tea'), [remove('a'), add('b', 'tea')]))).toEqual([]);
    expect(flawsOf(log(add('a', ''), add('b', ''), eraseOf('a'), eraseOf('b')))).toEqual([]);
  });

  it('tells what was attached to the inputs that wait', () => {
    const attached = (hash: string): Said => ({
      ...received,
      input: { turns: [{ role: 'user', content: '', attachments: [{ hash, mime_type: 'image/png', bytes: 1 }] }] },
    });
    const { awaited } = auditLog(log([attached('a'), { event: 'PROCESSED', input_id: 'e1' }], attached('b'), received), {
      replaced: false,
    });
    expect(awaited).toEqual([{ line: 4, hash: 'b' }]);
  });

  it('keeps an erased memory erased, whatever a merge put behind it', () => {
    expect(auditLog(log(add('a'), eraseOf('a'), update('a', 2)), { replaced: true }).live).toEqual(new Map());
  });
});

describe('an audit of any history', () => {
  /** What is wrong with the events of a log, and whether it tells the same memories as live as the fold does. */
  function examined(events: Event[], replaced: boolean) {
    const { flaws, live } = auditLog(
      events.map((event, index) => ({ line: index + 2, event })),
      { replaced },
    );
    const believed = [...folded(events).memories.values()].filter(({ status }) => status === 'live');
    return { flaws, isSame: indexFlaws(live, new Map(believed.map(({ id, revision }) => [id, revision]))).length === 0 };
  }
  const sound = { flaws: [], isSame: true };

  it('finds nothing in one that was lived, nor in what a merge makes of two', () => {
    fc.assert(
      fc.property(forks(2), ([ours = [], theirs = []]) => {
        for (const side of [ours, theirs]) expect(examined(side, false)).toEqual(sound);
        expect(examined(unite(ours, theirs, hashId), true)).toEqual(sound);
      }),
      { numRuns: 200 },
    );
  });
});

describe('an index', () => {
  it('is compared with what is live, on both sides', () => {
    const live = new Map([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    expect(indexFlaws(live, new Map(live))).toEqual([]);
    expect(
      indexFlaws(
        live,
        new Map([
          ['a', 1],
          ['b', 1],
          ['d', 1],
        ]),
      ),
    ).toEqual(['memory b is in it with revision 1, not 2', 'memory c is not in it', 'd is in it and no live memory']);
  });
});
