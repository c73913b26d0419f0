import type { Core } from './core.js';
import type { Candidate } from './facts.js';
import type { Neighbour } from './ports.js';
import { statementOf } from './projection.js';
import { type TargetedProposal, targeted } from './reconcile.js';
import { statementKey } from './statement.js';

/** Earlier facts of an input that one fact is held against, the nearest ones: people correct what they have just said. */
const lookedBack = 30;

/**
 * What each fact of an input changes of those before it, for a decider that costs nothing to ask: what was said in two
 * breaths must end as it does in two calls. A fact that changes none of them keeps its proposal. Targets are the
 * statements of the earlier facts.
 */
export async function changesWithin(
  core: Core,
  facts: readonly Candidate[],
  { proposals, signal }: { proposals: readonly (TargetedProposal | undefined)[]; signal: AbortSignal },
): Promise<(TargetedProposal | undefined)[]> {
  const settled: (TargetedProposal | undefined)[] = [];
  for (const [index, candidate] of facts.entries()) {
    const earlier = earlierFacts(facts, index);
    const change = earlier.length === 0 ? undefined : await changeOf(core, candidate, { earlier, signal });
    settled.push(change ?? proposals[index]);
  }
  return settled;
}

/** The facts before one that are of its kind and about its subject, the latest first. */
function earlierFacts(facts: readonly Candidate[], index: number): (Neighbour & { id: string })[] {
  const { kind, subject = '' } = facts[index]?.state ?? {};
  const key = statementKey(subject);
  const earlier: (Neighbour & { id: string })[] = [];
  // From the latest, so that a long input is not looked through for each of its facts.
  for (let place = index - 1; place >= 0 && earlier.length < lookedBack; place -= 1) {
    const state = facts[place]?.state;
    if (state && state.kind === kind && statementKey(state.subject ?? '') === key)
      earlier.push({ id: statementOf(state), text: state.text, said_at: state.said_at });
  }
  return earlier;
}

async function changeOf(
  core: Core,
  { fact, state }: Candidate,
  { earlier, signal }: { earlier: (Neighbour & { id: string })[]; signal: AbortSignal },
): Promise<TargetedProposal | undefined> {
  const near = earlier.map((_, neighbour) => ({ neighbour, score: 0 }));
  const [proposal] = await core.decider.decide([{ fact, at: state.said_at, kind: state.kind, near }], earlier, signal);
  const change = targeted(proposal, earlier);
  return change?.action === 'UPDATE' || change?.action === 'DELETE' ? change : undefined;
}
