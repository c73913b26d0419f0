import type { ChangeEvent, EventDraft, MemoryState } from '../events.js';
import { hashOf } from '../hash.js';
import type { Memory, Projection } from '../projection.js';

/** Why an insight is retired whose sources are no longer what it was derived from. */
export const retiredReason = 'a memory that it was derived from has changed';

type Retirement = Extract<EventDraft, { event: 'DELETE' }>;
/** The state of a memory that is live; undefined where it is not. */
type LiveState = (id: string) => MemoryState | undefined;

/** What an insight keeps of its sources to tell whether they still say the same, and for as long: 32 bits of all of them. */
export function fingerprintOf(sources: readonly Pick<MemoryState, 'text' | 'expires_at'>[]): number {
  return hashOf(sources.map(({ text, expires_at = '' }) => `${text}\u0000${expires_at}\u0000`).join(''));
}

/** Whether each source of an insight is live, with the words and the expiry that it was derived from. */
export function isFounded({ sources = [], source_fingerprint }: MemoryState, live: LiveState): boolean {
  const states = sources.flatMap((id) => live(id) ?? []);
  return states.length === sources.length && (source_fingerprint === undefined || source_fingerprint === fingerprintOf(states));
}

/**
 * The events that a batch needs besides its own, so that no live insight stands on a memory that is not live, or says
 * something else than it was derived from. Costs the insights that there are, not the memories.
 */
export function retirements(projection: Projection, drafts: readonly EventDraft[]): Retirement[] {
  /** What the batch leaves of the memories that it changes; undefined where that is not live. */
  const outcomes = new Map<string, { state: MemoryState; revision: number } | undefined>();
  for (const draft of drafts) if ('base' in draft) outcomes.set(draft.memory_id, 'state' in draft ? draft : undefined);
  if (outcomes.size === 0) return [];

  const after = (id: string) => (outcomes.has(id) ? outcomes.get(id) : liveIn(projection, id));
  return [...new Set([...projection.insights, ...outcomes.keys()])].flatMap((id) => {
    const insight = after(id);
    if (insight?.state.kind !== 'insight') return [];
    const isConcerned = outcomes.has(id) || insight.state.sources?.some((source) => outcomes.has(source));
    return isConcerned && !isFounded(insight.state, (source) => after(source)?.state) ? [retirement(id, insight.revision)] : [];
  });
}

/** The event that retires an insight. */
export function retirement(id: string, revision: number): Retirement {
  return { event: 'DELETE', memory_id: id, revision, base: revision, reason: retiredReason };
}

/** Whether an event is such a retirement. */
export function isRetirement(event: ChangeEvent): boolean {
  return event.event === 'DELETE' && event.reason === retiredReason;
}

/** A memory, where it is neither forgotten nor erased. One that has expired counts: its insights expire no later. */
export function liveIn({ memories }: Projection, id: string): Memory | undefined {
  const memory = memories.get(id);
  return memory?.status === 'live' ? memory : undefined;
}
