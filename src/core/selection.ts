import { momentArgument } from './arguments.js';
import type { Core } from './core.js';
import { compileFilter, type FilterFields } from './filters.js';
import { occurrenceOf } from './occurrence.js';
import { isLive, type Memory } from './projection.js';
import { recurringOverlaps, spansOverlap } from './time/instants.js';
import type { SpaceView } from './view.js';

/** By what a call narrows the memories of its spaces. Times and filters as the contract says. */
export interface Selection {
  filters?: unknown;
  since?: string | undefined;
  until?: string | undefined;
  agent_id?: string | undefined;
  run_id?: string | undefined;
}

/** What a memory must be to count for this call: live at an instant (milliseconds; default now), and what the call selects. */
export function admission(core: Core, request: Selection, instant = core.clock.now()): (memory: Memory) => boolean {
  const isSelected = selection(core, request);
  return (memory) => isLive(memory, instant) && isSelected(memory);
}

/** Whether a memory of the past still has words: of what was erased since, the log holds blank lines. */
export function isKept({ id }: Memory, { projection }: SpaceView): boolean {
  return projection.memories.get(id)?.status !== 'erased';
}

/** Whether a call selects anything at all: most do not, and then no memory need be looked at. */
export function isSelecting({ filters, since, until, agent_id, run_id }: Selection): boolean {
  return [filters, since, until, agent_id, run_id].some((each) => each !== undefined);
}

/** What a call selects: inside its times, past its filters, stated under its labels. Raises invalid_argument. */
export function selection(core: Core, request: Selection): (memory: Memory) => boolean {
  const { zone } = core;
  const since = request.since === undefined ? undefined : momentArgument('since', request.since, { zone, edge: 'start' });
  const until = request.until === undefined ? undefined : momentArgument('until', request.until, { zone, edge: 'end' });
  const matches = request.filters === undefined ? undefined : compileFilter(request.filters, { zone });
  return (memory) =>
    isStatedBy(memory, request) &&
    isWithin(memory, { since, until, zone }) &&
    (matches === undefined || matches(filterFields(memory, core)));
}

/** Whether the agent stated it in the run, where a call names either or both. */
function isStatedBy({ labels }: Memory, { agent_id, run_id }: Selection): boolean {
  if (agent_id === undefined && run_id === undefined) return true;
  return labels.some(
    (label) => (agent_id === undefined || label.agent_id === agent_id) && (run_id === undefined || label.run_id === run_id),
  );
}

function isWithin(
  { state }: Memory,
  { since, until, zone }: { since: number | undefined; until: number | undefined; zone: string },
): boolean {
  if (since === undefined && until === undefined) return true;
  const span = occurrenceOf(state, zone);
  return state.recurs ? recurringOverlaps({ span, recurs: state.recurs }, since, until, zone) : spansOverlap(span, since, until);
}

function filterFields(memory: Memory, core: Core): FilterFields {
  const { state } = memory;
  return {
    id: memory.id,
    kind: state.kind,
    subject: state.subject,
    pinned: state.pinned === true,
    agent_id: labelsOf(memory, 'agent_id'),
    run_id: labelsOf(memory, 'run_id'),
    created_at: memory.created_at,
    updated_at: memory.updated_at,
    said_at: state.said_at,
    occurred_at: state.occurred_at,
    last_recalled_at: core.accesses.lastRecalledAt(memory.id),
    metadata: state.metadata ?? {},
  };
}

/** The agents or runs that stated a memory, each once. */
export function labelsOf(memory: Memory, label: 'agent_id' | 'run_id'): string[] {
  return [...new Set(memory.labels.flatMap((each) => each[label] ?? []))];
}
