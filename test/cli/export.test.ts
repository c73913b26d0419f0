import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeFile } from '../../src/cli/export.js';
import { eventNames } from '../../src/core/events.js';
import type { Space } from '../../src/core/ports.js';
import type { UndoAnswer } from '../../src/core/undo.js';
import { openImportJournals } from '../../src/store/import-journals.js';
import { encodeEvents } from '../../src/store/log-line.js';
import { spaceFileName } from '../../src/store/space-file-name.js';
import { anyCall, simulate } from '../core/arbitrary-events.js';
import { temporaryHome } from '../support/home.js';
import { startServer, until } from '../support/server.js';
import { runCommand } from './run.js';

const run = (home: string, ...args: string[]) => runCommand(args, { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' });
const eventLines = (text: string) => text.split('\n').filter((line) => line.includes('"event":'));
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let folder = '';
/** A home in which everything has happened that an event can tell of, exported as JSON lines. */
let home = '';
let exported = '';
let undoable = '';
let between = '';

beforeAll(async () => {
  folder = await temporaryHome();
  const server = await startServer();
  home = server.home;
  const [lisbon] = (await server.call('remember', { content: 'I live in Lisbon.', at: '2024-03-09T10:00:00+01:00', run_id: 'r1' }))
    .structured.results;
  await server.call('remember', { content: 'I live in Lisbon.', run_id: 'r2' });
  between = new Date().toISOString();
  await server.call('remember', { memory_id: lisbon?.id, content: 'I live in Porto.' });
  undoable = (await server.call('memory_history', { limit: 1 })).structured.events[0]?.call_id ?? '';
  const [tea] = (
    await server.call('remember', {
      content: '=Ada likes <b>tea</b>, *always*\n- and "milk" -->',
      infer: false,
      pinned: true,
      metadata: { team: 'blue', cups: 2 },
    })
  ).structured.results;
  await server.call('forget', { memory_ids: [tea?.id] });
  await server.call('remember', { memory_id: tea?.id, revision: 1 });
  await server.call('remember', { content: 'The deployment runs on Mondays.', project: 'Ship/é', occurred_at: '2024-05' });
  await server.call('remember', {
    messages: [{ role: 'user', name: 'Bo', content: 'I paint.', attachments: [{ mime_type: 'image/png', data: pixel }] }],
  });
  const { confirm_token } = (
    await server.call('forget', {
      memory_ids: [(await server.call('remember', { content: 'My pet is a ferret.' })).structured.results[0]?.id],
      erase: true,
    })
  ).structured;
  await server.call('forget', { confirm: confirm_token });
  await server.stop();
  ({ stdout: exported } = await run(home, 'export'));
});

describe('an export of the whole history', () => {
  it('has every line of every log as it is, between lines that say what it is and that it is whole', async () => {
    const logs = readdirSync(join(home, 'history')).filter((name) => name.endsWith('.jsonl'));
    expect(logs).toHaveLength(2);
    const lines = exported.trimEnd().split('\n');
    expect(lines[0]).toBe('{"keepsake":"export","format":1}');
    expect(lines.at(-1)).toBe(`{"keepsake":"end","events":${eventLines(exported).length}}`);
    for (const log of logs) for (const line of eventLines(readFileSync(join(home, 'history', log), 'utf8'))) expect(lines).toContain(line);
    expect(lines.filter((line) => line.startsWith('{"keepsake":"attachment"'))).toHaveLength(1);
  });

  it('comes back byte for byte from a new home that it was imported into, as JSON lines and as JSON, and works there as before', async () => {
    const file = join(folder, 'a.jsonl');
    writeFileSync(file, exported);
    const there = await temporaryHome();
    expect(await run(there, 'import', file, '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect((await run(there, 'export')).stdout).toBe(exported);

    const json = join(folder, 'a.json');
    expect(await run(home, 'export', '--format', 'json', '--output', json)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(statSync(json).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toEqual(
      exported
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
    const third = await temporaryHome();
    expect((await run(third, 'import', json, '--yes')).code).toBe(0);
    expect((await run(third, 'export')).stdout).toBe(exported);
    const attached = (each: string) => readdirSync(join(each, 'attachments'), { recursive: true });
    expect(attached(third)).toEqual(attached(home));
    expect((await run(third, 'verify')).code).toBe(0);

    const undone = JSON.parse((await run(there, 'undo', undoable, '--json')).stdout) as UndoAnswer;
    expect(undone.undone).toMatchObject([{ event: 'RESTORE', memory: 'I live in Lisbon.' }]);
    const server = await startServer({ home: third });
    const past = (await server.call('recall', { query: 'where do I live', as_of: between })).structured.memories;
    expect(past[0]).toMatchObject({ memory: 'I live in Lisbon.', run_ids: ['r1', 'r2'] });
    const now = (await server.call('recall', { query: 'where do I live' })).structured.memories[0];
    expect(now?.memory).toBe('I live in Porto.');
    expect((await server.call('remember', { memory_id: now?.id, revision: 1 })).structured.results).toMatchObject([
      { event: 'RESTORE', memory: 'I live in Lisbon.' },
    ]);
    await server.stop();
  });

  it('unites with what a home holds already, is taken back as one, and brings nothing a second time', async () => {
    const file = join(folder, 'b.jsonl');
    writeFileSync(file, exported);
    const server = await startServer();
    await server.call('remember', { content: 'I play the cello.' });
    const before = (await run(server.home, 'export')).stdout;
    const done = JSON.parse((await run(server.home, 'import', file, '--yes', '--json')).stdout);
    expect(done).toMatchObject({ imported: true, spaces: [{ space: 'project:Ship/é' }, { space: 'user:default' }] });
    const ids = (text: string) => eventLines(text).map((line) => JSON.parse(line).event_id as string);
    expect(new Set(ids((await run(server.home, 'export')).stdout))).toEqual(new Set([...ids(before), ...ids(exported)]));
    const listed = async () =>
      (await server.call('recall', { project: '*', limit: 50 })).structured.memories
        .concat((await server.call('recall', { limit: 50 })).structured.memories)
        .map(({ memory }) => memory);
    expect(await listed()).toContain('I live in Porto.');
    expect(await listed()).toContain('The deployment runs on Mondays.');

    const again = JSON.parse((await run(server.home, 'import', file, '--yes', '--json')).stdout);
    expect(again).toMatchObject({ imported: false, import_id: done.import_id });
    // As if the process had been killed before it wrote that it was done.
    const journal = join(server.home, 'imports', `${done.import_id}.json`);
    const { finished_at, ...unfinished } = JSON.parse(readFileSync(journal, 'utf8'));
    expect(finished_at).toBeDefined();
    writeFileSync(journal, JSON.stringify(unfinished));
    const resumed = JSON.parse((await run(server.home, 'import', file, '--yes', '--json')).stdout);
    expect(resumed).toMatchObject({ imported: true, import_id: done.import_id, spaces: [{ received: 0 }, { received: 0 }] });
    expect((await run(server.home, 'undo', done.import_id)).code).toBe(0);
    expect([...new Set(await listed())]).toEqual(['I play the cello.']);
    await server.stop();
  });

  it('that was changed is refused with the place, and changes nothing', async () => {
    const lines = exported.trimEnd().split('\n');
    const file = join(folder, 'changed.jsonl');
    writeFileSync(file, lines.map((line) => line.replace('Lisbon', 'London')).join('\n'));
    const there = await temporaryHome();
    const place = lines.findIndex((line) => line.includes('Lisbon')) + 1;
    expect(await run(there, 'import', file, '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`changed.jsonl, line ${place}: it was changed since`),
    });
    expect(readdirSync(join(there, 'history'))).toEqual([]);
    expect(readdirSync(join(there, 'imports')).filter((name) => name.endsWith('.unpacked'))).toEqual([]);
  });

  it('of every kind of event in spaces of every kind of name comes back byte for byte', async () => {
    const spaces: Space[] = ['user:Ann', 'user:ann', 'user:王小明', 'user:CON', 'project:../a b', `user:${'x'.repeat(128)}`];
    const there = await temporaryHome();
    mkdirSync(join(there, 'history'));
    for (const [index, space] of spaces.entries()) {
      const [given = []] = fc.sample(fc.array(anyCall, { minLength: 60, maxLength: 60 }), { numRuns: 1, seed: index });
      const header = { keepsake: 'history', space, format: 1, min_reader: 1, min_writer: 1, generation: 1 };
      const lines = encodeEvents(simulate(`home${index}`, given).events);
      writeFileSync(join(there, 'history', `${spaceFileName(space)}.jsonl`), `${JSON.stringify(header)}\n${lines}`);
    }
    const file = join(folder, 'every-kind.jsonl');
    expect(await run(there, 'export', '--output', file)).toMatchObject({ code: 0 });
    const text = readFileSync(file, 'utf8');
    for (const name of eventNames) expect(text).toContain(`"event":"${name}"`);
    const fresh = await temporaryHome();
    expect(await run(fresh, 'import', file, '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect((await run(fresh, 'export')).stdout).toBe(text);
  });

  it('that is damaged is used as far as it is sound, and the exit code says so', async () => {
    const lines = exported.trimEnd().split('\n');
    const lost = lines.findIndex((line) => line.includes('"event":"UPDATE"'));
    const rest = lines.filter((_, index) => index !== lost).slice(0, -1);
    const file = join(folder, 'damaged.jsonl');
    writeFileSync(file, [...rest, `{"keepsake":"end","events":${eventLines(exported).length - 1}}`].join('\n'));
    const there = await temporaryHome();
    expect(await run(there, 'import', file, '--yes')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('are missing before line'),
    });
  });

  it('leaves nothing of its texts behind once one of them is erased, or a server starts, though an import was killed', async () => {
    const there = await temporaryHome();
    const file = join(folder, 'killed.jsonl');
    writeFileSync(file, exported);
    const done = JSON.parse((await run(there, 'import', file, '--yes', '--json')).stdout);
    const left = join(there, 'imports', `${done.import_id}.unpacked`);
    const leave = () => {
      mkdirSync(join(left, 'history'), { recursive: true });
      writeFileSync(join(left, 'history', 'user-default.jsonl'), 'I live in Porto.');
    };
    leave();
    const server = await startServer({ home: there });
    await until(() => !existsSync(left));
    leave();
    const [memory] = (await server.call('recall', { query: 'where do I live' })).structured.memories;
    const { confirm_token } = (await server.call('forget', { memory_ids: [memory?.id], erase: true })).structured;
    expect(existsSync(left)).toBe(true);
    await server.call('forget', { confirm: confirm_token });
    expect(existsSync(left)).toBe(false);
    // What an import that is under way has unpacked is its own.
    leave();
    const { fingerprint } = JSON.parse(readFileSync(join(there, 'imports', `${done.import_id}.json`), 'utf8'));
    const journals = openImportJournals(join(there, 'imports'));
    const release = await journals.claim(fingerprint);
    expect(await journals.claim(fingerprint)).toBeUndefined();
    await journals.dropLeft();
    expect(existsSync(left)).toBe(true);
    expect(await run(there, 'import', file, '--yes', '--again')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('just importing'),
    });
    await release?.();
    await journals.dropLeft();
    expect(existsSync(left)).toBe(false);
    await server.stop();
    // The erased text does not come back with the file that it came from.
    expect(await run(there, 'import', file, '--yes', '--again')).toMatchObject({ code: 0 });
    expect((await run(there, 'export')).stdout).not.toContain('I live in Porto.');
  });
});

describe('an export for people', () => {
  it.each(['markdown', 'csv'])('as %s has the live memories, and gives their texts, dates and labels back', async (format) => {
    const file = join(folder, `memories.${format === 'csv' ? 'csv' : 'md'}`);
    expect(await run(home, 'export', '--format', format, '--output', file)).toMatchObject({ code: 0 });
    const text = readFileSync(file, 'utf8');
    if (format === 'markdown')
      expect(text).toContain(
        '## project:Ship/é\n\n### About the project\n\n#### Observations\n\n- **2024-05** The deployment runs on Mondays.\n',
      );
    else expect(text).toContain(`"'=Ada likes <b>tea</b>, *always*\n- and ""milk"" -->"`);
    expect(text).not.toContain('Lisbon');
    const there = await temporaryHome();
    expect(await run(there, 'import', file, '--yes')).toMatchObject({ code: 0, stderr: '' });
    const listed = async (each: string) => {
      const server = await startServer({ home: each });
      const memories = [
        ...(await server.call('recall', { limit: 50 })).structured.memories,
        ...(await server.call('recall', { project: 'Ship/é' })).structured.memories,
      ];
      await server.stop();
      return memories
        .map(({ id, revision, created_at, updated_at, agent_ids, run_ids, ...rest }) => rest)
        .sort((a, b) => (a.memory < b.memory ? -1 : 1));
    };
    const given = await listed(home);
    expect(given).toHaveLength(4);
    expect(await listed(there)).toEqual(given);
  });
});

describe('export', () => {
  it('leaves no half file where it cannot be finished', async () => {
    const path = join(folder, 'half.md');
    async function* failing() {
      yield '# Memories';
      throw new Error('interrupted');
    }
    await expect(writeFile(path, failing())).rejects.toThrow('interrupted');
    expect(existsSync(path)).toBe(false);
  });

  it('writes the spaces that are named, and says what it does not know', async () => {
    const { stdout } = await run(home, 'export', '--project', 'Ship/é');
    expect(stdout).toContain('"space":"project:Ship/é"');
    expect(stdout).not.toContain('user:default');
    expect(await run(home, 'export', '--user', 'nobody')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no history of user:nobody'),
    });
    expect(await run(home, 'export', '--format', 'xml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('jsonl, json, markdown, csv'),
    });
    expect(await run(home, 'export', '--output', folder)).toMatchObject({ code: 1, stderr: expect.stringContaining('name a new file') });
  });
});
