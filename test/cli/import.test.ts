import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { conversation, writeChatGptExport } from '../../bench/chatgpt-export.mjs';
import { planOf, priceOf } from '../../src/cli/import-plan.js';
import { startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { startServer, until } from '../support/server.js';
import { zipOf } from '../support/zip.js';
import { runCommand, startCommand } from './run.js';

const run = (home: string, ...args: string[]) => runCommand(args, { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' });
const logOf = (home: string, space = 'user-default') =>
  readFileSync(join(home, 'history', `${space}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));
const textsOf = (home: string, space?: string) => logOf(home, space).flatMap(({ event, state }) => (event === 'ADD' ? [state.text] : []));

let folder = '';
beforeAll(async () => {
  folder = await temporaryHome();
});

function fileOf(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
}

describe('import', () => {
  it('shows what a file holds and imports nothing until somebody says so', async () => {
    const home = await temporaryHome();
    const file = fileOf('preview.json', [conversation(0), conversation(1), { id: 'x' }]);
    const shown = await run(home, 'import', file);
    expect(shown).toMatchObject({
      code: 2,
      stderr: 'Nothing was imported: without a terminal nobody can be asked. Add --yes to import it.\n',
    });
    expect(shown.stdout).toBe(
      [
        'chatgpt: 2 conversations, 40 messages',
        '  said from 2023-01-01 to 2023-01-01',
        '  into user:default: 40',
        '  "Talk 0"',
        '  "Talk 1"',
        '  1 left out:',
        '    preview.json, element 3 (line 1): a conversation without its messages (mapping)',
        '  no model is configured: the built-in rules find what is worth keeping; --verbatim keeps all as it stands',
        '',
      ].join('\n'),
    );
    expect((await run(home, 'import', file, '--verbatim')).stdout).not.toContain('built-in rules');
    expect(await run(home, 'import', file, '--dry-run')).toMatchObject({ code: 0, stdout: shown.stdout, stderr: '' });
    expect(readdirSync(join(home, 'history'))).toEqual([]);
  });

  it('sends conversations through the pipeline under one call, which undo takes back', async () => {
    const home = await temporaryHome();
    const file = fileOf(
      'export.zip',
      zipOf({
        'user.json': '{}',
        'conversations-000.json': JSON.stringify([conversation(0)]),
        'conversations-001.json': `\ufeff${JSON.stringify([conversation(1)])}`,
      }),
    );
    const { code, stdout } = await run(home, 'import', file, '--yes', '--json');
    const done = JSON.parse(stdout);
    expect({ code, ...done }).toMatchObject({
      code: 0,
      format: 'chatgpt',
      imported: true,
      added: 4,
      pending: 0,
      preview: { conversations: 2, messages: 40 },
    });
    const events = logOf(home);
    expect(new Set(events.map(({ call_id }) => call_id))).toEqual(new Set([done.import_id]));
    expect(events.filter(({ event }) => event === 'RECEIVED').map(({ run_id }) => run_id)).toEqual([
      conversation(0).id,
      conversation(1).id,
    ]);
    expect(events.find(({ event }) => event === 'ADD')).toMatchObject({
      state: { text: 'Ana likes the red bicycle number 0 in Lisbon.', said_at: '2023-01-01T00:05:00.000Z' },
    });
    expect((await run(home, 'undo', done.import_id)).stdout).toContain('4 taken back.');
  });

  it('keeps the memories of other programs as they stand, with dates and labels, each user in a space of their own', async () => {
    const home = await temporaryHome();
    const records = [
      { id: '1', memory: 'Likes cricket', user_id: 'alex', created_at: '2024-07-26T08:29:37-07:00', metadata: { category: 'hobbies' } },
      { id: '2', memory: 'Hates the rain', user_id: 'Bo', created_at: 'nonsense' },
      { id: '3', memory: '   ', user_id: 'Bo' },
      { id: '4', memory: '—\u0000', user_id: 'Bo' },
    ];
    const gzipped = fileOf('memories.jsonl.gz', gzipSync(records.map((record) => JSON.stringify(record)).join('\n')));
    expect(await run(home, 'import', gzipped, '--yes')).toMatchObject({ code: 0 });
    expect(logOf(home, 'user-alex').find(({ event }) => event === 'ADD')).toMatchObject({
      state: { text: 'Likes cricket', said_at: '2024-07-26T15:29:37.000Z', metadata: { category: 'hobbies' } },
    });
    expect(textsOf(home, 'user-_42o')).toContain('Hates the rain');
    expect(await run(home, 'import', gzipped, '--yes', '--project', 'ship')).toMatchObject({ code: 0 });
    expect(textsOf(home, 'project-ship')).toEqual(expect.arrayContaining(['Likes cricket', 'Hates the rain']));
    expect(await run(home, 'import', fileOf('notes.md', '# Tea\n\n- Ada drinks it black\n'), '--yes', '--user', 'ada')).toMatchObject({
      code: 0,
    });
    expect(textsOf(home, 'user-ada')).toEqual(['Tea: Ada drinks it black']);
  });

  it('is made once for each user, whether the setting or the flag names them', async () => {
    const home = await temporaryHome();
    const file = fileOf('for-each.md', '- Tea is drunk black\n- The bicycle is red\n');
    const importAs = (user: string, ...flags: string[]) =>
      runCommand(['import', file, '--yes', ...flags], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', KEEPSAKE_USER: user });
    for (const user of ['default', 'ann', 'bob']) {
      expect(await importAs(user)).toMatchObject({ code: 0, stdout: expect.stringContaining('Imported: 2 added.') });
      expect(textsOf(home, `user-${user}`)).toEqual(['Tea is drunk black', 'The bicycle is red']);
      expect((await importAs(user)).stdout).toContain('was imported on');
    }
    expect((await importAs('ann', '--user', 'cleo')).stdout).toContain('Imported: 2 added.');
    expect((await importAs('bob', '--user', 'cleo')).stdout).toContain('was imported on');
  });

  it('of several users into the space of one is another than into the space of each', async () => {
    const home = await temporaryHome();
    const file = fileOf('of-several.jsonl', '{"memory":"Likes cricket","user_id":"alex"}\n{"memory":"Hates the rain","user_id":"bo"}\n');
    const importAs = (...flags: string[]) =>
      runCommand(['import', file, '--yes', ...flags], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', KEEPSAKE_USER: 'ann' });
    expect((await importAs()).code).toBe(0);
    expect(textsOf(home, 'user-bo')).toEqual(['Hates the rain']);
    expect((await importAs('--user', 'ann')).code).toBe(0);
    expect(textsOf(home, 'user-ann')).toEqual(['Likes cricket', 'Hates the rain']);
  });

  it('finds a folder and Claude files in it, conversations and what Claude remembered', async () => {
    const home = await temporaryHome();
    const data = join(folder, 'claude-data');
    mkdirSync(data);
    const chat_messages = [{ uuid: 'm', sender: 'human', text: 'I live in Oslo.', content: [], created_at: '2025-03-09T10:00:00Z' }];
    writeFileSync(
      join(data, 'conversations.json'),
      JSON.stringify([{ uuid: 'c', name: 'n', created_at: '2025-03-09T10:00:00Z', chat_messages }]),
    );
    writeFileSync(join(data, 'memories.json'), JSON.stringify([{ conversations_memory: '- Ada is a botanist.', account_uuid: 'a' }]));
    expect(await run(home, 'import', data, '--yes')).toMatchObject({ code: 0 });
    expect(textsOf(home)).toEqual(['I live in Oslo.', 'Ada is a botanist.']);
  });

  it('estimates what a model will be asked, stops where it does not answer, and goes on once it does', async () => {
    const fake = await startFakeOpenAi();
    const env = { KEEPSAKE_HOME: await temporaryHome(), KEEPSAKE_STORE: 'embedded', OPENAI_BASE_URL: fake.url };
    const file = fileOf('model.json', [0, 1, 2, 3].map(conversation));
    const { stdout } = await runCommand(['import', file, '--dry-run', '--price', '2'], env);
    expect(stdout).toMatch(/will be asked about 8 times with about \d+ tokens; 0\.\d\d at that price\n$/);
    expect(fake.requests).toEqual([]);
    fake.fail('quota', Number.POSITIVE_INFINITY, 'chat');
    expect(await runCommand(['import', file, '--yes'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The model failed on 3 inputs in a row.'),
    });
    await fake.stop();
    await fake.restart();
    const done = await runCommand(['import', file, '--yes', '--json'], env);
    expect(JSON.parse(done.stdout)).toMatchObject({ imported: true, taken_before: 60, pending: 0 });
    expect(logOf(env.KEEPSAKE_HOME).filter(({ event }) => event === 'RECEIVED')).toHaveLength(4);
    await fake.close();
  });

  it('reads texts with a mark of their encoding, and says what flags it does not know', async () => {
    const home = await temporaryHome();
    expect(await run(home, 'import', fileOf('utf16.txt', Buffer.from('\ufeffDas Café heißt Eck.', 'utf16le')), '--yes')).toMatchObject({
      code: 0,
    });
    expect(textsOf(home)).toEqual(['Das Café heißt Eck.']);
    const note = fileOf('a.txt', 'A note.');
    expect(await run(home, 'import', note, '--from', 'notion')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('known are keepsake, server-memory'),
    });
    await expect(planOf(note, { verbatim: true, infer: 'auto' })).rejects.toThrow('give one of them');
    expect(() => priceOf('much')).toThrow('is no number');
    const cut = JSON.stringify([conversation(0), conversation(1)]).slice(0, -5);
    const before = logOf(home);
    expect(await run(home, 'import', fileOf('cut.json', cut), '--yes')).toMatchObject({
      code: 1,
      stderr:
        'keepsake-mcp: cut.json, line 1, behind element 1: the file ends in the middle: it is cut off. Nothing of it was imported; mend or export the file anew. [invalid_argument]\n',
    });
    expect(logOf(home)).toEqual(before);
  });
});

describe('an import that was killed', () => {
  it('goes on where it was and doubles nothing, as one call', async () => {
    const home = await temporaryHome();
    const file = join(folder, 'large.json');
    const conversations = await writeChatGptExport(file, 1_000_000);
    const imports = join(home, 'imports');
    const journal = () => {
      const name = existsSync(imports) ? readdirSync(imports).find((each) => each.endsWith('.json')) : undefined;
      return name === undefined ? undefined : JSON.parse(readFileSync(join(imports, name), 'utf8'));
    };
    for (const steps of [3, 9]) {
      const { child, ended } = startCommand(['import', file, '--yes'], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' });
      await until(() => (journal()?.done ?? 0) >= steps || child.exitCode !== null, 60);
      child.kill('SIGKILL');
      expect((await ended).code).toBeNull();
    }
    const before = journal();
    expect(before.finished_at).toBeUndefined();
    // What a process does last before it is killed may be in the log and not in the journal.
    writeFileSync(join(imports, `${before.id}.json`), JSON.stringify({ ...before, done: 0 }));
    const done = await run(home, 'import', file, '--yes', '--json');
    expect(done.stderr).toContain('was interrupted after');
    expect(JSON.parse(done.stdout)).toMatchObject({ imported: true, import_id: before.id });
    const events = logOf(home);
    expect(new Set(events.map(({ call_id }) => call_id))).toEqual(new Set([before.id]));
    const received = events.filter(({ event }) => event === 'RECEIVED').map(({ run_id }) => run_id);
    expect(received).toEqual(Array.from({ length: conversations }, (_, number) => conversation(number).id));
    expect(new Set(textsOf(home)).size).toBe(conversations * 2);
    expect(statSync(join(imports, `${before.id}.json`)).mode & 0o777).toBe(0o600);

    const server = await startServer({ home });
    expect((await server.call('recall', { limit: 1 })).structured.total).toBe(conversations * 2);
    await run(home, 'undo', before.id);
    expect((await server.call('recall', { limit: 1 })).structured.total).toBe(0);
    await server.stop();
  }, 180_000);

  it('leaves the file to the one that goes on where two are started at once', async () => {
    const home = await temporaryHome();
    const file = join(folder, 'twice.json');
    const conversations = await writeChatGptExport(file, 400_000);
    const ended = await Promise.all([run(home, 'import', file, '--yes'), run(home, 'import', file, '--yes')]);
    const codes = ended.map(({ code }) => code).sort();
    expect([
      [0, 0],
      [0, 1],
    ]).toContainEqual(codes);
    for (const { code, stdout, stderr } of ended)
      expect(code === 0 ? stdout : stderr).toMatch(code === 0 ? /To undo it|was imported on/ : /just importing this file/);
    expect(logOf(home).filter(({ event }) => event === 'RECEIVED')).toHaveLength(conversations);
  });

  it('stays with the user for whom it was begun', async () => {
    const home = await temporaryHome();
    const imports = join(home, 'imports');
    const file = fileOf('begun.md', '- Tea is drunk black\n- The bicycle is red\n');
    const importAs = (user: string) =>
      runCommand(['import', file, '--yes', '--json'], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', KEEPSAKE_USER: user });
    const begun = JSON.parse((await importAs('ann')).stdout).import_id;
    const journal = join(imports, `${begun}.json`);
    const { finished_at, ...unfinished } = JSON.parse(readFileSync(journal, 'utf8'));
    expect(finished_at).toBeDefined();
    writeFileSync(journal, JSON.stringify(unfinished));
    const other = await importAs('bob');
    expect(other.stderr).not.toContain('was interrupted');
    expect(JSON.parse(other.stdout)).toMatchObject({ added: 2, taken_before: 0 });
    const resumed = await importAs('ann');
    expect(resumed.stderr).toContain('was interrupted');
    expect(JSON.parse(resumed.stdout)).toMatchObject({ import_id: begun, added: 0, taken_before: 2 });
  });

  it('is no fault where it was ended by hand', async () => {
    const home = await temporaryHome();
    const imports = join(home, 'imports');
    const file = join(folder, 'by-hand.json');
    await writeChatGptExport(file, 1_000_000);
    const { child, ended } = startCommand(['import', file, '--yes'], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' });
    await until(() => child.exitCode !== null || (existsSync(imports) && readdirSync(imports).some((name) => name.endsWith('.json'))), 60);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Run the same command again, and it goes on where it was.'),
    });
  });
});
