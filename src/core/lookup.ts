import type { Scope } from './core.js';
import { KeepsakeError } from './errors.js';
import type { MemoryState } from './events.js';
import type { Memory } from './projection.js';
import type { OpenSpace, Spaces } from './spaces.js';
import { undisturbed } from './undisturbed.js';
import type { SpaceView } from './view.js';

/** The memory of this id in a view. Raises memory_not_found, naming ids that differ by little. */
export function memoryOf(view: SpaceView, id: string): Memory {
  const memory = view.projection.memories.get(id);
  if (memory) return memory;
  const near = nearIds(view, id);
  const hint = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  throw new KeepsakeError(
    'memory_not_found',
    `There is no memory ${JSON.stringify(id)} in ${view.projection.space}.${hint} Use recall to find ids; name its project if it has one.`,
  );
}

/** The first space of the scope that knows the memory. Raises memory_not_found. */
export async function spaceOf(spaces: Spaces, scope: Scope, id: string): Promise<OpenSpace> {
  for (const space of scope) {
    const opened = spaces.open(space);
    if (await opened.read((view) => view.projection.memories.has(id))) return opened;
  }
  const first = spaces.open(scope[0]);
  await first.read((view) => memoryOf(view, id));
  return first;
}

/** What a memory was at one of its revisions, read from the log; undefined where it had no such revision or was erased. */
export async function stateAt(open: OpenSpace, id: string, revision: number): Promise<MemoryState | undefined> {
  return undisturbed(open, async () => {
    const sequence = await open.read((view) => view.projection.memories.get(id)?.revisions[revision - 1]);
    const [event] = sequence === undefined ? [] : await open.events([sequence]);
    return event && 'state' in event ? event.state : undefined;
  });
}

/** Ids that share all but one or two characters with this one, two at most. */
function nearIds(view: SpaceView, id: string): string[] {
  const near: string[] = [];
  for (const known of view.projection.memories.keys()) {
    if (known.startsWith(id) && id.length >= 4) near.push(known);
    else if (known.length === id.length && differences(known, id) <= 2) near.push(known);
    if (near.length === 2) break;
  }
  return near;
}

function differences(a: string, b: string): number {
  let count = 0;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) count += 1;
  return count;
}
