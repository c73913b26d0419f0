import { readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { type StartedServer, startServer } from '../support/server.js';
import { limitFileSize, mayMount, mountDisk } from './mounts.js';

const fact = (number: number | string) => `Shelf ${number} holds the box of ${String(number).repeat(3)}.`;

async function kept(server: StartedServer): Promise<string[]> {
  const { structured, isError, text } = await server.call('recall', { limit: 100 });
  if (isError) throw new Error(text);
  return structured.memories.map(({ memory }) => memory).sort();
}

/** Takes every byte that a disk has left. */
function fill(path: string): void {
  const { bavail, bsize } = statfsSync(path);
  writeFileSync(join(path, 'ballast'), Buffer.alloc(bavail * bsize));
}

const remember = (server: StartedServer, content: string) => server.call('remember', { content, infer: false });

describe.runIf(process.platform === 'linux')('a log that cannot grow any more', () => {
  it('refuses the write that did not fit wholly, is read on, and takes the next one that fits', async () => {
    const server = await startServer();
    const acknowledged = [fact(1), fact(2)];
    for (const content of acknowledged) await remember(server, content);
    const path = join(server.home, 'history', 'user-default.jsonl');
    const whole = readFileSync(path);
    for (const more of [0, 1, 100, 1000]) {
      limitFileSize(server.pid, whole.length + more);
      const { isError, text } = await remember(server, fact(3));
      expect(isError).toBe(true);
      expect(text).toMatch(
        /^The history file .+ cannot be used \(EFBIG: .+\); check .+ that the disk has space, then repeat the call\. \[log_unavailable\]$/,
      );
      expect(readFileSync(path)).toEqual(whole);
      expect(await kept(server)).toEqual(acknowledged);
    }
    limitFileSize(server.pid, 'unlimited');
    expect((await remember(server, fact(3))).structured.results).toMatchObject([{ event: 'ADD' }]);
    const next = await startServer({ home: server.home });
    for (const each of [server, next]) expect(await kept(each)).toEqual([...acknowledged, fact(3)]);
  });

  it('keeps what was acknowledged of many writes at once, and nothing of the others', async () => {
    const server = await startServer();
    await remember(server, fact(0));
    const path = join(server.home, 'history', 'user-default.jsonl');
    limitFileSize(server.pid, statSync(path).size * 4);
    const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
    const acknowledged = [fact(0)];
    for (const number of numbers) {
      // Two at a time, so that some share a write.
      const pair = [fact(number), fact(number + 100)];
      const answers = await Promise.all(pair.map((content) => remember(server, content)));
      acknowledged.push(...pair.filter((_, index) => !answers[index]?.isError));
    }
    expect(acknowledged.length).toBeGreaterThan(1);
    expect(acknowledged.length).toBeLessThan(25);
    const next = await startServer({ home: server.home });
    for (const each of [server, next]) expect(await kept(each)).toEqual([...acknowledged].sort());
  });
});

describe.runIf(mayMount)('a home on a full disk', () => {
  it('refuses writes in one clear sentence, answers reads, and goes on when there is space again', async () => {
    const home = await temporaryHome();
    mountDisk(home, 512);
    const [one, two] = [await startServer({ home }), await startServer({ home })];
    const acknowledged: string[] = [];
    for (let number = 10; number < 15; number += 1) {
      expect((await remember(one, fact(number))).isError).toBe(false);
      acknowledged.push(fact(number));
    }
    fill(home);
    // What the disk still has room for in the log's last block may go on.
    let refused = '';
    for (let number = 15; refused === ''; number += 1) {
      const { isError, text } = await remember(one, fact(number));
      if (isError) refused = text;
      else acknowledged.push(fact(number));
    }
    expect(refused).toMatch(
      /\(ENOSPC: no space left on device.*\); check .+ that the disk has space, then repeat the call\. \[log_unavailable\]$/,
    );
    for (const server of [one, two]) {
      expect((await remember(server, 'Nora plays the cello.')).text).toContain('[log_unavailable]');
      expect(await kept(server)).toEqual(acknowledged);
      expect((await server.call('recall', { query: 'shelf 12' })).structured.memories[0]?.memory).toBe(fact(12));
    }
    const late = await startServer({ home });
    expect(await kept(late)).toEqual(acknowledged);
    rmSync(join(home, 'ballast'));
    for (const [index, server] of [one, two, late].entries()) {
      expect((await remember(server, fact(50 + index))).structured.results).toMatchObject([{ event: 'ADD' }]);
      acknowledged.push(fact(50 + index));
    }
    for (const server of [one, two, late]) expect(await kept(server)).toEqual(acknowledged);
    expect(readdirSync(join(home, 'history'))).toEqual(['user-default.jsonl']);
    await Promise.all([one, two, late].map((server) => server.stop()));
  });

  it('refuses the first write of all where not even the folders fit, and begins when they do', async () => {
    const home = await temporaryHome();
    mountDisk(home, 64);
    fill(home);
    const server = await startServer({ home });
    const { text } = await remember(server, fact(1));
    expect(text).toMatch(/ENOSPC.+\[log_unavailable\]$/);
    rmSync(join(home, 'ballast'));
    expect((await remember(server, fact(1))).structured.results).toMatchObject([{ event: 'ADD' }]);
    expect(await kept(server)).toEqual([fact(1)]);
    await server.stop();
  });

  it('refuses a remember that would need a model, and saves its input when there is space again', async () => {
    const fake = await startFakeOpenAi();
    const home = await temporaryHome();
    mountDisk(home, 512);
    const env = { OPENAI_BASE_URL: fake.url, KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake-m3' };
    const server = await startServer({ home, env });
    await remember(server, fact(1));
    fill(home);
    for (let number = 2; !(await remember(server, fact(number))).isError; number += 1);
    const { isError, text } = await server.call('remember', { content: 'I moved to Porto because of the sea.' });
    expect(isError).toBe(true);
    expect(text).toContain('[log_unavailable]');
    expect(fake.chatCalls).toEqual([]);
    rmSync(join(home, 'ballast'));
    expect((await server.call('remember', { content: 'I moved to Porto because of the sea.' })).isError).toBe(false);
    await server.stop();
    await fake.close();
  });
});

describe.runIf(mayMount)('a full disk under one folder of the home alone', () => {
  it('of the embedding cache: remember and recall go on, also by meaning, and the log says what fails', async () => {
    const fake = await startFakeOpenAi({ synonyms: { feline: 'cat', canine: 'dog' } });
    const server = await startServer({ env: { KEEPSAKE_EMBEDDING_BASE_URL: fake.url, KEEPSAKE_EMBEDDING_MODEL: 'fake-m3' } });
    await remember(server, 'canine');
    const cache = join(server.home, 'cache');
    mountDisk(cache, 64);
    fill(cache);
    const { structured, isError } = await remember(server, 'feline');
    expect(isError).toBe(false);
    expect(structured.results).toMatchObject([{ event: 'ADD', memory: 'feline' }]);
    expect(server.log()).toMatch(/embedding cache cannot be written.+ENOSPC/);
    expect((await server.call('recall', { query: 'feline' })).structured.memories).toMatchObject([{ memory: 'feline' }]);
    await expect
      .poll(async () => (await server.call('recall', { query: 'cat' })).structured, { timeout: 15_000 })
      .toMatchObject({ memories: [{ memory: 'feline' }] });
    await server.stop();
    await fake.close();
  });

  it('of the access log: recall answers, and the log says once that reads are not noted', async () => {
    const server = await startServer();
    await remember(server, fact(1));
    const access = join(server.home, 'access');
    mountDisk(access, 64);
    fill(access);
    for (let round = 0; round < 3; round += 1) expect(await kept(server)).toEqual([fact(1)]);
    expect(server.log().split('access log cannot be used')).toHaveLength(2);
    await server.stop();
  });

  it('of the confirmations: a preview is refused in one clear sentence, forgetting by id works', async () => {
    const server = await startServer();
    const [result] = (await remember(server, fact(1))).structured.results;
    const confirm = join(server.home, 'confirm');
    mountDisk(confirm, 64);
    fill(confirm);
    const { isError, text } = await server.call('forget', { all: true });
    expect(isError).toBe(true);
    expect(text).toMatch(/ENOSPC.+\[log_unavailable\]$/);
    expect(await kept(server)).toEqual([fact(1)]);
    expect((await server.call('forget', { memory_ids: [result?.id] })).structured.forgotten).toHaveLength(1);
    await server.stop();
  });
});
