import { createHash } from 'node:crypto';
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startFakeOpenAi } from '../support/fake-openai.js';
import { contentOf } from '../support/files.js';
import { temporaryHome } from '../support/home.js';
import { type StartedServer, startServer, until } from '../support/server.js';
import { normalised } from './normalised.js';

let server: StartedServer;
let users = 0;
let user_id = '';
beforeAll(async () => {
  server = await startServer();
});

/** A user who has said these things, word for word; resolves with the ids. */
async function userWith(...contents: (string | Record<string, unknown>)[]): Promise<string[]> {
  users += 1;
  user_id = `user ${users}`;
  const ids: string[] = [];
  for (const each of contents) ids.push(await remember(typeof each === 'string' ? { content: each } : each));
  return ids;
}

const remember = async (args: Record<string, unknown>) =>
  (await server.call('remember', { user_id, infer: false, ...args })).structured.results[0]?.id ?? '';
const forget = (args: Record<string, unknown>) => server.call('forget', { user_id, ...args });
const live = async (args: Record<string, unknown> = {}) =>
  (await server.call('recall', { user_id, limit: 100, ...args })).structured.memories.map(({ memory }) => memory).sort();
const history = async (args: Record<string, unknown> = {}) => (await server.call('memory_history', { user_id, ...args })).structured.events;

describe('the answers of forget', () => {
  it('say what is forgotten, what would be, what stays and what to call next', async () => {
    const [tea = '', cello = ''] = await userWith(
      'I drink tea.',
      'I play the cello.',
      { content: 'The cello is old.', agent_id: 'a' },
      { content: 'The cello is old.', agent_id: 'b' },
      { content: 'The bow is new.', agent_id: 'a' },
    );
    const story = [
      await forget({ memory_ids: [tea, tea, 'nobody'], reason: 'switched to coffee' }),
      await forget({ memory_ids: [tea] }),
      await forget({ query: 'cello', limit: 5 }),
      await forget({ query: 'submarine' }),
      await forget({ all: true, agent_id: 'a' }),
      await forget({ memory_ids: [cello], erase: true }),
    ];
    const text = story.map((answer) => `${answer.text}\n${JSON.stringify(answer.structured)}`).join('\n\n');
    expect(normalised(text)).toMatchInlineSnapshot(`
      "Forgotten: 1.
      [mem:m1] "I drink tea."
      Not found, already forgotten, or changed since: nobody
      {"forgotten":[{"id":"m1","memory":"I drink tea."}],"not_found":["nobody"]}

      Forgotten: 0.
      Not found, already forgotten, or changed since: m1
      {"forgotten":[],"not_found":["m1"]}

      2 memories would be forgotten; nothing has happened yet.
      [mem:m2] "The cello is old."
      [mem:m3] "I play the cello."
      To carry it out: forget {"confirm":"<token>","user_id":"user 1"} before <time>.
      {"forgotten":[],"not_found":[],"candidates":[{"id":"m2","memory":"The cello is old.","created_at":"<time>","score":<score>},{"id":"m3","memory":"I play the cello.","created_at":"<time>","score":<score>}],"count":2,"confirm_token":"<token>","expires_at":"<time>"}

      0 memories would be forgotten; nothing has happened yet.
      {"forgotten":[],"not_found":[],"count":0}

      1 memory would be forgotten; nothing has happened yet.
      1 more stay: another agent or run stated them too.
      To carry it out: forget {"confirm":"<token>","user_id":"user 1"} before <time>.
      {"forgotten":[],"not_found":[],"count":1,"confirm_token":"<token>","expires_at":"<time>"}

      1 memory would be erased for good; nothing has happened yet.
      [mem:m3] "I play the cello."
      To carry it out: forget {"confirm":"<token>","user_id":"user 1"} before <time>.
      {"forgotten":[],"not_found":[],"candidates":[{"id":"m3","memory":"I play the cello.","created_at":"<time>"}],"count":1,"confirm_token":"<token>","expires_at":"<time>"}"
    `);
    const last = await forget({ confirm: story.at(-1)?.structured.confirm_token });
    expect(normalised(`${last.text}\n${JSON.stringify(last.structured)}`)).toMatchInlineSnapshot(`
      "Erased for good: 1.
      [mem:m1]
      {"forgotten":[{"id":"m1","memory":""}],"not_found":[]}"
    `);
  });
});

describe('by memory_ids', () => {
  it('forgets exactly these, at once, in every page and search, and keeps them in the history', async () => {
    const [first = '', second = ''] = await userWith('The lamp is red.', 'The lamp is blue.', 'The lamp is green.');
    const { forgotten, not_found } = (await forget({ memory_ids: [first, second], reason: 'sold' })).structured;
    expect(forgotten).toEqual([
      { id: first, memory: 'The lamp is red.' },
      { id: second, memory: 'The lamp is blue.' },
    ]);
    expect(not_found).toEqual([]);
    expect(await live()).toEqual(['The lamp is green.']);
    expect(await live({ query: 'lamp', min_score: 0 })).toEqual(['The lamp is green.']);
    expect(await history({ memory_id: first })).toMatchObject([
      { event: 'ADD', revision: 1 },
      { event: 'DELETE', revision: 1, memory: 'The lamp is red.', reason: 'sold' },
    ]);
  });

  it('reports unknown and already forgotten ones, and writes nothing for them', async () => {
    const [first = ''] = await userWith('The vase is tall.');
    await forget({ memory_ids: [first] });
    const events = await history();
    expect((await forget({ memory_ids: [first, 'unknown'] })).structured).toEqual({ forgotten: [], not_found: [first, 'unknown'] });
    expect(await history()).toEqual(events);
  });

  it('also forgets what has expired, which is neither unknown nor forgotten', async () => {
    const [first] = await userWith({ content: 'The milk is fresh.', expires_at: '2020-01-01' });
    expect((await forget({ memory_ids: [first] })).structured).toMatchObject({ forgotten: [{ id: first }], not_found: [] });
  });

  it('takes a thousand of them, and the answer stays small', async () => {
    await userWith();
    const messages = Array.from({ length: 1000 }, (_, index) => ({ role: 'user', content: `${index} ${'长'.repeat(190)}` }));
    const { results } = (await server.call('remember', { user_id, messages, infer: false })).structured;
    const answer = await server.client.callTool({ name: 'forget', arguments: { user_id, memory_ids: results.map(({ id }) => id) } });
    expect((answer.structuredContent as { forgotten: unknown[] }).forgotten).toHaveLength(1000);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(400_000);
    expect(await live()).toEqual([]);
  });

  it("finds those of the current project, too, together with the user's own", async () => {
    const inProject = await startServer({ home: server.home, env: { KEEPSAKE_PROJECT: 'lamp shop' } });
    const add = async (args: Record<string, unknown>) =>
      (await inProject.call('remember', { infer: false, ...args })).structured.results[0]?.id;
    const ids = [await add({ content: 'My own lamp.', user_id: 'both' }), await add({ content: "The shop's lamp.", project: '.' })];
    const { forgotten, not_found } = (await inProject.call('forget', { memory_ids: ids, user_id: 'both' })).structured;
    expect(forgotten.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(not_found).toEqual([]);
    await inProject.stop();
  });
});

describe('by query', () => {
  it('shows candidates and forgets nothing until it is confirmed, then only what was shown', async () => {
    await userWith('The blue bicycle has a flat tyre.', 'The red bicycle is stolen.', 'I live in Porto.');
    const preview = (await forget({ query: 'bicycle', reason: 'gone' })).structured;
    const shown = { id: expect.any(String), created_at: expect.stringMatching(/Z$/), score: expect.any(Number) };
    expect(preview.candidates).toEqual([
      { ...shown, memory: 'The red bicycle is stolen.' },
      { ...shown, memory: 'The blue bicycle has a flat tyre.' },
    ]);
    expect(preview).toMatchObject({ forgotten: [], not_found: [], count: 2 });
    expect(Date.parse(preview.expires_at) - Date.now()).toBeLessThanOrEqual(10 * 60 * 1000);
    expect(Date.parse(preview.expires_at) - Date.now()).toBeGreaterThan(9 * 60 * 1000);
    expect(await live()).toHaveLength(3);
    await remember({ content: 'The green bicycle came later.' });
    const { forgotten } = (await forget({ confirm: preview.confirm_token, reason: 'another reason' })).structured;
    expect(forgotten).toHaveLength(2);
    expect(await live()).toEqual(['I live in Porto.', 'The green bicycle came later.']);
    expect((await history({ events: ['DELETE'] })).map(({ reason }) => reason)).toEqual(['gone', 'gone']);
  });

  it('is narrowed by limit, filters and labels', async () => {
    await userWith(
      { content: 'Rain on Monday.', metadata: { year: 2023 }, agent_id: 'a' },
      { content: 'Rain on Tuesday.', metadata: { year: 2024 }, agent_id: 'a' },
      { content: 'Rain on Wednesday.', metadata: { year: 2024 }, agent_id: 'b' },
    );
    const count = async (args: Record<string, unknown>) => (await forget({ query: 'rain', ...args })).structured.count;
    expect(await count({})).toBe(3);
    expect(await count({ limit: 1 })).toBe(1);
    expect(await count({ filters: { year: 2024 } })).toBe(2);
    expect(await count({ agent_id: 'a' })).toBe(2);
    expect(await count({ agent_id: 'a', filters: { year: 2024 } })).toBe(1);
  });

  it('leaves what changed since the preview and names it', async () => {
    const [first = '', second = '', third = ''] = await userWith('Snow in May.', 'Snow in June.', 'Snow in July.');
    const { confirm_token } = (await forget({ query: 'snow' })).structured;
    await server.call('remember', { user_id, memory_id: first, content: 'Snow in August.' });
    await forget({ memory_ids: [second] });
    const answer = (await forget({ confirm: confirm_token })).structured;
    expect(answer.forgotten).toEqual([{ id: third, memory: 'Snow in July.' }]);
    expect([...answer.not_found].sort()).toEqual([first, second].sort());
    expect(await live()).toEqual(['Snow in August.']);
  });
});

describe('all', () => {
  it('is everything of the space, not only of a page, and of no other', async () => {
    await userWith({ messages: Array.from({ length: 250 }, (_, index) => ({ role: 'user', content: `Coin number ${index}.` })) });
    const other = await remember({ content: 'Coins of another user.', user_id: 'the other' });
    const project = await remember({ content: 'Coins of a project.', user_id: undefined, project: 'coins' });
    const preview = (await forget({ all: true })).structured;
    expect(preview).toMatchObject({ count: 250, forgotten: [] });
    expect(preview).not.toHaveProperty('candidates');
    const { forgotten, not_found } = (await forget({ confirm: preview.confirm_token })).structured;
    expect([forgotten.length, not_found.length]).toEqual([250, 0]);
    expect(await live()).toEqual([]);
    expect((await server.call('recall', { user_id: 'the other' })).structured.memories[0]?.id).toBe(other);
    expect((await server.call('recall', { project: 'coins' })).structured.memories[0]?.id).toBe(project);
  });

  it('counts all of more than an answer can list', async () => {
    await userWith();
    const messages = Array.from({ length: 1000 }, (_, index) => ({ role: 'user', content: `Bead ${index}.` }));
    await remember({ messages });
    await remember({ content: 'One more bead.' });
    const { confirm_token } = (await forget({ all: true })).structured;
    const answer = await forget({ confirm: confirm_token });
    expect(answer.structured.count).toBe(1001);
    expect(answer.structured.forgotten).toHaveLength(1000);
    expect(answer.text).toMatch(/^Forgotten: 1001\.\n/);
    expect(answer.text).toContain('and 981 more');
    expect(await live()).toEqual([]);
  });

  it('narrowed by an agent or run leaves, and counts, what another one also stated', async () => {
    await userWith(
      { content: 'Only a.', agent_id: 'a', run_id: '1' },
      { content: 'Both.', agent_id: 'a', run_id: '1' },
      { content: 'Both.', agent_id: 'b', run_id: '2' },
      { content: 'Only b.', agent_id: 'b', run_id: '2' },
    );
    const byAgent = await forget({ all: true, agent_id: 'a' });
    expect(byAgent.structured.count).toBe(1);
    expect(byAgent.text).toContain('1 more stay: another agent or run stated them too.');
    expect((await forget({ all: true, run_id: '2' })).structured.count).toBe(1);
    expect((await forget({ all: true, filters: { agent_id: 'a' } })).structured.count).toBe(2);
    await forget({ confirm: byAgent.structured.confirm_token });
    expect(await live()).toEqual(['Both.', 'Only b.']);
  });

  it('with erase also takes what was forgotten before and what has expired', async () => {
    const [first] = await userWith('Old secret plan.', { content: 'Expired secret plan.', expires_at: '2020-01-01' }, 'New secret plan.');
    await forget({ memory_ids: [first] });
    expect((await forget({ all: true })).structured.count).toBe(2);
    const { count, confirm_token } = (await forget({ all: true, erase: true })).structured;
    expect(count).toBe(3);
    expect((await forget({ confirm: confirm_token })).structured.forgotten).toHaveLength(3);
    expect(await history({ query: 'secret' })).toEqual([]);
  });
});

describe('confirm', () => {
  it('works in another process, once', async () => {
    await userWith('Kites are fun.', 'Kites are light.');
    const { confirm_token: confirm } = (await forget({ query: 'kites' })).structured;
    const other = await startServer({ home: server.home });
    const answers = await Promise.all([
      ...Array.from({ length: 8 }, () => forget({ confirm })),
      other.call('forget', { user_id, confirm }),
    ]);
    const refused = answers.filter(({ isError }) => isError);
    expect(refused).toHaveLength(8);
    for (const { text } of refused) expect(text).toMatch(/\[confirm_invalid\]$/);
    expect(await live()).toEqual([]);
    expect((await other.call('forget', { user_id, confirm })).text).toMatch(/\[confirm_invalid\]$/);
    await other.stop();
  });

  it('works after a restart', async () => {
    const first = await startServer();
    await first.call('remember', { content: 'Drums are loud.', infer: false });
    const { confirm_token: confirm } = (await first.call('forget', { all: true, erase: true, reason: 'quiet' })).structured;
    await first.stop();
    const second = await startServer({ home: first.home });
    expect((await second.call('forget', { confirm })).structured.forgotten).toHaveLength(1);
    expect((await second.call('memory_history')).structured.events).toMatchObject([
      { event: 'ERASE', reason: 'quiet' },
      { event: 'ADD', memory: '' },
    ]);
    await second.stop();
  });

  it('ends after its time', async () => {
    await userWith('Soap bubbles.');
    const { confirm_token: token } = (await forget({ all: true })).structured;
    const past = `${(Date.now() - 1).toString(36)}-${token.split('-')[1]}`;
    await rename(join(server.home, 'confirm', token), join(server.home, 'confirm', past));
    for (const confirm of [token, past]) expect((await forget({ confirm })).text).toMatch(/\[confirm_invalid\]$/);
    expect(await live()).toEqual(['Soap bubbles.']);
  });

  it('is carried out by the call that the preview names, word for word', async () => {
    await userWith();
    for (const where of [{ user_id }, { project: 'elsewhere' }]) {
      await server.call('remember', { content: 'To be forgotten.', infer: false, ...where });
      const { text } = await server.call('forget', { all: true, ...where });
      const args = JSON.parse(/forget (\{.*\}) before/.exec(text)?.[1] ?? '{}') as Record<string, unknown>;
      expect((await server.call('forget', args)).structured.forgotten).toHaveLength(1);
    }
  });
});

describe('forgetting', () => {
  it('is undone by remember with the revision', async () => {
    const [id = ''] = await userWith('I sing in a choir.');
    await forget({ memory_ids: [id] });
    const { results } = (await server.call('remember', { user_id, memory_id: id, revision: 1 })).structured;
    expect(results).toMatchObject([{ event: 'RESTORE', revision: 2, memory: 'I sing in a choir.' }]);
    expect(await live({ query: 'choir' })).toEqual(['I sing in a choir.']);
  });
});

/** The vectors of a model are kept on the disk; the built-in embedding's are made anew. */
async function startWithModel(options: { home?: string } = {}): Promise<StartedServer> {
  const fake = await startFakeOpenAi();
  onTestFinished(() => fake.close());
  const env = { OPENAI_BASE_URL: fake.url, OPENAI_API_KEY: '', KEEPSAKE_EMBEDDING_MODEL: 'fake', KEEPSAKE_INFER: 'rules' };
  return startServer({ ...options, env });
}

describe('erase', () => {
  const secret = 'the zebra sleeps under the viaduct';
  /** What was in a file; nothing if it is gone by now, as locks come and go. */
  /** Every file of a home, by its path. */
  async function files(home: string): Promise<Map<string, Buffer>> {
    const entries = await readdir(home, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return new Map(await Promise.all(paths.map(async (path) => [path, await contentOf(path)] as const)));
  }

  it('leaves no trace of the words in the home, and every other line as it was, byte by byte', async () => {
    const home = await temporaryHome();
    const own = await startWithModel({ home });
    const say = async (args: Record<string, unknown>) =>
      (await own.call('remember', { at: '2024-05-01', ...args })).structured.results[0]?.id;
    await say({ content: 'I live in Porto.' });
    const id = await say({ content: `My codeword is ${secret}.`, metadata: { hint: `zebra, ${secret}` }, agent_id: 'a' });
    await say({ content: 'I play the cello.' });
    await say({ messages: [{ role: 'user', content: `Did I say my codeword is ${secret}?` }] });
    await own.call('remember', { memory_id: id, content: `My codeword was ${secret}, they say.` });
    await say({ content: `My codeword was ${secret}, they say.`, agent_id: 'b' });
    const wordings = [`My codeword is ${secret}.`, `My codeword was ${secret}, they say.`];
    const hashes = wordings.map((text) => createHash('sha256').update(`user:default\0${text}`).digest());
    // A correction is embedded behind its answer.
    await until(async () => {
      const everything = Buffer.concat([...(await files(home)).values()]);
      return hashes.every((hash) => everything.includes(hash));
    });
    const piano = await say({ content: 'The piano is out of tune.' });
    await own.call('forget', { memory_ids: [piano], reason: `unlike "My codeword is ${secret}."` });
    await own.call('recall', { query: 'viaduct' });
    await own.call('forget', { memory_ids: [id], reason: `because "my codeword was ${secret}, they say" is known` });
    const log = [...(await files(home)).keys()].find((path) => path.endsWith('.jsonl') && path.includes('history')) ?? '';
    const linesOf = async () => (await readFile(log, 'utf8')).trimEnd().split('\n');
    const before = await linesOf();
    const held = before.filter((line) => line.includes('zebra'));
    expect(held.length).toBeGreaterThan(5);
    const preview = await own.call('forget', { memory_ids: [id], erase: true, reason: `my codeword is ${secret}: never again` });
    expect(preview.structured).toMatchObject({ count: 1, forgotten: [], candidates: [{ id }] });
    const { forgotten } = (await own.call('forget', { confirm: preview.structured.confirm_token })).structured;
    expect(forgotten).toEqual([{ id, memory: '' }]);
    const after = await linesOf();
    expect(after).toHaveLength(before.length + 1);
    for (const [index, line] of before.entries()) if (index > 0 && !held.includes(line)) expect(after[index]).toBe(line);
    // The first line alone differs otherwise: it carries the new generation.
    expect(JSON.parse(after[0] ?? '')).toEqual({ ...JSON.parse(before[0] ?? ''), generation: 2 });
    await own.stop();
    for (const [path, content] of await files(home)) {
      for (const trace of ['zebra', 'viaduct', secret]) expect(content.includes(trace), `${trace} in ${path}`).toBe(false);
      for (const hash of hashes) expect(content.includes(hash), path).toBe(false);
    }
    const again = await startServer({ home });
    expect((await again.call('recall', { query: secret, min_score: 0 })).structured.memories.map(({ memory }) => memory).sort()).toEqual([
      'I live in Porto.',
      'I play the cello.',
    ]);
    expect(
      (await again.call('memory_history', { memory_id: id })).structured.events.map(({ event, memory }) => [event, memory ?? '']),
    ).toEqual([
      ['ADD', ''],
      ['UPDATE', ''],
      ['DELETE', ''],
      ['ERASE', ''],
    ]);
    expect((await again.call('remember', { content: 'I play the cello' })).structured.results).toMatchObject([{ event: 'NONE' }]);
    await again.stop();
  });

  it('also leaves no vector of words that changed the memory without becoming its text', async () => {
    const own = await startWithModel();
    const say = async (content: string) => (await own.call('remember', { content })).structured.results;
    const [first] = await say('I live in Berlin and I work at Acme as a gardener.');
    const moved = await say('I moved to Rome.');
    expect(moved).toMatchObject([{ id: first?.id, event: 'UPDATE' }]);
    const hash = createHash('sha256').update('user:default\0I moved to Rome.').digest();
    const held = async () => [...(await files(own.home)).values()].some((content) => content.includes(hash));
    expect(await held()).toBe(true);
    const { confirm_token } = (await own.call('forget', { memory_ids: [first?.id], erase: true })).structured;
    await own.call('forget', { confirm: confirm_token });
    expect(await held()).toBe(false);
    await own.stop();
  });

  it('takes the input that a statement came from, however short the statement is', async () => {
    const own = await startServer();
    const messages = [{ role: 'user', content: '我爱猫。我怕狗。' }];
    const { results } = (await own.call('remember', { messages })).structured;
    expect(results.map(({ memory }) => memory)).toEqual(['我爱猫。', '我怕狗。']);
    const { confirm_token } = (await own.call('forget', { memory_ids: [results[0]?.id], erase: true })).structured;
    await own.call('forget', { confirm: confirm_token });
    await own.stop();
    const everything = Buffer.concat([...(await files(own.home)).values()]).toString('utf8');
    expect(everything).not.toContain('爱猫');
    expect(everything).toContain('我怕狗。');
  });

  it('leaves other memories that say the same, and names them', async () => {
    const [plain = ''] = await userWith('Owls are wise.');
    const steps = await remember({ content: 'Owls are wise.', kind: 'procedure' });
    const { confirm_token } = (await forget({ memory_ids: [plain], erase: true })).structured;
    const answer = await forget({ confirm: confirm_token });
    expect(answer.structured.same_text).toEqual([steps]);
    expect(answer.text).toContain(`These say the same and stay: ${steps}`);
    expect(await live()).toEqual(['Owls are wise.']);
    expect(await live({ query: 'owls' })).toEqual(['Owls are wise.']);
  });

  it('is final: neither forgotten, restored nor erased again', async () => {
    const [id = ''] = await userWith('Moths like light.');
    const preview = async () => (await forget({ memory_ids: [id], erase: true })).structured;
    await forget({ confirm: (await preview()).confirm_token });
    expect(await preview()).toMatchObject({ count: 0, not_found: [id] });
    expect((await forget({ memory_ids: [id] })).structured).toEqual({ forgotten: [], not_found: [id] });
    expect((await server.call('remember', { user_id, memory_id: id, revision: 1 })).text).toMatch(/\[memory_erased\]$/);
    expect(await remember({ content: 'Moths like light.' })).not.toBe(id);
  });

  it('is seen at once by another process that had the memory loaded', async () => {
    const [id = ''] = await userWith('Ferrets are quick.', 'Ferrets are long.');
    const other = await startServer({ home: server.home });
    expect((await other.call('recall', { user_id, query: 'ferrets' })).structured.memories).toHaveLength(2);
    const { confirm_token } = (await forget({ memory_ids: [id], erase: true })).structured;
    await forget({ confirm: confirm_token });
    expect((await other.call('recall', { user_id, query: 'ferrets' })).structured.memories.map(({ memory }) => memory)).toEqual([
      'Ferrets are long.',
    ]);
    await until(async () => (await other.call('remember', { user_id, content: 'Ferrets sleep.' })).structured.results[0]?.event === 'ADD');
    await other.stop();
  });
});
