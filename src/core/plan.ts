import { attributed, type Reading, verbatimReadings } from './attachments.js';
import type { Call, Core } from './core.js';
import { messageOf } from './errors.js';
import type { ReceivedInput, SkippedPart, Turn } from './events.js';
import { type Candidate, candidateOf, datesOfMerged, verbatimFacts } from './facts.js';
import { excerpt, extractRecalled, type Gated, gate } from './gate.js';
import type { DecisionCase, Extraction, ExtractionInput, Fact, Neighbour } from './ports.js';
import { contextInputs, embeddingText, isLive, liveMemoryOf, type Memory, statementOf } from './projection.js';
import { repaired } from './proposal-repair.js';
import { type Planned, targeted } from './reconcile.js';
import { isAllRedacted } from './redaction.js';
import type { OpenSpace } from './spaces.js';
import { lookAround, type Surroundings } from './surroundings.js';
import { undisturbed } from './undisturbed.js';
import type { SpaceView } from './view.js';
import { changesWithin } from './within-input.js';

/** What can be said of an input before any model is asked. */
export interface Screening {
  /** Facts that need no extraction: verbatim ones, and turns that are remembered already. */
  facts: Fact[];
  /** Turns to extract from, in their places; those that say nothing new are empty. */
  turns: Turn[];
  /** Whether there is anything to extract from. */
  needsExtraction: boolean;
  /** Memories that the input repeats in recall's own rendering. */
  recalled: Memory[];
  /** What was read from attachments. */
  readings?: Reading[];
  skipped: SkippedPart[];
}

/** What is to be settled under the lock. */
export interface Plan {
  planned: Planned[];
  recalled: Memory[];
  /** As long as they were written; bounded where they are settled. */
  skipped: SkippedPart[];
  /** Close memories by the statement of the candidate they are close to, nearest first. */
  similar: Map<string, { id: string; memory: string }[]>;
  degraded: string[];
}

/** Turns and characters of the same run that an extractor is shown as context (1,500 tokens of about 4 characters). */
const contextTurns = contextInputs;
const contextCharacters = 6000;
/** Verbatim statements of one call for which close memories are looked up, to be named to the caller. */
const mostLookedAround = 20;

/** Passes every turn through the gate and finds what is known already. Reads only. */
export function screen(view: SpaceView, input: ReceivedInput, now: number): Screening {
  const skipped: SkippedPart[] = [];
  const recalled: Memory[] = [];
  const facts: Fact[] = [];
  const turns = input.turns.map((turn, index) => {
    const gated = gate(turn.content);
    // Content that is to stand as it is was chosen to: a piece of JSON is no stray output then.
    const asItIs = !input.infer && input.form === 'content';
    // A turn may consist of what is attached to it, or be erased.
    const isEmpty = gated.refused && (turn.attachments || turn.erased);
    if (turn.erased) skipped.push({ text: '', reason: turn.content === '' ? 'erased' : 'a part of it was erased' });
    skipped.push(...((asItIs && !gated.refused) || isEmpty ? [] : leftOut(gated)));
    for (const { id, text } of gated.recalled) {
      const memory = view.projection.memories.get(id) ?? liveMemoryOf(view.projection, statementOf({ text, kind: 'observation' }), now);
      if (memory && isLive(memory, now)) recalled.push(memory);
      else skipped.push({ text: excerpt(text), reason: 'a memory that was recalled, not something new' });
    }
    const content = asItIs ? extractRecalled(gated.text).rest.trim() : gated.learnable;
    const learnable: Turn = { ...turn, content: isAllRedacted(content) ? '' : content };
    if (learnable.content === '' || turn.role === 'system') return { ...learnable, content: '' };
    const known = { text: learnable.content, kind: input.kind, subject: turn.name };
    if (turn.role !== 'user' || !liveMemoryOf(view.projection, statementOf(known), now)) return learnable;
    facts.push(...verbatimFacts([learnable]).map((fact) => ({ ...fact, turn: index })));
    return { ...learnable, content: '' };
  });
  if (!input.infer) facts.push(...verbatimFacts(turns));
  facts.sort((a, b) => a.turn - b.turn);
  // What an assistant did is what a how-to is made of.
  const sources = input.kind === 'procedure' ? ['user', 'assistant'] : ['user'];
  const needsExtraction = input.infer && turns.some((turn) => sources.includes(turn.role) && turn.content !== '');
  return { facts, turns, needsExtraction, recalled, skipped };
}

function leftOut(gated: Gated): SkippedPart[] {
  const loops = new Set(gated.recalled.map((memory) => excerpt(memory.text)));
  return [...(gated.refused ? [{ text: '', reason: gated.refused }] : []), ...gated.skipped.filter((part) => !loops.has(part.text))];
}

/** The last turns of the run before this input, oldest first. */
async function contextOf(open: OpenSpace, runId: string | undefined, inputId: string): Promise<Turn[]> {
  if (runId === undefined) return [];
  const events = await undisturbed(open, async () => open.events(await open.read((view) => view.projection.runs.get(runId) ?? [])));
  const turns = events
    .flatMap((event) => (event.event === 'RECEIVED' && event.event_id !== inputId ? [event.input] : []))
    .flatMap((input) => input.turns.map((turn): Turn => ({ ...turn, at: turn.at ?? input.at })))
    .slice(-contextTurns);
  const shown: Turn[] = [];
  let room = contextCharacters;
  for (const turn of turns.reverse()) {
    if (room <= 0) break;
    // Of a long turn the end is what the next one answers.
    shown.unshift({ ...turn, content: turn.content.slice(-room).toWellFormed() });
    room -= turn.content.length;
  }
  return shown;
}

/**
 * From an input to candidates with proposals, models included; writes nothing. At most one extraction a chunk, one
 * decision and one embedding request. Raises ModelError, or the signal's reason.
 */
export async function makePlan(
  core: Core,
  open: OpenSpace,
  input: ReceivedInput,
  screening: Screening,
  options: { inputId: string; call: Call },
): Promise<Plan> {
  const { call, inputId } = options;
  const facts = [...screening.facts];
  const skipped = [...screening.skipped];
  const degraded: string[] = [];
  if (screening.needsExtraction) {
    const context = await contextOf(open, call.run_id, inputId);
    const form = input.form === 'messages' ? 'messages' : 'content';
    const shown = { form, turns: screening.turns, context, at: input.at } as const;
    const extraction = await extracted(core, input, shown, call);
    facts.push(...extraction.facts);
    skipped.push(...extraction.skipped);
  }
  const { readings = [] } = screening;
  facts.push(...verbatimReadings(core, input, readings));
  facts.sort((a, b) => a.turn - b.turn);
  const candidates = facts.map((fact) => attributed(candidateOf(fact, input, inputId, core.zone), input, readings));
  const now = core.clock.now();
  const fresh = await open.read((view) => candidates.filter(({ state }) => !liveMemoryOf(view.projection, statementOf(state), now)));
  const vectors = await embedded(core, open, fresh, call.signal, degraded);
  const wide = input.infer || fresh.length <= mostLookedAround;
  const surroundings = await lookAround(core, open, fresh, { vectors, wide, signal: call.signal });
  const proposals = input.infer ? await decided(core, fresh, surroundings, call.signal) : [];
  const similar = new Map(fresh.map(({ state }, index) => [statementOf(state), surroundings[index]?.similar ?? []]));
  const planned = candidates.map((candidate): Planned => {
    const index = fresh.indexOf(candidate);
    const proposal = proposals[index];
    const dates = proposal?.action === 'UPDATE' && datesOfMerged(proposal.text, candidate, input, core.zone);
    return { ...candidate, twin: surroundings[index]?.twin, proposal: dates ? { ...proposal, dates } : proposal };
  });
  return { planned, recalled: screening.recalled, skipped, similar, degraded };
}

/** What an input holds: facts, or the how-to of a run. Where nothing can write one, its turns stand as they are. */
async function extracted(core: Core, input: ReceivedInput, shown: ExtractionInput, { signal, progress }: Call): Promise<Extraction> {
  if (input.kind !== 'procedure') {
    let steps = 0;
    const extraction = await core.extractor.extract(shown, signal, (done, parts) => {
      // The decision about what was found is the last step.
      steps = parts + 1;
      progress?.(done, steps);
    });
    if (steps > 0) progress?.(steps - 1, steps);
    return extraction;
  }
  return (await core.extractor.extractProcedure?.(shown, signal)) ?? { facts: verbatimFacts(shown.turns), skipped: [] };
}

async function embedded(core: Core, open: OpenSpace, fresh: Candidate[], signal: AbortSignal, degraded: string[]): Promise<Float32Array[]> {
  if (fresh.length === 0) return [];
  try {
    return await core.vectors.embed(
      open.space,
      fresh.map(({ state }) => embeddingText(state)),
      signal,
    );
  } catch (error) {
    // The words are found lexically meanwhile; the index catches up from the log.
    degraded.push(`embedding: ${messageOf(error)}; found by words until it answers`);
    return [];
  }
}

async function decided(core: Core, fresh: Candidate[], surroundings: Surroundings[], signal: AbortSignal): Promise<Planned['proposal'][]> {
  const numbers = new Map<string, number>();
  const neighbours: (Neighbour & { id: string })[] = [];
  const cases = fresh.map((candidate, index): DecisionCase => {
    const near = surroundings[index]?.twin ? [] : (surroundings[index]?.near ?? []);
    return {
      fact: candidate.fact,
      at: candidate.state.said_at,
      kind: candidate.state.kind,
      near: near.map(({ memory, score }) => {
        const number = numbers.get(memory.id) ?? neighbours.length;
        if (!numbers.has(memory.id)) neighbours.push(neighbourOf(memory));
        numbers.set(memory.id, number);
        return { neighbour: number, score };
      }),
    };
  });
  const open = cases.filter(({ near }) => near.length > 0);
  const proposals = open.length === 0 ? [] : await core.decider.decide(open, neighbours, signal);
  const proposed = fresh.map((candidate, index) => {
    const each = cases[index];
    return { candidate, proposal: targeted(each && each.near.length > 0 ? proposals[open.indexOf(each)] : undefined, neighbours) };
  });
  if (core.decider.remote) return repaired(proposed, neighbours);
  return changesWithin(core, fresh, { proposals: proposed.map(({ proposal }) => proposal), signal });
}

function neighbourOf(memory: Memory): Neighbour & { id: string } {
  const { text, subject, said_at, occurred_at, recurs } = memory.state;
  return {
    id: memory.id,
    text,
    said_at,
    ...(subject === undefined ? {} : { subject }),
    ...(occurred_at === undefined ? {} : { occurred_at }),
    ...(recurs === undefined ? {} : { recurs }),
  };
}
