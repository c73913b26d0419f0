import { statementKey } from './statement.js';

/** A name of somebody or something, and how many memories bear it. */
export interface Topic {
  name: string;
  memories: number;
}

/** Characters of a name that can be shown in a list. */
const longestTopic = 100;

/** Whether a name can be shown in a list. */
export function isShowable(name: string): boolean {
  return name.trim() !== '' && name.length <= longestTopic && !/\p{Cc}/u.test(name);
}

/** Tells of each name what it is counted under, looked at once a name. */
export function createKeys(): (name: string) => string {
  const keys = new Map<string, string>();
  return (name) => {
    const key = keys.get(name) ?? statementKey(name);
    keys.set(name, key);
    return key;
  };
}

/**
 * Counts the names that memories bear, given as the names of each memory: those of most memories first, as the first of
 * them writes them. Names of one memory that differ in case alone count once.
 */
export function countTopics(namesOfEach: Iterable<readonly string[]>, keyOf: (name: string) => string): Topic[] {
  const topics = new Map<string, Topic>();
  for (const names of namesOfEach) {
    for (const [key, name] of new Map(names.map((each) => [keyOf(each), each]))) {
      const known = topics.get(key);
      if (known) known.memories += 1;
      else topics.set(key, { name, memories: 1 });
    }
  }
  return [...topics.values()].sort((a, b) => b.memories - a.memories || (a.name < b.name ? -1 : 1));
}
