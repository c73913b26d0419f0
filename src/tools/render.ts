import type { HistoryEvent, RememberResult } from '../core/answers.js';
import { cut } from '../core/cut.js';
import { quotedMemory } from '../core/memory-lines.js';

/** Characters of one memory in the text that says what happened to it; the data has it whole. */
const longestText = 2000;

/** A line of an answer: labels and reasons are anyone's words, and must not begin another one. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*[\n\r]\s*/g, ' ');
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
