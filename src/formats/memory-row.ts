import { z } from 'zod';
import type { Kind, MemoryState } from '../core/events.js';
import type { Space } from '../core/ports.js';
import type { Memory } from '../core/projection.js';
import { spaceNamed } from '../core/space.js';
import type { ImportedMemory } from './item.js';
import { spanTextOf, timeOf } from './times.js';

/** The fields of a live memory in the files that are made for people, in the order of their columns. */
export const rowFields = [
  'id',
  'space',
  'kind',
  'subject',
  'text',
  'said_at',
  'occurred_at',
  'recurs',
  'expires_at',
  'pinned',
  'importance',
  'standing',
  'flags',
  'entities',
  'metadata',
  'sources',
  'agent_ids',
  'run_ids',
  'revision',
  'created_at',
  'updated_at',
] as const;
/** One live memory with all that is believed of it; the labels of whoever stated it are lists. */
export type MemoryRow = { id: string; space: Space; revision: number; created_at: string; updated_at: string } & Omit<
  MemoryState,
  'source_fingerprint'
> & { agent_ids?: string[] | undefined; run_ids?: string[] | undefined };

/** A live memory as a row. */
export function rowOf({ id, space, revision, created_at, updated_at, state, labels }: Memory): MemoryRow {
  const { source_fingerprint: _, ...believed } = state;
  const distinct = (ids: (string | undefined)[]) => [...new Set(ids.filter((each) => each !== undefined))];
  const [agents, runs] = [distinct(labels.map(({ agent_id }) => agent_id)), distinct(labels.map(({ run_id }) => run_id))];
  return {
    id,
    space,
    revision,
    created_at,
    updated_at,
    ...believed,
    ...(agents.length > 0 && { agent_ids: agents }),
    ...(runs.length > 0 && { run_ids: runs }),
  };
}

/** A written time that stands for what it says, as text. */
const writtenTime = z.string().refine((text) => spanTextOf(text) !== undefined, 'it is not a time');

const given = z.object({
  space: z
    .string()
    .transform((name, context) => spaceNamed(name) ?? context.addIssue(`${name} is no name of a space`) ?? z.NEVER)
    .optional(),
  kind: z.string().optional(),
  subject: z.string().optional(),
  text: z.string().min(1),
  said_at: writtenTime.optional(),
  occurred_at: writtenTime.optional(),
  expires_at: writtenTime.optional(),
  pinned: z.boolean().optional(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  agent_ids: z.array(z.string()).optional(),
  run_ids: z.array(z.string()).optional(),
});

/**
 * What a row becomes where it is imported: the memory with its text, dates and labels, under a new id. An insight
 * names sources that are not there any more, so it comes back as an observation that is labelled as what it was.
 * Raises ZodError.
 */
export function memoryOfRow(row: unknown): ImportedMemory {
  const { space, kind, text, subject, said_at, occurred_at, expires_at, pinned, metadata, agent_ids, run_ids } = given.parse(row);
  const known = kind as Kind | undefined;
  const labels = known === 'insight' ? { ...metadata, derived: true } : metadata;
  return {
    form: 'memory',
    text,
    subject,
    kind: known === 'procedure' ? 'procedure' : 'observation',
    at: timeOf(said_at),
    occurred_at,
    expires_at,
    pinned,
    metadata: labels,
    agent_id: agent_ids?.[0],
    run_id: run_ids?.[0],
    space,
  };
}
