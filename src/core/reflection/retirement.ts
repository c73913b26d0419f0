import type { ChangeEvent, EventDraft, MemoryState } from '../events.js';
import type { Memory, Projection } from '../projection.js';

/** Why an insight is retired whose source is no longer what it was derived from. */
export const retiredReason = 'a memory that it was derived from has changed';

type ChangeDraft = Extract<EventDraft, { base: number }>;

/** What a memory is once a batch is applied. */
interface Outcome {
  isLive: boolean;
  state: MemoryState;
  revision: number;
  /** The last event of the batch that gives it its state, if one does. */
  event?: 'ADD' | 'UPDATE' | 'RESTORE' | undefined;
  /** Of a RESTORE: the revision that is brought back. */
  restored?: number | undefined;
}

/** The insights that a batch of events retires, by id. */
export function retiredBy(projection: Projection, drafts: readonly EventDraft[]): string[] {
  return retirements(projection, drafts).flatMap((draft) => ('memory_id' in draft ? [draft.memory_id] : []));
}

/**
 * The events that a batch needs besides its own, so that no live insight stands on a memory that is not live, or no
 * longer says what the insight was derived from. Costs the insights, and nothing where there is none.
 */
export function retirements(projection: Projection, drafts: readonly EventDraft[]): EventDraft[] {
  const changes = drafts.filter((draft): draft is ChangeDraft => 'base' in draft);
  const makesInsight = changes.some((draft) => 'state' in draft && draft.state.kind === 'insight');
  if (changes.length === 0 || (projection.insights.size === 0 && !makesInsight)) return [];
  const outcomes = new Map<string, Outcome>();
  for (const draft of changes) outcomes.set(draft.memory_id, outcomeOf(draft, outcomes.get(draft.memory_id), projection));
  const after = (id: string): Outcome | undefined => {
    const memory = projection.memories.get(id);
    return outcomes.get(id) ?? (memory && asItIs(memory));
  };

  function isLost(source: string, index: number, { insight, outcome }: { insight: Memory | undefined; outcome: Outcome }): boolean {
    const { event, restored, revision, state } = outcome;
    const now = after(source);
    if (!now?.isLive) return true;
    if ((event === 'ADD' || outcomes.has(source)) && outlives(state, now.state)) return true;
    if (event === 'ADD' || event === 'UPDATE') {
      const before = projection.memories.get(source);
      return before ? before.status !== 'live' || before.state.text !== now.state.text : now.event !== 'ADD';
    }
    return insight?.derived?.[(restored ?? revision) - 1]?.[index] !== now.state.text;
  }

  return [...new Set([...projection.insights, ...outcomes.keys()])].flatMap((id) => {
    const outcome = after(id);
    if (!outcome?.isLive || outcome.state.kind !== 'insight') return [];
    const { sources = [] } = outcome.state;
    const insight = projection.memories.get(id);
    const isConcerned = (source: string) => outcome.event !== undefined || outcomes.has(source);
    const isRetired = sources.some((source, index) => isConcerned(source) && isLost(source, index, { insight, outcome }));
    return isRetired ? [retirement(id, outcome.revision)] : [];
  });
}

/** The event that retires an insight. */
export function retirement(id: string, revision: number): EventDraft {
  return { event: 'DELETE', memory_id: id, revision, base: revision, reason: retiredReason };
}

function asItIs({ status, state, revision }: Memory): Outcome {
  return { isLive: status === 'live', state, revision };
}

function outcomeOf(draft: ChangeDraft, earlier: Outcome | undefined, { memories }: Projection): Outcome {
  const { revision } = draft;
  if ('state' in draft) {
    const restored = 'restored' in draft ? draft.restored : undefined;
    return { isLive: true, state: draft.state, revision, event: draft.event, restored };
  }
  const state = earlier?.state ?? memories.get(draft.memory_id)?.state ?? { text: '', kind: 'observation', said_at: '' };
  return { isLive: false, state, revision };
}

/** Whether what was derived would be recalled longer than what it was derived from. */
function outlives(insight: MemoryState, source: MemoryState): boolean {
  if (source.expires_at === undefined) return false;
  return insight.expires_at === undefined || insight.expires_at > source.expires_at;
}

/** Whether an event is such a retirement. */
export function isRetirement(event: ChangeEvent): boolean {
  return event.event === 'DELETE' && event.reason === retiredReason;
}
