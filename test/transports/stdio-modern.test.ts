import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryHome } from '../support/home.js';
import { program, quietEnvironment, until } from '../support/server.js';

const revision = '2026-07-28';
const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

interface Message {
  id?: unknown;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: Record<string, unknown> };
}

/** A server whose client writes its messages by hand. */
async function bareServer() {
  const env = { PATH: process.env.PATH ?? '', ...quietEnvironment, KEEPSAKE_HOME: await temporaryHome() };
  const child = spawn(process.execPath, [program], { env, cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
  children.add(child);
  const messages: Message[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => messages.push(JSON.parse(line)));
  const line = (message: Message | string) => `${typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
  return {
    child,
    messages,
    /** All in one piece. */
    send: (...sent: (Message | string)[]) => void child.stdin.write(sent.map(line).join('')),
    answer: (id: unknown) => until(() => messages.find((message) => message.id === id && !message.method)),
    ended: once(child, 'close') as Promise<[number | null, string | null]>,
  };
}

/** A request of revision 2026-07-28. */
function modern(id: unknown, method: string, params: Record<string, unknown> = {}, capabilities = {}): Message {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': revision,
    'io.modelcontextprotocol/clientInfo': { name: 'bare', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  return { id, method, params: { ...params, _meta: meta } };
}

const remember = (content: string) => ({ name: 'remember', arguments: { content, infer: false } });
const initialize: Message = {
  id: 'hello',
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bare', version: '1' } },
};

describe('a client that asks which revisions there are', () => {
  it('hears of this one, with what the server is and can', async () => {
    const server = await bareServer();
    server.send(modern(1, 'server/discover'));
    const { result } = await server.answer(1);
    expect(result).toMatchObject({
      supportedVersions: [revision],
      resultType: 'complete',
      instructions: expect.stringMatching(/recall/),
      capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {} },
      cacheScope: 'public',
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'keepsake', version: expect.any(String) } },
    });
  });

  it.each(['in one piece', 'one after the other'])('may go on with a handshake on the same connection, %s', async (how) => {
    const server = await bareServer();
    const probes = [modern('a', 'server/discover'), { id: 'b', method: 'server/discover' }];
    if (how === 'in one piece') server.send(...probes, initialize);
    else {
      server.send(...probes);
      await server.answer('b');
      server.send(initialize);
    }
    expect(await server.answer('hello')).toMatchObject({ result: { protocolVersion: '2025-06-18', serverInfo: { name: 'keepsake' } } });
    expect(await server.answer('a')).toMatchObject({ result: { supportedVersions: [revision] } });
    expect(await server.answer('b')).toMatchObject({ error: { data: { supported: [revision] } } });
    server.send({ method: 'notifications/initialized' }, { id: 2, method: 'tools/call', params: remember('I like tea.') });
    const { result } = await server.answer(2);
    expect(result).toMatchObject({ structuredContent: { results: [{ event: 'ADD' }] } });
    expect(result).not.toHaveProperty('resultType');
  });

  it('is not held to anything by lines that are no request', async () => {
    const server = await bareServer();
    server.send('no message', '[]', 'null', '{"id":7}', { method: 'notifications/cancelled', params: { requestId: 1 } });
    server.send(modern(1, 'server/discover'), { id: 9, result: {} }, modern(2, 'tools/list'));
    expect(await server.answer(2)).toMatchObject({ result: { resultType: 'complete' } });
    expect(server.messages).toHaveLength(2);
  });
});

describe('a client of revision 2026-07-28', () => {
  it('is told how to go on when it tries a handshake after a call', async () => {
    const server = await bareServer();
    server.send(modern(1, 'tools/list'), initialize);
    expect(await server.answer('hello')).toMatchObject({ error: { data: { supported: [revision] } } });
  });

  it('gets the same list of tools each time, for a while and for everybody, and memories for itself and now', async () => {
    const server = await bareServer();
    server.send(modern(1, 'tools/list'), modern(2, 'tools/list'), modern(3, 'resources/read', { uri: 'keepsake://profile' }));
    const { result } = await server.answer(1);
    expect(result).toMatchObject({ ttlMs: 300_000, cacheScope: 'public', tools: expect.any(Array) });
    expect((await server.answer(2)).result).toEqual(result);
    expect(await server.answer(3)).toMatchObject({ result: { ttlMs: 0, cacheScope: 'private' } });
  });

  it('is answered by the tools, not by the SDK, where arguments are wrong', async () => {
    const server = await bareServer();
    server.send(modern(1, 'tools/call', { name: 'recall', arguments: { quary: 'tea' } }), modern(2, 'tools/call', { name: 'recoll' }));
    expect(await server.answer(1)).toMatchObject({
      result: { isError: true, content: [{ text: expect.stringMatching(/quary.+\[invalid_argument\]$/) }] },
    });
    expect(await server.answer(2)).toMatchObject({ error: { code: -32602, message: expect.stringContaining('known are remember') } });
    server.send(modern(3, 'resources/read', { uri: 'keepsake://nothing' }));
    expect(await server.answer(3)).toMatchObject({ error: { code: -32602, data: { uri: 'keepsake://nothing' } } });
  });

  it('is answered what came together with one message that is too large, also where stdin ends after', async () => {
    const server = await bareServer();
    const long = 'b'.repeat(9_000_000);
    const sent = [
      modern('first', 'tools/call', remember(long)),
      modern(1, 'tools/call', remember('I like tea.')),
      modern(2, 'tools/call', remember(long)),
      modern(3, 'prompts/get', { name: long }),
      modern(4, 'tools/call', remember('I like plums.')),
    ];
    server.send(...sent);
    server.child.stdin?.end();
    expect(await server.ended).toEqual([0, null]);
    expect(server.messages.map(({ id }) => String(id)).sort()).toEqual(['1', '2', '3', '4', 'first']);
    for (const id of ['first', 2]) {
      const { result } = await server.answer(id);
      expect(result).toEqual({
        isError: true,
        content: [{ type: 'text', text: expect.stringMatching(/\[too_large\]$/) }],
        resultType: 'complete',
      });
    }
    expect(await server.answer(3)).toMatchObject({ error: { code: -32600 } });
    for (const id of [1, 4])
      expect(await server.answer(id)).toMatchObject({ result: { structuredContent: { results: [{ event: 'ADD' }] } } });
  });

  it('can end at once, before it has said anything and by a signal', async () => {
    const silent = await bareServer();
    silent.child.stdin?.end();
    expect(await silent.ended).toEqual([0, null]);
    const greeted = await bareServer();
    greeted.send(modern(1, 'tools/list'));
    await greeted.answer(1);
    greeted.child.kill('SIGTERM');
    expect(await greeted.ended).toEqual([0, null]);
  });
});

describe('a question to the user', () => {
  const form = { elicitation: { form: {} } };
  const everything = { name: 'forget', arguments: { all: true } };

  it('ends the call, and the reply comes with the next one', async () => {
    const server = await bareServer();
    server.send(modern(1, 'tools/call', remember('I like tea.')));
    await server.answer(1);
    server.send(modern(2, 'tools/call', everything, form));
    const { result } = await server.answer(2);
    expect(result).toMatchObject({
      resultType: 'input_required',
      requestState: expect.any(String),
      inputRequests: {
        confirm: {
          method: 'elicitation/create',
          params: {
            message: expect.stringContaining('1 memory would be forgotten'),
            requestedSchema: { properties: { confirm: { type: 'boolean' } } },
          },
        },
      },
    });
    const repeated = (id: unknown, requestState: unknown, reply: unknown) =>
      modern(id, 'tools/call', { ...everything, requestState, inputResponses: { confirm: reply } }, form);
    const accept = { action: 'accept', content: { confirm: true } };
    server.send(
      repeated('forged', `${result?.requestState}0`, accept),
      repeated('declined', result?.requestState, { action: 'decline' }),
      repeated('strange', result?.requestState, { action: 'accept', content: 'confirm' }),
    );
    expect(await server.answer('forged')).toMatchObject({
      result: { isError: true, content: [{ text: expect.stringMatching(/\[confirm_invalid\]$/) }] },
    });
    for (const id of ['declined', 'strange'])
      expect(await server.answer(id)).toMatchObject({ result: { structuredContent: { forgotten: [] } } });
    server.send(repeated('accepted', result?.requestState, accept));
    expect(await server.answer('accepted')).toMatchObject({ result: { structuredContent: { forgotten: [{ memory: 'I like tea.' }] } } });
  });

  it.each([{}, { elicitation: { url: {} } }])('is not put to a client with the capabilities %j', async (capabilities) => {
    const server = await bareServer();
    server.send(modern(1, 'tools/call', remember('I like tea.')));
    await server.answer(1);
    server.send(modern(2, 'tools/call', everything, capabilities));
    expect(await server.answer(2)).toMatchObject({
      result: { resultType: 'complete', structuredContent: { confirm_token: expect.any(String) } },
    });
  });
});

describe('a stream of changes', () => {
  const listen = (id: unknown, ...resourceSubscriptions: unknown[]) =>
    modern(id, 'subscriptions/listen', { notifications: { resourceSubscriptions } });
  const streamOf = ({ params }: Message) => (params?._meta as Record<string, unknown>)?.['io.modelcontextprotocol/subscriptionId'];

  it('tells of what its client may read and of nothing else, until it is cancelled', async () => {
    const server = await bareServer();
    const acknowledged = (id: unknown) =>
      until(() => server.messages.find((message) => message.method?.endsWith('acknowledged') && streamOf(message) === id));
    const told = (id: unknown) => server.messages.filter((message) => message.method?.endsWith('updated') && streamOf(message) === id);
    server.send(listen('one', 'keepsake://recent', 'keepsake://recent', 'keepsake://nothing', 'keepsake://memory/of-nobody'));
    server.send(listen(2, 'keepsake://recent'), listen('wrong', 5), listen('gone', 'keepsake://recent'));
    server.send({ method: 'notifications/cancelled', params: { requestId: 'gone' } });
    expect((await acknowledged('one')).params).toMatchObject({ notifications: { resourceSubscriptions: ['keepsake://recent'] } });
    await acknowledged(2);
    expect(await server.answer('wrong')).toMatchObject({ error: { code: -32602 } });
    server.send(modern(3, 'tools/call', remember('I like tea.')));
    await until(() => told('one').length > 0 && told(2).length > 0);
    expect(told('one')).toMatchObject([{ params: { uri: 'keepsake://recent' } }]);
    server.send({ method: 'notifications/cancelled', params: { requestId: 'one' } });
    server.send(modern(4, 'tools/call', remember('I like plums.')));
    await until(() => told(2).length > 1);
    expect(told('one')).toHaveLength(1);
    expect(server.messages.filter((message) => streamOf(message) === 'gone')).toEqual([]);
    server.child.stdin?.end();
    expect(await server.ended).toEqual([0, null]);
    // The stream that is left is ended in order.
    expect(server.messages.at(-1)).toMatchObject({ id: 2, result: { resultType: 'complete' } });
  });
});

/** The files that are loaded before anything is imported lazily. */
async function loadedAtOnce(file: string, found = new Set<string>()): Promise<Set<string>> {
  if (found.has(file)) return found;
  found.add(file);
  const text = await readFile(join(program, '..', file), 'utf8');
  for (const [, next = ''] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) await loadedAtOnce(next, found);
  return found;
}

it('what serves revision 2026-07-28 is not loaded for any other', async () => {
  const read = (files: Iterable<string>) => Promise.all([...files].map((file) => readFile(join(program, '..', file), 'utf8')));
  const first = await loadedAtOnce('main.js');
  const serve = /import\("\.\/(serve-[A-Z0-9]+\.js)"\)/.exec((await read(first)).join('\n'))?.[1] ?? '';
  const texts = await read([...first, ...(await loadedAtOnce(serve))]);
  expect(texts.some((text) => text.includes('resources/subscribe'))).toBe(true);
  expect(texts.filter((text) => text.includes('subscriptions/listen'))).toEqual([]);
});
