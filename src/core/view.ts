import type { Event } from './events.js';
import { occurrenceOf } from './occurrence.js';
import type { Space } from './ports.js';
import { applyEvent, createProjection, type Memory, type Projection } from './projection.js';
import { createLexicalIndex, type LexicalDocument, type LexicalIndex } from './ranking/lexical-index.js';

/** What is believed in a space at one position of its log, and the words of its live memories. */
export interface SpaceView {
  projection: Projection;
  lexical: LexicalIndex;
}

/** What the ranking needs to know of a memory. */
export function documentOf(memory: Memory, zone: string): LexicalDocument {
  const { state } = memory;
  return {
    text: state.text,
    subject: state.subject,
    entities: state.entities,
    run: memory.labels[0]?.run_id,
    order: memory.added,
    span: occurrenceOf(state, zone),
    dated: state.occurred_at !== undefined,
    recurs: state.recurs,
    isInsight: state.kind === 'insight',
    expires: state.expires_at === undefined ? undefined : Date.parse(state.expires_at),
  };
}

/** A view of no events. */
export function createView(space: Space): SpaceView {
  return { projection: createProjection(space), lexical: createLexicalIndex() };
}

/** Bytes that a memory takes in a view, its log's places and its times included, and each of its terms besides: chosen so that 100 memories of a dozen words come to what they were measured to take. */
const memoryBytes = 1500;
const termBytes = 60;
/** Of a view of nothing, with all that is kept beside it. */
const viewBytes = 20_000;

/** What a view takes in memory, in bytes, as an estimate that costs nothing. */
export function bytesOf({ projection, lexical }: SpaceView): number {
  return viewBytes + projection.memories.size * memoryBytes + lexical.termCount * termBytes;
}

/** Takes events into a view; `zone` is where their written times are read. */
export function applyAll(view: SpaceView, events: Event[], zone: string): void {
  for (const event of events) {
    // An index that was made from a dump reads a document when it is looked at: it must be before the event changes it.
    const slot = 'memory_id' in event ? view.lexical.slotOf(event.memory_id) : undefined;
    if (slot !== undefined) view.lexical.documentAt(slot);
    const id = applyEvent(view.projection, event);
    const memory = id === undefined ? undefined : view.projection.memories.get(id);
    if (!memory) continue;
    if (memory.status === 'live') view.lexical.add(memory.id, documentOf(memory, zone));
    else view.lexical.remove(memory.id);
  }
}
