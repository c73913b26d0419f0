import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { append, start as beginning, openLog, textsOf } from '../store/log-fixtures.js';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { type StartedServer, startServer, until } from '../support/server.js';
import { examined } from './doctor.js';

let fake: FakeOpenAi;
let server: StartedServer;
let home: string;

beforeEach(async () => {
  fake = await startFakeOpenAi({ synonyms: { feline: 'cat', automobile: 'car' } });
  server = await startServer({ env: environment() });
  home = server.home;
  await remember('feline');
  await remember('Ann sings.', { user_id: 'ann' });
  await server.call('forget', { all: true });
});
afterEach(async () => {
  await server.stop();
  await fake.close();
});

const environment = () => ({ KEEPSAKE_EMBEDDING_BASE_URL: fake.url, KEEPSAKE_EMBEDDING_MODEL: 'fake-m3', KEEPSAKE_INFER: 'rules' });
const remember = (content: string, more: object = {}, by = server) => by.call('remember', { content, infer: false, ...more });

async function recalled(query: string, by = server): Promise<string[]> {
  const { structured, isError, text } = await by.call('recall', { query });
  if (isError) throw new Error(text);
  return structured.memories.map(({ memory }) => memory);
}

/** Takes something away from the home; gives back what brings it back. */
async function takeAway(path: string): Promise<() => void> {
  const aside = join(await temporaryHome(), 'aside');
  renameSync(path, aside);
  return () => {
    rmSync(path, { recursive: true, force: true, maxRetries: 10 });
    renameSync(aside, path);
  };
}

describe('a running server', () => {
  it.each([
    ['the home', ''],
    ['the folder of the history', 'history'],
    ['the log of the space', 'history/user-default.jsonl'],
  ])('whose files are gone (%s) says so until they are back, and then has everything', async (_, part) => {
    const bringBack = await takeAway(join(home, part));
    try {
      // Twice, since a first refusal must not be the last.
      for (let round = 0; round < 2; round += 1) {
        for (const call of [server.call('recall', {}), server.call('recall', { query: 'cat' }), remember('automobile')]) {
          const { isError, text } = await call;
          expect(isError).toBe(true);
          expect(text).toMatch(/^The history file .+ cannot be used \(.+\); check that it is there.+\[log_unavailable\]$/);
        }
      }
    } finally {
      bringBack();
    }
    expect(await recalled('cat')).toEqual(['feline']);
    expect((await remember('automobile')).structured.results).toMatchObject([{ event: 'ADD' }]);
    expect(await recalled('car')).toEqual(['automobile']);
    expect((await server.call('recall', { user_id: 'ann' })).structured.total).toBe(1);
  });

  it('whose home is gone is followed by one that begins a new home', async () => {
    const bringBack = await takeAway(home);
    expect((await server.call('recall', {})).isError).toBe(true);
    const next = await startServer({ home, env: environment() });
    expect((await next.call('recall', {})).structured.total).toBe(0);
    expect((await remember('automobile', {}, next)).structured.results).toMatchObject([{ event: 'ADD' }]);
    // The log at the path is another one now, and whole: the old server goes on with it, and says so.
    expect(await recalled('car')).toEqual(['automobile']);
    expect(server.log()).toContain('another program changed it');
    await next.stop();
    bringBack();
  });

  it('does not let the loss of one log keep it from the other spaces', async () => {
    const bringBack = await takeAway(join(home, 'history', 'user-default.jsonl'));
    expect((await server.call('recall', {})).isError).toBe(true);
    expect(await remember('Ann dances.', { user_id: 'ann' })).toMatchObject({ isError: false });
    expect((await server.call('recall', { user_id: 'ann' })).structured.total).toBe(2);
    bringBack();
  });

  it.each(['locks', 'cache', 'confirm'])('makes the folder %s anew when it needs it, and loses nothing', async (part) => {
    rmSync(join(home, part), { recursive: true, maxRetries: 10 });
    expect((await remember('automobile')).structured).toMatchObject({ results: [{ event: 'ADD' }], pending: false });
    await until(async () => (await recalled('cat')).includes('feline') && (await recalled('car')).includes('automobile'));
    const { confirm_token } = (await server.call('forget', { all: true })).structured;
    expect((await server.call('forget', { confirm: confirm_token })).structured.forgotten).toHaveLength(2);
    expect(existsSync(join(home, part))).toBe(true);
    const next = await startServer({ home, env: environment() });
    expect((await next.call('recall', {})).structured.total).toBe(0);
    expect((await next.call('memory_history', {})).structured.events).toHaveLength(4);
    await next.stop();
  });

  it('goes on without the folder of the access log, and says once that reads are not noted', async () => {
    rmSync(join(home, 'access'), { recursive: true, maxRetries: 10 });
    for (let round = 0; round < 3; round += 1) expect(await recalled('cat')).toEqual(['feline']);
    expect(server.log().split('access log cannot be used')).toHaveLength(2);
  });

  it('goes on without home.json; the next one makes a new one and fills its index again', async () => {
    const file = join(home, 'home.json');
    const before = readFileSync(file, 'utf8');
    rmSync(file);
    expect((await remember('automobile')).isError).toBe(false);
    const next = await startServer({ home, env: environment() });
    for (const each of [server, next]) expect(await recalled('car', each)).toEqual(['automobile']);
    expect(readFileSync(file, 'utf8')).not.toBe(before);
    await next.stop();
  });

  it.each(['', '{"format":1', '{"format":1,"history_id":7}', '\0\0\0\0'])(
    'goes on with a home.json of %j; the next one and doctor say how to repair it, and do so',
    async (content) => {
      const file = join(home, 'home.json');
      writeFileSync(file, content);
      expect((await remember('automobile')).isError).toBe(false);
      const next = await startServer({ home, env: environment() });
      const { text } = await next.call('recall', {});
      expect(text).toMatch(/home\.json is damaged; delete it: .+ \[log_unavailable\]$/);
      expect((await examined(home)).home).toMatchObject({ standing: 'broken', text: expect.stringContaining('delete it') });
      rmSync(file);
      expect(await recalled('car', next)).toEqual(['automobile']);
      await next.stop();
    },
  );
});

describe('a log that disappears between a reading and a write', () => {
  it('is not begun anew by repeating the write, only by a new process', async () => {
    const folder = await temporaryHome();
    const { log } = openLog(folder);
    const position = await append(log, 'user:ann', ['a']);
    rmSync(join(folder, 'user-ann.jsonl'));
    for (let round = 0; round < 2; round += 1) {
      await expect(append(log, 'user:ann', ['b'], position)).rejects.toMatchObject({ code: 'log_unavailable' });
      await expect(log.read('user:ann', beginning)).rejects.toMatchObject({ code: 'log_unavailable' });
    }
    await append(openLog(folder).log, 'user:ann', ['c']);
    expect(textsOf((await log.read('user:ann', beginning)).events)).toEqual(['c']);
  });
});
