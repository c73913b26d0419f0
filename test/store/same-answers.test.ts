import { createHash } from 'node:crypto';
import { appendFile, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allEvents } from '../../src/core/all-events.js';
import { change } from '../../src/core/change.js';
import type { Call, Core } from '../../src/core/core.js';
import { erase } from '../../src/core/erase.js';
import { KeepsakeError } from '../../src/core/errors.js';
import { type Event, eventNames } from '../../src/core/events.js';
import { memoryHistory } from '../../src/core/history.js';
import { blankInputs } from '../../src/core/keep-input.js';
import { keepView } from '../../src/core/kept-view.js';
import { stateAt } from '../../src/core/lookup.js';
import { mergeInto } from '../../src/core/merge/merge-into.js';
import type { HistoryLog, Space } from '../../src/core/ports.js';
import { eventsOf, type Memory } from '../../src/core/projection.js';
import { recall } from '../../src/core/recall.js';
import { remember } from '../../src/core/remember.js';
import { createSpaces, type OpenSpace } from '../../src/core/spaces.js';
import { undo } from '../../src/core/undo.js';
import { applyAll, createView, type SpaceView } from '../../src/core/view.js';
import { openAttachments } from '../../src/store/attachments.js';
import { openHistoryLog } from '../../src/store/history-log.js';
import { hashId } from '../core/arbitrary-events.js';
import { temporaryHome } from '../support/home.js';
import { silentLogger } from './chroma/fixtures.js';

const ann: Space = 'user:ann';
const texts = ['Ann likes tea', 'Bob drives north', 'Ann was born in 1999', 'Ann plays chess with Bob', 'tea', 'Bob sings.'];
const queries = ['tea', 'what does Ann play', 'bob'];
const kinds = [
  ...['remember', 'remember', 'remember', 'correct', 'label', 'forget', 'restore', 'undo', 'erase', 'blank'],
  ...['fork', 'elsewhere', 'elsewhere', 'merge', 'tear', 'spoil', 'checkpoint', 'restart', 'page', 'page', 'page'],
  ...['release', 'release', 'release'],
] as const;

/** What may be done in another home. */
const elsewhere = ['remember', 'remember', 'correct', 'forget', 'restore', 'erase'] as const;

interface Step {
  kind: (typeof kinds)[number];
  /** Which process, memory and text, among those that there are. */
  who: number;
  pick: number;
  text: number;
  /** Milliseconds that the clock goes on, or back. */
  wait: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...kinds),
  who: fc.nat(2),
  pick: fc.nat(20),
  text: fc.nat(texts.length - 1),
  wait: fc.constantFrom(0, 0, 1, 5, -3),
});

/** One process of a home, with an extractor that takes each turn for a fact. */
interface Process {
  log: HistoryLog;
  core: Core;
  space: OpenSpace;
}

interface World {
  now: number;
  /** Counts whatever needs a name. */
  next: () => number;
  processes: Process[];
  pages: Pages[];
}

/** What has been given of an answer in pages; `due` must have been given when they end. */
interface Pages {
  ask: (process: Process, cursor?: string) => Promise<{ given: string[]; next_cursor?: string }>;
  cursor: string | undefined;
  given: string[];
  due: string[];
}

const callOf = (id: string): Call => ({ id, run_id: 'monday', agent_id: 'helper', signal: new AbortController().signal });

function openProcess(home: string, world: World, shape = 'test'): Process {
  const log = openHistoryLog({
    folder: home,
    lockFolder: join(home, 'locks'),
    checkpointFolder: join(home, 'checkpoints'),
    shape,
    logger: silentLogger,
  });
  const name = () => createHash('sha256').update(`${world.next()}`).digest('hex').slice(0, 14);
  const clock = { now: () => world.now };
  const ids = { memory: name, event: name };
  // Whatever is used makes room for itself: a look at another space lets go of this one.
  const holding = { bytes: 1, fewest: 0, besides: () => 0, onRelease: () => undefined, logger: silentLogger };
  const spaces = createSpaces({ history: log, clock, ids, device: 'desk', zone: 'UTC', onChange: () => undefined, holding });
  const core = {
    spaces,
    clock,
    ids,
    vectors: {
      model: 'none',
      reached: async () => undefined,
      scale: { noise: 0, knows: 'spellings', weight: 0 },
      embedQuery: async () => new Float32Array(0),
      embed: async (_: Space, given: string[]) => given.map(() => new Float32Array(0)),
      compare: async () => [],
      search: async () => ({ hits: [] }),
      changed: () => undefined,
      willErase: async () => async () => undefined,
    },
    extractor: {
      name: 'fake',
      remote: true,
      extract: async ({ turns }) => ({ facts: turns.map(({ content }, turn) => ({ text: content, turn, quote: content })), skipped: [] }),
    },
    decider: { name: 'fake', remote: false, reach: { limit: 5, floor: 0.5 }, decide: async (cases) => cases.map(() => undefined) },
    attachments: openAttachments({ folder: join(home, 'attachments'), lockFolder: join(home, 'locks') }),
    attachmentReader: { obstacle: () => 'off', read: async () => ({ skipped: 'off' }) },
    accesses: { record: () => undefined, reads: () => [], lastRecalledAt: () => undefined },
    claims: { claim: async () => async () => undefined },
    own: new Set(),
    logger: silentLogger,
    keepInput: 1000,
    zone: 'UTC',
  } as Partial<Core> as Core;
  return { log, core, space: spaces.open(ann) };
}

const memoriesOf = (space: OpenSpace): Promise<Memory[]> => space.read(({ projection }) => [...projection.memories.values()]);

function remembering(core: Core, text: string, id: string) {
  const turns = [{ role: 'user' as const, content: text }];
  return remember(core, { space: ann, form: 'content', turns, infer: true, kind: 'observation' }, callOf(id));
}

/** What may rightly be refused: a memory that was erased or forgotten, say. */
async function orRefused(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof KeepsakeError) || error.code === 'log_unavailable') throw error;
  });
}

const feed = (process: Process, limit: number, cursor?: string, more: { query?: string; memory_id?: string } = {}) =>
  memoryHistory(process.core, { scope: [ann], events: [...eventNames], limit, cursor, ...more }, callOf('ask'));
const found = (process: Process, limit: number, cursor?: string, query?: string) =>
  recall(process.core, { spaces: [ann], query, limit, cursor }, callOf('ask'));

/** All that can be asked of a process. */
async function answers(process: Process) {
  const { core, space } = process;
  const memories = await memoriesOf(space);
  const lives = await Promise.all(memories.map(({ id }) => feed(process, 200, undefined, { memory_id: id })));
  return {
    projection: await space.read(({ projection: { statements: _, ...rest } }) => structuredClone(rest)),
    lists: await Promise.all([undefined, ...queries].map((query) => found(process, 100, undefined, query))),
    ranked: await recall(core, { spaces: [ann], query: 'tea', limit: 100, min_score: 0 }, callOf('ask')),
    lives,
    feeds: await Promise.all([undefined, ...queries].map((query) => feed(process, 200, undefined, query === undefined ? {} : { query }))),
    revisions: await Promise.all(
      memories.flatMap(({ id, revisions }) => Object.keys(revisions).map((index) => stateAt(space, id, Number(index) + 1))),
    ),
    past: await Promise.all(moments.map((sequence) => space.readUpTo(sequence, wordsIn))),
    events: await allEvents(space),
  };
}

/** Numbers of events up to which the past is looked at. */
const moments = [0, 2, 5, 9, 14];
const wordsIn = ({ projection, lexical }: SpaceView) => [
  lexical.size,
  ...[...projection.memories.values()].map(({ state, revision, labels }) => ({ state, revision, labels })).sort(byText),
];
const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

function viewOf(events: Event[]): SpaceView {
  const view = createView(ann);
  applyAll(view, events, 'UTC');
  return view;
}

/** Every process of the home, and two that start now, with and without what another has kept, answer the same. */
async function checkAll(home: string, world: World): Promise<void> {
  const expected = await answers(openProcess(home, world, 'another program'));
  for (const process of [...world.processes, openProcess(home, world)]) expect(await answers(process)).toEqual(expected);
  const { events, lives, feeds, past } = expected;
  expect(past).toEqual(moments.map((sequence) => wordsIn(viewOf(events.slice(0, sequence)))));
  expect(feeds[0]?.events.map(({ event_id }) => event_id)).toEqual(events.map(({ event_id }) => event_id).reverse());
  const told = lives.flatMap((life) => life.events.map(({ event_id }) => event_id)).sort();
  expect(told).toEqual(events.flatMap((event) => ('memory_id' in event ? [event.event_id] : [])).sort());
}

async function startPages(world: World, { pick, text }: Step): Promise<void> {
  const [process] = world.processes as [Process];
  const memory = (await memoriesOf(process.space))[pick];
  const asks: Pages['ask'][] = [
    async (each, cursor) => withIds(await feed(each, 2, cursor)),
    async (each, cursor) => withIds(await feed(each, 2, cursor, memory ? { memory_id: memory.id } : { query: 'tea' })),
    async (each, cursor) => withHits(await found(each, 1, cursor)),
    async (each, cursor) => withHits(await found(each, 1, cursor, queries[text % queries.length])),
  ];
  const which = pick % asks.length;
  const ask = asks[which] as Pages['ask'];
  const due =
    which === 0
      ? (await allEvents(process.space)).map(({ event_id }) => event_id)
      : which === 1 && memory
        ? (await process.space.events(eventsOf(memory))).map(({ event_id }) => event_id)
        : [];
  world.pages.push({ ask, cursor: undefined, given: [], due });
  await turnPage(world, world.pages.length - 1);
}

const withIds = ({ events, next_cursor }: Awaited<ReturnType<typeof memoryHistory>>) => ({
  given: events.map(({ event_id }) => event_id),
  ...(next_cursor === undefined ? {} : { next_cursor }),
});
const withHits = ({ memories, next_cursor }: Awaited<ReturnType<typeof recall>>) => ({
  given: memories.map(({ id }) => id),
  ...(next_cursor === undefined ? {} : { next_cursor }),
});

/** The next page is the same from every process, repeats nothing of a history, and the last one leaves nothing out. */
async function turnPage(world: World, index: number): Promise<void> {
  const pages = world.pages[index];
  if (!pages) return;
  const answered = await Promise.all(world.processes.map((process) => pages.ask(process, pages.cursor)));
  const [page] = answered;
  for (const other of answered) expect(other).toEqual(page);
  pages.given.push(...(page?.given ?? []));
  pages.cursor = page?.next_cursor;
  if (pages.due.length > 0) expect(new Set(pages.given).size).toBe(pages.given.length);
  if (pages.cursor !== undefined) return;
  world.pages.splice(index, 1);
  expect(pages.given).toEqual(expect.arrayContaining(pages.due));
}

async function carryOut(home: string, world: World, given: Step): Promise<void> {
  const { kind, who, pick, text } = given;
  const process = world.processes[who % world.processes.length] as Process;
  const { core, log, space } = process;
  const path = join(home, 'user-ann.jsonl');
  const away = join(home, 'away');
  const content = texts[text] ?? '';
  const call = callOf(`call ${world.next()}`);
  const all = await memoriesOf(space);
  const memory = all[pick % Math.max(all.length, 1)];
  world.now += given.wait;
  const changing = (what: object) =>
    memory ? orRefused(change(core, { scope: [ann], memory_id: memory.id, ...what }, call)) : Promise.resolve();
  switch (kind) {
    case 'remember':
      return void (await remembering(core, content, call.id));
    case 'correct':
      return changing({ content });
    case 'label':
      return changing({ metadata: { colour: pick } });
    case 'restore':
      return changing({ revision: 1 + (text % (memory?.revision ?? 1)) });
    case 'forget':
      if (memory?.status !== 'live') return;
      return space.commit({ call_id: call.id }, () => ({
        drafts: [{ event: 'DELETE', memory_id: memory.id, revision: memory.revision, base: memory.revision }],
        answer: undefined,
      }));
    case 'undo': {
      const events = await allEvents(space);
      return orRefused(undo(core, events[pick]?.call_id ?? 'none', call));
    }
    case 'erase':
      if (memory) await erase(core, space, { memories: [memory], reason: undefined, call });
      return;
    case 'blank':
      return void (await blankInputs(space, world.now - pick));
    case 'fork':
      await mkdir(away, { recursive: true });
      return all.length > 0 ? copyFile(path, join(away, 'user-ann.jsonl')) : undefined;
    case 'elsewhere':
      await mkdir(away, { recursive: true });
      return carryOut(
        away,
        { ...world, processes: [openProcess(away, world)] },
        { ...given, kind: elsewhere[pick % elsewhere.length] ?? 'remember' },
      );
    case 'merge': {
      await mkdir(away, { recursive: true });
      const theirs = await allEvents(openProcess(away, world).space);
      return void (await mergeInto(core, { space: ann, theirs, makeId: hashId, signal: call.signal }));
    }
    case 'tear':
      return all.length > 0 ? appendFile(path, '{"seq":1,"event_id":"half') : undefined;
    case 'spoil':
      return all.length > 0 ? appendFile(path, 'what is this\n') : undefined;
    case 'checkpoint':
      if (all.length === 0) return;
      return space.read((view) => log.checkpoint(ann, keepView(view), view.projection.position));
    case 'release':
      await core.spaces.open('user:other').read(() => undefined);
      expect(space.isHeld()).toBe(false);
      return;
    case 'restart':
      world.processes[who % world.processes.length] = openProcess(home, world);
      return;
    case 'page':
      return who === 0 ? startPages(world, given) : turnPage(world, pick % Math.max(world.pages.length, 1));
    default:
      kind satisfies never;
  }
}

const at = (kind: Step['kind'], given: Partial<Step> = {}): Step => ({ kind, who: 0, pick: 0, text: 0, wait: 1, ...given });
/** A feed is being read while events of another home come in between those that were given and those that were not. */
const mergedWhilePaging = [
  ...[at('remember'), at('fork'), at('elsewhere', { text: 1 }), at('remember', { text: 2 }), at('remember', { text: 3 })],
  ...[at('page'), at('merge'), at('page', { who: 1 })],
];

describe('processes of one home', () => {
  it('answer the same, however long they live, whatever they started from, and whatever happens to the log', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const home = await temporaryHome();
        let made = 0;
        const next = () => ++made;
        const world: World = { now: Date.UTC(2024, 0, 1), next, processes: [], pages: [] };
        for (let count = 0; count < 3; count += 1) world.processes.push(openProcess(home, world));
        for (const [index, each] of steps.entries()) {
          await carryOut(home, world, each);
          if (index % 8 === 7 || index === steps.length - 1) await checkAll(home, world);
        }
        while (world.pages.length > 0) await turnPage(world, 0);
      }),
      { numRuns: 40, examples: [[mergedWhilePaging]] },
    );
  });
});
