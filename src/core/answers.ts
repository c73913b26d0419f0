import { z } from 'zod';
import { eventNames, flags, kinds, metadataValue, recurrences, skippedPart } from './events.js';
import { profileParts } from './profile-parts.js';

const metadata = z.record(z.string(), metadataValue);

/** What happened to one fact of a `remember`. */
const rememberResult = z.object({
  id: z.string(),
  event: z.enum(['ADD', 'UPDATE', 'DELETE', 'RESTORE', 'NONE']),
  /** The text after the event; of a DELETE the removed text, of a NONE the existing one. */
  memory: z.string(),
  previous: z.string().optional(),
  revision: z.number().int(),
  reason: z.string().optional(),
});

/** The answer of `remember`. */
export const rememberAnswer = z.object({
  results: z.array(rememberResult),
  skipped: z.array(skippedPart),
  similar: z.array(z.object({ id: z.string(), memory: z.string() })).optional(),
  pending: z.boolean(),
  input_id: z.string().optional(),
  degraded: z.array(z.string()).optional(),
});

const armPlace = z.object({ rank: z.number().int(), score: z.number() });

/** How a hit came to its place; an arm that found nothing of it is absent. Scores have three digits. */
const reasons = z.object({
  lexical: armPlace.optional(),
  dense: armPlace.optional(),
  time: armPlace.optional(),
  lifted: z.object({
    context: z.number().optional(),
    subject: z.number().optional(),
    answer: z.number().optional(),
    question: z.number().optional(),
    window: z.number().optional(),
  }),
  fused: z.number(),
  rerank: z.number().optional(),
});

/** One memory as `recall` gives it. Times carry the offset of the configured zone. */
const recalledMemory = z.object({
  id: z.string(),
  memory: z.string(),
  space: z.string(),
  subject: z.string().optional(),
  score: z.number().optional(),
  kind: z.enum(kinds),
  revision: z.number().int(),
  pinned: z.boolean().optional(),
  standing: z.boolean().optional(),
  flags: z.array(z.enum(flags)).optional(),
  /** Of a profile: to which of its parts the memory belongs. */
  part: z.enum(profileParts).optional(),
  created_at: z.string(),
  updated_at: z.string(),
  said_at: z.string().optional(),
  occurred_at: z.string().optional(),
  recurs: z.enum(recurrences).optional(),
  expires_at: z.string().optional(),
  agent_ids: z.array(z.string()).optional(),
  run_ids: z.array(z.string()).optional(),
  metadata: metadata.optional(),
  entities: z.array(z.string()).optional(),
  sources: z.array(z.string()).optional(),
  truncated: z.boolean().optional(),
  why: reasons.optional(),
});

/** The answer of `recall`. */
export const recallAnswer = z.object({
  memories: z.array(recalledMemory),
  next_cursor: z.string().optional(),
  total: z.number().int().optional(),
  omitted: z.number().int().optional(),
  degraded: z.array(z.string()).optional(),
});

/** The answer of `forget`. */
export const forgetAnswer = z.object({
  forgotten: z.array(z.object({ id: z.string(), memory: z.string() })),
  not_found: z.array(z.string()),
  candidates: z
    .array(
      z.object({
        id: z.string(),
        memory: z.string(),
        created_at: z.string(),
        score: z.number().optional(),
        flags: z.array(z.enum(flags)).optional(),
      }),
    )
    .optional(),
  count: z.number().int().optional(),
  confirm_token: z.string().optional(),
  expires_at: z.string().optional(),
  same_text: z.array(z.string()).optional(),
});

/** One event as `memory_history` gives it. */
const historyEvent = z.object({
  event_id: z.string(),
  call_id: z.string(),
  at: z.string(),
  event: z.enum(eventNames),
  memory_id: z.string().optional(),
  revision: z.number().int().optional(),
  memory: z.string().optional(),
  previous: z.string().optional(),
  reason: z.string().optional(),
  source: z
    .object({
      client: z.string().optional(),
      agent_id: z.string().optional(),
      run_id: z.string().optional(),
      text: z.string().optional(),
      role: z.string().optional(),
    })
    .optional(),
  by: z.object({ model: z.string(), decision: z.string().optional() }).optional(),
});

/** The answer of `memory_history`. */
export const historyAnswer = z.object({ events: z.array(historyEvent), next_cursor: z.string().optional() });

/** What happened to one fact. */
export type RememberResult = z.infer<typeof rememberResult>;
/** The answer of `remember`. */
export type RememberAnswer = z.infer<typeof rememberAnswer>;
/** How a hit of a search came to its place. */
export type Reasons = z.infer<typeof reasons>;
/** One recalled memory. */
export type RecalledMemory = z.infer<typeof recalledMemory>;
/** The answer of `recall`. */
export type RecallAnswer = z.infer<typeof recallAnswer>;
/** The answer of `forget`. */
export type ForgetAnswer = z.infer<typeof forgetAnswer>;
/** One event of a history. */
export type HistoryEvent = z.infer<typeof historyEvent>;
/** The answer of `memory_history`. */
export type HistoryAnswer = z.infer<typeof historyAnswer>;
