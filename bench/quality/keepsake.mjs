import { keepsake, start, until, withHome } from '../program.mjs';
import { depth } from './measures.mjs';

/** Milliseconds that the vectors of a conversation may take to be computed. */
const settleLimit = 120_000;

/** Remembers each memory word for word by a call of its own; resolves with the given ids by the id that each got. */
export async function rememberAll(server, memories) {
  const given = new Map();
  for (const { id, text, speaker, role = 'user', at, run } of memories) {
    const message = { role, content: text, at, ...(speaker && { name: speaker }) };
    const { results } = await server.call('remember', { messages: [message], infer: false, ...(run && { run_id: run }) });
    // The same words said again are one memory.
    for (const result of results) given.set(result.id, [...(given.get(result.id) ?? []), id]);
  }
  return given;
}

/** Keepsake as it is built, without a key, over stdio; a home for each conversation. */
export const keepsakeSystem = {
  name: 'Keepsake',
  withMemories: (memories, work) =>
    withHome(async (home) => {
      const server = await start(keepsake, { KEEPSAKE_HOME: home, KEEPSAKE_TZ: 'UTC' });
      const given = await rememberAll(server, memories);
      const recall = (query, more) => server.call('recall', { query, limit: depth, min_score: 0, ...more });
      const settled = await until(async () => (await recall('anything')).degraded === undefined, { limit: settleLimit });
      if (!settled) throw new Error('recall stays degraded: its figures would be those of something else');
      await work(async ({ question, now }) => {
        const { memories: found } = await recall(question, now && { now });
        return found.map(({ id }) => given.get(id));
      });
      await server.stop();
    }),
};
