import type { ChangeEvent, Event, ReceivedInput } from './events.js';
import { statementOf } from './projection.js';

/** One line of a log; without an event where it holds none. */
export interface LogLine {
  line: number;
  event: Event | undefined;
}

/** Something that is wrong with a line. Holds ids, never text that was remembered. */
export interface Flaw {
  line: number;
  text: string;
}

/** What the lines of one log amount to. */
export interface Audit {
  /** In the order of their lines. */
  flaws: Flaw[];
  /** Events of the batches that count. */
  events: number;
  /** Revision of each live memory, by its id. */
  live: Map<string, number>;
  /** What was attached to the inputs that wait, by hash, with the line that names it. */
  awaited: { line: number; hash: string }[];
}

/** What is wrong with an event that stands in `line`, after all those before it. */
type Rule = (event: Event, line: number) => string[];

/**
 * Checks the lines of one log, in order: batches, numbers, ids, times, and what the events say of memories and inputs.
 * In a log that was `replaced` since it began, branches that lived apart may have been merged: then what two of them did
 * to a memory or an input may contradict, and only what holds after any merge is asked for.
 */
export function auditLog(lines: Iterable<LogLine>, { replaced }: { replaced: boolean }): Audit {
  const flaws: Flaw[] = [];
  const memories = memoryRules(replaced);
  const inputs = inputRules(replaced);
  const rules: Rule[] = [eventIdRule(), timeRule(), memories.rule, inputs.rule];
  let events = 0;
  for (const batch of countingBatches(lines, flaws)) {
    events += batch.length;
    for (const { line, event } of batch) for (const rule of rules) for (const text of rule(event, line)) flaws.push({ line, text });
  }
  flaws.push(...memories.doubled());
  return { flaws: flaws.sort((a, b) => a.line - b.line), events, live: memories.live(), awaited: inputs.awaited() };
}

interface Placed {
  line: number;
  event: Event;
}

/** The batches that readers count; why the other lines do not count is added to `flaws`. */
function* countingBatches(lines: Iterable<LogLine>, flaws: Flaw[]): Generator<Placed[]> {
  let open: Placed[] = [];
  let sequence = 0;

  function abandon(): void {
    const [first] = open;
    if (first) flaws.push({ line: first.line, text: `the batch that begins here is not complete: ${linesOf(open)} not count` });
    open = [];
  }

  for (const { line, event } of lines) {
    if (!event || open[0]?.event.batch !== event.batch) abandon();
    if (!event) continue;
    if (open.some((each) => each.event.event_id === event.event_id)) {
      flaws.push({ line, text: `event ${event.event_id} stands above already` });
      continue;
    }
    open.push({ line, event });
    if (!event.end) continue;
    const fault = batchFault(open, sequence);
    if (fault) flaws.push({ line: open[0]?.line ?? line, text: fault.text });
    if (!fault || fault.counts) {
      yield open;
      sequence = event.seq;
    }
    open = [];
  }
  abandon();
}

/** What is wrong with a batch that has its end, and whether it counts all the same. */
function batchFault(batch: Placed[], sequence: number): { text: string; counts: boolean } | undefined {
  const first = batch[0]?.event;
  if (!first) return undefined;
  if (first.event_id !== first.batch)
    return { text: `the first line of batch ${first.batch} is missing: ${linesOf(batch)} not count`, counts: false };
  if (batch.some(({ event }, index) => event.seq !== first.seq + index))
    return { text: `the numbers of batch ${first.batch} have a gap: ${linesOf(batch)} not count`, counts: false };
  if (first.seq <= sequence) return { text: `number ${first.seq} was given before: ${linesOf(batch)} not count`, counts: false };
  if (first.seq > sequence + 1) return { text: `${numbers(sequence + 1, first.seq - 1)} missing before this line`, counts: true };
  return undefined;
}

function numbers(first: number, last: number): string {
  return first === last ? `event ${first} is` : `events ${first} to ${last} are`;
}

function linesOf(batch: Placed[]): string {
  const [first, last] = [batch[0]?.line, batch.at(-1)?.line];
  return first === last ? `line ${first} does` : `lines ${first} to ${last} do`;
}

function eventIdRule(): Rule {
  const lines = new Map<string, number>();
  return ({ event_id }, line) => {
    const earlier = lines.get(event_id);
    lines.set(event_id, earlier ?? line);
    return earlier === undefined ? [] : [`event ${event_id} stands in line ${earlier} already`];
  };
}

function timeRule(): Rule {
  let last = '';
  return ({ at }) => {
    const isBackwards = at < last;
    if (!isBackwards) last = at;
    return isBackwards ? [`its time ${at} lies before ${last}`] : [];
  };
}

/** A memory as the lines so far tell of it. */
interface Known {
  status: 'live' | 'forgotten' | 'erased';
  revision: number;
  /** Line and time of its last change. */
  line: number;
  at: string;
  statement: string | undefined;
  expires_at: string | undefined;
}

function memoryRules(replaced: boolean) {
  const memories = new Map<string, Known>();

  function expected(event: ChangeEvent, known: Known | undefined): string[] {
    const name = `memory ${event.memory_id}`;
    if (event.event === 'ADD') {
      if (known) return [`${name} is added again`];
      return event.revision === 1 && event.base === 0
        ? []
        : [`${name} begins with revision ${event.revision} on ${event.base}, not with 1 on 0`];
    }
    if (!known) return [`${event.event} of ${name}, which was never added`];
    const flaws: string[] = [];
    const makes = 'state' in event ? known.revision + 1 : known.revision;
    if (event.revision !== makes) flaws.push(`${name} should have revision ${makes} here, not ${event.revision}`);
    const fits = replaced ? event.base >= 1 && event.base <= known.revision : event.base === known.revision;
    if (!fits) flaws.push(`${name} is changed on revision ${event.base}, but ${known.revision} was current`);
    if (event.event === 'RESTORE' && !(event.restored >= 1 && event.restored <= known.revision))
      flaws.push(`${name} is brought back to revision ${event.restored}, which it never had`);
    if (!replaced && !mayFollow(event, known)) flaws.push(`${event.event} of ${name}, which is ${known.status}`);
    return flaws;
  }

  function confirmed(event: Extract<Event, { event: 'CONFIRM' }>): string[] {
    const known = memories.get(event.memory_id);
    if (!known) return [`CONFIRM of memory ${event.memory_id}, which was never added`];
    const fits = replaced ? event.revision <= known.revision : event.revision === known.revision && known.status === 'live';
    return fits
      ? []
      : [`CONFIRM of revision ${event.revision} of memory ${event.memory_id}, which is ${known.status} at ${known.revision}`];
  }

  const rule: Rule = (event, line) => {
    if (event.event === 'CONFIRM') return confirmed(event);
    if (!('base' in event)) return [];
    const known = memories.get(event.memory_id);
    const flaws = expected(event, known);
    memories.set(event.memory_id, {
      status: known?.status === 'erased' ? 'erased' : statusAfter[event.event],
      revision: event.revision,
      line,
      at: event.at,
      statement: 'state' in event && event.state.text !== '' ? statementOf(event.state) : undefined,
      expires_at: 'state' in event ? event.state.expires_at : undefined,
    });
    return flaws;
  };

  return {
    rule,
    live: () => new Map([...memories].flatMap(([id, known]) => (known.status === 'live' ? [[id, known.revision] as const] : []))),
    /** Two live memories that say the same; one that had expired when the other was made does not count. */
    doubled(): Flaw[] {
      const flaws: Flaw[] = [];
      const holders = new Map<string, [string, Known]>();
      const live = [...memories].filter(([, known]) => known.status === 'live' && known.statement !== undefined);
      for (const [id, known] of live.sort(([, a], [, b]) => a.line - b.line)) {
        const earlier = holders.get(known.statement ?? '');
        if (earlier && !(earlier[1].expires_at && earlier[1].expires_at <= known.at))
          flaws.push({ line: known.line, text: `memory ${id} says the same as memory ${earlier[0]} in line ${earlier[1].line}` });
        holders.set(known.statement ?? '', [id, known]);
      }
      return flaws;
    },
  };
}

const statusAfter = { ADD: 'live', UPDATE: 'live', RESTORE: 'live', DELETE: 'forgotten', ERASE: 'erased' } as const;

/** Whether this can happen to a memory in a log that was never merged. */
function mayFollow({ event }: ChangeEvent, { status }: Known): boolean {
  if (event === 'RESTORE' || event === 'ERASE') return status !== 'erased';
  return status === 'live';
}

function inputRules(replaced: boolean) {
  const received = new Map<string, { line: number; input: ReceivedInput }>();
  const processed = new Map<string, number>();
  const rule: Rule = (event, line) => {
    const flaws: string[] = [];
    if (event.event === 'RECEIVED') received.set(event.event_id, { line, input: event.input });
    if ('source' in event && event.source?.input_id !== undefined && !received.has(event.source.input_id))
      flaws.push(`it came from input ${event.source.input_id}, which is not above`);
    if (event.event !== 'PROCESSED') return flaws;
    const earlier = processed.get(event.input_id);
    processed.set(event.input_id, earlier ?? line);
    if (!received.has(event.input_id)) flaws.push(`PROCESSED of input ${event.input_id}, which is not above`);
    if (earlier !== undefined && !replaced) flaws.push(`input ${event.input_id} was processed in line ${earlier} already`);
    return flaws;
  };

  return {
    rule,
    awaited: () =>
      [...received].flatMap(([id, { line, input }]) =>
        processed.has(id) ? [] : input.turns.flatMap(({ attachments = [] }) => attachments.map(({ hash }) => ({ line, hash }))),
      ),
  };
}

/** How an index differs from what is believed: revisions of memories by id, on both sides. One sentence each. */
export function indexFlaws(live: Map<string, number>, records: Map<string, number>): string[] {
  const lacking = [...live].flatMap(([id, revision]) => {
    const held = records.get(id);
    if (held === undefined) return [`memory ${id} is not in it`];
    return held === revision ? [] : [`memory ${id} is in it with revision ${held}, not ${revision}`];
  });
  const strange = [...records.keys()].filter((id) => !live.has(id)).map((id) => `${id} is in it and no live memory`);
  return [...lacking, ...strange];
}
