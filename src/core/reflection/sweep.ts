import type { RememberResult } from '../answers.js';
import type { Call, Core } from '../core.js';
import { defined } from '../facts.js';
import { type DecisionCase, type Neighbour, type Proposal, RefusedInputError } from '../ports.js';
import { targeted } from '../reconcile.js';
import { originOf } from '../remember.js';
import type { OpenSpace } from '../spaces.js';
import { statementKey } from '../statement.js';
import type { Chosen } from './round.js';
import { type Judged, settleSweep } from './settle-sweep.js';

/** Two memories of the same kind and subject that are near each other. */
export interface Pair {
  older: Chosen;
  newer: Chosen;
  score: number;
}

/** Score from which on two memories are near enough to be held against each other. */
export const sweepScore = 0.3;

/** Two memories in the order in which they were said; undefined where one cannot stand for the other. */
export function pairOf(a: Chosen, b: Chosen, score: number): Pair | undefined {
  const isAlike =
    a.state.kind === b.state.kind &&
    a.state.expires_at === b.state.expires_at &&
    statementKey(a.state.subject ?? '') === statementKey(b.state.subject ?? '');
  if (!isAlike || a.id === b.id) return undefined;
  const isFirst = a.state.said_at === b.state.said_at ? a.added < b.added : a.state.said_at < b.state.said_at;
  return isFirst ? { older: a, newer: b, score } : { older: b, newer: a, score };
}

/**
 * Holds memories against near ones that were said before them, with one decision: repeats become one memory, and of
 * what contradicts the later said stays. Raises ModelError.
 */
export async function sweep(core: Core, open: OpenSpace, pairs: readonly Pair[], call: Call): Promise<RememberResult[]> {
  const judged = await judge(core, pairs, call.signal);
  if (judged.length === 0) return [];
  return open.commit(originOf(call), (view) => {
    const { drafts, results } = settleSweep(view, judged, { now: core.clock.now(), model: core.decider.name, zone: core.zone });
    return { drafts, answer: results };
  });
}

async function judge(core: Core, pairs: readonly Pair[], signal: AbortSignal): Promise<Judged[]> {
  const neighbours = [...new Map(pairs.map(({ older }) => [older.id, older])).values()];
  const newer = [...new Map(pairs.map((pair) => [pair.newer.id, pair.newer])).values()].sort(bySaid);
  if (newer.length === 0) return [];
  // Where both of a pair are new it was found from either side.
  const nearOf = (memory: Chosen) =>
    pairs
      .filter((pair) => pair.newer.id === memory.id)
      .sort((a, b) => b.score - a.score)
      .filter(({ older }, place, all) => all.findIndex((other) => other.older.id === older.id) === place);
  const places = new Map(neighbours.map(({ id }, index) => [id, index]));
  const cases = newer.map((memory) => {
    const { text, subject, occurred_at, recurs, said_at } = memory.state;
    const near = nearOf(memory).map(({ older, score }) => ({ neighbour: places.get(older.id) ?? -1, score }));
    return { fact: defined({ text, subject, occurred_at, recurs, turn: 0, quote: text }), at: said_at, near };
  });
  const proposals = await decided(core, cases, neighbours.map(neighbourOf), signal);
  return newer.flatMap((memory, index) => {
    const proposal = targeted(proposals[index], neighbours);
    return proposal && proposal.action !== 'ADD' ? [{ newer: memory, near: nearOf(memory).map(({ older }) => older), proposal }] : [];
  });
}

/** The decider's proposals; none where it refuses these very memories, since it would the next time, too. */
async function decided(core: Core, cases: DecisionCase[], neighbours: Neighbour[], signal: AbortSignal): Promise<(Proposal | undefined)[]> {
  try {
    return await core.decider.decide(cases, neighbours, signal);
  } catch (error) {
    if (!(error instanceof RefusedInputError)) throw error;
    core.logger.warn('a sweep came to nothing', { reason: error.message });
    return [];
  }
}

function bySaid(a: Chosen, b: Chosen): number {
  if (a.state.said_at !== b.state.said_at) return a.state.said_at < b.state.said_at ? -1 : 1;
  return a.added - b.added;
}

function neighbourOf({ state: { text, subject, said_at, occurred_at, recurs } }: Chosen): Neighbour {
  return defined({ text, said_at, subject, occurred_at, recurs });
}
