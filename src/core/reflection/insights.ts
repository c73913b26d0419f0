import type { RememberResult } from '../answers.js';
import { type DecidedBy, type EventDraft, isChange } from '../events.js';
import { defined } from '../facts.js';
import type { Ids } from '../ports.js';
import { isLive, liveMemoryOf, type Memory, statementOf } from '../projection.js';
import type { OpenSpace } from '../spaces.js';
import { statementKey } from '../statement.js';
import type { SpaceView } from '../view.js';
import type { CheckedProposal } from './proposals.js';
import { isRetirement } from './retirement.js';
import type { Chosen } from './round.js';

type Derived = Exclude<CheckedProposal, { action: 'DELETE' }>;

/**
 * Turns proposals into events, on the newest view: what a proposal stands on, or changes, must still be as it was shown,
 * and no two live memories may say the same.
 */
export function settleInsights(
  { projection }: SpaceView,
  proposals: readonly CheckedProposal[],
  { now, ids, by }: { now: number; ids: Ids; by: DecidedBy },
): { drafts: EventDraft[]; results: RememberResult[] } {
  const drafts: EventDraft[] = [];
  const results: RememberResult[] = [];
  const made = new Set<string>();

  const asShown = (chosen: Chosen): Memory | undefined => {
    const memory = projection.memories.get(chosen.id);
    return memory && isLive(memory, now) && memory.revision === chosen.revision ? memory : undefined;
  };

  function derive(insight: Memory | undefined, { action, state, sources, reason }: Derived): void {
    const statement = statementOf(state);
    const isSaid = made.has(statement) || liveMemoryOf(projection, statement, now, insight?.id) !== undefined;
    const isSame = insight?.state.text === state.text && String(insight.state.sources) === String(state.sources);
    if (isSaid || isSame || !sources.every(asShown)) return;
    made.add(statement);
    const { id, revision: base } = insight ?? { id: ids.memory(), revision: 0 };
    const revision = base + 1;
    drafts.push({ event: action, memory_id: id, revision, base, state, reason, by: { ...by, decision: action } });
    results.push(defined({ id, event: action, memory: state.text, previous: insight?.state.text, revision, reason }));
  }

  function remove({ id, revision, state }: Memory, reason: string): void {
    drafts.push({ event: 'DELETE', memory_id: id, revision, base: revision, reason, by: { ...by, decision: 'DELETE' } });
    results.push({ id, event: 'DELETE', memory: state.text, revision, reason });
  }

  for (const proposal of proposals) {
    const insight = 'insight' in proposal ? asShown(proposal.insight) : undefined;
    if (proposal.action === 'ADD') derive(undefined, proposal);
    else if (insight && proposal.action === 'UPDATE') derive(insight, proposal);
    else if (insight && proposal.action === 'DELETE') remove(insight, proposal.reason);
  }
  return { drafts, results };
}

/** The proposals without those that would bring back an insight that somebody forgot or took back. */
export async function withoutUnwanted(open: OpenSpace, proposals: CheckedProposal[]): Promise<CheckedProposal[]> {
  const keyOf = (proposal: CheckedProposal) => (proposal.action === 'ADD' ? statementKey(proposal.state.text) : undefined);
  const added = new Set(proposals.flatMap((proposal) => keyOf(proposal) ?? []));
  if (added.size === 0) return proposals;
  const forgotten = await open.read(({ projection: { memories } }) => {
    const keyed = (memory: Memory | undefined) => (memory?.state.kind === 'insight' ? statementKey(memory.state.text) : undefined);
    return [...memories.values()].flatMap((memory) => {
      const key = memory.status === 'forgotten' ? keyed(memory) : undefined;
      // Where another one says the same, what became of that one counts.
      const isRepeat = keyed(memories.get(memory.successor ?? '')) === key;
      return key !== undefined && added.has(key) && !isRepeat ? [{ key, changed: memory.changed }] : [];
    });
  });
  const events = await open.events(forgotten.map(({ changed }) => changed));
  // What decided itself that an insight holds no longer may find that it does again.
  const own = new Set(events.flatMap((event) => (isChange(event) && (isRetirement(event) || event.by) ? [event.seq] : [])));
  const unwanted = new Set(forgotten.flatMap(({ changed, key }) => (own.has(changed) ? [] : [key])));
  return proposals.filter((proposal) => !unwanted.has(keyOf(proposal) ?? ''));
}
