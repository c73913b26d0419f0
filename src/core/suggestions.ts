import type { Core } from './core.js';
import { compareNewest, passing } from './listing.js';
import type { Space } from './ports.js';
import type { Memory } from './projection.js';
import { statementKey } from './statement.js';

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
/** Characters of a name that can be shown in a list. */
const longestTopic = 100;

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
  const keys = new Map<string, string>();
  const keyOf = (name: string) => {
    const key = keys.get(name) ?? statementKey(name);
    keys.set(name, key);
    return key;
  };
  const topics = new Map<string, { name: string; memories: number }>();
  for (const { state } of memories) {
    const names = [state.subject ?? [], state.entities ?? []].flat().filter(isShowable);
    for (const [key, name] of new Map(names.map((each) => [keyOf(each), each]))) {
      if (!key.startsWith(beginning)) continue;
      const known = topics.get(key);
      if (known) known.memories += 1;
      else topics.set(key, { name, memories: 1 });
    }
  }
  return [...topics.values()].sort((a, b) => b.memories - a.memories || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
}

function isShowable(name: string): boolean {
  return name.trim() !== '' && name.length <= longestTopic && !/\p{Cc}/u.test(name);
}
