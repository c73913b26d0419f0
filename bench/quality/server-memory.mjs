import { withHome } from '../program.mjs';
import { depth } from './measures.mjs';
import { lineOf, wordsOf } from './words.mjs';

/** The official memory server with one entity for each memory, its words as the observation. */
function searchedBy(rival, way, search) {
  return {
    name: `${rival.name}, ${way}`,
    withMemories: (memories, work) =>
      withHome(async (home) => {
        const server = await rival.start(home);
        const entities = memories.map((memory) => ({ name: memory.id, entityType: 'memory', observations: [lineOf(memory)] }));
        await server.call('create_entities', { entities });
        const namesFor = async (query) => (await server.call('search_nodes', { query })).entities.map(({ name }) => name);
        await work(async ({ question }) => (await search(question, namesFor)).slice(0, depth).map((name) => [name]));
        await server.stop();
      }),
  };
}

/** Asks once for each word of the question: what holds most of them comes first, of equals what an earlier word found. */
async function wordByWord(question, namesFor) {
  const counts = new Map();
  for (const word of new Set(wordsOf(question))) {
    for (const name of await namesFor(word)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts.keys()].sort((left, right) => counts.get(right) - counts.get(left));
}

/** Its search looks for the query as it stands in the texts; the second way is kinder than what it offers. */
export const serverMemorySystems = (rival) => [
  searchedBy(rival, 'whole question', (question, namesFor) => namesFor(question)),
  searchedBy(rival, 'word by word', wordByWord),
];
