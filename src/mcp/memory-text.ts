import { withoutControls } from '../core/control-characters.js';
import { cut } from '../core/cut.js';
import type { FoundMemory } from '../core/found-memory.js';
import { flagNote, quotedMemory } from '../core/memory-lines.js';
import { oneLine } from '../tools/render.js';

/** Characters of a memory's text in one answer. */
const longestText = 50_000;
/** Characters of a name in a list. */
const longestName = 60;

/** A memory with all its fields, one a line, its words as data. */
export function memoryText(memory: FoundMemory): string {
  const { metadata } = memory;
  const fields = {
    status: statusOf(memory),
    space: memory.space,
    kind: memory.kind,
    revision: memory.revision,
    about: memory.subject,
    happens: memory.occurred_at && `${memory.occurred_at}${memory.recurs ? `, ${memory.recurs}` : ''}`,
    said: memory.said_at,
    created: memory.created_at,
    updated: memory.updated_at,
    expires: memory.expires_at,
    'last recalled': memory.last_recalled_at,
    pinned: memory.pinned && 'yes',
    standing: memory.standing && 'yes, it holds in every conversation',
    note: memory.flags && flagNote,
    names: memory.entities?.join(', '),
    metadata: metadata && JSON.stringify(metadata),
    agents: memory.agent_ids?.join(', '),
    runs: memory.run_ids?.join(', '),
    sources: memory.sources?.join(', '),
  };
  const isCut = memory.memory.length > longestText;
  return [
    quotedMemory(memory.id, cut(memory.memory, longestText)),
    ...(isCut ? [`cut: the text has ${memory.memory.length} characters; memory_history has it whole`] : []),
    ...Object.entries(fields).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${name}: ${value}`])),
  ]
    .map(oneLine)
    .join('\n');
}

function statusOf({ status, id, revision, updated_at }: FoundMemory): string {
  switch (status) {
    case 'live':
      return 'live';
    case 'expired':
      return 'expired, recall does not return it; remember with this memory_id and another expires_at brings it back';
    case 'forgotten':
      return `forgotten ${updated_at}; remember with memory_id ${id} and revision ${revision} brings it back`;
    case 'erased':
      return `erased ${updated_at}; its text is gone for good`;
    default:
      return status satisfies never;
  }
}

/** The first words of a memory, to choose it by from a list: one line, nothing that steers a terminal or the order of letters. */
export function memoryName({ memory, flags }: { memory: string; flags?: readonly string[] | undefined }): string {
  // A list may be read by a model, too, and without anything around the name.
  if (flags) return `A memory that ${flagNote}`;
  const shown = withoutControls(memory.slice(0, 4 * longestName))
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (shown.length <= longestName) return shown || 'A memory without words';
  const space = shown.lastIndexOf(' ', longestName - 1);
  return `${shown.slice(0, space > longestName / 2 ? space : longestName - 1).toWellFormed()}…`;
}
