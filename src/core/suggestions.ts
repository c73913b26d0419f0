import type { Core } from './core.js';
import { compareNewest, passing } from './listing.js';
import type { Space } from './ports.js';
import type { Memory } from './projection.js';
import { statementKey } from './statement.js';
import { countTopics, createKeys, isShowable } from './topics.js';

/** What may complete a value, the likeliest first: at most a hundred of `total`. */
export interface Suggestions {
  values: string[];
  total: number;
}

/** What is completed: the id of a memory, or the name of somebody or something that memories are about. */
export type Suggested = 'memory' | 'topic';

const mostValues = 100;
/** Characters from which on nothing is suggested any more: nobody typed them. */
const longestValue = 200;

/** Completes a value from the live memories of some spaces; nothing counts as recalled. O(memories). */
export async function suggest(
  core: Core,
  { what, value, spaces }: { what: Suggested; value: string; spaces: readonly Space[] },
): Promise<Suggestions> {
  if (value.length > longestValue) return { values: [], total: 0 };
  const memories = (await passing(core, { spaces, limit: mostValues }, undefined)).sort(compareNewest);
  const found = what === 'memory' ? idsLike(memories, value) : topicsLike(memories, value);
  return { values: found.slice(0, mostValues), total: found.length };
}

/** Ids that begin with the value, the newest first; where none does, those of memories that hold its words. */
function idsLike(memories: readonly Memory[], value: string): string[] {
  const ids = memories.map(({ id }) => id);
  const begun = ids.filter((id) => id.startsWith(value));
  if (begun.length > 0) return begun;
  const words = lowered(value).trim().split(/\s+/);
  return memories
    .filter(({ state }) => {
      const said = lowered(`${state.subject ?? ''} ${state.text}`);
      return words.every((word) => said.includes(word));
    })
    .map(({ id }) => id);
}

/** Cheap, since it is done to every memory for each letter that is typed. */
const lowered = (text: string) => text.normalize('NFC').toLowerCase();

/** Subjects and entities that begin with the value, those of most memories first, as the newest of them writes them. */
function topicsLike(memories: readonly Memory[], value: string): string[] {
  const beginning = statementKey(value);
  const keyOf = createKeys();
  const names = memories.map(({ state }) =>
    [state.subject ?? [], state.entities ?? []].flat().filter((name) => isShowable(name) && keyOf(name).startsWith(beginning)),
  );
  return countTopics(names, keyOf).map(({ name }) => name);
}
