import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../support/clients.js';
import { until } from '../support/server.js';
import { envelope, eras, messageOf, openPlace, type Place, statelessHeaders } from './place.js';

type Name = 'alice' | 'bob' | 'zoe' | 'agent';

const shared = 'project:shared';
/** Words that only bob has. */
const secret = 'xylophone';
const nobodys = 'q7w8e9r0t1y2u3';

let place: Place<Name>;
let bobs: string;
let alices: string;

beforeAll(async () => {
  place = await openPlace<Name>({
    alice: { user: 'alice', grants: [{ space: shared, write: true }] },
    bob: { user: 'bob', grants: [{ space: shared, write: false }] },
    zoe: { user: 'zoë' },
    agent: { user: '*' },
  });
  bobs = await place.remember('bob', `Bob hides the ${secret} in the cellar.`, { metadata: { room: 'cellar' } });
  for (const number of [1, 2, 3]) alices = await place.remember('alice', `Alice waters orchid number ${number}.`);
  await place.remember('alice', 'The shared orchid is blue.', { project: 'shared' });
  await place.remember('zoe', 'Zoë paints orchids.');
});

/** An id with its first letter in percent-encoding. */
const encoded = (id: string) => `%${id.charCodeAt(0).toString(16)}${id.slice(1)}`;
const text = async (...given: Parameters<Place<Name>['call']>) => (await place.call(...given)).text;

describe.each(eras)("another user's id, %s,", (era) => {
  const tools: [string, (id: string) => Record<string, unknown>][] = [
    ['remember', (id) => ({ memory_id: id, content: 'Bob has no cellar.' })],
    ['remember', (id) => ({ memory_id: id, revision: 1 })],
    ['remember', (id) => ({ memory_id: id, pinned: true })],
    ['remember', (id) => ({ memory_id: id, metadata: { room: null } })],
    ['forget', (id) => ({ memory_ids: [id] })],
    ['forget', (id) => ({ memory_ids: [id], erase: true })],
    ['forget', (id) => ({ query: secret, filters: { id } })],
    ['forget', (id) => ({ all: true, filters: { id } })],
    ['memory_history', (id) => ({ memory_id: id })],
    ['memory_history', (id) => ({ query: id })],
    ['recall', (id) => ({ filters: { id } })],
    ['recall', (id) => ({ filters: { or: [{ id: { in: [id] } }, { not: { id: { ne: id } } }] } })],
    ['recall', (id) => ({ filters: { 'metadata.id': id } })],
    ['recall', (id) => ({ query: id, min_score: 0, filters: { id: { contains: id } } })],
    ['recall', (id) => ({ filters: { id }, project: '*' })],
    ['recall', (id) => ({ filters: { id }, project: 'shared' })],
  ];
  const requests: [string, (id: string) => Record<string, unknown>][] = [
    ['resources/read', (id) => ({ uri: `keepsake://memory/${id}` })],
    ['resources/read', (id) => ({ uri: `keepsake://memory/${id}/history` })],
    ['resources/read', (id) => ({ uri: `keepsake://memory/${encoded(id)}` })],
    ['resources/subscribe', (id) => ({ uri: `keepsake://memory/${id}` })],
    [
      'completion/complete',
      (id) => ({ ref: { type: 'ref/resource', uri: 'keepsake://memory/{id}' }, argument: { name: 'id', value: id } }),
    ],
  ];

  it('and one that nobody has are answered in the same words by every method', async () => {
    const answers = async (id: string) => {
      const written = ({ status, text }: { status: number; text: string }) =>
        `${status} ${text}`
          .replaceAll(/^id: .*$/gm, '')
          .replaceAll(encoded(id), 'ID')
          .replaceAll(id, 'ID');
      const all: string[] = [];
      for (const [name, given] of tools) all.push(written(await place.ask(era, 'alice', 'tools/call', { name, arguments: given(id) })));
      for (const [method, params] of requests) all.push(written(await place.ask(era, 'alice', method, params(id))));
      return all;
    };
    const theirs = await answers(bobs);
    expect(theirs).toEqual(await answers(nobodys));
    expect(theirs.join()).not.toMatch(secret);
    expect(await text(era, 'bob', 'memory_history', { memory_id: bobs })).toMatch(/^\S+ ADD [^\n]*$/);
  });
});

describe.each(eras)("another user's space, %s,", (era) => {
  it('opens under no other form of its name, whether anybody has that name or not', async () => {
    const names = [
      'bob',
      'nobody',
      'Bob',
      'bob ',
      ' bob',
      'ｂｏｂ',
      'b\u200bob',
      'user:bob',
      'project:shared',
      'project:*',
      '*',
      '../bob',
      '.',
    ];
    for (const user_id of names)
      for (const tool of [
        { tool: 'recall' },
        { tool: 'memory_history' },
        { tool: 'remember', content: 'Bob is rich.' },
        { tool: 'forget', all: true },
      ]) {
        const { tool: name, ...given } = tool;
        const said = await text(era, 'alice', name, { ...given, user_id });
        expect(said.replace(JSON.stringify(`user:${user_id}`), 'IT')).toBe(
          'IT is not open to this caller; leave out user_id and project for its own memory, or have its token granted that space. [space_refused]',
        );
      }
    for (const user_id of ['bob\0', '\n', '', '\ud800', 'b'.repeat(129)])
      expect(await text(era, 'alice', 'recall', { user_id })).toMatch(/\[invalid_argument\]$/);
  });

  it('nor do projects, by prefixes, paths, stars and letters that look the same', async () => {
    for (const project of ['shared ', 'Shared', 'ｓｈａｒｅｄ', 'project:shared', 'user:bob', '../user/bob', 'shared/', 'other', '**']) {
      expect(await text(era, 'alice', 'recall', { project })).toMatch(/\[space_refused\]$/);
      expect(await text(era, 'alice', 'remember', { content: 'The orchid is red.', project })).toMatch(/\[space_refused\]$/);
    }
    for (const tool of ['remember', 'forget', 'memory_history'])
      expect(
        await text(era, 'alice', tool, {
          project: '*',
          ...(tool === 'remember' ? { content: 'x' } : tool === 'forget' ? { all: true } : {}),
        }),
      ).toMatch(/\[invalid_argument\]$/);
    const { data } = await place.call(era, 'alice', 'recall', { project: '*', limit: 100 });
    expect(new Set(data.memories.map(({ space }) => space))).toEqual(new Set(['user:alice', shared]));
  });

  it('is found by no filter', async () => {
    for (const filters of [
      { space: 'user:bob' },
      { user_id: 'bob' },
      { 'metadata.space': 'user:bob' },
      { 'metadata.room': 'cellar' },
      { room: 'cellar' },
      { 'metadata.': 'cellar' },
      { 'metadata.metadata.room': 'cellar' },
      { 'metadata.constructor': { contains: 'a' } },
      { constructor: { contains: 'Object' } },
    ])
      expect((await place.call(era, 'alice', 'recall', { filters, project: '*' })).data.memories).toEqual([]);
    for (const filters of ['{"__proto__":{"ne":1}}', '{"and":[{"__proto__":{"ne":1}}]}', '{"constructor":{"ne":1}}', '{"not":{"id":1}}']) {
      const params = `{"name":"recall","arguments":{"project":"*","filters":${filters}}}`;
      expect((await place.ask(era, 'alice', 'tools/call', params)).text).not.toMatch(secret);
    }
  });

  it('is shown by no list, prompt, completion or statistics', async () => {
    const requests: [string, Record<string, unknown>][] = [
      ['resources/list', {}],
      ['resources/read', { uri: 'keepsake://profile' }],
      ['resources/read', { uri: 'keepsake://recent' }],
      ['prompts/get', { name: 'recall_about', arguments: { topic: secret.slice(0, 4) } }],
      ['prompts/get', { name: 'review_memories' }],
      ['completion/complete', { ref: { type: 'ref/prompt', name: 'recall_about' }, argument: { name: 'topic', value: 'b' } }],
      ['completion/complete', { ref: { type: 'ref/resource', uri: 'keepsake://memory/{id}' }, argument: { name: 'id', value: '' } }],
    ];
    for (const [method, params] of requests) {
      const { text } = await place.ask(era, 'alice', method, params);
      expect(messageOf({ text, status: 200, headers: {} }).result, text).toBeDefined();
      expect(text).not.toMatch(new RegExp(`${secret}|${bobs}|bob`, 'i'));
    }
    const stats = async () =>
      JSON.stringify(messageOf(await place.ask(era, 'alice', 'resources/read', { uri: 'keepsake://stats' })).result);
    expect(await stats()).not.toMatch(/bob|agent/);
  });

  it('lends its words to no refusal', async () => {
    for (const [method, params] of [
      ['resources/read', { uri: 'keepsake://memory/' }],
      ['resources/read', { uri: `keepsake://memory/${bobs}/../${bobs}` }],
      ['resources/read', { uri: `keepsake://memory/${bobs}?user_id=bob` }],
      ['resources/read', { uri: `KEEPSAKE://memory/${bobs}` }],
      ['resources/read', { uri: `keepsake://bob@memory/${bobs}` }],
      ['resources/read', { uri: 'keepsake://profile?user_id=bob' }],
      ['resources/read', { uri: `file:///${place.server.home}/tokens.json` }],
      ['prompts/get', { name: '__proto__' }],
      ['completion/complete', { ref: { type: 'ref/resource', uri: 'keepsake://{user}/profile' }, argument: { name: 'user', value: 'b' } }],
    ] as const) {
      const { error } = messageOf(await place.ask(era, 'alice', method, params));
      expect(error?.message, JSON.stringify(params)).toEqual(expect.any(String));
      expect(JSON.stringify(error)).not.toMatch(secret);
    }
  });
});

describe.each(eras)('what is shared, %s,', (era) => {
  it('is read by both and written by one', async () => {
    expect(await text(era, 'bob', 'recall', { query: 'shared orchid' })).toContain('The shared orchid is blue.');
    for (const [tool, given] of [
      ['remember', { content: 'The shared orchid is red.' }],
      ['forget', { all: true }],
    ] as const)
      expect(await text(era, 'bob', tool, { ...given, project: 'shared' })).toMatch(/for reading alone.*\[space_refused\]$/);
    expect((await place.call(era, 'zoe', 'recall', { query: 'orchid' })).data.memories.map(({ space }) => space)).toEqual(['user:zoë']);
    expect(await text(era, 'zoe', 'recall', { project: 'shared' })).toMatch(/\[space_refused\]$/);
  });

  it('hands out places and leave that are good for one caller alone, forged ones for none', async () => {
    const listed = { limit: 1, project: 'shared' };
    await place.remember('alice', `A second shared orchid, ${era}.`, { project: 'shared' });
    for (const [tool, given] of [
      ['recall', listed],
      ['recall', { ...listed, query: 'orchid', min_score: 0 }],
      ['memory_history', listed],
    ] as const) {
      const { next_cursor: cursor } = (await place.call(era, 'alice', tool, given)).data;
      expect(await text(era, 'bob', tool, { ...given, cursor })).toMatch(/\[cursor_invalid\]$/);
      const honest = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Record<string, unknown>;
      for (const more of [
        { after: Number.MAX_SAFE_INTEGER, offset: Number.MAX_SAFE_INTEGER, last: [] },
        { after: ['9999', 'z'], at: 0, seen: { x: Number.MAX_SAFE_INTEGER } },
        { after: -1, at: 1e300, last: ['__proto__', bobs], order: [1] },
      ]) {
        const forged = Buffer.from(JSON.stringify({ ...honest, ...more })).toString('base64url');
        const answer = await text(era, 'alice', tool, { ...given, cursor: forged });
        expect(answer).not.toMatch(new RegExp(`${secret}|internal`));
      }
    }
    const { confirm_token: confirm } = (await place.call(era, 'alice', 'forget', { all: true })).data;
    for (const [who, given] of [
      ['bob', {}],
      ['agent', { user_id: 'bob' }],
    ] as const)
      expect(await text(era, who, 'forget', { confirm, ...given })).toMatch(/\[confirm_invalid\]$/);
    for (const wrong of [`${confirm}x`, `../${confirm}`, '../../tokens.json', '', `${confirm}\0`])
      expect(await text(era, 'alice', 'forget', { confirm: wrong })).toMatch(/\[confirm_invalid\]$/);
    expect(await text(era, 'alice', 'memory_history', { memory_id: alices })).not.toContain('DELETE');
  });
});

it("a reply to another user's question, sent along as state, carries nothing out", async () => {
  const { confirm_token: token } = (await place.call('stateless', 'alice', 'forget', { all: true })).data;
  const meta = { ...envelope, 'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } } };
  const params = {
    _meta: meta,
    name: 'forget',
    arguments: { all: true },
    requestState: token,
    inputResponses: { confirm: { action: 'accept', content: { confirm: true } } },
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const reply = await place.send({ token: place.tokens.bob, headers: statelessHeaders('tools/call', 'forget'), body });
  expect(reply.text).toMatch(/\[confirm_invalid\]/);
});

it('a name is the same in both normal forms, and no other', async () => {
  const own = async (user_id: string) => (await place.call('stateless', 'zoe', 'recall', { user_id })).text;
  expect(await own('zoe\u0308')).toContain('Zoë paints');
  for (const other of ['zoe', 'zoë ', 'ZOË', 'ｚｏë']) expect(await own(other)).toMatch(/\[space_refused\]$/);
});

describe.each(eras)('a token for any user, %s,', (era) => {
  it('has no memory of its own, and no project that was not granted', async () => {
    for (const uri of ['keepsake://profile', 'keepsake://recent', 'keepsake://stats', `keepsake://memory/${bobs}`])
      expect((await place.ask(era, 'agent', 'resources/read', { uri })).text).not.toMatch(secret);
    expect((await place.ask(era, 'agent', 'resources/list')).text).not.toContain(bobs);
    expect((await place.ask(era, 'agent', 'prompts/get', { name: 'recall_about', arguments: { topic: secret } })).text).not.toMatch(
      'cellar',
    );
    expect(await text(era, 'agent', 'recall', { query: secret })).toMatch(/\[invalid_argument\]$/);
    expect(await text(era, 'agent', 'recall', { query: secret, user_id: 'bob' })).toContain(secret);
    for (const given of [{ user_id: 'alice', project: 'shared' }, { project: 'shared' }])
      expect(await text(era, 'agent', 'recall', given)).toMatch(/\[(space_refused|invalid_argument)\]$/);
  });
});

it.each(['SDK 1.x', 'SDK 2.x pinned'] as const)("no update tells a client of %s that another user's memory changed", async (sdk) => {
  const reach = (token: string) => ({
    over: 'http' as const,
    url: `${place.server.url}/mcp`,
    headers: { Authorization: `Bearer ${token}` },
  });
  const [alice, bob] = await Promise.all([connect(reach(place.tokens.alice), sdk), connect(reach(place.tokens.bob), sdk)]);
  onTestFinished(async () => void (await Promise.all([alice.stop(), bob.stop()])));
  const told = { alice: [] as string[], bob: [] as string[] };
  const refused: string[] = [];
  for (const uri of ['keepsake://recent', 'keepsake://profile', `keepsake://memory/${bobs}`])
    await alice.watch(uri, (changed) => told.alice.push(changed)).catch(() => refused.push(uri));
  if (sdk === 'SDK 1.x') expect(refused).toEqual([`keepsake://memory/${bobs}`]);
  await bob.watch('keepsake://recent', (changed) => told.bob.push(changed));
  await bob.call('remember', { content: `The ${secret} of ${sdk} is tuned.`, infer: false });
  await bob.call('remember', { memory_id: bobs, pinned: sdk === 'SDK 1.x' });
  await until(() => told.bob.length > 0);
  expect(told.alice).toEqual([]);
  await alice.call('remember', { content: `Alice has heard nothing by ${sdk}.`, infer: false });
  await until(() => told.alice.length > 0);
  expect(told.alice.join()).not.toContain(bobs);
  expect(told.alice.length).toBeLessThanOrEqual(2);
});

it('the log at its most talkative tells neither tokens nor what is remembered', () => {
  for (const token of Object.values(place.tokens)) expect(place.server.log()).not.toContain(token);
  expect(place.server.log()).not.toMatch(new RegExp(`${secret}|orchid|"level":"error"`));
});
