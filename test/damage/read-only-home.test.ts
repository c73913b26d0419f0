import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryHome } from '../support/home.js';
import { type StartedServer, startServer } from '../support/server.js';
import { examined } from './doctor.js';
import { mayMount, mountDisk, remountDisk } from './mounts.js';

const isRoot = process.getuid?.() === 0;

async function writableHome(): Promise<string> {
  const home = await temporaryHome();
  // Permissions do not hold root back.
  if (isRoot) mountDisk(home, 1024);
  return home;
}

function setWritable(home: string, writable: boolean): void {
  if (isRoot) {
    remountDisk(home, writable ? 'rw' : 'ro');
    return;
  }
  const folders = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const path of [home, ...folders.map(({ parentPath, name }) => join(parentPath, name))]) chmodSync(path, writable ? 0o700 : 0o500);
}

async function kept(server: StartedServer): Promise<string[]> {
  const { structured, isError, text } = await server.call('recall', { limit: 100 });
  if (isError) throw new Error(text);
  return structured.memories.map(({ memory }) => memory).sort();
}

describe.runIf(process.platform !== 'win32' && (mayMount || !isRoot))('a home that has become read-only', () => {
  it('is read by running and new servers, refuses writes in one clear sentence, and is written again when it is back', async () => {
    const home = await writableHome();
    const running = await startServer({ home });
    const [result] = (await running.call('remember', { content: 'Nora plays the cello.', infer: false })).structured.results;
    setWritable(home, false);
    const started = await startServer({ home });
    for (const server of [running, started]) {
      expect(await kept(server)).toEqual(['Nora plays the cello.']);
      expect((await server.call('recall', { query: 'cello' })).structured.memories).toHaveLength(1);
      expect((await server.call('memory_history', { memory_id: result?.id })).structured.events).toHaveLength(1);
      const refusals = [
        await server.call('remember', { content: 'Olaf sails on the lake.', infer: false }),
        await server.call('remember', { memory_id: result?.id, content: 'Nora plays the viola.' }),
        await server.call('forget', { memory_ids: [result?.id] }),
        await server.call('forget', { all: true }),
        await server.call('remember', { user_id: 'ann', content: 'Olaf sails on the lake.', infer: false }),
      ];
      for (const { isError, text } of refusals) {
        expect(isError).toBe(true);
        expect(text).toMatch(
          /^The (history )?file .+ cannot be used \(.+\); check .+ writable .+, then repeat the call\. \[log_unavailable\]$/,
        );
      }
    }
    const { home: finding, history } = await examined(home);
    expect(finding).toMatchObject({ standing: 'broken', fix: expect.stringContaining('make it writable') });
    expect(history).toMatchObject({ standing: 'ok', text: expect.stringContaining('1 memory') });
    setWritable(home, true);
    for (const [server, content] of [
      [running, 'Olaf sails on the lake.'],
      [started, 'Pia bakes bread.'],
    ] as const)
      expect((await server.call('remember', { content, infer: false })).structured.results).toMatchObject([{ event: 'ADD' }]);
    for (const server of [running, started]) {
      expect(await kept(server)).toEqual(['Nora plays the cello.', 'Olaf sails on the lake.', 'Pia bakes bread.']);
      await server.stop();
    }
  });

  it('before anything was in it is refused in one clear sentence, and used as soon as it can be', async () => {
    const home = await writableHome();
    setWritable(home, false);
    const server = await startServer({ home });
    for (const [tool, args] of [
      ['recall', {}],
      ['remember', { content: 'Nora plays the cello.' }],
    ] as const)
      expect((await server.call(tool, args)).text).toMatch(
        /^The home .+ cannot be used \((EROFS|EACCES): .+\); make it a writable folder .+\[log_unavailable\]$/,
      );
    setWritable(home, true);
    expect((await server.call('remember', { content: 'Nora plays the cello.' })).structured.results).toMatchObject([{ event: 'ADD' }]);
    await server.stop();
  });
});
