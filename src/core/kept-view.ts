import { kinds, type MemoryState } from './events.js';
import type { Label, Memory, Projection } from './projection.js';
import { createLexicalIndex, type LexicalDump } from './ranking/lexical-index.js';
import { documentOf, type SpaceView } from './view.js';

/** Structure of a kept view and the terms of its words; to be raised whenever either changes. */
export const viewShape = 9;

/**
 * A view as it lies in a checkpoint. Memories lie in columns, which are read several times as fast as objects; what
 * few of them have lies in maps by their place.
 */
export interface KeptView {
  projection: Omit<Projection, 'memories' | 'statements' | 'changes'>;
  lexical: LexicalDump;
  ids: string[];
  texts: string[];
  said: string[];
  created: string[];
  /** Indexes into `kinds` and `labels`. */
  kinds: Uint8Array;
  labelled: Uint32Array;
  labels: Label[][];
  added: Float64Array;
  changed: Float64Array;
  /** What differs from a memory that was added once, as memory and as state. */
  odd: Map<number, Partial<Memory>>;
  states: Map<number, Omit<MemoryState, 'text' | 'kind' | 'said_at'>>;
}

/** Takes a view apart for a checkpoint; O(memories). */
export function keepView({ projection, lexical }: SpaceView): KeptView {
  const { memories: byId, statements: _, changes: __, ...rest } = projection;
  const memories = [...byId.values()];
  const labels = new Map<string, { index: number; labels: Label[] }>();
  const labelled = Uint32Array.from(memories, (memory) => {
    const key = JSON.stringify(memory.labels.map(({ agent_id, run_id }) => [agent_id, run_id]));
    const known = labels.get(key) ?? { index: labels.size, labels: memory.labels };
    labels.set(key, known);
    return known.index;
  });
  const odd: KeptView['odd'] = new Map();
  const states: KeptView['states'] = new Map();
  for (const [
    place,
    { state, revision, status, updated_at, successor, revisions, notes, created_at, added, changed },
  ] of memories.entries()) {
    const { text: _text, kind: _kind, said_at: _said, ...more } = state;
    if (Object.keys(more).length > 0) states.set(place, more);
    const isPlain = status === 'live' && changed === added && updated_at === created_at && notes.length === 0 && revisions.length === 1;
    if (!isPlain) odd.set(place, { revision, status, updated_at, successor, revisions, notes });
  }
  return {
    projection: rest,
    lexical: lexical.dump(),
    ids: memories.map(({ id }) => id),
    texts: memories.map(({ state }) => state.text),
    said: memories.map(({ state }) => state.said_at),
    created: memories.map(({ created_at }) => created_at),
    kinds: Uint8Array.from(memories, ({ state }) => kinds.indexOf(state.kind)),
    labelled,
    labels: [...labels.values()].map((each) => each.labels),
    added: Float64Array.from(memories, ({ added }) => added),
    changed: Float64Array.from(memories, ({ changed }) => changed),
    odd,
    states,
  };
}

/** Puts what a kept view says of its memories together again. */
export function restoreProjection(kept: KeptView): Projection {
  const { space } = kept.projection;
  const memories = new Map<string, Memory>();
  for (const [place, id] of kept.ids.entries()) {
    const created_at = kept.created[place] ?? '';
    const said_at = kept.said[place] ?? '';
    const added = kept.added[place] ?? 0;
    memories.set(id, {
      id,
      space,
      state: {
        text: kept.texts[place] ?? '',
        kind: kinds[kept.kinds[place] ?? 0] ?? 'observation',
        said_at: said_at === created_at ? created_at : said_at,
        ...kept.states.get(place),
      },
      revision: 1,
      status: 'live',
      created_at,
      updated_at: created_at,
      added,
      changed: kept.changed[place] ?? 0,
      labels: kept.labels[kept.labelled[place] ?? 0] ?? [],
      revisions: [added],
      notes: [],
      ...kept.odd.get(place),
    });
  }
  return { ...kept.projection, memories };
}

/** Puts a kept view together again; `zone` is where its written times are read. */
export function restoreView(kept: KeptView, zone: string): SpaceView {
  const projection = restoreProjection(kept);
  const documents = (id: string) => {
    const memory = projection.memories.get(id);
    return memory && documentOf(memory, zone);
  };
  return { projection, lexical: createLexicalIndex({ dump: kept.lexical, documents }) };
}
