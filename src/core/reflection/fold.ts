import type { ChangeEvent, ReceivedInput } from '../events.js';
import type { Memory, Projection } from '../projection.js';
import { isRetirement } from './retirement.js';

/** What the log says of the reflections of a space. All are sequence numbers. */
export interface ReflectionState {
  /** The last event that a finished reflection looked at; 0 before the first. */
  upTo: number;
  /** Events after it that added a memory other than an insight. */
  fresh: number[];
  /** Events after it by which an insight was retired because a source of it changed. */
  retired: number[];
}

/** Whether a space is to be reflected on, once so many memories are new. */
export function isReflectionDue({ reflection }: Projection, threshold: number): boolean {
  return reflection.fresh.length >= threshold || reflection.retired.length > 0;
}

/** Takes note of a finished reflection: what came after what it looked at is still to be looked at. */
export function noteReflection({ reflection }: Projection, { up_to = 0 }: ReceivedInput): void {
  const isLater = (sequence: number) => sequence > up_to;
  reflection.upTo = up_to;
  reflection.fresh = reflection.fresh.filter(isLater);
  reflection.retired = reflection.retired.filter(isLater);
}

/** Takes note of a memory that was not there before. */
export function noteAdded({ reflection }: Projection, memory: Memory): void {
  if (memory.state.kind !== 'insight') reflection.fresh.push(memory.added);
}

/** Takes note, after a change is applied, of whether the memory is a live insight now, and of why it is none any more. */
export function noteInsight({ insights, reflection }: Projection, memory: Memory, event: ChangeEvent): void {
  if (memory.status === 'live' && memory.state.kind === 'insight') {
    insights.add(memory.id);
    return;
  }
  const wasInsight = insights.delete(memory.id);
  if (wasInsight && isRetirement(event)) reflection.retired.push(event.seq);
}
