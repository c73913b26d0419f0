import type { RememberResult } from '../answers.js';
import type { EventDraft, MemoryState } from '../events.js';
import { datesOfMerged, defined } from '../facts.js';
import { excerpt, gate } from '../gate.js';
import { holdsNumbersOf, keepsNamesOf, saysAllOf } from '../holding.js';
import { meantNumbers, statedNumbers } from '../numbers.js';
import { hasLabel, isLive, type Label, liveMemoryOf, type Memory, statementOf } from '../projection.js';
import { mergedState, type TargetedProposal } from '../reconcile.js';
import type { SpaceView } from '../view.js';
import type { Chosen } from './round.js';

/** What is to become of a memory that was said later than another. */
export interface Judged {
  newer: Chosen;
  /** The memories it was shown beside. */
  near: Chosen[];
  proposal: TargetedProposal;
}

/** Turns judgements into events on the newest view; code has the last word. Each memory changes once at most. */
export function settleSweep(
  { projection }: SpaceView,
  judged: readonly Judged[],
  { now, model, zone }: { now: number; model: string; zone: string },
): { drafts: EventDraft[]; results: RememberResult[] } {
  const drafts: EventDraft[] = [];
  const results: RememberResult[] = [];
  const touched = new Set<string>();

  const asShown = (chosen: Chosen | undefined): Memory | undefined => {
    const memory = chosen && projection.memories.get(chosen.id);
    return memory && isLive(memory, now) && memory.revision === chosen.revision && !touched.has(memory.id) ? memory : undefined;
  };

  function retire(memory: Memory, successor: Memory, why: { reason: string; decision: string }): void {
    touched.add(memory.id).add(successor.id);
    const { id, revision } = memory;
    const { reason, decision } = why;
    const by = { model, decision };
    drafts.push({ event: 'DELETE', memory_id: id, revision, base: revision, successor: successor.id, reason, by });
    results.push({ id, event: 'DELETE', memory: memory.state.text, revision, reason });
  }

  /** A memory names everybody who stated it, also in other words. */
  function takeLabels(memory: Memory, labels: readonly Label[], revision: number): void {
    for (const label of labels.filter((each) => !hasLabel(memory, each)))
      drafts.push({ event: 'CONFIRM', memory_id: memory.id, revision, ...defined(label) });
  }

  for (const { newer: later, near, proposal } of judged) {
    const target = 'target' in proposal ? proposal.target : undefined;
    const newer = asShown(later);
    const older = asShown(near.find(({ id }) => id === target));
    if (!newer || !older) continue;
    const because = (what: string) => [proposal.reason && excerpt(proposal.reason), what].filter(Boolean).join('; ');
    switch (proposal.action) {
      case 'ADD':
        break;
      case 'NONE':
        if (!isRepeat(older.state, newer.state)) break;
        takeLabels(older, newer.labels, older.revision);
        retire(newer, older, { reason: because(`repeats ${older.id}`), decision: 'NONE' });
        break;
      case 'UPDATE': {
        const text = proposal.text.trim();
        const state = unitedState(older.state, newer.state, { text, zone });
        const holder = liveMemoryOf(projection, statementOf(state), now, older.id);
        if (newer.state.pinned || (holder && holder.id !== newer.id) || !isUnion(state, older.state, newer.state)) break;
        const revision = older.revision + 1;
        const [first, ...others] = newer.labels;
        const reason = because(`united with ${newer.id}`);
        const by = { model, decision: 'UPDATE' };
        drafts.push({
          ...{ event: 'UPDATE', memory_id: older.id, revision, base: older.revision, state, reason, by },
          ...defined(first ?? {}),
        });
        results.push({ id: older.id, event: 'UPDATE', memory: text, previous: older.state.text, revision, reason });
        takeLabels(older, others, revision);
        retire(newer, older, { reason: because(`united with ${older.id}`), decision: 'UPDATE' });
        break;
      }
      case 'DELETE':
        if (older.state.pinned) break;
        retire(older, newer, { reason: because(`superseded by ${newer.id}`), decision: 'DELETE' });
        break;
      default:
        proposal satisfies never;
    }
  }
  return { drafts, results };
}

/** Whether all that the later memory holds is in the other one, as far as code can tell: what it says, dates, labels. */
function isRepeat(older: MemoryState, newer: MemoryState): boolean {
  const labels = Object.entries(newer.metadata ?? {});
  return (
    !newer.pinned &&
    saysAllOf(older, newer) &&
    holdsNumbersOf(older, newer.occurred_at ?? '') &&
    labels.every(([key, value]) => older.metadata?.[key] === value)
  );
}

function unitedState(older: MemoryState, newer: MemoryState, { text, zone }: { text: string; zone: string }): MemoryState {
  const fact = defined({ text: newer.text, occurred_at: newer.occurred_at, turn: 0, quote: newer.text });
  const input = { form: 'content' as const, turns: [], infer: true, kind: newer.kind, at: newer.said_at };
  const dates = datesOfMerged(text, { fact, state: newer, source: {} }, input, zone);
  return mergedState(older, newer, { text, dates });
}

/** Whether a united state may stand for both: made of them, with the names and numbers of the later one. */
function isUnion(union: MemoryState, older: MemoryState, newer: MemoryState): boolean {
  return isSupported(union.text, [older, newer]) && keepsNamesOf(union, newer, older.text);
}

/** Whether a text may stand for these memories: clean, no longer than them, every number from one of them. */
function isSupported(text: string, states: MemoryState[]): boolean {
  const { skipped, recalled, redactions, refused } = gate(text);
  const words = states.map((state) => `${state.text} ${state.occurred_at ?? ''}`).join('\n');
  const numbers = meantNumbers(words);
  return (
    !refused &&
    text.isWellFormed() &&
    skipped.length + recalled.length + redactions.length === 0 &&
    text.length <= 2 * words.length &&
    statedNumbers(text).every((each) => numbers.has(each))
  );
}
