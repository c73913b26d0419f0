import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MergedSpace } from '../../src/core/merge/merge-into.js';
import { temporaryHome } from '../support/home.js';
import { type StartedServer, startServer, until } from '../support/server.js';
import { runCommand } from './run.js';

let here: string;
let there: string;
beforeEach(async () => {
  here = await temporaryHome();
  there = await temporaryHome();
});

const merge = (home: string, ...args: string[]) => runCommand(['merge', ...args], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' });

/** Merges and gives what was done in each space. */
async function merged(home: string, path: string): Promise<MergedSpace[]> {
  const { code, stdout, stderr } = await merge(home, '--json', path);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as { spaces: MergedSpace[] }).spaces;
}

/** Expects that a home's logs are whole and that memory and index hold what they say. */
async function expectSound(home: string): Promise<void> {
  const { code, stdout } = await runCommand(['verify'], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' });
  expect(stdout).not.toBe('');
  expect({ code, stdout }).toEqual({ code: 0, stdout });
}

/** Lets a server work in a home. */
async function inHome<T>(home: string, work: (server: StartedServer) => Promise<T>): Promise<T> {
  const server = await startServer({ home });
  const result = await work(server);
  await server.stop();
  return result;
}

const logOf = (home: string, space = 'user-default') => join(home, 'history', `${space}.jsonl`);
/** The lines of a log but its first, which counts how often it was replaced. */
const linesOf = (home: string) => readFileSync(logOf(home), 'utf8').split('\n').slice(1);
const recalled = async (server: StartedServer, args = {}) =>
  (await server.call('recall', args)).structured.memories.map(({ memory }) => memory).sort();

/** Path, bytes and time of every file of a folder, by which any change shows. */
function pictureOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(
    files.sort().map((name) => [name, `${statSync(join(folder, name)).mtimeMs} ${readFileSync(join(folder, name)).toString('base64')}`]),
  );
}

/** One home becomes two, in which different things are remembered. */
async function part(): Promise<void> {
  const [id] = await inHome(here, async (server) => {
    await server.call('remember', { content: 'My cat is called Doudou.' });
    return (await server.call('remember', { content: 'I live in Lisbon.' })).structured.results.map((result) => result.id);
  });
  cpSync(here, there, { recursive: true });
  await inHome(here, async (server) => {
    await server.call('remember', { memory_id: id, content: 'I live in Porto.', at: '2024-05-01T00:00:00Z' });
    await server.call('remember', { content: 'I like green tea.' });
  });
  await inHome(there, async (server) => {
    await server.call('remember', { memory_id: id, content: 'I live in Faro.', at: '2024-04-01T00:00:00Z' });
    await server.call('remember', { content: 'I like green tea.' });
    await server.call('remember', { content: 'My sister plays the violin.' });
  });
}

describe('merge', () => {
  it('makes one of two homes that lived apart, whichever is merged first, while servers run', async () => {
    await part();
    const servers = [await startServer({ home: here }), await startServer({ home: there })];
    for (const server of servers) await server.call('recall', {});
    const before = pictureOf(join(there, 'history'));
    expect(await merged(here, there)).toEqual([{ space: 'user:default', received: 9, settled: 1, joined: 1, blanked: 0 }]);
    expect(pictureOf(join(there, 'history'))).toEqual(before);
    const everything = ['I like green tea.', 'I live in Porto.', 'My cat is called Doudou.', 'My sister plays the violin.'];
    const [ours, theirs] = servers as [StartedServer, StartedServer];
    expect(await recalled(ours)).toEqual(everything);
    expect(await recalled(ours, { query: 'violin' })).toEqual(['My sister plays the violin.']);

    const { code, stdout } = await merge(there, join(here, 'history'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^user:default: \d+ events came in\n$/);
    expect(linesOf(there)).toEqual(linesOf(here));
    expect(await recalled(theirs)).toEqual(everything);
    const id = (await theirs.call('recall', { query: 'Porto' })).structured.memories[0]?.id;
    const life = (await theirs.call('memory_history', { memory_id: id })).structured.events.map(
      ({ event, memory }) => `${event} ${memory}`,
    );
    expect(life).toEqual(['ADD I live in Lisbon.', 'UPDATE I live in Porto.', 'UPDATE I live in Faro.', 'RESTORE I live in Porto.']);

    expect((await ours.call('remember', { content: 'I play chess.' })).structured.results[0]?.event).toBe('ADD');
    for (const server of servers) await server.stop();
    expect(await merged(there, here)).toMatchObject([{ received: 3, settled: 0, joined: 0 }]);
    expect(linesOf(there)).toEqual(linesOf(here));
    for (const home of [here, there]) await expectSound(home);
  });

  it('gives the same lines in the other order', async () => {
    await part();
    const copies = [await temporaryHome(), await temporaryHome()] as const;
    cpSync(here, copies[0], { recursive: true });
    cpSync(there, copies[1], { recursive: true });
    await merged(here, there);
    await merged(copies[1], copies[0]);
    expect(linesOf(copies[1])).toEqual(linesOf(here));
    // As a log of its own in a third home it is still one that was merged.
    const third = await temporaryHome();
    await merged(third, logOf(here));
    expect(linesOf(third)).toEqual(linesOf(here));
    await expectSound(third);
  });

  it('loses nothing that is written meanwhile, in either home', async () => {
    await part();
    const servers = [await startServer({ home: here }), await startServer({ home: there })];
    const written: string[] = [];
    const writing = servers.map(async (server, home) => {
      for (let number = 0; number < 25; number += 1) {
        const content = `Locker ${home}-${number} belongs to visitor ${number * 7 + home}.`;
        expect((await server.call('remember', { content })).isError).toBe(false);
        written.push(content);
      }
    });
    await Promise.all([...writing, merged(here, there), merged(there, here), merged(here, there)]);
    for (const server of servers) await server.stop();
    await merged(here, there);
    await merged(there, here);
    expect(linesOf(there)).toEqual(linesOf(here));
    expect(written).toHaveLength(50);
    const kept = await inHome(here, (server) => recalled(server, { limit: 100 }));
    expect(kept).toEqual(
      [...written, 'I like green tea.', 'I live in Porto.', 'My cat is called Doudou.', 'My sister plays the violin.'].sort(),
    );
    for (const home of [here, there]) await expectSound(home);
  });

  it('of a home with itself, or twice, changes nothing', async () => {
    await inHome(here, (server) => server.call('remember', { content: 'I live in Lisbon.' }));
    await inHome(there, (server) => server.call('remember', { content: 'I play chess.' }));
    const before = pictureOf(join(here, 'history'));
    expect(await merge(here, here)).toMatchObject({ code: 0, stdout: 'user:default: nothing new\n' });
    expect(pictureOf(join(here, 'history'))).toEqual(before);
    await merged(here, there);
    const after = pictureOf(join(here, 'history'));
    expect(await merged(here, there)).toMatchObject([{ received: 0 }]);
    expect(pictureOf(join(here, 'history'))).toEqual(after);
  });

  it('takes one log, and makes the space where it is new', async () => {
    await inHome(here, (server) => server.call('remember', { content: 'I live in Lisbon.' }));
    await inHome(there, async (server) => {
      await server.call('remember', { content: 'I play chess.' });
      await server.call('remember', { content: 'The deployment runs on Mondays.', project: 'ship' });
    });
    expect(await merged(here, logOf(there, 'project-ship'))).toMatchObject([{ space: 'project:ship', received: 3 }]);
    expect(readFileSync(logOf(here, 'project-ship'), 'utf8').split('\n').slice(1)).toEqual(
      readFileSync(logOf(there, 'project-ship'), 'utf8').split('\n').slice(1),
    );
    expect(await inHome(here, (server) => recalled(server, { project: '*' }))).toEqual([
      'I live in Lisbon.',
      'The deployment runs on Mondays.',
    ]);
  });

  it('erases here what was erased there, from every file', async () => {
    const [id] = await inHome(here, async (server) =>
      (await server.call('remember', { content: 'My bicycle lock opens with quixotic.' })).structured.results.map((result) => result.id),
    );
    cpSync(here, there, { recursive: true });
    await inHome(here, async (server) => {
      await server.call('remember', { memory_id: id, content: 'My bicycle lock opens with quixotic or with 1234.' });
      await server.call('remember', { content: 'I play chess.' });
    });
    await inHome(there, async (server) => {
      const { confirm_token } = (await server.call('forget', { memory_ids: [id], erase: true })).structured;
      await server.call('forget', { confirm: confirm_token });
    });
    writeFileSync(
      `${logOf(here)}.torn-1`,
      '{"seq":9,"event":"RECEIVED","input":{"turns":[{"content":"My bicycle lock opens with quixotic\n',
    );
    await merged(here, there);
    const holding = () =>
      Object.keys(pictureOf(here)).filter((name) => readFileSync(join(here, name)).toString('latin1').includes('quixotic'));
    await until(() => holding().length === 0);
    expect(await inHome(here, (server) => recalled(server))).toEqual(['I play chess.']);
    await expectSound(here);
  });

  it('reads the whole batches of a log that is damaged, says what is, and fails', async () => {
    await inHome(there, (server) => server.call('remember', { content: 'I play chess.' }));
    const log = readFileSync(logOf(there), 'utf8');
    writeFileSync(logOf(there), `${log}{"seq":4,"torn`);
    const torn = await merge(here, '--json', logOf(there));
    expect({ code: torn.code, ...JSON.parse(torn.stdout) }).toMatchObject({
      code: 1,
      spaces: [{ received: 3 }],
      problems: ['the last 14 bytes are an unfinished write'],
    });
    writeFileSync(logOf(there), `${log}garbage\n`);
    const { code, stdout } = await merge(here, logOf(there));
    expect(code).toBe(1);
    expect(stdout).toContain('user:default: nothing new\n  line 5 is not an event and is left out\n');
  });

  it('refuses a log that a newer program wrote, before anything is changed', async () => {
    await inHome(there, async (server) => {
      await server.call('remember', { content: 'I play chess.' });
      await server.call('remember', { content: 'The deployment runs on Mondays.', project: 'ship' });
    });
    const log = readFileSync(logOf(there), 'utf8');
    for (const field of ['min_reader', 'min_writer']) {
      writeFileSync(logOf(there), log.replace(`"${field}":1`, `"${field}":2`));
      expect(await merge(here, there)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/user-default\.jsonl was written by a newer Keepsake; update .*\[update_needed\]/),
      });
      expect(existsSync(logOf(here, 'project-ship'))).toBe(false);
    }
  });

  it('names what is no history', async () => {
    mkdirSync(join(there, 'history'));
    writeFileSync(join(there, 'note.txt'), 'hello\n');
    for (const [path, says] of [
      [there, 'holds no history'],
      [join(there, 'nowhere'), 'cannot be read'],
      [join(there, 'note.txt'), 'is no log of Keepsake'],
    ] as const)
      expect(await merge(here, path)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(says) });
    expect(await merge(here)).toMatchObject({ code: 2, stderr: expect.stringContaining('usage: keepsake-mcp merge FILE|DIR') });
  });
});
