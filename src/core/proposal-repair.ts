import type { Candidate } from './facts.js';
import { keepsNamesOf } from './holding.js';
import { isHowToText, withoutStepNumbers } from './how-to.js';
import { meantNumbers, statedNumbers } from './numbers.js';
import type { Neighbour } from './ports.js';
import { terms } from './ranking/analysis.js';
import type { TargetedProposal } from './reconcile.js';
import { findTimePhrases, withoutTime } from './time/phrases.js';

/** What a model proposes for one candidate. */
export interface Proposed {
  candidate: Candidate;
  proposal: TargetedProposal | undefined;
}

type Update = Extract<TargetedProposal, { action: 'UPDATE' }>;

/** Share of a new text's words that must be among those that it was made of, and of a statement's for the text to hold it. */
const leastMade = 0.6;
const leastHeld = 0.8;
const longestStatement = 4_000;

/**
 * The proposals of one call, repaired where they contradict each other or what they were made of. A text that says more
 * than its facts and its memory, or leaves out whom or what a fact names, gives way to the fact's own; what one fact changes, no other takes for known or deletes.
 */
export function repaired(all: Proposed[], neighbours: (Neighbour & { id: string })[]): (TargetedProposal | undefined)[] {
  const checked = all.map((each) => ({ ...each, proposal: inKnownWords(each, { all, neighbours }) }));
  const updates = checked.flatMap(({ proposal }) => (proposal?.action === 'UPDATE' ? [proposal] : []));
  const changed = new Set(updates.map(({ target }) => target));
  const deleted = new Set(
    checked.flatMap(({ proposal }) => [...(proposal?.action === 'DELETE' ? [proposal.target] : []), ...(proposal?.ends ?? [])]),
  );
  return checked.map((each): TargetedProposal | undefined => {
    const { candidate } = each;
    const proposal = each.proposal && { ...each.proposal, ends: each.proposal.ends?.filter((id) => !changed.has(id)) };
    switch (proposal?.action) {
      case undefined:
      case 'ADD':
        return proposal;
      case 'UPDATE':
        return holding(updates, candidate, proposal.target) ?? proposal;
      case 'DELETE':
        return changed.has(proposal.target) ? { action: 'ADD', reason: 'what it ends was changed by the same input' } : proposal;
      case 'NONE':
        if (changed.has(proposal.target)) return holding(updates, candidate, proposal.target) ?? overtaken;
        return deleted.has(proposal.target) ? overtaken : proposal;
      default:
        return proposal satisfies never;
    }
  });
}

/** What says it already does not say it any longer: the fact must stand by itself. */
const overtaken: TargetedProposal = { action: 'ADD', reason: 'what said it was changed by the same input' };

/** The fullest of the texts proposed for a memory that say all that a fact does. */
function holding(updates: Update[], { state }: Candidate, target: string): Update | undefined {
  const numbers = statedNumbers(state.text);
  const full = updates.filter((update) => {
    const meant = meantNumbers(update.text);
    return update.target === target && share(state.text, [update.text]) >= leastHeld && numbers.every((number) => meant.has(number));
  });
  return full.sort((left, right) => right.text.length - left.text.length)[0];
}

/** An update in words that stand in its memory or in the facts that change it and that name what its fact does, else in those of its fact alone. */
function inKnownWords(
  { candidate, proposal }: Proposed,
  { all, neighbours }: { all: Proposed[]; neighbours: (Neighbour & { id: string })[] },
) {
  if (proposal?.action !== 'UPDATE') return proposal;
  const memory = neighbours.find(({ id }) => id === proposal.target);
  const facts = all.filter((each) => each.proposal && 'target' in each.proposal && each.proposal.target === proposal.target);
  const sources = [
    ...[memory?.text, memory?.occurred_at, memory?.said_at.slice(0, 10)],
    ...facts.flatMap(({ candidate: { state } }) => [state.text, state.occurred_at, state.said_at.slice(0, 10)]),
  ].filter((source) => source !== undefined);
  const hasForm = candidate.state.kind !== 'procedure' || isHowToText(proposal.text);
  const text = { text: proposal.text, subject: candidate.state.subject, occurred_at: candidate.state.occurred_at };
  const keepsNames = keepsNamesOf(text, candidate.state, memory?.text ?? '');
  if (hasForm && keepsNames && isMadeOf(proposal.text, sources, candidate.state.said_at)) return proposal;
  return { ...proposal, text: candidate.state.text };
}

/** Whether a text holds no number and few words that its sources do not; how it writes a date does not matter. */
function isMadeOf(text: string, sources: string[], at: string): boolean {
  if (text.length > longestStatement) return false;
  const numbers = meantNumbers(sources.join('\n'));
  if (!statedNumbers(withoutStepNumbers(text)).every((number) => numbers.has(number))) return false;
  const dates = findTimePhrases(text, { now: Date.parse(at), zone: 'UTC', prefer: 'nearest' });
  return share(withoutTime(text, dates), sources) >= leastMade;
}

/** How much of the words of a text stand in others, 0 to 1. */
function share(text: string, sources: string[]): number {
  const known = new Set(sources.flatMap(terms));
  const own = terms(text);
  return own.length === 0 ? 1 : own.filter((term) => known.has(term)).length / own.length;
}
