import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/core/errors.js';
import { temporaryHome } from '../support/home.js';
import { type StartedServer, startServer } from '../support/server.js';

let server: StartedServer;
beforeAll(async () => {
  server = await startServer();
});

const remember = async (args: Record<string, unknown>) => (await server.call('remember', { infer: false, ...args })).structured;
const added = async (args: Record<string, unknown>) => (await remember(args)).results[0]?.id ?? '';

describe('arguments', () => {
  it('that are unknown are refused with the list of known ones', async () => {
    const answer = await server.call('recall', { query: 'tea', top_k: 3, rewrite: true });
    expect(answer.isError).toBe(true);
    expect(answer.text).toBe(
      'Unknown argument top_k, rewrite; known are query, profile, limit, cursor, min_score, filters, since, until, as_of, now, rerank, explain, max_tokens, user_id, project, agent_id, run_id. [invalid_argument]',
    );
  });

  it('that are unknown inside of a message are refused with the list of those of a message', async () => {
    const answer = await server.call('remember', { messages: [{ role: 'user', content: 'I like tea.', speaker: 'Ann' }] });
    expect(answer.text).toBe('Unknown argument messages.0.speaker; known are role, content, name, at, attachments. [invalid_argument]');
  });

  it.each([
    ['remember', { messages: '[{"role": "user", "content": "My cat is called Minka."}]' }, 'results'],
    ['remember', { content: 'My dog is called Rex.', metadata: '{"pet": true}' }, 'results'],
    ['recall', { filters: ' {"pet": true}' }, 'memories'],
    ['memory_history', { events: '["ADD"]' }, 'events'],
  ])('of %s that are a list or object in JSON text are understood', async (tool, args, field) => {
    const answer = await server.call(tool, { user_id: 'json', ...args });
    expect(answer.text).not.toContain('[invalid_argument]');
    expect(answer.structured[field as 'results']).not.toEqual([]);
  });

  it('that are a list in JSON text are understood by forget, and text that is none is refused', async () => {
    const id = await added({ content: 'I once had a bicycle.', user_id: 'list' });
    const answer = await server.call('forget', { memory_ids: JSON.stringify([id]), user_id: 'list' });
    expect(answer.structured.forgotten).toEqual([{ id, memory: 'I once had a bicycle.' }]);
    expect((await server.call('forget', { memory_ids: `[${id}` })).text).toMatch(/^memory_ids: .*expected array.* \[invalid_argument\]$/);
  });

  it.each([
    ['recall', { limit: 0 }],
    ['recall', { limit: 101 }],
    ['recall', { limit: 2.5 }],
    ['recall', { min_score: 1.1 }],
    ['recall', { max_tokens: 99 }],
    ['recall', { max_tokens: 20_001 }],
    ['recall', { since: 'yesterday' }],
    ['recall', { until: '2024-02-30' }],
    ['recall', { query: 5 }],
    ['recall', { filters: [] }],
    ['remember', {}],
    ['remember', { content: '' }],
    ['remember', { content: ' \n ' }],
    ['remember', { content: 'a', messages: [{ role: 'user', content: 'b' }] }],
    ['remember', { content: 'a', revision: 1 }],
    ['remember', { messages: [] }],
    ['remember', { messages: Array.from({ length: 1001 }, () => ({ role: 'user', content: 'b' })) }],
    ['remember', { messages: [{ role: 'tool', content: 'b' }] }],
    ['remember', { memory_id: 'x' }],
    ['remember', { memory_id: 'x', content: 'a', revision: 1 }],
    ['remember', { memory_id: 'x', messages: [{ role: 'user', content: 'b' }] }],
    ['remember', { content: 'a', kind: 'insight' }],
    ['remember', { content: 'a', at: 'noon' }],
    ['remember', { content: 'a', occurred_at: '2024-13' }],
    ['remember', { content: 'a', expires_at: '2024-99' }],
    ['remember', { content: 'a', metadata: { nested: { a: 1 } } }],
    ['remember', { content: 'a', metadata: { list: [1] } }],
    ['forget', {}],
    ['forget', { all: false }],
    ['forget', { all: true, query: 'a' }],
    ['forget', { memory_ids: ['a'], confirm: 'b' }],
    ['forget', { memory_ids: [] }],
    ['forget', { memory_ids: Array.from({ length: 1001 }, (_, index) => `${index}`) }],
    ['memory_history', { limit: 201 }],
    ['memory_history', { events: ['NONE'] }],
    ['memory_history', { since: 'x' }],
  ])('of %s outside of their bounds are answered as an error in words: %j', async (tool, args) => {
    const answer = await server.call(tool, args);
    expect(answer.isError).toBe(true);
    expect(answer.structured).toBeUndefined();
    expect(answer.text).toMatch(/^[^\n]{15,400} \[invalid_argument\]$/);
  });

  it('that are null count as absent, in messages too, and where null means something it clears', async () => {
    const nothing = { query: null, limit: null, cursor: null, filters: null, since: null, run_id: null, project: null };
    const args = { messages: [{ role: 'user', content: 'I own a loom.', name: null, at: null }], memory_id: null, metadata: null };
    const [added] = (await server.call('remember', { ...args, expires_at: null, infer: null, user_id: 'nulls' })).structured.results;
    expect(added).toMatchObject({ event: 'ADD', memory: 'I own a loom.' });
    expect((await server.call('recall', { ...nothing, user_id: 'nulls' })).structured.total).toBe(1);
    expect((await server.call('memory_history', { ...nothing, filters: undefined, user_id: 'nulls' })).structured.events).toHaveLength(1);
    await server.call('remember', { memory_id: added?.id, expires_at: '2100-01-01', metadata: { a: 1, b: 2 }, user_id: 'nulls' });
    await server.call('remember', { memory_id: added?.id, expires_at: null, metadata: { a: null }, user_id: 'nulls' });
    const [memory] = (await server.call('recall', { user_id: 'nulls' })).structured.memories;
    expect(memory).toMatchObject({ metadata: { b: 2 } });
    expect(memory).not.toHaveProperty('expires_at');
    expect((await server.call('recall', { top_k: null })).text).toMatch(/^Unknown argument top_k; /);
    expect((await server.call('remember', { content: null })).text).toMatch(/^Give exactly one of content, messages/);
  });

  it('that are numbers or booleans in text are understood', async () => {
    const remembered = await server.call('remember', { content: 'Who owns a kiln?', infer: 'false', pinned: 'true', user_id: 'texts' });
    expect(remembered.structured.results).toMatchObject([{ event: 'ADD' }]);
    const { memories } = (await server.call('recall', { limit: '1', min_score: '0', query: '5', user_id: 'texts' })).structured;
    expect(memories).toMatchObject([{ memory: 'Who owns a kiln?', pinned: true }]);
  });

  it.each([
    ['agent_id', ''],
    ['agent_id', 'a\nb'],
    ['run_id', 'x'.repeat(129)],
    ['run_id', '\ud800'],
    ['project', ''],
    ['at', ''],
    ['occurred_at', ''],
    ['occurred_at', '+275760-09-13T00:00:00Z'],
    ['expires_at', ''],
  ])('%s is refused when it is %j, and never taken for absent', async (name, value) => {
    expect((await server.call('remember', { content: 'I own a lute.', [name]: value })).text).toMatch(
      new RegExp(`^${name}[ :].* \\[invalid_argument\\]$`),
    );
  });

  it('that are missing altogether are the empty arguments', async () => {
    const { content } = await server.client.callTool({ name: 'recall' });
    expect(content).toEqual([{ type: 'text', text: 'Nothing is remembered about this.' }]);
  });

  it('name an unknown tool in an error of the protocol that names the known ones', async () => {
    await expect(server.call('search_memories')).rejects.toThrow(
      'Unknown tool search_memories; known are remember, recall, forget, memory_history.',
    );
  });
});

describe('user_id', () => {
  it('is exact after NFC: capitals, spaces and other scripts are other users', async () => {
    const names = ['Ann', 'ann', ' ann', '安', 'Jose\u0301', 'a/b', 'CON', 'ann@example.org', '..', 'x'.repeat(128), '𝒳'.repeat(128)];
    for (const user_id of names) await added({ content: `This belongs to ${user_id}.`, user_id });
    for (const user_id of names) {
      const { memories } = (await server.call('recall', { user_id: user_id.normalize('NFC') })).structured;
      expect(memories.map(({ memory, space }) => ({ memory, space }))).toEqual([
        { memory: `This belongs to ${user_id}.`, space: `user:${user_id.normalize('NFC')}` },
      ]);
    }
  });

  it.each(['', 'x'.repeat(129), 'a\nb', 'a\u0000b', '\u0085', '\ud800'])('is refused when it is %j', async (user_id) => {
    for (const tool of ['recall', 'memory_history']) {
      const answer = await server.call(tool, { user_id });
      expect(answer.text).toMatch(/^user_id must .*\[invalid_argument\]$/);
    }
  });

  it('is KEEPSAKE_USER where a call names none', async () => {
    const own = await startServer({ home: server.home, env: { KEEPSAKE_USER: 'Ann' } });
    expect((await own.call('recall')).structured.memories.map(({ memory }) => memory)).toEqual(['This belongs to Ann.']);
    await own.call('remember', { content: 'The default user is not Ann.', user_id: 'default', infer: false });
    expect((await server.call('recall', { query: 'default user' })).structured.memories).toHaveLength(1);
    await own.stop();
  });
});

describe('the spaces of a home', () => {
  it('are apart in dedup, search, history and forgetting', async () => {
    const text = 'The wifi of the cabin is called Otter.';
    const mine = await added({ content: text, user_id: 'one' });
    const theirs = await added({ content: text, user_id: 'two' });
    const project = await added({ content: text, project: 'cabin' });
    expect(new Set([mine, theirs, project, '']).size).toBe(4);
    expect((await server.call('recall', { query: 'wifi', user_id: 'one' })).structured.memories.map(({ id }) => id)).toEqual([mine]);
    expect((await server.call('recall', { query: 'wifi', project: 'cabin' })).structured.memories.map(({ id }) => id)).toEqual([project]);
    expect((await server.call('memory_history', { user_id: 'two' })).structured.events.map((event) => event.memory_id)).toEqual([theirs]);
    expect((await server.call('memory_history', { memory_id: mine, user_id: 'two' })).text).toMatch(/\[memory_not_found\]$/);
    expect((await server.call('forget', { memory_ids: [mine], user_id: 'two' })).structured.not_found).toEqual([mine]);
    expect((await server.call('remember', { memory_id: theirs, pinned: true, user_id: 'one' })).text).toMatch(/\[memory_not_found\]$/);
    const { count, confirm_token: confirm } = (await server.call('forget', { all: true, user_id: 'one' })).structured;
    expect(count).toBe(1);
    expect((await server.call('forget', { confirm, user_id: 'two' })).text).toMatch(/\[confirm_invalid\]$/);
    expect((await server.call('forget', { confirm, user_id: 'one' })).structured.forgotten).toHaveLength(1);
    expect((await server.call('recall', { user_id: 'two' })).structured.total).toBe(1);
    expect((await server.call('recall', { project: 'cabin' })).structured.total).toBe(1);
  });

  it('give no project away to a user of the same name', async () => {
    await added({ content: 'Project things.', project: 'same' });
    await added({ content: 'User things.', user_id: 'same' });
    expect((await server.call('recall', { user_id: 'same' })).structured.memories.map(({ memory }) => memory)).toEqual(['User things.']);
    expect((await server.call('recall', { project: 'same' })).structured.memories.map(({ memory }) => memory)).toEqual(['Project things.']);
  });
});

describe('times', () => {
  it('without offset are of the zone KEEPSAKE_TZ, and answers carry its offset', async () => {
    const tokyo = await startServer({ env: { KEEPSAKE_TZ: 'Asia/Tokyo' } });
    await tokyo.call('remember', {
      content: 'The concert was loud.',
      at: '2024-07-01T09:00:00',
      occurred_at: '2024-06-30T20:00',
      expires_at: '2100-01-31',
      infer: false,
    });
    const [memory] = (await tokyo.call('recall')).structured.memories;
    expect(memory).toMatchObject({
      said_at: '2024-07-01T09:00:00+09:00',
      occurred_at: '2024-06-30T20:00:00+09:00',
      // A bare date in expires_at means the end of that day.
      expires_at: '2100-01-31T23:59:59.999+09:00',
    });
    for (const time of [memory?.created_at, memory?.updated_at]) expect(time).toMatch(/\+09:00$/);
    expect((await tokyo.call('memory_history')).structured.events[0]?.at).toMatch(/\+09:00$/);
    expect((await tokyo.call('forget', { all: true })).structured.expires_at).toMatch(/\+09:00$/);
    await tokyo.stop();
  });

  it.each(['', 'Nowhere/At_All'])('are of UTC where the system has no time zone: TZ=%j', async (TZ) => {
    const lost = await startServer({ env: { KEEPSAKE_TZ: '', TZ } });
    await lost.call('remember', { content: 'The concert was loud.', at: '2024-07-01', infer: false });
    expect((await lost.call('recall')).structured.memories[0]?.said_at).toBe('2024-07-01T00:00:00Z');
    await lost.stop();
  });

  it('of a day, a month or a year stand for all of it, since from its start and until to its end', async () => {
    const user_id = 'spans';
    for (const occurred_at of ['2023', '2024-03', '2024-03-09', '2024-03-09T18:30:00+01:00', '2024-04-01']) {
      await added({ content: `It happened in ${occurred_at.replaceAll('-', ' ')}, they say.`, occurred_at, user_id });
    }
    const found = async (args: Record<string, unknown>) =>
      (await server.call('recall', { user_id, ...args })).structured.memories.map(({ occurred_at }) => occurred_at).sort();
    expect(await found({ since: '2024-03-09', until: '2024-03-09' })).toEqual(['2024-03', '2024-03-09', '2024-03-09T17:30:00Z']);
    expect(await found({ until: '2023-01-01' })).toEqual(['2023']);
    expect(await found({ since: '2024-03-31T23:59:59Z' })).toEqual(['2024-03', '2024-04-01']);
    expect(await found({ since: '2024-04-01' })).toEqual(['2024-04-01']);
    expect(await found({ filters: { occurred_at: { lte: '2024-02' } } })).toEqual(['2023']);
  });
});

/** What each code is met by; space_refused has no way to be met where all spaces of the home are open. */
describe('errors', () => {
  const met = new Set<string>();
  function expectCode(answer: { isError: boolean; text: string }, code: (typeof errorCodes)[number], says: RegExp) {
    met.add(code);
    expect(answer.isError).toBe(true);
    expect(answer.text).toMatch(says);
    expect(answer.text).toMatch(new RegExp(`^[^\\n]+ \\[${code}\\]$`));
  }

  it('memory_not_found names ids that differ by little', async () => {
    const id = await added({ content: 'I own a red kite.', user_id: 'errors' });
    const wrong = `${id.slice(0, -1)}${id.endsWith('a') ? 'b' : 'a'}`;
    const answer = await server.call('remember', { memory_id: wrong, pinned: true, user_id: 'errors' });
    expectCode(answer, 'memory_not_found', new RegExp(`Did you mean ${id}\\?`));
    expectCode(
      await server.call('memory_history', { memory_id: 'nothing', user_id: 'errors' }),
      'memory_not_found',
      /Use recall to find ids/,
    );
  });

  it('revision_not_found names the revisions there are', async () => {
    const id = await added({ content: 'I own a blue kite.', user_id: 'errors' });
    const answer = await server.call('remember', { memory_id: id, revision: 7, user_id: 'errors' });
    expectCode(answer, 'revision_not_found', /has no revision 7; it has 1\. Call memory_history/);
  });

  it('memory_forgotten names the call that brings it back, and that call works', async () => {
    const id = await added({ content: 'I own a green kite.', user_id: 'errors' });
    await server.call('forget', { memory_ids: [id], user_id: 'errors' });
    const answer = await server.call('remember', { memory_id: id, content: 'I own a lime kite.', user_id: 'errors' });
    expectCode(answer, 'memory_forgotten', /remember \{.*\}/);
    const args = JSON.parse(/remember (\{.*\})/.exec(answer.text)?.[1] ?? '') as Record<string, unknown>;
    expect((await server.call('remember', { ...args, user_id: 'errors' })).structured.results[0]).toMatchObject({
      event: 'RESTORE',
      revision: 2,
    });
  });

  it('memory_erased is final for every change', async () => {
    const id = await added({ content: 'I own a grey kite.', user_id: 'errors' });
    const { confirm_token } = (await server.call('forget', { memory_ids: [id], erase: true, user_id: 'errors' })).structured;
    await server.call('forget', { confirm: confirm_token, user_id: 'errors' });
    for (const change of [{ content: 'x' }, { revision: 1 }, { pinned: true }]) {
      expectCode(await server.call('remember', { memory_id: id, user_id: 'errors', ...change }), 'memory_erased', /erased for good/);
    }
  });

  it('cursor_invalid and confirm_invalid name the call to repeat', async () => {
    expectCode(await server.call('recall', { cursor: 'bm9wZQ' }), 'cursor_invalid', /without cursor/);
    expectCode(await server.call('memory_history', { cursor: '///' }), 'cursor_invalid', /without cursor/);
    expectCode(await server.call('forget', { confirm: '../../home.json' }), 'confirm_invalid', /call forget again without confirm/);
  });

  it('too_large names the limit', async () => {
    expectCode(await server.call('remember', { content: 'a'.repeat(200_001) }), 'too_large', /200001 .* 200000/);
    const messages = [
      { role: 'user', content: 'a'.repeat(150_000) },
      { role: 'user', content: 'b'.repeat(50_001) },
    ];
    expectCode(await server.call('remember', { messages }), 'too_large', /split/);
  });

  it('invalid_argument says there is no current project where there is none', async () => {
    expectCode(await server.call('recall', { project: '.' }), 'invalid_argument', /There is no current project here; .* KEEPSAKE_PROJECT/);
    expectCode(await server.call('remember', { content: 'a', project: '*' }), 'invalid_argument', /project needs a name/);
  });

  it('update_needed answers where a newer program has been at work: reading goes on, writing is refused', async () => {
    const home = await temporaryHome();
    const old = await startServer({ home });
    await old.call('remember', { content: 'I like maps.', infer: false });
    await old.stop();
    const [file = ''] = await readdir(join(home, 'history'));
    const log = await readFile(join(home, 'history', file), 'utf8');
    await writeFile(join(home, 'history', file), log.replace('"min_writer":1', '"min_writer":2'));
    const newer = await startServer({ home });
    expect((await newer.call('recall', { query: 'maps' })).structured.memories).toHaveLength(1);
    expectCode(await newer.call('remember', { content: 'I like globes.' }), 'update_needed', /npx -y keepsake-mcp@latest/);
    await newer.stop();
    await writeFile(join(home, 'history', file), log.replace('"min_reader":1', '"min_reader":2'));
    const newest = await startServer({ home });
    expectCode(await newest.call('recall', { query: 'maps' }), 'update_needed', /npx -y keepsake-mcp@latest/);
    await newest.stop();
  });

  it('log_unavailable answers for a log that is not the one of its space', async () => {
    const broken = await startServer();
    await broken.call('remember', { content: 'I like maps.', infer: false, user_id: 'ann' });
    await broken.stop();
    const folder = join(broken.home, 'history');
    const [file = ''] = await readdir(folder);
    await rename(join(folder, file), join(folder, file.replace('ann', 'bob')));
    const again = await startServer({ home: broken.home });
    expectCode(await again.call('recall', { user_id: 'bob' }), 'log_unavailable', /ann/);
    expect((await again.call('remember', { content: 'I like globes.', user_id: 'eve' })).isError).toBe(false);
    await again.stop();
  });

  it('internal says what to do about what nobody foresaw', async () => {
    const { confirm_token = '' } = (await server.call('forget', { all: true, user_id: 'errors' })).structured;
    await writeFile(join(server.home, 'confirm', confirm_token), 'not JSON');
    expectCode(
      await server.call('forget', { confirm: confirm_token, user_id: 'errors' }),
      'internal',
      /repeat the call, and run keepsake-mcp doctor/,
    );
  });

  it('have been met with every code but that of refused spaces', () => {
    expect([...met, 'space_refused'].sort()).toEqual([...errorCodes].sort());
  });

  it('leave the server usable', async () => {
    await mkdir(join(server.home, 'unrelated'), { recursive: true });
    expect((await server.call('recall', { user_id: 'one' })).isError).toBe(false);
    expect(server.faults).toEqual([]);
    // Warnings of the runtime are no log lines.
    expect(server.log()).not.toContain('Warning');
  });
});
