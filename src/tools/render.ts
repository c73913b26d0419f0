import type { HistoryEvent, Reasons, RecalledMemory, RememberResult } from '../core/answers.js';
import { cut } from '../core/cut.js';

/** Characters of one memory in the text that says what happened to it; the data has it whole. */
const longestText = 2000;

/**
 * Tokens of a text as models commonly count: four ASCII characters a token, one of anything else. An estimate that
 * errs on the side of too many.
 */
export function estimatedTokens(text: string): number {
  let ascii = 0;
  let other = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) < 128) ascii += 1;
    else other += 1;
  }
  return Math.ceil(ascii / 4) + other;
}

/** A line of an answer: labels and reasons are anyone's words, and must not begin another one. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*[\n\r]\s*/g, ' ');
}

/** A memory's text as data: quoted behind its id, on one line, in the form that the gate knows as recall's own. */
export function quotedMemory(id: string, text: string): string {
  return `[mem:${id}] ${JSON.stringify(text)}`;
}

/** One recalled memory on one line, with what a reader needs to judge it. */
function memoryLine(memory: RecalledMemory, { ownSpace }: { ownSpace: string }): string {
  const about = [
    memory.subject && `about ${memory.subject}`,
    memory.occurred_at && `happens ${memory.occurred_at}${memory.recurs ? `, ${memory.recurs}` : ''}`,
    `said ${(memory.said_at ?? memory.created_at).slice(0, 10)}`,
    memory.kind !== 'observation' && memory.kind,
    memory.pinned && 'pinned',
    memory.expires_at && `expires ${memory.expires_at}`,
    memory.space !== ownSpace && `in ${memory.space}`,
    memory.score !== undefined && `score ${memory.score}`,
    memory.why && `why ${reasonsOf(memory.why)}`,
    memory.truncated && 'cut; whole in memory_history',
  ];
  return `${quotedMemory(memory.id, memory.memory)} (${about
    .filter(Boolean)
    .join('; ')
    .replaceAll(/[()\n]/g, ' ')})`;
}

/** How a hit came to its place, in few words: its rank in each arm and what lifted it. */
function reasonsOf({ lexical, dense, time, lifted, fused, rerank }: Reasons): string {
  const parts = [
    lexical && `words #${lexical.rank}`,
    dense && `similarity #${dense.rank}`,
    time && `time #${time.rank}`,
    ...Object.entries(lifted).map(([name, value]) => `${name} ${name === 'context' ? '+' : 'x'}${value}`),
    `fused ${fused}`,
    rerank !== undefined && `reranked ${rerank}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** What happened to one fact, on one line. */
export function resultLine(result: RememberResult): string {
  const previous = result.previous === undefined ? '' : ` instead of ${JSON.stringify(cut(result.previous, longestText))}`;
  const reason = result.reason === undefined ? '' : `: ${result.reason}`;
  return `${result.event} ${quotedMemory(result.id, cut(result.memory, longestText))} (revision ${result.revision})${previous}${reason}`;
}

/** One event of a history, on one line. */
export function eventLine(event: HistoryEvent): string {
  const what = event.memory_id === undefined ? '' : ` [mem:${event.memory_id}] revision ${event.revision}`;
  const source = event.source;
  const parts = [
    event.memory !== undefined && JSON.stringify(event.memory),
    event.previous !== undefined && `was ${JSON.stringify(event.previous)}`,
    event.reason && `because: ${event.reason}`,
    source?.text !== undefined && source.text !== event.memory && `from ${source.role ?? 'input'}: ${JSON.stringify(source.text)}`,
    [source?.client, source?.agent_id, source?.run_id].filter(Boolean).join(', '),
    event.by && `by ${event.by.model}`,
    `call ${event.call_id}`,
  ];
  return oneLine(`${event.at} ${event.event}${what}: ${parts.filter(Boolean).join('; ')}`);
}

/** Characters of a memory's text below which its beginning says nothing. */
const shortestBeginning = 20;

/**
 * The lines of as many of the first memories as fit the tokens, and how many were left out. The very first is cut
 * rather than left out: an answer that found something shows something.
 */
export function fitMemories(
  memories: RecalledMemory[],
  { ownSpace, maxTokens }: { ownSpace: string; maxTokens: number },
): { shown: string[]; left: number } {
  const shown: string[] = [];
  let tokens = 0;
  for (const memory of memories) {
    const line = memoryLine(memory, { ownSpace });
    tokens += estimatedTokens(line) + 1;
    if (tokens > maxTokens) break;
    shown.push(line);
  }
  const [first] = memories;
  if (first && shown.length === 0) {
    const cutTo = (longest: number) => memoryLine({ ...first, memory: cut(first.memory, longest), truncated: true }, { ownSpace });
    // No character of a quoted text is more than a token.
    const room = maxTokens - estimatedTokens(cutTo(1)) - 1;
    if (room >= shortestBeginning) shown.push(cutTo(room));
  }
  return { shown, left: memories.length - shown.length };
}
