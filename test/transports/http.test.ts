import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { connectHttp, type StartedHttpServer, startHttpServer } from '../support/http.js';
import { program, quietEnvironment, until } from '../support/server.js';

let server: StartedHttpServer;

beforeAll(async () => {
  server = await startHttpServer({ env: { KEEPSAKE_LOG_LEVEL: 'info', KEEPSAKE_PROJECT: 'auto' } });
});

const textOf = (result: unknown) => (result as { content: { text: string }[] }).content[0]?.text ?? '';

/** Whether nobody listens at a URL any more. */
async function refusesConnections(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  } finally {
    socket.destroy();
  }
}

/** Runs `serve --http` that is expected to end by itself. */
async function failingStart(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const home = await temporaryHome();
  const child = spawn(process.execPath, [program, 'serve', '--http'], {
    env: { PATH: process.env.PATH ?? '', ...quietEnvironment, KEEPSAKE_HOME: home, KEEPSAKE_PORT: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

describe.each(['streamable', 'sse'] as const)('a client over %s', (transport) => {
  it('remembers, recalls, corrects and forgets', async () => {
    const client = await connectHttp(server, { transport });
    expect(client.getServerVersion()?.name).toBe('keepsake');
    expect(client.getInstructions()).toMatch(/long-term memory/);
    const said = `I drink tea by ${transport}.`;
    const added = await client.callTool({ name: 'remember', arguments: { content: said, infer: false } });
    const { results } = added.structuredContent as { results: { id: string }[] };
    const id = results[0]?.id ?? '';
    expect(textOf(await client.callTool({ name: 'recall', arguments: { query: 'tea' } }))).toContain(said);
    await client.callTool({ name: 'remember', arguments: { memory_id: id, content: `I drink coffee by ${transport}.` } });
    expect(textOf(await client.callTool({ name: 'forget', arguments: { memory_ids: [id] } }))).toContain(id);
    expect(textOf(await client.callTool({ name: 'memory_history', arguments: { memory_id: id } }))).toContain('DELETE');
  });

  it('gets the answers of many calls at once, each its own', async () => {
    const client = await connectHttp(server, { transport });
    const numbers = Array.from({ length: 30 }, (_, index) => `Shelf ${index} by ${transport} is full.`);
    const answers = await Promise.all(
      numbers.map((content) => client.callTool({ name: 'remember', arguments: { content, infer: false } })),
    );
    expect(answers.map((answer) => (answer.structuredContent as { results: { memory: string }[] }).results[0]?.memory)).toEqual(numbers);
  });

  it('may send 200,000 characters of any script in one call', async () => {
    const client = await connectHttp(server, { transport });
    const content = '茶'.repeat(199_990) + transport;
    const added = await client.callTool({ name: 'remember', arguments: { content, infer: false } });
    expect(added.isError).toBeFalsy();
  });

  it('is not asked for roots, which are folders of another machine', async () => {
    const asked: string[] = [];
    const client = await connectHttp(server, {
      transport,
      capabilities: { roots: {} },
      prepare: (prepared) =>
        prepared.setRequestHandler(ListRootsRequestSchema, () => {
          asked.push('roots');
          return { roots: [{ uri: `file://${process.cwd()}` }] };
        }),
    });
    const answer = await client.callTool({ name: 'recall', arguments: { query: 'tea', project: '.' } });
    expect(textOf(answer)).toMatch(/no current project.*\[invalid_argument\]/);
    expect(asked).toEqual([]);
  });

  it('names the current project in a header', async () => {
    const client = await connectHttp(server, { transport, headers: { 'Keepsake-Project': encodeURIComponent('acme/灯塔') } });
    await client.callTool({ name: 'remember', arguments: { content: `It builds with ${transport}.`, project: '.', infer: false } });
    const named = await client.callTool({ name: 'recall', arguments: { query: 'builds', project: 'acme/灯塔' } });
    expect(textOf(named)).toContain(`It builds with ${transport}.`);
  });
});

describe('the server over HTTP', () => {
  it('says where it listens, once for people and once in the log, and writes nothing to stdout', () => {
    expect(server.log()).toContain(`Keepsake serves MCP at ${server.url}/mcp`);
    const lines = server.log().split('\n');
    const listening = lines.filter((line) => line.includes('"message":"listening"')).map((line) => JSON.parse(line));
    expect(listening).toMatchObject([{ level: 'info', url: server.url }]);
    expect(server.stdout()).toBe('');
  });

  it.each([
    [{ KEEPSAKE_HOST: '0.0.0.0' }, /KEEPSAKE_HOST.*tokens/],
    [{ KEEPSAKE_HOST: '192.0.2.7', KEEPSAKE_PUBLIC_URL: 'https://memory.example' }, /KEEPSAKE_HOST.*tokens/],
    [{ KEEPSAKE_HOST: 'memory.example' }, /KEEPSAKE_HOST.*tokens/],
    [{ KEEPSAKE_HOST: '::', KEEPSAKE_OAUTH_ISSUER: 'https://issuer.example' }, /KEEPSAKE_PUBLIC_URL/],
  ])('refuses to start with %j, in one line and with exit code 2', async (env, says) => {
    const { code, stderr } = await failingStart(env);
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });

  it('says that its port is in use, with exit code 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, stderr } = await failingStart({ KEEPSAKE_PORT: String(port) });
    expect(stderr).toMatch(new RegExp(`Port ${port} of 127.0.0.1 is in use`));
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
    other.close();
  });

  it('ends with SIGTERM while clients are connected, and their memories are there afterwards', async () => {
    const first = await startHttpServer();
    const clients = [await connectHttp(first), await connectHttp(first, { transport: 'sse' })];
    await clients[0]?.callTool({ name: 'remember', arguments: { content: 'The bridge is open.', infer: false } });
    expect(await first.stop()).toBe(0);
    const second = await startHttpServer({ home: first.home });
    const client = await connectHttp(second);
    expect(textOf(await client.callTool({ name: 'recall', arguments: { query: 'bridge' } }))).toContain('The bridge is open.');
    expect(await second.stop()).toBe(0);
  });

  it.each(['streamable', 'sse'] as const)('lets a call over %s finish that is under way when it is told to end', async (transport) => {
    const fake = await startFakeOpenAi();
    let answerModel: (answer: object) => void = () => undefined;
    fake.onChat(
      () =>
        new Promise<object>((resolve) => {
          answerModel = resolve;
        }),
    );
    const busy = await startHttpServer({
      env: { OPENAI_BASE_URL: fake.url, KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding' },
    });
    const client = await connectHttp(busy, { transport });
    const answer = client.callTool({ name: 'remember', arguments: { content: 'I live in Bern.' } });
    await until(() => fake.chatCalls.length === 1);
    const ended = busy.stop();
    await until(() => refusesConnections(busy.url));
    answerModel({ facts: [], skipped: [] });
    expect((await answer).structuredContent).toMatchObject({ pending: false });
    expect(await ended).toBe(0);
    await fake.close();
  });
});
