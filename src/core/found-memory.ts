import type { RecalledMemory } from './answers.js';
import type { Call, Core } from './core.js';
import { KeepsakeError } from './errors.js';
import { defined } from './facts.js';
import { recalledMemory } from './page.js';
import type { Space } from './ports.js';
import { isLive, type Memory } from './projection.js';
import { formatInstant } from './time/instants.js';

/** One memory with all that is known of it, whether recall would return it or not; of an erased one the text is empty. */
export type FoundMemory = Omit<RecalledMemory, 'truncated'> & {
  status: Memory['status'] | 'expired';
  last_recalled_at?: string;
};

/** Which memory is looked for, and where: the first of the spaces that knows it counts. */
export interface FindRequest {
  spaces: readonly Space[];
  memory_id: string;
}

/** The memory of an id, its text whole. Raises memory_not_found. */
export async function findMemory(core: Core, { spaces, memory_id: id }: FindRequest, call: Call): Promise<FoundMemory> {
  for (const space of spaces) {
    const found = await core.spaces.open(space).read(({ projection }) => {
      const memory = projection.memories.get(id);
      return memory && foundMemory(core, memory);
    });
    if (!found) continue;
    const at = new Date(core.clock.now()).toISOString();
    core.accesses.record({ at, client: call.client, call_id: call.id, looking: call.looking, memories: [{ id, space }] });
    return found;
  }
  throw new KeepsakeError('memory_not_found', `There is no memory ${JSON.stringify(id)} here; use recall to find ids.`);
}

function foundMemory({ clock, accesses, zone }: Core, memory: Memory): FoundMemory {
  const { truncated: _, ...shown } = recalledMemory({ memory }, zone);
  const recalled = accesses.lastRecalledAt(memory.id);
  return defined({
    ...shown,
    memory: memory.state.text,
    metadata: memory.state.metadata,
    status: memory.status === 'live' && !isLive(memory, clock.now()) ? 'expired' : memory.status,
    last_recalled_at: recalled === undefined ? undefined : formatInstant(Date.parse(recalled), zone),
  }) as FoundMemory;
}
