import type { Reasons, RecalledMemory } from './answers.js';
import { cut } from './cut.js';
import { defined } from './facts.js';
import type { Memory } from './projection.js';
import { labelsOf } from './selection.js';
import { formatInstant } from './time/instants.js';

/** A memory that answers a call, with its score if it was searched for. */
export interface Hit {
  memory: Memory;
  score?: number;
  why?: Unrounded | undefined;
}

/** How a hit came to its place, in full. */
type Unrounded = Omit<Reasons, 'rerank'> & { rerank?: number | undefined };

/** Characters of one memory in an answer; the whole is in its history. */
const longestText = 2000;
/** Labels of a kind that one hit names, the newest. */
const mostLabels = 10;
/** Serialized bytes of the memories of one answer; with its text an answer stays under 400 kB. */
const mostBytes = 300_000;

/** Serialized bytes of the metadata of one hit: more than the labels of one call can take. */
const mostMetadataBytes = 240_000;

/** As many hits as one answer may hold, and how many of the candidates that used up; undefined ones are passed over. */
export function takePage(candidates: (Hit | undefined)[], limit: number, zone: string): { memories: RecalledMemory[]; taken: number } {
  const memories: RecalledMemory[] = [];
  let bytes = 0;
  let taken = 0;
  for (const hit of candidates) {
    if (memories.length === limit) break;
    if (hit) {
      const memory = recalledMemory(hit, zone);
      bytes += bytesOf(memory);
      if (bytes > mostBytes && memories.length > 0) break;
      memories.push(memory);
    }
    taken += 1;
  }
  return { memories, taken };
}

/** As many of the first memories as one answer may hold. */
export function withinBytes(memories: readonly RecalledMemory[]): RecalledMemory[] {
  let bytes = 0;
  const end = memories.findIndex((memory, index) => {
    bytes += bytesOf(memory);
    return bytes > mostBytes && index > 0;
  });
  return memories.slice(0, end < 0 ? undefined : end);
}

const bytesOf = (value: object) => new TextEncoder().encode(JSON.stringify(value)).length;

/** The labels of a memory that one hit may show, the first ones. */
function shownLabels(metadata: RecalledMemory['metadata']): { metadata: RecalledMemory['metadata']; areCut: boolean } {
  const labels = Object.entries(metadata ?? {});
  let bytes = 0;
  const end = labels.findIndex((label) => {
    bytes += bytesOf(label);
    return bytes > mostMetadataBytes;
  });
  if (end < 0) return { metadata, areCut: false };
  return { metadata: end > 0 ? Object.fromEntries(labels.slice(0, end)) : undefined, areCut: true };
}

const rounded = (score: number) => Math.round(score * 1000) / 1000;

function roundedReasons({ lexical, dense, time, lifted, fused, rerank }: Unrounded): Reasons {
  const place = (arm: Reasons['lexical']) => arm && { ...arm, score: rounded(arm.score) };
  return defined({
    lexical: place(lexical),
    dense: place(dense),
    time: place(time),
    lifted: Object.fromEntries(Object.entries(defined(lifted)).map(([name, value]) => [name, rounded(value)])),
    fused: rounded(fused),
    rerank: rerank === undefined ? undefined : rounded(rerank),
  });
}

/** One memory as answers show it, a long text and too many labels cut. */
export function recalledMemory({ memory, score, why }: Hit, zone: string): RecalledMemory {
  const { state } = memory;
  const inZone = (iso: string | undefined) => (iso === undefined ? undefined : formatInstant(Date.parse(iso), zone));
  const { metadata, areCut } = shownLabels(state.metadata);
  const truncated = areCut || state.text.length > longestText;
  const agents = labelsOf(memory, 'agent_id').slice(-mostLabels);
  const runs = labelsOf(memory, 'run_id').slice(-mostLabels);
  return defined({
    id: memory.id,
    memory: cut(state.text, longestText),
    space: memory.space,
    subject: state.subject,
    score: score === undefined ? undefined : rounded(score),
    kind: state.kind,
    revision: memory.revision,
    pinned: state.pinned,
    standing: state.standing,
    flags: state.flags,
    created_at: formatInstant(Date.parse(memory.created_at), zone),
    updated_at: formatInstant(Date.parse(memory.updated_at), zone),
    said_at: inZone(state.said_at),
    occurred_at: state.occurred_at && state.occurred_at.length > 10 ? inZone(state.occurred_at) : state.occurred_at,
    recurs: state.recurs,
    expires_at: inZone(state.expires_at),
    agent_ids: agents.length > 0 ? agents : undefined,
    run_ids: runs.length > 0 ? runs : undefined,
    metadata,
    entities: state.entities,
    sources: state.sources,
    truncated: truncated || undefined,
    why: why && roundedReasons(why),
  });
}
