import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from '../../scripts/load.mjs';
import { keepsake, start, withHome } from '../program.mjs';
import { rememberAll } from './keepsake.mjs';
import { depth } from './measures.mjs';

const space = 'user:default';

/** The events that the built program writes for some memories, and the memories' ids by the ids that it gave. */
function rememberedBy(memories) {
  return withHome(async (home) => {
    const server = await start(keepsake, { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', KEEPSAKE_TZ: 'UTC' });
    const given = await rememberAll(server, memories);
    await server.stop();
    const [, ...lines] = (await readFile(join(home, 'history', 'user-default.jsonl'), 'utf8')).trimEnd().split('\n');
    return { given, events: lines.map((line) => JSON.parse(line)) };
  });
}

/**
 * The sources' recall in this process, by words alone, on a set that the built program has remembered; and the weights
 * of its ranking, which may be changed between two measurements.
 */
export async function loadInProcess({ conversations }) {
  const { recall, createView, applyAll, weights } = await load(`
    export { recall } from './src/core/recall.js';
    export { createView, applyAll } from './src/core/view.js';
    export { weights } from './src/core/ranking/weights.js';`);
  const remembered = new Map();
  for (const { memories } of conversations) remembered.set(memories, await rememberedBy(memories));
  const call = { id: 'bench', signal: new AbortController().signal };
  const system = {
    name: 'in process, words alone',
    withMemories(memories, work) {
      const { given, events } = remembered.get(memories);
      // Made anew each time: a weight may be part of what is computed beforehand.
      const view = createView(space);
      applyAll(view, events, 'UTC');
      const core = {
        spaces: { open: () => ({ read: async (look) => look(view) }) },
        vectors: { embedQuery: () => Promise.reject(new Error('none here')) },
        accesses: { record: () => undefined },
        clock: { now: Date.now },
        zone: 'UTC',
      };
      return work(async ({ question, now }) => {
        const request = { spaces: [space], query: question, limit: depth, min_score: 0, ...(now && { now }) };
        return (await recall(core, request, call)).memories.map(({ id }) => given.get(id));
      });
    },
  };
  return { system, weights };
}
