import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keepsake, start } from './program.mjs';

const rival = { package: '@modelcontextprotocol/server-memory', version: '2026.8.31' };

/** Keepsake as its users start it, storing statements word for word. */
export const ownServer = {
  name: 'keepsake',
  start: (folder) => start(keepsake, { KEEPSAKE_HOME: folder }),
  create: (server, text) => server.call('remember', { content: text, infer: false }),
  async texts(server) {
    const texts = [];
    let cursor;
    do {
      const page = await server.call('recall', { limit: 100, ...(cursor === undefined ? {} : { cursor }) });
      texts.push(...page.memories.map(({ memory }) => memory));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    return texts;
  },
};

/** Runs `work` with the official memory server, which is installed for this moment alone. Raises what npm raises. */
export async function withServerMemory(work) {
  const folder = await mkdtemp(join(tmpdir(), 'keepsake-bench-rival-'));
  try {
    // npm is a script on Windows, which only a shell starts.
    const npm = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `${rival.package}@${rival.version}`];
    await promisify(execFile)('npm', npm, { cwd: folder, shell: process.platform === 'win32' });
    const root = join(folder, 'node_modules', rival.package);
    const { bin } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const script = join(root, Object.values(bin)[0]);
    return await work({
      name: `server-memory ${rival.version}`,
      start: (home) => start(script, { MEMORY_FILE_PATH: join(home, 'memory.jsonl') }, 'ignore'),
      create: (server, text) =>
        server.call('create_entities', { entities: [{ name: text, entityType: 'statement', observations: [text] }] }),
      texts: async (server) => (await server.call('read_graph', {})).entities.map(({ name }) => name),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
