import { beforeEach, describe, expect, it } from 'vitest';
import { KeepsakeError } from '../../src/core/errors.js';
import type { Event, EventDraft, Origin } from '../../src/core/events.js';
import { type HistoryLog, LogConflict, type Space } from '../../src/core/ports.js';
import { createSpaces, type OpenSpace } from '../../src/core/spaces.js';
import type { SpaceView } from '../../src/core/view.js';
import { openLog, start } from '../store/log-fixtures.js';
import { temporaryHome } from '../support/home.js';

const ann: Space = 'user:ann';
const origin: Origin = { call_id: 'call', client: 'test/1', agent_id: 'helper', run_id: 'monday' };

let home: string;
let made: number;
beforeEach(async () => {
  home = await temporaryHome();
  made = 0;
});

/** A process's view of the space in the home, over a history that a test may tamper with. */
function openSpace(options: { history?: Partial<HistoryLog>; now?: () => number; onChange?: (space: OpenSpace) => void } = {}): OpenSpace {
  const { history = {}, now = Date.now, onChange = () => undefined } = options;
  const own = made;
  made += 1;
  let events = 0;
  return createSpaces({
    history: { ...openLog(home).log, ...history },
    clock: { now },
    ids: {
      memory: () => 'unused',
      event: () => {
        events += 1;
        return `event-${own}-${events}`;
      },
    },
    device: 'desk',
    zone: 'UTC',
    onChange,
  }).open(ann);
}

function addition(text: string): EventDraft {
  return { event: 'ADD', memory_id: text, revision: 1, base: 0, state: { text, kind: 'observation', said_at: '2024-01-01T00:00:00.000Z' } };
}

function add(space: OpenSpace, ...texts: string[]): Promise<string> {
  return space.commit(origin, () => ({ drafts: texts.map(addition), answer: texts.join(' ') }));
}

const textsIn = (view: SpaceView) => [...view.projection.memories.values()].map((memory) => memory.state.text);

async function events(): Promise<Event[]> {
  return (await openLog(home).log.read(ann, start)).events;
}

describe('a commit', () => {
  it('answers once its events are in the log, with their place, time and origin', async () => {
    const space = openSpace({ now: () => Date.parse('2024-05-06T07:08:09.010Z') });
    expect(await add(space, 'tea', 'coffee')).toBe('tea coffee');
    const common = { ...origin, batch: 'event-0-1', at: '2024-05-06T07:08:09.010Z', device: 'desk' };
    expect(await events()).toEqual([
      { ...addition('tea'), ...common, seq: 1, event_id: 'event-0-1' },
      { ...addition('coffee'), ...common, seq: 2, event_id: 'event-0-2', end: true },
    ]);
    expect(await space.read(textsIn)).toEqual(['tea', 'coffee']);
  });

  it('shares one write with those that wait at the same time, each a batch of its own', async () => {
    const { log } = openLog(home);
    let writes = 0;
    const space = openSpace({
      history: {
        append: (...given) => {
          writes += 1;
          return log.append(...given);
        },
      },
    });
    const names = Array.from({ length: 20 }, (_, index) => `fact ${index}`);
    expect(await Promise.all(names.map((name) => add(space, name, `${name} more`)))).toEqual(names.map((name) => `${name} ${name} more`));
    // Whatever else was in line has had its turn after a read.
    await space.read(textsIn);
    expect(writes).toBe(1);
    const written = await events();
    expect(written.map((event) => event.seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(new Set(written.map((event) => event.batch)).size).toBe(20);
    expect(written.filter((event) => event.end)).toHaveLength(20);
  });

  it('shows each decision what those before it in the same write decided', async () => {
    const space = openSpace();
    const addOnce = () =>
      space.commit(origin, (view) => {
        const known = view.projection.memories.has('tea');
        return { drafts: known ? [] : [addition('tea')], answer: known ? 'known' : 'new' };
      });
    expect(await Promise.all([addOnce(), addOnce(), addOnce()])).toEqual(['new', 'known', 'known']);
    expect(await events()).toHaveLength(1);
  });

  it('sees what another process wrote a moment ago', async () => {
    const [here, there] = [openSpace(), openSpace()];
    await add(here, 'tea');
    await add(there, 'coffee');
    expect(await here.commit(origin, (view) => ({ drafts: [], answer: textsIn(view) }))).toEqual(['tea', 'coffee']);
  });

  it('whose decision fails is alone in that', async () => {
    const space = openSpace();
    const refused = space.commit(origin, () => {
      throw new KeepsakeError('memory_not_found', 'no such memory');
    });
    const [first, last] = [add(space, 'tea'), add(space, 'coffee')];
    await expect(refused).rejects.toMatchObject({ code: 'memory_not_found' });
    expect(await Promise.all([first, last])).toEqual(['tea', 'coffee']);
    expect(await space.read(textsIn)).toEqual(['tea', 'coffee']);
  });

  it('is decided anew when another writer came first, and counts once', async () => {
    const { log } = openLog(home);
    let conflicts = 2;
    const space = openSpace({
      history: {
        append: async (name, from, decide) => {
          if (conflicts === 0) return log.append(name, from, decide);
          conflicts -= 1;
          await log.read(name, from).then(decide);
          throw new LogConflict();
        },
      },
    });
    await add(openSpace(), 'before');
    let decisions = 0;
    const decide = (view: SpaceView) => {
      decisions += 1;
      return { drafts: [addition('tea')], answer: textsIn(view) };
    };
    const [one, two] = await Promise.all([space.commit(origin, decide), add(space, 'coffee')]);
    expect(one).toEqual(['before']);
    expect(two).toBe('coffee');
    expect(decisions).toBe(3);
    expect(await space.read(textsIn)).toEqual(['before', 'tea', 'coffee']);
    expect(await events()).toHaveLength(3);
  });

  it('gives up when it never comes first', async () => {
    const space = openSpace({ history: { append: () => Promise.reject(new LogConflict()) } });
    await expect(add(space, 'tea')).rejects.toThrow(LogConflict);
    expect(await space.read(textsIn)).toEqual([]);
  });
});

describe('events that are not on the disk yet', () => {
  it('are seen by no reader, and leave no trace when the write fails', async () => {
    const { log } = openLog(home);
    let fail: (error: Error) => void = () => undefined;
    let staged: () => void = () => undefined;
    const isStaged = new Promise<void>((resolve) => {
      staged = resolve;
    });
    const broken = new Promise<never>((_, reject) => {
      fail = reject;
    });
    let disk: 'broken' | 'sound' = 'broken';
    const space = openSpace({
      history: {
        append: async (name, from, decide) => {
          if (disk === 'sound') return log.append(name, from, decide);
          decide(await log.read(name, from));
          staged();
          return broken;
        },
      },
    });
    await add(openSpace(), 'before');
    const write = add(space, 'tea');
    await isStaged;
    const read = space.read(textsIn);
    fail(new KeepsakeError('log_unavailable', 'the disk is full'));
    await expect(write).rejects.toMatchObject({ code: 'log_unavailable' });
    expect(await read).toEqual(['before']);
    disk = 'sound';
    await add(space, 'coffee');
    expect(await space.read(textsIn)).toEqual(['before', 'coffee']);
    expect(await space.read((view) => view.lexical.size)).toBe(2);
    expect((await events()).map((event) => event.seq)).toEqual([1, 2]);
  });

  it('leave no trace either when others have written as much meanwhile', async () => {
    const { log } = openLog(home);
    const space = openSpace({
      history: {
        append: async (name, from, decide) => {
          decide(await log.read(name, from));
          throw new KeepsakeError('log_unavailable', 'the disk is full');
        },
      },
    });
    await add(openSpace(), 'before');
    await expect(add(space, 'tea')).rejects.toMatchObject({ code: 'log_unavailable' });
    await add(openSpace(), 'coffee');
    expect(await space.read(textsIn)).toEqual(['before', 'coffee']);
  });

  it('fail every call that waited for the same write, whether or not the lock was reached', async () => {
    const unavailable = new KeepsakeError('log_unavailable', 'the folder is gone');
    const space = openSpace({ history: { append: () => Promise.reject(unavailable) } });
    const outcomes = await Promise.allSettled([add(space, 'tea'), add(space, 'coffee'), add(space, 'milk')]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([unavailable, unavailable, unavailable]);
  });
});

describe('times', () => {
  it('never run backwards in a log, whatever the clock does or another machine wrote', async () => {
    const clock = ['2024-05-06T10:00:00.000Z', '2024-05-06T09:00:00.000Z', '2024-05-06T11:00:00.000Z'].map((text) => Date.parse(text));
    const space = openSpace({ now: () => clock.shift() ?? 0 });
    for (const text of ['a', 'b', 'c']) await add(space, text);
    await add(openSpace({ now: () => Date.parse('2024-05-06T08:00:00Z') }), 'd');
    expect((await events()).map((event) => event.at)).toEqual([
      '2024-05-06T10:00:00.000Z',
      '2024-05-06T10:00:00.000Z',
      '2024-05-06T11:00:00.000Z',
      '2024-05-06T11:00:00.000Z',
    ]);
  });
});

describe('a read', () => {
  it('follows what other processes append, in projection and words', async () => {
    const [here, there] = [openSpace(), openSpace()];
    expect(await here.read(textsIn)).toEqual([]);
    await add(there, 'tea');
    expect(await here.read(textsIn)).toEqual(['tea']);
    await there.commit(origin, () => ({ drafts: [{ event: 'DELETE', memory_id: 'tea', revision: 1, base: 1 }], answer: undefined }));
    expect(await here.read((view) => view.projection.memories.get('tea')?.status)).toBe('forgotten');
    expect(await here.read((view) => view.lexical.size)).toBe(0);
  });

  it('can see the space as it was up to an earlier event, whatever the clock did since', async () => {
    const space = openSpace({ now: () => Date.parse('2024-01-01T00:00:00.000Z') });
    await add(space, 'tea');
    await add(space, 'coffee');
    await space.commit(origin, () => ({ drafts: [{ event: 'DELETE', memory_id: 'tea', revision: 1, base: 1 }], answer: undefined }));
    const sizes = () => Promise.all([0, 1, 2, 3].map((each) => space.readUpTo(each, (then) => then.lexical.size)));
    expect(await sizes()).toEqual([0, 1, 2, 1]);
    await add(space, 'milk');
    expect(await sizes()).toEqual([0, 1, 2, 1]);
    expect(await space.readUpTo(2, (then, current) => [then.lexical.size, current.lexical.size])).toEqual([2, 2]);
  });

  it('of the past knows nothing more of what was erased since, however the space was loaded', async () => {
    const { log } = openLog(home);
    let failing = false;
    const append: HistoryLog['append'] = (name, from, decide) =>
      log.append(name, from, (missed) => {
        if (failing) throw new KeepsakeError('log_unavailable', 'full');
        return decide(missed);
      });
    const space = openSpace({ history: { ...log, append } });
    await add(space, 'tea');
    await add(space, 'coffee');
    const then = () => space.readUpTo(1, (view) => [textsIn(view), view.lexical.size]);
    expect(await then()).toEqual([['tea'], 1]);
    await openSpace().rewrite(() => ({
      answer: undefined,
      rewriting: { events: (all) => all.map((event) => ('state' in event ? { ...event, state: { ...event.state, text: '' } } : event)) },
    }));
    // A write that fails makes the space load its log anew.
    failing = true;
    await expect(add(space, 'milk')).rejects.toMatchObject({ code: 'log_unavailable' });
    expect(await then()).toEqual([[''], 1]);
  });

  it('gives events by their numbers, in the order asked for, and leaves out those that are not there', async () => {
    const space = openSpace();
    for (const text of ['tea', 'coffee', 'milk']) await add(space, text);
    const events = await space.events([3, 1, 9, 2, 0]);
    expect(events.map(({ seq }) => seq)).toEqual([3, 1, 2]);
    expect(events.map((event) => 'state' in event && event.state.text)).toEqual(['milk', 'tea', 'coffee']);
    await openSpace().rewrite(() => ({ answer: undefined, rewriting: { events: (all) => all.map((event) => ({ ...event })) } }));
    expect((await space.events([2])).map(({ seq }) => seq)).toEqual([2]);
  });

  it('tells of a change once, and of none when nothing was appended', async () => {
    let changes = 0;
    const space = openSpace({
      onChange: () => {
        changes += 1;
      },
    });
    await space.read(textsIn);
    expect(changes).toBe(0);
    await add(openSpace(), 'tea');
    await space.read(textsIn);
    await space.read(textsIn);
    expect(changes).toBe(1);
  });

  it('that could not be taken in whole is taken in anew', async () => {
    const { log } = openLog(home);
    let isBroken = false;
    const space = openSpace({
      history: {
        async read(...given) {
          const reading = await log.read(...given);
          const broken = reading.events.map((event) => ('state' in event ? ({ ...event, state: undefined } as unknown as Event) : event));
          return isBroken ? { ...reading, events: broken } : reading;
        },
      },
    });
    const other = openSpace();
    await add(other, 'tea');
    await space.read(textsIn);
    const confirmation: EventDraft = { event: 'CONFIRM', memory_id: 'tea', revision: 1 };
    await other.commit(origin, () => ({ drafts: [confirmation, addition('milk')], answer: undefined }));
    isBroken = true;
    await expect(space.read(textsIn)).rejects.toThrow(TypeError);
    isBroken = false;
    expect(await space.read(textsIn)).toEqual(['tea', 'milk']);
    expect(await space.read((view) => view.projection.memories.get('tea')?.notes)).toEqual([2]);
  });

  it('fails with the log and works again with it', async () => {
    const { log } = openLog(home);
    let isThere = false;
    const space = openSpace({
      history: { read: (...given) => (isThere ? log.read(...given) : Promise.reject(new KeepsakeError('log_unavailable', 'gone'))) },
    });
    await add(openSpace(), 'tea');
    await expect(space.read(textsIn)).rejects.toMatchObject({ code: 'log_unavailable' });
    isThere = true;
    expect(await space.read(textsIn)).toEqual(['tea']);
  });
});

describe('a rewrite', () => {
  it('blanks lines and appends in one stroke, and every view follows', async () => {
    const [here, there] = [openSpace(), openSpace()];
    await add(here, 'tea');
    await add(here, 'coffee');
    await there.read(textsIn);
    const answer = await here.rewrite((view) => ({
      answer: view.projection.memories.size,
      rewriting: {
        events: (events, place) => [
          ...events.map((event) =>
            event.event === 'ADD' && event.memory_id === 'tea' ? { ...event, state: { ...event.state, text: '' } } : event,
          ),
          ...place(origin, [{ event: 'ERASE', memory_id: 'tea', revision: 1, base: 1 }]),
        ],
      },
    }));
    expect(answer).toBe(2);
    for (const space of [here, there]) {
      expect(await space.read(textsIn)).toEqual(['', 'coffee']);
      expect(await space.read((view) => view.projection.memories.get('tea')?.status)).toBe('erased');
      expect(await space.read((view) => view.projection.position)).toEqual({ generation: 2, sequence: 3 });
    }
    await add(there, 'milk');
    expect(await here.read(textsIn)).toEqual(['', 'coffee', 'milk']);
  });

  it('that decides on nothing changes nothing', async () => {
    const space = openSpace();
    await add(space, 'tea');
    expect(await space.rewrite(() => ({ answer: 'nothing' }))).toBe('nothing');
    expect(await space.read((view) => view.projection.position.generation)).toBe(1);
  });
});
