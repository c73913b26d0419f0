import type { MemoryState, SkippedPart } from '../events.js';
import { defined, namedSubject } from '../facts.js';
import { cleanReason, excerpt, gate } from '../gate.js';
import { flagsOf } from '../injection.js';
import { meantNumbers, statedNumbers } from '../numbers.js';
import type { InsightProposal } from '../ports.js';
import { terms } from '../ranking/analysis.js';
import { statementKey } from '../statement.js';
import { fingerprintOf } from './retirement.js';
import type { Chosen, Shown } from './round.js';

/** A proposal that holds, as far as what was shown tells. */
export type CheckedProposal =
  | { action: 'ADD'; state: MemoryState; sources: Chosen[]; reason: string }
  | { action: 'UPDATE'; insight: Chosen; state: MemoryState; sources: Chosen[]; reason: string }
  | { action: 'DELETE'; insight: Chosen; reason: string };

type Derived = Exclude<InsightProposal, { action: 'DELETE' }>;

/** UTF-16 units of an insight; the sources of one; insights that one call may add. */
const longestInsight = 500;
const mostSources = 20;
const mostAdded = 20;

/** Keeps of a model's proposals those that what it was shown supports; of the others it says why not. */
export function checkedProposals(
  proposals: readonly InsightProposal[],
  shown: Shown,
): { accepted: CheckedProposal[]; rejected: SkippedPart[] } {
  const accepted: CheckedProposal[] = [];
  const rejected: SkippedPart[] = [];
  for (const proposal of proposals) {
    const checked = check(proposal, shown, accepted);
    if ('action' in checked) accepted.push(checked);
    else rejected.push(checked);
  }
  return { accepted, rejected };
}

/** The proposal as it may be carried out beside those accepted before it, or what is wrong with it. */
function check(proposal: InsightProposal, shown: Shown, accepted: readonly CheckedProposal[]): CheckedProposal | SkippedPart {
  const rejected = (reason: string): SkippedPart => ({ text: 'text' in proposal ? excerpt(proposal.text) : '', reason });
  if (proposal.action === 'ADD') {
    if (accepted.filter(({ action }) => action === 'ADD').length === mostAdded) return rejected('too many insights at once');
    const fault = faultOf(proposal, shown, undefined);
    return fault ? rejected(fault) : { action: 'ADD', ...derived(proposal, shown, undefined) };
  }
  const insight = at(shown.insights, proposal.insight);
  if (!insight) return rejected('it names no insight that was shown');
  if (accepted.some((each) => 'insight' in each && each.insight === insight)) return rejected('the insight has a proposal already');
  if (proposal.action === 'DELETE') {
    if (insight.state.pinned) return { text: insight.state.text, reason: 'what is pinned stays' };
    return { action: 'DELETE', insight, reason: cleanReason(proposal.reason) ?? 'no longer holds' };
  }
  const fault = faultOf(proposal, shown, insight);
  return fault ? rejected(fault) : { action: 'UPDATE', insight, ...derived(proposal, shown, insight.state) };
}

function faultOf(proposal: Derived, shown: Shown, insight: Chosen | undefined): string | undefined {
  const text = proposal.text.trim();
  const { skipped, recalled, redactions, refused } = gate(text);
  if (refused) return 'it says nothing';
  if (text.length > longestInsight) return 'it is too long';
  if (!text.isWellFormed() || redactions.length + recalled.length + skipped.length > 0 || flagsOf(text))
    return 'its text is none that may be learnt';
  if (proposal.sources.some((index) => !at(shown.memories, index))) return 'it names a memory that was not shown';
  const sources = sourcesOf(proposal, shown);
  if (sources.length < 2) return 'it stands on fewer than two memories';
  if (sources.length > mostSources) return 'it stands on too many memories';
  const words = sources.map(({ state }) => [state.subject, state.text, state.occurred_at].filter(Boolean).join(' ')).join('\n');
  const numbers = meantNumbers(words);
  if (!statedNumbers(text).every((each) => numbers.has(each))) return 'it holds a number that no source holds';
  const held = new Set(terms(words));
  if (!terms(text).some((term) => held.has(term))) return 'it shares no word with its sources';
  const key = statementKey(text);
  if ([...sources, ...shown.insights].some((each) => each !== insight && statementKey(each.state.text) === key))
    return 'it says what is remembered already';
  return undefined;
}

function at(list: readonly Chosen[], index: number): Chosen | undefined {
  return Number.isInteger(index) ? list[index] : undefined;
}

function sourcesOf({ sources }: Derived, { memories }: Shown): Chosen[] {
  return [...new Set(sources.flatMap((index) => at(memories, index) ?? []))];
}

function derived(
  proposal: Derived,
  shown: Shown,
  before: MemoryState | undefined,
): { state: MemoryState; sources: Chosen[]; reason: string } {
  const sources = sourcesOf(proposal, shown);
  const reason = [cleanReason(proposal.reason), `derived from ${sources.map(({ id }) => id).join(', ')}`].filter(Boolean).join('; ');
  return { state: stateOf(proposal, sources, before), sources, reason };
}

/** The insight as it would be stored: as new as its newest source, and expiring with the first of them. */
function stateOf(proposal: Derived, sources: Chosen[], before: MemoryState | undefined): MemoryState {
  const text = proposal.text.trim();
  const states = sources.map(({ state }) => state);
  const entities = [...new Set(states.flatMap((state) => state.entities ?? []))].filter((name) => text.includes(name));
  const { importance } = proposal;
  return defined({
    ...defined({ pinned: before?.pinned, metadata: before?.metadata }),
    text,
    kind: 'insight' as const,
    subject: subjectOf(proposal.subject, states),
    entities: entities.length > 0 ? entities : undefined,
    said_at:
      states
        .map((state) => state.said_at)
        .sort()
        .at(-1) ?? '',
    expires_at: states.flatMap((state) => state.expires_at ?? []).sort()[0],
    importance: importance === undefined || !(importance >= 1 && importance <= 10) ? undefined : Math.round(importance),
    standing: proposal.standing || undefined,
    sources: sources.map(({ id }) => id),
    source_fingerprint: fingerprintOf(states),
  }) as MemoryState;
}

/** Whom it is about, spelt as the sources spell it; undefined, the user, where none of them is about that. */
function subjectOf(proposed: string | undefined, states: MemoryState[]): string | undefined {
  const name = namedSubject(proposed);
  if (name === undefined) return undefined;
  const key = statementKey(name);
  const names = states.flatMap(({ subject, entities = [] }) => [...(subject === undefined ? [] : [subject]), ...entities]);
  return names.find((each) => statementKey(each) === key) ?? (states.some(({ text }) => text.includes(name)) ? name : undefined);
}
