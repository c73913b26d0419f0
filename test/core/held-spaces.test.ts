import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventDraft, Origin } from '../../src/core/events.js';
import type { HistoryLog, Space } from '../../src/core/ports.js';
import { createSpaces, type OpenSpace, type Spaces } from '../../src/core/spaces.js';
import type { SpaceView } from '../../src/core/view.js';
import { silentLogger } from '../store/chroma/fixtures.js';
import { openLog } from '../store/log-fixtures.js';
import { temporaryHome } from '../support/home.js';
import { until } from '../support/server.js';

const [ann, bob]: Space[] = ['user:ann', 'user:bob'] as const;
const names: readonly Space[] = ['user:ann', 'user:bob', 'project:kite', 'project:loom'];
const origin: Origin = { call_id: 'call' };

let home: string;
let told: Space[];
let released: Space[];
beforeEach(async () => {
  home = await temporaryHome();
  told = [];
  released = [];
});

/** The spaces of a process that holds the one used last, and others only as far as they fit into so many bytes. */
function openSpaces({
  folder = home,
  bytes = 1,
  history = {},
}: {
  folder?: string;
  bytes?: number;
  history?: Partial<HistoryLog>;
} = {}): Spaces {
  let events = 0;
  const { log } = openLog(folder);
  return createSpaces({
    history: { ...log, ...history },
    clock: { now: () => Date.UTC(2024, 0, 1) },
    ids: { memory: () => 'unused', event: () => `event-${++events}` },
    device: 'desk',
    zone: 'UTC',
    onChange: ({ space }) => told.push(space),
    holding: { bytes, fewest: 0, besides: () => 0, onRelease: ({ space }) => released.push(space), logger: silentLogger },
  });
}

const addition = (text: string): EventDraft => ({
  event: 'ADD',
  memory_id: text,
  revision: 1,
  base: 0,
  state: { text, kind: 'observation', said_at: '2024-01-01T00:00:00.000Z' },
});
const add = (space: OpenSpace, ...texts: string[]) => space.commit(origin, () => ({ drafts: texts.map(addition), answer: texts.length }));
const textsIn = ({ projection }: SpaceView) => [...projection.memories.values()].map(({ state }) => state.text);

describe('a handle', () => {
  it('stays while its space is held or somebody has it, and is gone once neither is so', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const spaces = openSpaces({ bytes: 1e9 });
    const loaded = new WeakRef(spaces.open(ann));
    await loaded.deref()?.read(textsIn);
    const unused = new WeakRef(spaces.open('user:nobody'));
    const had = spaces.open(bob);
    await until(() => {
      collect();
      return unused.deref() === undefined;
    });
    expect(loaded.deref()).toBe(spaces.open(ann));
    expect(spaces.open(bob)).toBe(had);
  });
});

describe('a space that was let go of', () => {
  it('is the same as before when it is used again, by the same handle', async () => {
    const spaces = openSpaces();
    const space = spaces.open(ann);
    await add(space, 'tea', 'coffee');
    await add(spaces.open(bob), 'chess');
    await spaces.open(bob).read(textsIn);
    expect(spaces.isOpen(ann)).toBe(false);
    expect(released).toEqual([ann]);
    expect(spaces.open(ann)).toBe(space);
    expect(await space.read(textsIn)).toEqual(['tea', 'coffee']);
    expect(await space.readUpTo(1, textsIn)).toEqual(['tea']);
    expect((await space.events([2])).map((event) => event.event)).toEqual(['ADD']);
    await add(space, 'milk');
    expect(await space.read(textsIn)).toEqual(['tea', 'coffee', 'milk']);
    expect(spaces.held().spaces).toBe(1);
  });

  it('is no news when nothing was written meanwhile, and is when another process did', async () => {
    const spaces = openSpaces();
    await add(spaces.open(ann), 'tea');
    await add(spaces.open(bob), 'chess');
    await spaces.open(bob).read(textsIn);
    expect(spaces.isOpen(ann)).toBe(false);
    told = [];
    await spaces.open(ann).read(textsIn);
    expect(told).toEqual([]);
    await spaces.open(bob).read(textsIn);
    expect(spaces.isOpen(ann)).toBe(false);
    await add(openSpaces({ bytes: 1e9 }).open(ann), 'coffee');
    told = [];
    expect(await spaces.open(ann).read(textsIn)).toEqual(['tea', 'coffee']);
    expect(told).toEqual([ann]);
  });

  it('still knows its inputs that wait', async () => {
    const spaces = openSpaces();
    const input = {
      form: 'content' as const,
      turns: [{ role: 'user' as const, content: 'tea' }],
      infer: true,
      kind: 'observation' as const,
    };
    const at = '2024-01-01T00:00:00.000Z';
    await spaces.open(ann).commit(origin, () => ({ drafts: [{ event: 'RECEIVED', input: { ...input, at } }], answer: undefined }));
    await spaces.open(bob).read(textsIn);
    expect(spaces.isOpen(ann)).toBe(false);
    expect(await spaces.open(ann).read(({ projection }) => [...projection.pending.keys()])).toEqual(['event-1']);
  });

  it('has its checkpoint where reading its log again would cost much', async () => {
    const spaces = openSpaces();
    await add(spaces.open(ann), ...Array.from({ length: 2000 }, (_, number) => `fact ${number}`));
    await add(spaces.open(bob), 'chess');
    await until(() => !spaces.isOpen(ann));
    expect((await stat(join(home, 'checkpoints', 'user-ann'))).size).toBeGreaterThan(10_000);
    expect(await spaces.open(ann).read((view) => view.lexical.size)).toBe(2000);
    await expect(stat(join(home, 'checkpoints', 'user-bob'))).rejects.toThrow('ENOENT');
  });

  it('says it when a part of its log is gone since', async () => {
    const { log, warnings } = openLog(home);
    const spaces = openSpaces({ history: log });
    await add(spaces.open(ann), 'tea');
    await add(spaces.open(ann), 'coffee');
    await spaces.open(bob).read(textsIn);
    const path = join(home, 'user-ann.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, `${lines.slice(0, 2).join('\n')}\n`);
    told = [];
    expect(await spaces.open(ann).read(textsIn)).toEqual(['tea']);
    expect(warnings).toEqual(['user-ann.jsonl: it ends at event 1, but held 2 before: part of the file is gone']);
    expect(told).toEqual([ann]);
  });
});

it('never lets go of a space while work on it is under way or in line', async () => {
  const { log } = openLog(home);
  const [reading, going] = [deferred(), deferred()];
  let isSlow = false;
  const read: HistoryLog['read'] = async (space, from) => {
    if (space === ann && isSlow) {
      reading.resolve();
      await going.promise;
    }
    return log.read(space, from);
  };
  const spaces = openSpaces({ history: { ...log, read } });
  await add(spaces.open(ann), 'tea');
  isSlow = true;
  const answers = [spaces.open(ann).read(textsIn), spaces.open(ann).read(textsIn)];
  await reading.promise;
  await spaces.open(bob).read(textsIn);
  expect(released).not.toContain(ann);
  going.resolve();
  expect(await Promise.all(answers)).toEqual([['tea'], ['tea']]);
  await spaces.open(bob).read(textsIn);
  expect(released).toContain(ann);
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const step = fc.record({
  kind: fc.constantFrom('read', 'read', 'add', 'forget', 'past', 'events', 'words', 'checkpoint', 'together'),
  which: fc.nat(names.length - 1),
  pick: fc.nat(9),
});

/** Carries one step out and gives what it answered. */
async function answerOf(
  spaces: Spaces,
  { kind, which, pick }: typeof step extends fc.Arbitrary<infer Step> ? Step : never,
  number: number,
): Promise<unknown> {
  const space = spaces.open(names[which] as Space);
  const forget = (view: SpaceView) => {
    const memory = [...view.projection.memories.values()].filter(({ status }) => status === 'live')[pick];
    const { id: memory_id, revision } = memory ?? { id: '', revision: 0 };
    return { drafts: memory ? [{ event: 'DELETE' as const, memory_id, revision, base: revision }] : [], answer: memory_id };
  };
  switch (kind) {
    case 'add':
      return add(space, `fact ${number}`, `tea ${number}`);
    case 'forget':
      return space.commit(origin, forget);
    case 'past':
      return space.readUpTo(pick, (then, now) => [textsIn(then), textsIn(now)]);
    case 'events':
      return (await space.events([pick, 1, 2])).map((event) => [event.seq, event.event, 'memory_id' in event && event.memory_id]);
    case 'words':
      return space.read(({ lexical }) => [...lexical.score('tea fact').own]);
    case 'checkpoint':
      return space.checkpoint();
    case 'together':
      return Promise.all(
        names.map((name, index) => (index % 2 === 0 ? add(spaces.open(name), `more ${number}`) : spaces.open(name).read(textsIn))),
      );
    default:
      return space.read(({ projection: { statements: _, changes: __, ...rest } }) => structuredClone(rest));
  }
}

/** What an answer is, or the code of its refusal: the events of a log that has not begun cannot be read. */
const orCode = (answer: Promise<unknown>) => answer.catch((error: { code: unknown }) => error.code);

it('answers the same, whatever is let go of in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), fc.constantFrom(1, 30_000, 60_000), async (steps, bytes) => {
      const [here, there] = [await temporaryHome(), await temporaryHome()];
      const [scarce, ample] = [openSpaces({ folder: here, bytes }), openSpaces({ folder: there, bytes: Number.POSITIVE_INFINITY })];
      for (const [number, each] of steps.entries()) {
        expect(await orCode(answerOf(scarce, each, number))).toEqual(await orCode(answerOf(ample, each, number)));
      }
    }),
    { numRuns: 40 },
  );
});
