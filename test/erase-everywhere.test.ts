import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { readOwner } from '../src/store/chroma/handshake.js';
import { temporaryHome } from './support/home.js';
import { isRunning } from './support/process-state.js';
import { startServer, until } from './support/server.js';

const run = promisify(execFile);
const secret = 'The zebra sleeps under the "old" viaduct.';

/** Files below a folder that hold a word, as grep finds them. */
async function filesWith(word: string, folder: string): Promise<string[]> {
  const found = await run('grep', ['-rlai', word, folder]).catch((error: { code: number; stdout: string; stderr: string }) => {
    // Files may go while the programs that own them run.
    if (error.code !== 1 && !/^(?:grep: .*: No such file or directory\n)+$/.test(error.stderr)) throw error;
    return error;
  });
  return found.stdout.split('\n').filter(Boolean);
}

it.skipIf(process.platform === 'win32')(
  'an erasure leaves nothing in log, checkpoint, torn ends, damaged lines, cache or Chroma',
  async () => {
    const home = await temporaryHome();
    const start = () => startServer({ home, env: { KEEPSAKE_STORE: 'chroma', KEEPSAKE_CHROMA_IDLE: '1' } });
    const server = await start();
    const say = async (content: string) => (await server.call('remember', { content })).structured.results[0]?.id;
    const id = await say(secret);
    const messages = Array.from({ length: 1000 }, (_, index) => ({ role: 'user', content: `Note ${index} is about tea.` }));
    for (const half of ['one', 'two'])
      await server.call('remember', { messages: messages.map((each) => ({ ...each, content: `${each.content} ${half}` })), infer: false });
    await until(() => existsSync(join(home, 'checkpoints', 'user-default')));
    const log = join(home, 'history', 'user-default.jsonl');
    await appendFile(log, `{"half a line": ${JSON.stringify(secret)}\n{"another": "stays"}\n`);
    await say('Nora plays the cello.');
    await appendFile(log, `{"and more": ${JSON.stringify(secret)}`);
    await say('Tom keeps bees.');
    await server.call('recall', { query: 'viaduct' });
    expect((await filesWith('zebra', home)).length).toBeGreaterThanOrEqual(4);

    const { confirm_token } = (await server.call('forget', { memory_ids: [id], erase: true })).structured;
    expect((await server.call('forget', { confirm: confirm_token })).structured.forgotten).toEqual([{ id, memory: '' }]);
    for (const word of ['zebra', 'viaduct']) expect(await filesWith(word, home)).toEqual([]);
    // What was damaged without holding the words is still beside the log.
    expect(await filesWith('another', join(home, 'history'))).toHaveLength(1);
    expect((await server.call('recall', { query: 'cello' })).structured.memories[0]?.memory).toBe('Nora plays the cello.');
    await server.stop();
    expect(await filesWith('zebra', home)).toEqual([]);
    const owner = await readOwner(join(home, 'chroma'));
    await until(() => !owner || !isRunning(owner.pid));
  },
);
