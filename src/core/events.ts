import { z } from 'zod';

/** What kind of statement a memory is; insights are derived by reflection. */
export const kinds = ['observation', 'insight', 'procedure'] as const;
/** How often a dated memory comes round again. */
export const recurrences = ['daily', 'weekly', 'monthly', 'yearly'] as const;
/** A free label's value. */
export const metadataValue = z.union([z.string(), z.number(), z.boolean()]);
/** Free labels of one memory, and of one call. */
export const mostMetadataKeys = 32;

/** What a memory's own words are marked with. `instruction-like`: reads like an attempt to instruct whoever recalls it; it is data all the same. */
export const flags = ['instruction-like'] as const;

/**
 * All that is believed of a memory at one revision. Events carry it whole, so that one line is enough to
 * restore, explain or rebuild a revision. Instants are ISO 8601 in UTC.
 */
export const memoryState = z.object({
  text: z.string(),
  kind: z.enum(kinds),
  /** Who or what it is about; absent: the user of the space. */
  subject: z.string().optional(),
  entities: z.array(z.string()).optional(),
  /** When the current text was said; the later one wins. */
  said_at: z.string(),
  /** When it happened or will happen: an instant, or 2024, 2024-03, 2024-03-09 for the whole of it. */
  occurred_at: z.string().optional(),
  recurs: z.enum(recurrences).optional(),
  expires_at: z.string().optional(),
  pinned: z.boolean().optional(),
  /** 1 (trivial) to 10 (vital), as the extraction judged it. */
  importance: z.number().optional(),
  /** A preference or instruction that holds in every conversation until it is changed. */
  standing: z.boolean().optional(),
  flags: z.array(z.enum(flags)).optional(),
  metadata: z.record(z.string(), metadataValue).optional(),
  /** Ids of the memories that an insight was derived from. */
  sources: z.array(z.string()).optional(),
  /** Of an insight: hash of what its sources said when it was derived, see `fingerprintOf`. */
  source_fingerprint: z.number().int().optional(),
});

/** What was given beside the words of a turn; its bytes lie in the home's attachments, under their hash. */
export const attachment = z.object({
  /** SHA-256 of the bytes, 64 hexadecimal digits. */
  hash: z.string(),
  /** Such as image/png or audio/mpeg. */
  mime_type: z.string(),
  bytes: z.number().int(),
});

/** One conversation turn as it was received. */
export const turn = z.object({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.string(),
  name: z.string().optional(),
  /** ISO 8601 with the offset the caller gave (UTC if none). */
  at: z.string().optional(),
  attachments: z.array(attachment).optional(),
  /** Words or attachments of it were erased; what is left is no less what was said. */
  erased: z.literal(true).optional(),
});

/** What a RECEIVED keeps: enough to process the input later, by any process, as the caller asked. */
export const receivedInput = z.object({
  form: z.enum(['content', 'messages', 'correction', 'reflection']),
  turns: z.array(turn),
  infer: z.boolean(),
  kind: z.enum(kinds),
  /** When it was said: ISO 8601 with the offset the caller gave; relative dates are resolved in that offset. */
  at: z.string(),
  memory_id: z.string().optional(),
  occurred_at: z.string().optional(),
  expires_at: z.string().optional(),
  pinned: z.boolean().optional(),
  metadata: z.record(z.string(), metadataValue).optional(),
  /** Of a reflection: number of the last event that it looked at. */
  up_to: z.number().int().optional(),
});

/** The words a change came from. `text` is absent where the words are the memory's text itself. */
export const changeSource = z.object({
  input_id: z.string().optional(),
  role: z.enum(['user', 'assistant', 'system']).optional(),
  /** Index of the turn in its input, from 0. */
  turn: z.number().optional(),
  text: z.string().optional(),
  /** Hash of the attachment of that turn which the words were read from. */
  attachment: z.string().optional(),
});

/** Who decided: the model's name or "rules", and what it decided. */
export const decidedBy = z.object({ model: z.string(), decision: z.string().optional() });

/** A part of an input that was not kept, and why. */
export const skippedPart = z.object({ text: z.string(), reason: z.string() });

const base = {
  /** Position in the space's log, from 1, without gaps. */
  seq: z.number().int(),
  event_id: z.string(),
  call_id: z.string(),
  /** Shared by the lines of one append; the event_id of its first line. */
  batch: z.string(),
  /** True on the last line of a batch; a batch without it does not count. */
  end: z.literal(true).optional(),
  at: z.string(),
  device: z.string(),
  client: z.string().optional(),
  agent_id: z.string().optional(),
  run_id: z.string().optional(),
};
const change = {
  ...base,
  memory_id: z.string(),
  revision: z.number().int(),
  /** The revision this change was made on; 0 for ADD. */
  base: z.number().int(),
  source: changeSource.optional(),
  reason: z.string().optional(),
  by: decidedBy.optional(),
  /** Of what a merge settled: event_id of the change of this memory that it let stand. */
  merged: z.string().optional(),
};

/** One line of a history log. Lines are checked against it and kept as they were read, unknown fields included. */
export const event = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ADD'), ...change, state: memoryState }),
  z.object({ event: z.literal('UPDATE'), ...change, state: memoryState }),
  z.object({ event: z.literal('RESTORE'), ...change, state: memoryState, restored: z.number().int() }),
  z.object({ event: z.literal('DELETE'), ...change, successor: z.string().optional() }),
  z.object({ event: z.literal('ERASE'), ...change }),
  z.object({ event: z.literal('CONFIRM'), ...base, memory_id: z.string(), revision: z.number().int() }),
  z.object({ event: z.literal('RECEIVED'), ...base, input: receivedInput }),
  z.object({
    event: z.literal('PROCESSED'),
    ...base,
    /** event_id of the RECEIVED whose outcome is now complete. */
    input_id: z.string(),
    skipped: z.array(skippedPart).optional(),
    by: decidedBy.optional(),
  }),
]);

/** The state of a memory at one revision. */
export type MemoryState = z.infer<typeof memoryState>;
/** A reference to what was given beside words. */
export type Attachment = z.infer<typeof attachment>;
/** One conversation turn. */
export type Turn = z.infer<typeof turn>;
/** The input that a RECEIVED keeps. */
export type ReceivedInput = z.infer<typeof receivedInput>;
/** The words that a change came from. */
export type ChangeSource = z.infer<typeof changeSource>;
/** Who decided a change. */
export type DecidedBy = z.infer<typeof decidedBy>;
/** A part of an input that was not kept. */
export type SkippedPart = z.infer<typeof skippedPart>;
/** One event of a history log. */
export type Event = z.infer<typeof event>;
/** The name of an event. */
export type EventName = Event['event'];
/** Events that change a memory. */
export type ChangeEvent = Extract<Event, { memory_id: string; base: number }>;
/** How a statement may come round again. */
export type Recurrence = (typeof recurrences)[number];
/** The kind of a memory. */
export type Kind = (typeof kinds)[number];

/** Names of all events, those that change a memory first. */
export const eventNames = [
  'ADD',
  'UPDATE',
  'DELETE',
  'RESTORE',
  'ERASE',
  'CONFIRM',
  'RECEIVED',
  'PROCESSED',
] as const satisfies readonly EventName[];
/** Names of the events that change a memory. */
export const changeEventNames = ['ADD', 'UPDATE', 'DELETE', 'RESTORE', 'ERASE'] as const satisfies readonly EventName[];

/** Whether an event changes a memory. */
export function isChange(event: Event): event is ChangeEvent {
  return changeEventNames.some((name) => name === event.event);
}

type Unnumbered<E> = E extends Event
  ? Omit<E, 'seq' | 'event_id' | 'call_id' | 'batch' | 'end' | 'at' | 'device' | 'client' | 'agent_id' | 'run_id'>
  : never;
/** Who stated something, where that is not who makes the call. */
interface Stated {
  agent_id?: string;
  run_id?: string;
}
/** An event before the log gives it its place, time and origin. */
export type EventDraft = Unnumbered<Event> & { event_id?: string } & Stated;
/** Where the events of one call come from; the same on each of its lines. */
export interface Origin {
  call_id: string;
  client?: string;
  agent_id?: string;
  run_id?: string;
}
