import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorCodes, KeepsakeError, type OpenKeepsake, openKeepsake } from '../../src/index.js';
import { temporaryHome } from '../support/home.js';
import { openMemory } from './opened.js';

const texts = ({ memories }: { memories: { memory: string }[] }) => memories.map(({ memory }) => memory);

async function stored(memory: OpenKeepsake, text: string, options = {}): Promise<string> {
  const { results } = await memory.remember(text, { infer: false, ...options });
  return results[0]?.id ?? '';
}

/** All that is written in the history of a home. */
async function logsOf(home: string): Promise<string> {
  const folder = join(home, 'history');
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return (await Promise.all(names.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join('\n');
}

describe.each([
  ['a folder', () => temporaryHome()],
  [':memory:', () => Promise.resolve(':memory:')],
])('a memory in %s', (_, makeHome) => {
  const open = async () => openMemory({ home: await makeHome() });

  it('remembers, recalls, lists and sums up', async () => {
    const memory = await open();
    const answer = await memory.remember('I live in Lisbon.');
    expect(answer).toMatchObject({ results: [{ event: 'ADD', memory: 'I live in Lisbon.', revision: 1 }], skipped: [], pending: false });
    await memory.remember('My bike is red.', { pinned: true, metadata: { colour: 'red' } });
    expect(texts(await memory.recall('Where do I live?'))).toEqual(['I live in Lisbon.']);
    expect(texts(await memory.list())).toEqual(['My bike is red.', 'I live in Lisbon.']);
    expect(texts(await memory.list({ filters: { colour: 'red' } }))).toEqual(['My bike is red.']);
    const { memories } = await memory.profile();
    expect(memories[0]).toMatchObject({ memory: 'My bike is red.', part: 'pinned' });
  });

  it('remembers the turns of a conversation', async () => {
    const memory = await open();
    const { results } = await memory.remember([
      { role: 'user', content: 'I work as a nurse.' },
      { role: 'assistant', content: 'That must be demanding.' },
    ]);
    expect(results).toMatchObject([{ event: 'ADD', memory: 'I work as a nurse.' }]);
  });

  it('goes through a listing page by page', async () => {
    const memory = await open();
    for (const text of ['One.', 'Two.', 'Three.']) await stored(memory, text);
    const first = await memory.list({ limit: 2 });
    const { next_cursor: cursor } = first;
    expect([...texts(first), ...texts(await memory.list({ limit: 2, cursor }))]).toEqual(['Three.', 'Two.', 'One.']);
  });

  it('corrects a memory, forgets it, brings it back and tells its history', async () => {
    const memory = await open();
    const id = await stored(memory, 'My bike is red.');
    expect((await memory.correct(id, { content: 'My bike is blue.' })).results).toMatchObject([{ id, event: 'UPDATE', revision: 2 }]);
    expect(await memory.get(id)).toMatchObject({ id, memory: 'My bike is blue.', status: 'live', revision: 2 });
    expect(await memory.forget(id, { reason: 'sold' })).toMatchObject({ forgotten: [{ id, memory: 'My bike is blue.' }], not_found: [] });
    expect(await memory.get(id)).toMatchObject({ status: 'forgotten' });
    expect((await memory.restore(id)).results).toMatchObject([{ event: 'RESTORE', memory: 'My bike is blue.' }]);
    expect((await memory.restore(id, { revision: 1 })).results).toMatchObject([{ event: 'RESTORE', memory: 'My bike is red.' }]);
    const { events } = await memory.history(id);
    expect(events.map(({ event, reason }) => [event, reason])).toEqual([
      ['ADD', undefined],
      ['UPDATE', 'corrected by id'],
      ['DELETE', 'sold'],
      ['RESTORE', undefined],
      ['RESTORE', undefined],
    ]);
    expect((await memory.history(undefined, { limit: 1 })).events).toMatchObject([{ event: 'RESTORE', memory: 'My bike is red.' }]);
  });

  it('forgets by query and all at once only what was confirmed', async () => {
    const memory = await open();
    await stored(memory, 'My bike is red.', { agent_id: 'one' });
    await stored(memory, 'The sea is salty.', { agent_id: 'two' });
    const preview = await memory.forget({ query: 'bike' });
    expect(preview).toMatchObject({ forgotten: [], count: 1, candidates: [{ memory: 'My bike is red.' }] });
    expect(texts(await memory.list())).toHaveLength(2);
    const confirm = preview.confirm_token;
    expect((await memory.forget({ confirm })).forgotten).toHaveLength(1);
    const all = await memory.forget({ all: true }, { agent_id: 'two' });
    expect(all.count).toBe(1);
    await memory.forget({ confirm: all.confirm_token });
    expect(texts(await memory.list())).toEqual([]);
  });

  it('erases without asking, and nothing on the disk holds the words any more', async () => {
    const memory = await open();
    const id = await stored(memory, 'My safe opens with pomegranate.');
    await stored(memory, 'The sea is salty.');
    expect(await memory.erase([id, 'unknown'])).toMatchObject({ erased: [id], not_found: ['unknown'] });
    const log = await logsOf(memory.home);
    expect(log).toContain('salty');
    expect(log).not.toContain('pomegranate');
    await expect(memory.restore(id)).rejects.toMatchObject({ code: 'memory_erased' });
  });

  it("keeps users and projects apart, and searches the user's memory together with the current project's", async () => {
    const memory = await openMemory({ home: await makeHome(), user: 'ann', project: 'shop' });
    await stored(memory, 'Tea is my drink.');
    await stored(memory, 'Coffee is my drink.', { user_id: 'bob' });
    await stored(memory, 'The drink of the shop is water.', { project: '.' });
    await stored(memory, 'The drink of the yard is milk.', { project: 'yard' });
    expect(texts(await memory.list()).sort()).toEqual(['Tea is my drink.', 'The drink of the shop is water.']);
    expect(texts(await memory.list({ user_id: 'bob', project: 'yard' }))).toEqual(['The drink of the yard is milk.']);
    expect((await memory.recall('drink', { user_id: 'bob' })).memories.map(({ space }) => space).sort()).toEqual([
      'project:shop',
      'user:bob',
    ]);
    expect(texts(await memory.list({ project: '*' }))).toHaveLength(3);
  });

  it('resets a space: its memories, forgotten ones and all words are gone, and no other space is touched', async () => {
    const memory = await open();
    await stored(memory, 'My safe opens with pomegranate.');
    await memory.forget(await stored(memory, 'My locker opens with papaya.', { metadata: { fruit: 'papaya' } }));
    await memory.remember('What if I bought a mango tree?');
    await stored(memory, 'The sea is salty.', { project: 'sea' });
    expect(await logsOf(memory.home)).toMatch(/pomegranate[\s\S]*papaya[\s\S]*mango/);
    expect(await memory.reset()).toMatchObject({ memories: 2, pending: 0 });
    expect(await memory.reset()).toMatchObject({ memories: 0, pending: 0, inputs: 0 });
    expect(texts(await memory.list({ project: '*' }))).toEqual(['The sea is salty.']);
    const log = await logsOf(memory.home);
    for (const word of ['pomegranate', 'papaya', 'mango']) expect(log).not.toContain(word);
    await memory.remember('I live in Lisbon.');
    expect(await memory.reset({ project: 'sea' })).toMatchObject({ memories: 1 });
    expect(texts(await memory.list({ project: '*' }))).toEqual(['I live in Lisbon.']);
  });

  it('has nothing left behind its answers once it is flushed', async () => {
    const memory = await open();
    await stored(memory, 'My bike is red.');
    expect(await memory.flush()).toMatchObject({ pending: 0, unreflected: 0, unindexed: 0 });
  });
});

describe('errors', () => {
  afterEach(() => vi.unstubAllEnvs());

  const refused = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);

  it('have the codes of the tools, and say what would be right', async () => {
    const memory = await openMemory();
    const failures = [
      [() => memory.get('nope'), 'memory_not_found', 'use recall to find ids'],
      [() => memory.recall('x', { limt: 3 } as object), 'invalid_argument', 'Unknown argument limt; known are query'],
      [() => memory.recall('x', { limit: 1000 }), 'invalid_argument', 'limit'],
      [() => memory.list({ cursor: 'x' }), 'cursor_invalid', 'cursor'],
      [() => memory.remember('x'.repeat(200_001)), 'too_large', 'split'],
      [() => memory.remember(undefined as never), 'invalid_argument', 'exactly one of content'],
      [() => memory.forget(undefined as never), 'invalid_argument', 'exactly one of memory_ids'],
      [() => memory.forget({ confirm: 'x' }), 'confirm_invalid', 'confirm_token'],
      [() => memory.list({ project: '.' }), 'invalid_argument', 'no current project'],
      [() => memory.list({ user_id: '' }), 'invalid_argument', 'user_id'],
      [() => memory.reflect(), 'invalid_argument', 'needs a model'],
      [() => memory.chat('Hello'), 'invalid_argument', 'models.chat'],
      [() => memory.chat('Hello', { project: '.' }), 'invalid_argument', 'project'],
      [() => memory.get('x', { userId: 'ann' } as object), 'invalid_argument', 'Unknown argument userId'],
      [() => memory.restore('x', { userId: 'ann' } as object), 'invalid_argument', 'Unknown argument userId'],
      [() => memory.reflect({ userId: 'ann' } as object), 'invalid_argument', 'Unknown argument userId'],
      [() => memory.reflect({ user_id: 5 } as object), 'invalid_argument', 'user_id'],
      [() => memory.chat('Hello', { onpiece: () => undefined } as object), 'invalid_argument', 'Unknown argument onpiece'],
      [() => memory.flush({ timeout: '5s' } as object), 'invalid_argument', 'timeout'],
    ] as const;
    for (const [work, code, words] of failures) {
      const error = await refused(work());
      expect(error).toBeInstanceOf(KeepsakeError);
      expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
      expect(errorCodes).toContain(code);
    }
  });

  it.each([
    ['a misspelt option', { userId: 'ann' }],
    ['an option that narrows other calls', { run_id: 'monday' }],
    ['a name in the place of the options', 'ann'],
    ['something that is no name', { user_id: 5 }],
  ])('of a reset with %s come before anything is erased', async (_, options) => {
    const memory = await openMemory();
    await stored(memory, 'My bike is red.');
    await expect(memory.reset(options as object)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(texts(await memory.list())).toEqual(['My bike is red.']);
  });

  it('of options name the value and what is allowed, and leave no folder behind', async () => {
    const temporary = await temporaryHome();
    for (const name of ['TMPDIR', 'TEMP']) vi.stubEnv(name, temporary);
    await expect(openKeepsake({ home: ':memory:', zone: 'Nowhere' })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: 'zone: "Nowhere" from the options is not usable; allowed is a time zone such as Europe/Berlin.',
    });
    await expect(openKeepsake({ home: ':memory:', hoem: 'x' } as object)).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('"hoem"'),
    });
    expect(await readdir(temporary)).toEqual([]);
  });

  it.each([
    [{ home: new URL('file:///memory') }, 'home as a text'],
    [{ user: {} }, 'user as a text'],
    [{ client: 5 }, 'client as a text'],
    [{ clock: {} }, 'clock with a method now'],
    [{ logger: { info: () => undefined } }, 'logger with a method debug'],
    [{ models: { llm: {} } }, 'no model "llm"; known are extractor, decider'],
    [{ models: { embedder: {} } }, 'models.embedder with a method embed'],
  ])('of options of another kind, such as %o, name what is needed', async (options, words) => {
    const message = expect.stringContaining(words);
    await expect(openMemory(options as object)).rejects.toMatchObject({ code: 'invalid_argument', message });
  });

  it('of a home that cannot be used are log_unavailable', async () => {
    const file = join(await temporaryHome(), 'file');
    await writeFile(file, '');
    await expect(openKeepsake({ home: file, store: 'embedded' })).rejects.toMatchObject({ code: 'log_unavailable' });
  });

  it('of a call whose signal is raised are its reason', async () => {
    const memory = await openMemory();
    const reason = new Error('enough');
    await expect(memory.recall('x', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('say of a closed memory that it is closed', async () => {
    const memory = await openMemory();
    await memory.close();
    await memory.close();
    await expect(memory.list()).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('closed') });
  });
});

describe('settings', () => {
  it('that are null count as not given', async () => {
    const memory = await openMemory({ user: null, zone: null, project: null } as object);
    await stored(memory, 'My bike is red.');
    expect(texts(await memory.list({ user_id: 'default' }))).toEqual(['My bike is red.']);
    expect(await memory.reset({ user_id: null, project: null } as object)).toMatchObject({ memories: 1 });
  });

  it('come from the options, then from an environment only if it is given, then from config.json of the home', async () => {
    const home = await temporaryHome();
    await writeFile(
      join(home, 'config.json'),
      JSON.stringify({ KEEPSAKE_USER: 'file', KEEPSAKE_TZ: 'Asia/Tokyo', KEEPSAKE_STORE: 'embedded' }),
    );
    const env = { KEEPSAKE_USER: 'environment', KEEPSAKE_PROJECT: 'site' };
    const spaceOf = async (options: object) => {
      const memory = await openKeepsake({ home, ...options });
      const { results } = await memory.remember('The sea is salty.', { infer: false });
      const { space, created_at } = await memory.get(results[0]?.id ?? '');
      const { memories } = await memory.list({ project: '.' }).catch((error: KeepsakeError) => ({ memories: [error.code] }));
      await memory.close();
      return [space, created_at.slice(-6), memories];
    };
    process.env.KEEPSAKE_USER = 'process';
    try {
      expect(await spaceOf({})).toEqual(['user:file', '+09:00', ['invalid_argument']]);
      expect(await spaceOf({ env })).toEqual(['user:environment', '+09:00', []]);
      expect(await spaceOf({ env, user: 'option', zone: 'UTC', project: 'none' })).toEqual([
        'user:option',
        expect.anything(),
        ['invalid_argument'],
      ]);
      expect(await spaceOf({ env: process.env })).toEqual(['user:process', '+09:00', expect.anything()]);
    } finally {
      delete process.env.KEEPSAKE_USER;
    }
  });

  it('make a folder that only its owner can read', async () => {
    const { home } = await openMemory();
    expect((await stat(home)).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o700);
  });
});

describe('several memories', () => {
  it('of one home in one process see what each of them writes, and lose nothing of it', async () => {
    const home = await temporaryHome();
    const both = [await openMemory({ home }), await openMemory({ home })];
    await Promise.all(Array.from({ length: 20 }, (_, at) => both[at % 2]?.remember(`Locker ${at} is taken.`, { infer: false })));
    for (const memory of both) expect(texts(await memory.list({ limit: 100 }))).toHaveLength(20);
    await both[0]?.close();
    expect(texts(await both[1]!.list({ limit: 100 }))).toHaveLength(20);
  });

  it('in :memory: have nothing in common', async () => {
    const [one, other] = [await openMemory(), await openMemory()];
    await one.remember('I live in Lisbon.');
    expect(texts(await other.list())).toEqual([]);
  });
});
