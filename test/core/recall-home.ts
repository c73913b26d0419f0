import { join } from 'node:path';
import type { RecallAnswer, RecalledMemory } from '../../src/core/answers.js';
import type { Core } from '../../src/core/core.js';
import type { EventDraft, MemoryState } from '../../src/core/events.js';
import type { Reranker, Space, VectorHit } from '../../src/core/ports.js';
import { recall } from '../../src/core/recall.js';
import type { RecallRequest } from '../../src/core/recall-request.js';
import { createSpaces } from '../../src/core/spaces.js';
import type { Vectors } from '../../src/core/vectors.js';
import { openAttachments } from '../../src/store/attachments.js';
import { openHistoryLog } from '../../src/store/history-log.js';
import { silentLogger } from '../store/chroma/fixtures.js';
import { temporaryHome } from '../support/home.js';

/** The space that a test speaks of where it names none. */
export const ann: Space = 'user:ann';

/** A home whose clock stands where a test puts it; nothing is embedded but what a test says is near. */
export interface RecallHome {
  core: Core;
  /** Milliseconds since 1970; each change moves it on by a second. */
  now: number;
  near: VectorHit[];
  /** What a comparison one by one finds. */
  compared: VectorHit[];
  write(space: Space, ...drafts: EventDraft[]): Promise<void>;
  /** Adds memories whose ids are their texts, as one batch. */
  add(...texts: (string | (Partial<MemoryState> & { text: string }))[]): Promise<void>;
  addTo(space: Space, ...texts: (string | (Partial<MemoryState> & { text: string }))[]): Promise<void>;
  recall(request?: Partial<RecallRequest>): Promise<RecallAnswer>;
  texts(request?: Partial<RecallRequest>): Promise<string[]>;
  /** Every memory of all pages. */
  pages(request: Partial<RecallRequest>): Promise<RecalledMemory[]>;
}

/** An instant as an argument of a call. */
export const iso = (ms: number) => new Date(ms).toISOString();

let homes = 0;

/** Opens an empty home at noon of the first of March 2024. */
export async function openRecallHome(given: { reranker?: Reranker; weight?: number } = {}): Promise<RecallHome> {
  const folder = await temporaryHome();
  homes += 1;
  let made = homes * 1_000_000;
  const name = () => {
    made += 1;
    return `event-${made}`;
  };
  const clock = { now: () => home.now };
  const ids = { memory: name, event: name };
  const places = { folder, lockFolder: join(folder, 'locks'), checkpointFolder: join(folder, 'checkpoints'), shape: 'test' };
  const history = openHistoryLog({ ...places, logger: silentLogger });
  const vectors: Partial<Vectors> = {
    scale: { noise: 0, knows: 'spellings', weight: given.weight ?? 0.15 },
    embedQuery: async () => new Float32Array(0),
    search: async () => ({ hits: home.near }),
    compare: async (_, memories) => home.compared.filter(({ id }) => memories.some((memory) => memory.id === id)),
  };
  const core = {
    spaces: createSpaces({ history, clock, ids, device: 'desk', zone: 'UTC', onChange: () => undefined }),
    clock,
    ids,
    reranker: given.reranker,
    vectors,
    attachments: openAttachments({ folder: join(folder, 'attachments'), lockFolder: join(folder, 'locks') }),
    accesses: { record: () => undefined, reads: () => [], lastRecalledAt: () => undefined },
    logger: silentLogger,
    zone: 'UTC',
  } as Partial<Core> as Core;

  const home: RecallHome = {
    core,
    now: Date.UTC(2024, 2, 1, 12),
    near: [],
    compared: [],
    async write(space, ...drafts) {
      home.now += 1000;
      await core.spaces.open(space).commit({ call_id: name() }, () => ({ drafts, answer: undefined }));
    },
    add: (...texts) => home.addTo(ann, ...texts),
    addTo: (space, ...texts) =>
      home.write(
        space,
        ...texts.map((each): EventDraft => {
          const state = typeof each === 'string' ? { text: each } : each;
          const said_at = iso(home.now + 1000);
          return { event: 'ADD', memory_id: state.text, revision: 1, base: 0, state: { kind: 'observation', said_at, ...state } };
        }),
      ),
    recall: (request = {}) => recall(core, { spaces: [ann], limit: 10, ...request }, { id: 'call', signal: new AbortController().signal }),
    texts: async (request) => (await home.recall(request)).memories.map(({ memory }) => memory),
    async pages(request) {
      const all: RecalledMemory[] = [];
      let cursor: string | undefined;
      do {
        const page = await home.recall({ ...request, cursor });
        all.push(...page.memories);
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      return all;
    },
  };
  return home;
}
