import { join } from 'node:path';
import { ChromaClient } from 'chromadb';
import { load } from '../../scripts/load.mjs';
import { withHome } from '../program.mjs';
import { depth } from './measures.mjs';
import { lineOf } from './words.mjs';

/** Milliseconds that Chroma may take to start. */
const startLimit = 60_000;

/** The nearest vectors in Chroma, cosine, with the built-in embedding of Keepsake and nothing of its ranking. */
export const vectors = {
  name: 'Chroma, built-in embedding',
  withMemories: (memories, work) =>
    withHome(async (home) => {
      const { openLocalChroma, createHashedEmbedder, createLogger } = await load(`
        export { openLocalChroma } from './src/store/chroma/local-server.js';
        export { createHashedEmbedder } from './src/models/hashed-embedding.js';
        export { createLogger } from './src/logger.js';`);
      const embedder = createHashedEmbedder();
      const embed = async (texts) => (await embedder.embed(texts)).map((vector) => [...vector]);
      const chroma = openLocalChroma({ folder: join(home, 'chroma'), idleSeconds: 0, compat: 'auto', logger: createLogger('error') });
      try {
        const { hostname: host, port } = new URL((await chroma.endpoint(AbortSignal.timeout(startLimit))).url);
        const client = new ChromaClient({ host, port: Number(port) });
        const collection = await client.createCollection({
          name: 'memories',
          embeddingFunction: null,
          configuration: { hnsw: { space: 'cosine' } },
        });
        for (let first = 0; first < memories.length; first += 300) {
          const batch = memories.slice(first, first + 300);
          await collection.add({ ids: batch.map(({ id }) => id), embeddings: await embed(batch.map(lineOf)) });
        }
        await work(async ({ question }) => {
          const { ids } = await collection.query({ queryEmbeddings: await embed([question]), nResults: depth, include: [] });
          return ids[0].map((id) => [id]);
        });
      } finally {
        await chroma.close();
      }
    }),
};
