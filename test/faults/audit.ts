import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Event, event as eventSchema } from '../../src/core/events.js';
import { statementKey } from '../../src/core/statement.js';

const header = z.object({
  keepsake: z.literal('history'),
  space: z.string(),
  format: z.int().positive(),
  min_reader: z.int().positive(),
  min_writer: z.int().positive(),
  generation: z.int().positive(),
});

/** A memory as the log tells it, folded without the program's own code. */
export interface AuditedMemory {
  id: string;
  text: string;
  revision: number;
  live: boolean;
  agents: Set<string>;
  runs: Set<string>;
}

/** What a sound log says. */
export interface Audit {
  events: Event[];
  memories: Map<string, AuditedMemory>;
  /** event_id of each RECEIVED without its PROCESSED. */
  pending: string[];
}

/** Audits the log of a home's space by its file name. Raises an error that lists everything that is not as promised. */
export async function auditedLog(home: string, name = 'user-default'): Promise<Audit> {
  const text = await readFile(join(home, 'history', `${name}.jsonl`), 'utf8');
  const faults: string[] = [];
  const result = audit(text, (fault) => faults.push(fault));
  if (faults.length > 0) throw new Error(`${name}.jsonl is not sound:\n${faults.slice(0, 20).join('\n')}`);
  return result;
}

function audit(text: string, blame: (fault: string) => void): Audit {
  const lines = text.split('\n');
  if (lines.pop() !== '') blame('the last line is torn');
  if (!header.safeParse(parsed(lines.shift() ?? '')).success) blame('the first line is not that of a history');
  const events = lines.flatMap((line, index): Event[] => {
    const { success, data } = eventSchema.safeParse(parsed(line));
    if (!success) blame(`line ${index + 2} is not an event: ${line.slice(0, 200)}`);
    return success ? [data] : [];
  });
  checkOrder(events, blame);
  return { events, memories: foldMemories(events, blame), pending: pendingOf(events, blame) };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Numbers without gap, ids that are unique, times that never run backwards, whole batches. */
function checkOrder(events: Event[], blame: (fault: string) => void): void {
  const ids = new Set<string>();
  let batch: string | undefined;
  let at = '';
  for (const [index, event] of events.entries()) {
    const place = `event ${event.seq} (${event.event})`;
    if (event.seq !== index + 1) blame(`${place} stands at place ${index + 1}`);
    if (ids.has(event.event_id)) blame(`${place} is doubled: ${event.event_id}`);
    if (event.at < at) blame(`${place} is of ${event.at}, after one of ${at}`);
    if (batch === undefined && event.batch !== event.event_id) blame(`${place} begins a batch that is named otherwise`);
    if (batch !== undefined && event.batch !== batch) blame(`${place} stands in the middle of another batch`);
    ids.add(event.event_id);
    at = event.at;
    batch = event.end ? undefined : event.batch;
  }
  if (batch !== undefined) blame(`the batch ${batch} has no end`);
}

/** Revisions without gap, each on the one before, and no two live memories that say the same. */
function foldMemories(events: Event[], blame: (fault: string) => void): Map<string, AuditedMemory> {
  const memories = new Map<string, AuditedMemory>();
  const said = new Map<string, string>();
  for (const event of events) {
    if (!('memory_id' in event)) continue;
    const known = memories.get(event.memory_id);
    const place = `event ${event.seq} (${event.event} of ${event.memory_id})`;
    if ((event.event === 'ADD') === (known !== undefined)) blame(`${place} ${known ? 'is a second one' : 'has no ADD before'}`);
    const memory = known ?? { id: event.memory_id, text: '', revision: 0, live: false, agents: new Set(), runs: new Set() };
    memories.set(memory.id, memory);
    if (event.event !== 'DELETE' && event.event !== 'ERASE') {
      if (event.agent_id !== undefined) memory.agents.add(event.agent_id);
      if (event.run_id !== undefined) memory.runs.add(event.run_id);
    }
    if (event.event === 'CONFIRM') continue;
    if (event.base !== memory.revision) blame(`${place} is based on revision ${event.base}, not ${memory.revision}`);
    const next = 'state' in event ? memory.revision + 1 : memory.revision;
    if (event.revision !== next) blame(`${place} has revision ${event.revision}, not ${next}`);
    if (event.event === 'DELETE' && !memory.live) blame(`${place} forgets what is forgotten`);
    if (memory.live) said.delete(statementKey(memory.text));
    memory.revision = event.revision;
    memory.live = 'state' in event;
    if (!('state' in event)) continue;
    memory.text = event.state.text;
    const other = said.get(statementKey(memory.text));
    if (other !== undefined) blame(`${place} says what ${other} says: ${memory.text}`);
    said.set(statementKey(memory.text), memory.id);
  }
  return memories;
}

/** Each outcome belongs to one input that came before it, and no input has two. */
function pendingOf(events: Event[], blame: (fault: string) => void): string[] {
  const pending = new Set<string>();
  for (const event of events) {
    if (event.event === 'RECEIVED') pending.add(event.event_id);
    if (event.event === 'PROCESSED' && !pending.delete(event.input_id))
      blame(`event ${event.seq} processes ${event.input_id}, which is not pending`);
  }
  return [...pending];
}

/** The texts of the live memories of an audit, sorted. */
export function liveTexts({ memories }: Audit): string[] {
  return [...memories.values()]
    .filter(({ live }) => live)
    .map(({ text }) => text)
    .sort();
}
