import { once } from 'node:events';
import { createServer } from 'node:http';

const width = 256;

/** Each word counts in the component of its hash. */
function vectorOf(text) {
  const vector = new Array(width).fill(0);
  for (const word of text.toLowerCase().split(/\W+/)) {
    const hash = [...word].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
    vector[hash % width] += 1;
  }
  return vector;
}

/** An OpenAI-compatible endpoint for embeddings, without any model, on loopback. */
export async function startEmbeddingEndpoint() {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { input, model } = JSON.parse(Buffer.concat(chunks).toString());
    const data = [input].flat().map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ object: 'list', data, model, usage: { prompt_tokens: 1, total_tokens: 1 } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    width,
    url: `http://127.0.0.1:${server.address().port}/v1`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
