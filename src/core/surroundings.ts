import type { Core } from './core.js';
import type { MemoryState } from './events.js';
import type { Candidate } from './facts.js';
import type { VectorHit } from './ports.js';
import { isLive, type Memory } from './projection.js';
import { rank } from './ranking/ranking.js';
import { weights } from './ranking/weights.js';
import type { OpenSpace } from './spaces.js';
import { isNearDuplicate, statementKey } from './statement.js';
import type { SpaceView } from './view.js';

/** What is remembered around a candidate. */
export interface Surroundings {
  /** A live memory that says the same in nearly the same words. */
  twin: string | undefined;
  /** What a decider is shown, nearest first. */
  near: { memory: Memory; score: number }[];
  /** What the caller is told of, to correct it if need be. */
  similar: { id: string; memory: string }[];
}

/** What is looked around; a memory, by its `id`, is not near itself. */
export type LookedAround = Pick<Candidate, 'state'> & { id?: string };

/** Searches that run at the same time. */
const atOnce = 16;
/** A memory at or above this score is named to the caller as similar, this many at most. */
const similarScore = 0.35;
const similarCount = 3;
/** Memories, nearest first, of which a shared name makes one worth showing under the decider's least score. */
const namesAsked = 100;
/** Times as many are looked at, since some are of another kind or subject. */
const lookedAt = 4;

/**
 * Looks up what is remembered around each candidate, by its vector (all of them may be missing) and its words; when not
 * `wide`, twins alone.
 */
export async function lookAround(
  core: Core,
  open: OpenSpace,
  candidates: LookedAround[],
  { vectors, wide, signal }: { vectors: Float32Array[]; wide: boolean; signal: AbortSignal },
): Promise<Surroundings[]> {
  const found: VectorHit[][] = [];
  for (let first = 0; first < candidates.length; first += atOnce) {
    const searches = vectors.slice(first, first + atOnce).map((vector) => core.vectors.search(open, vector, weights.denseHits, signal));
    found.push(...(await Promise.all(searches)).map(({ hits }) => hits));
  }
  const around: Surroundings[] = [];
  // One read each: of many candidates all together would keep every other caller waiting.
  for (const [index, candidate] of candidates.entries()) {
    signal.throwIfAborted();
    const hits = found[index] ?? [];
    around.push(
      await open.read((view) => ({
        twin: twinOf(core, view, candidate, hits),
        ...(wide ? neighboursOf(core, view, candidate, hits) : { near: [], similar: [] }),
      })),
    );
  }
  return around;
}

function isOfSameKind(core: Core, { state, id }: LookedAround, memory: Memory | undefined): memory is Memory {
  return memory !== undefined && memory.id !== id && memory.state.kind === state.kind && isLive(memory, core.clock.now());
}

/** Whether a memory is about whom the candidate is about. Asked of every memory that shares a word, of few subjects: each is folded once. */
function subjectTest({ state: { subject = '' } }: LookedAround): (memory: Memory) => boolean {
  const key = statementKey(subject);
  const known = new Map([[subject, true]]);
  return ({ state: { subject: other = '' } }) => {
    const same = known.get(other) ?? statementKey(other) === key;
    known.set(other, same);
    return same;
  };
}

/** "I left Siemens" and "I work at Siemens" have little but the name in common, and yet the one ends the other. */
function namesIn({ subject = '', entities = [] }: MemoryState): string[] {
  return [subject, ...entities].map(statementKey).filter(Boolean);
}

function twinOf(core: Core, view: SpaceView, candidate: LookedAround, hits: VectorHit[]): string | undefined {
  const hasSameSubject = subjectTest(candidate);
  return hits.find(({ id, similarity }) => {
    const memory = view.projection.memories.get(id);
    if (!isOfSameKind(core, candidate, memory) || !hasSameSubject(memory)) return false;
    return isNearDuplicate({ a: memory.state.text, b: candidate.state.text, cosine: similarity });
  })?.id;
}

function neighboursOf(core: Core, view: SpaceView, candidate: LookedAround, hits: VectorHit[]): Omit<Surroundings, 'twin'> {
  const { limit, floor } = core.decider.reach;
  const hasSameSubject = subjectTest(candidate);
  const memoryOf = (id: string) => view.projection.memories.get(id);
  // A model tells apart what belongs to whom; rules compare what is said of the same subject.
  const isComparable = (memory: Memory | undefined): memory is Memory =>
    isOfSameKind(core, candidate, memory) && (core.decider.remote || hasSameSubject(memory));
  const ranking = rank({
    query: candidate.state.text,
    index: view.lexical,
    windows: [],
    dense: { hits, ...core.vectors.scale },
    floor: Number.MIN_VALUE,
  });
  const ranked = ranking.best(lookedAt * Math.max(limit, namesAsked)).flatMap(({ id, score }) => {
    const memory = memoryOf(id);
    return isComparable(memory) ? [{ memory, score }] : [];
  });
  const similar = ranked
    .filter(({ memory, score }) => score >= similarScore && hasSameSubject(memory))
    .slice(0, similarCount)
    .map(({ memory }) => ({ id: memory.id, memory: memory.state.text }));
  const names = new Set(namesIn(candidate.state));
  const near = ranked
    .filter(({ memory, score }, place) => score >= floor || (place < namesAsked && namesIn(memory.state).some((name) => names.has(name))))
    .slice(0, limit);
  if (floor > 0) return { near, similar };
  // A decider that costs nothing also sees what shares no word with the fact, newest first.
  const seen = new Set(near.map(({ memory }) => memory.id));
  for (const memory of [...view.projection.memories.values()].reverse()) {
    if (near.length >= limit) break;
    if (!seen.has(memory.id) && isComparable(memory)) near.push({ memory, score: 0 });
  }
  return { near, similar };
}
