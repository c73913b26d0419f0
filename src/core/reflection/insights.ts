import type { RememberResult } from '../answers.js';
import type { DecidedBy, EventDraft } from '../events.js';
import { defined } from '../facts.js';
import type { Ids } from '../ports.js';
import { isLive, liveMemoryOf, type Memory, statementOf } from '../projection.js';
import type { OpenSpace } from '../spaces.js';
import { statementKey } from '../statement.js';
import type { SpaceView } from '../view.js';
import type { CheckedProposal } from './proposals.js';
import { isRetirement } from './retirement.js';
import type { Chosen } from './round.js';

/**
 * Turns proposals into events, on the newest view: what a proposal stands on, or changes, must still be as it was shown,
 * and no two live memories may say the same. `wordings` names the events that gave the sources their words, by number.
 */
export function settleInsights(
  { projection }: SpaceView,
  proposals: readonly CheckedProposal[],
  { now, ids, by, wordings }: { now: number; ids: Ids; by: DecidedBy; wordings: ReadonlyMap<number, string> },
): { drafts: EventDraft[]; results: RememberResult[] } {
  const drafts: EventDraft[] = [];
  const results: RememberResult[] = [];
  const made = new Set<string>();

  const asShown = (chosen: Chosen): Memory | undefined => {
    const memory = projection.memories.get(chosen.id);
    return memory && isLive(memory, now) && memory.revision === chosen.revision ? memory : undefined;
  };

  for (const proposal of proposals) {
    const { action, reason } = proposal;
    const memory = 'insight' in proposal ? asShown(proposal.insight) : undefined;
    if ('insight' in proposal && !memory) continue;
    const decided = { reason, by: { ...by, decision: action } };
    if (action === 'DELETE') {
      if (!memory) continue;
      const { id, revision } = memory;
      drafts.push({ event: 'DELETE', memory_id: id, revision, base: revision, ...decided });
      results.push({ id, event: 'DELETE', memory: memory.state.text, revision, reason });
      continue;
    }
    const { state, sources } = proposal;
    const statement = statementOf(state);
    if (!sources.every(asShown) || made.has(statement) || liveMemoryOf(projection, statement, now, memory?.id)) continue;
    const isSame = memory?.state.text === state.text && String(memory.state.sources) === String(state.sources);
    if (isSame) continue;
    made.add(statement);
    const id = memory?.id ?? ids.memory();
    const base = memory?.revision ?? 0;
    const derived_from = sources.map(({ worded }) => wordings.get(worded) ?? '');
    drafts.push({ event: action, memory_id: id, revision: base + 1, base, state: { ...state, derived_from }, ...decided });
    results.push(defined({ id, event: action, memory: state.text, previous: memory?.state.text, revision: base + 1, reason }));
  }
  return { drafts, results };
}

/** The event_id of the events that gave the sources of proposals their words, by their numbers. */
export async function wordingsOf(open: OpenSpace, proposals: readonly CheckedProposal[]): Promise<Map<number, string>> {
  const numbers = proposals.flatMap((proposal) => ('sources' in proposal ? proposal.sources.map(({ worded }) => worded) : []));
  const events = await open.events([...new Set(numbers)]);
  return new Map(events.map(({ seq, event_id }) => [seq, event_id]));
}

/** The proposals without those that would bring back an insight that somebody forgot or took back. */
export async function withoutUnwanted(open: OpenSpace, proposals: CheckedProposal[]): Promise<CheckedProposal[]> {
  const keyOf = (proposal: CheckedProposal) => (proposal.action === 'ADD' ? statementKey(proposal.state.text) : undefined);
  const added = new Set(proposals.flatMap((proposal) => keyOf(proposal) ?? []));
  if (added.size === 0) return proposals;
  const forgotten = await open.read(({ projection }) =>
    [...projection.memories.values()].flatMap(({ status, state, changed }) =>
      status === 'forgotten' && state.kind === 'insight' && added.has(statementKey(state.text))
        ? [{ changed, key: statementKey(state.text) }]
        : [],
    ),
  );
  const events = await open.events(forgotten.map(({ changed }) => changed));
  // What decided itself that an insight holds no longer may find that it does again.
  const wanted = new Set(events.flatMap((event) => ('base' in event && (isRetirement(event) || event.by) ? [event.seq] : [])));
  const unwanted = new Set(forgotten.flatMap(({ changed, key }) => (wanted.has(changed) ? [] : [key])));
  return proposals.filter((proposal) => !unwanted.has(keyOf(proposal) ?? ''));
}
