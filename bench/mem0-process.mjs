// Runs mem0's library in a process of its own, so that its memory can be measured: calls come as messages of the parent.
// Arguments: path of the library's module, URL and width of the endpoint for embeddings, folder for its files.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [module, baseURL, width, folder] = process.argv.slice(2);
const { Memory } = await import(pathToFileURL(module).href);
const endpoint = { apiKey: 'none', model: 'words', baseURL };
const memory = new Memory({
  embedder: { provider: 'openai', config: { ...endpoint, embeddingDims: Number(width) } },
  llm: { provider: 'openai', config: endpoint },
  vectorStore: { provider: 'memory', config: { collectionName: 'bench', dimension: Number(width), dbPath: join(folder, 'vectors.db') } },
  historyDbPath: join(folder, 'history.db'),
});

const operations = {
  write: async ({ user, text }) => (await memory.add(text, { userId: user, infer: false })).results[0].id,
  search: async ({ user, text }) => (await memory.search(text, { filters: { user_id: user }, topK: 10 })).results.length,
  all: async ({ user }) =>
    (await memory.getAll({ filters: { user_id: user }, topK: 1_000_000 })).results.map(({ id, memory: text }) => [id, text]),
};

process.on('message', async ({ id, name, given }) => {
  try {
    process.send({ id, answer: await operations[name](given) });
  } catch (error) {
    process.send({ id, fault: String(error) });
  }
});
process.on('disconnect', () => process.exit());
process.send({ id: 0 });
