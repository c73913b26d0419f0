import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withServerMemory } from './compared-servers.mjs';
import { startEmbeddingEndpoint } from './embedding-endpoint.mjs';
import { startHttp } from './http-program.mjs';

// A system under load: `start(folder)` gives its process, with `pid`, `stop` and `open(user)`, which gives one caller:
// `write` resolves with the key of a statement once it is acknowledged, `search` asks, `kept` resolves with the statements
// that are found, by key, `close` ends it.

/** Statements of one user from which on Keepsake is told to correct the oldest: its memory must then stay as it is. */
const mostKept = 100;

/** The built program over HTTP, a session and a space for each user, with the built-in index and no model. */
export const keepsakeOverHttp = {
  name: 'keepsake, Streamable HTTP',
  async start(folder) {
    const server = await startHttp({ KEEPSAKE_HOME: folder, KEEPSAKE_STORE: 'embedded' });
    return { ...server, open: async (user) => keepsakeCaller(await server.connect(), user) };
  },
};

function keepsakeCaller(session, user) {
  const ids = [];
  return {
    async write(text) {
      const oldest = ids.length < mostKept ? {} : { memory_id: ids.shift() };
      const { results } = await session.call('remember', {
        content: text,
        user_id: user,
        ...('memory_id' in oldest ? oldest : { infer: false }),
      });
      ids.push(results[0].id);
      return results[0].id;
    },
    search: (query) => session.call('recall', { query, user_id: user }),
    async kept() {
      const texts = new Map();
      let cursor;
      do {
        const page = await session.call('recall', { user_id: user, limit: 100, ...(cursor === undefined ? {} : { cursor }) });
        for (const { id, memory } of page.memories) texts.set(id, memory);
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      return texts;
    },
    close: () => session.close(),
  };
}

/** Runs `work` with the official memory server: one process over stdio, one graph, in which all callers search. */
export function withServerMemoryUnderLoad(work) {
  return withServerMemory((rival) =>
    work({
      name: `${rival.name}, stdio`,
      async start(folder) {
        const server = await rival.start(folder);
        return {
          pid: server.pid,
          stop: () => server.stop(),
          open: async () => ({
            async write(text) {
              await rival.create(server, text);
              return text;
            },
            search: (query) => server.call('search_nodes', { query }),
            kept: async () => new Map((await rival.texts(server)).map((text) => [text, text])),
            close: async () => undefined,
          }),
        };
      },
    }),
  );
}

const mem0 = { package: 'mem0ai', version: '3.3.1' };

/** Runs `work` with mem0's library, installed for this moment alone, its embeddings from an endpoint without a model. */
export async function withMem0(work) {
  const installed = await mkdtemp(join(tmpdir(), 'keepsake-bench-mem0-'));
  const endpoint = await startEmbeddingEndpoint();
  try {
    const npm = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', installed, `${mem0.package}@${mem0.version}`];
    await promisify(execFile)('npm', npm, { cwd: installed, shell: process.platform === 'win32' });
    const module = join(installed, 'node_modules', mem0.package, 'dist', 'oss', 'index.mjs');
    return await work({
      name: `mem0ai ${mem0.version}, library`,
      start: (folder) => startMem0({ module, endpoint, folder }),
    });
  } finally {
    await endpoint.close();
    await rm(installed, { recursive: true, force: true });
  }
}

async function startMem0({ module, endpoint, folder }) {
  const child = fork(fileURLToPath(new URL('mem0-process.mjs', import.meta.url)), [module, endpoint.url, String(endpoint.width), folder], {
    env: { PATH: process.env.PATH, HOME: folder, MEM0_TELEMETRY: 'false' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map();
  child.on('message', ({ id, answer, fault }) => {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (fault === undefined) resolve?.(answer);
    else reject?.(new Error(fault));
  });
  const ended = once(child, 'exit').then(([code]) => {
    for (const { reject } of waiting.values()) reject(new Error(`mem0 ended with ${code}`));
  });
  let calls = 0;
  const call = (name, given) =>
    new Promise((resolve, reject) => {
      calls += 1;
      waiting.set(calls, { resolve, reject });
      child.send({ id: calls, name, given });
    });
  await once(child, 'message');
  return {
    pid: child.pid,
    open: async (user) => ({
      write: (text) => call('write', { user, text }),
      search: (text) => call('search', { user, text }),
      kept: async () => new Map(await call('all', { user })),
      close: async () => undefined,
    }),
    async stop() {
      child.disconnect();
      await ended;
    },
  };
}
