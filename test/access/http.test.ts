import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../cli/run.js';
import { temporaryHome } from '../support/home.js';
import { connectHttp, type StartedHttpServer, startHttpServer } from '../support/http.js';
import { answerOf, until } from '../support/server.js';
import { type FakeIssuer, startFakeIssuer } from './fake-issuer.js';

let server: StartedHttpServer;
let issuer: FakeIssuer;
let home = '';
const pageUrl = 'https://memory.example/.well-known/oauth-protected-resource/mcp';

beforeAll(async () => {
  home = await temporaryHome();
  issuer = await startFakeIssuer({ audience: 'https://memory.example/mcp' });
  await newToken('nobody');
  const env = {
    KEEPSAKE_OAUTH_ISSUER: issuer.url,
    KEEPSAKE_PUBLIC_URL: 'https://memory.example',
    KEEPSAKE_RATE: '80',
    KEEPSAKE_QUOTA: '2',
  };
  server = await startHttpServer({ home, env });
});

/** The text of a new token of the server's home. */
async function newToken(user: string, ...more: string[]): Promise<string> {
  const { stdout } = await runCommand(['token', 'add', '--user', user, ...more], { KEEPSAKE_HOME: home });
  return stdout.trim();
}

const idOf = (token: string) => token.split('_')[1] ?? '';
const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};

/** One request; the token of a test that has just made it may take a second to be known. */
async function send(token: string | undefined, { path = '/mcp', method = 'POST', headers = {}, body = initialize as unknown } = {}) {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** As `until`, asking five times a second: failed tries of an address are counted, and a caller's requests. */
const untilSeldom: typeof until = (check) =>
  until(async () => {
    const found = await check();
    if (found === undefined || found === false) await new Promise((resolve) => setTimeout(resolve, 200));
    return found;
  });

const known = (token: string) => untilSeldom(async () => (await send(token, { body: {} })).status !== 401);

describe('a server over HTTP with tokens and OAuth', () => {
  it('answers nobody without a token on any path, and says where to get one', async () => {
    for (const [method, path] of [
      ['POST', '/mcp'],
      ['GET', '/mcp'],
      ['DELETE', '/mcp'],
      ['GET', '/sse'],
      ['POST', '/messages?sessionId=x'],
      ['GET', '/metrics'],
    ] as const) {
      const { status, headers, text } = await send(undefined, { method, path });
      expect([status, path]).toEqual([401, path]);
      expect(headers.get('www-authenticate')).toBe(
        `Bearer realm="Keepsake", resource_metadata="${pageUrl}", scope="${path === '/metrics' ? 'metrics:read' : 'memory:read memory:write memory:delete'}"`,
      );
      expect(JSON.parse(text)).toMatchObject({ error: { message: expect.stringMatching(/needs a token/) } });
    }
    const page = await send(undefined, { method: 'GET', path: '/.well-known/oauth-protected-resource/mcp' });
    expect(JSON.parse(page.text)).toMatchObject({ resource: 'https://memory.example/mcp', authorization_servers: [issuer.url] });
    expect(page.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('takes no token that is wrong, expired, for another audience, of another issuer, or in the address', async () => {
    const good = await issuer.token();
    const now = Math.floor(Date.now() / 1000);
    const wrong = [
      'ks_000000000000_0000000000000000000000000000000000000000000',
      await issuer.token({ exp: now - 3600 }),
      await issuer.token({ aud: 'https://elsewhere.example' }),
      await issuer.token({ iss: 'https://elsewhere.example' }),
      `${good}x`,
    ];
    for (const token of wrong) {
      const { status, headers } = await send(token);
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
    for (const name of ['access_token', 'token', 'authorization'])
      expect((await send(undefined, { path: `/mcp?${name}=${good}` })).status).toBe(401);
    for (const token of [good, ...wrong]) expect(server.log()).not.toContain(token);
  });

  it('serves each user their own memory, whichever way they come', async () => {
    const staticClient = await connectHttp(server, { token: await ready(await newToken('ann')) });
    const oauthClient = await connectHttp(server, { token: await issuer.token({ sub: 'bob' }) });
    const call = async (client: typeof staticClient, name: string, args: Record<string, unknown>) =>
      answerOf(await client.callTool({ name, arguments: args }));
    await call(staticClient, 'remember', { content: 'I play the cello.' });
    expect((await call(staticClient, 'recall', {})).structured.memories).toHaveLength(1);
    expect((await call(oauthClient, 'recall', {})).structured.memories).toEqual([]);
    expect((await call(oauthClient, 'recall', { user_id: 'ann' })).text).toMatch(/\[space_refused\]$/);
    await call(staticClient, 'remember', { content: 'The cello is old.' });
    expect((await call(staticClient, 'remember', { content: 'The bow is new.' })).text).toMatch(/2 of the 2 memories.*\[too_large\]$/);
  });

  it('refuses what the scopes of a token do not allow, with what to ask for', async () => {
    const token = await ready(await newToken('ann', '--scopes', 'memory:read'));
    const client = await connectHttp(server, { token });
    expect(answerOf(await client.callTool({ name: 'recall', arguments: {} })).isError).toBe(false);
    const body = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'forget', arguments: { all: true } } };
    const { status, headers } = await send(token, { body });
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="memory:read memory:delete"');
    expect((await send(token, { method: 'GET', path: '/metrics' })).status).toBe(403);
    const watcher = await ready(await newToken('ops', '--scopes', 'metrics:read'));
    expect((await send(watcher, { method: 'GET', path: '/metrics' })).status).toBe(200);
  });

  it('lets a revoked token in no more, in a session that is open either', async () => {
    const token = await ready(await newToken('ann'));
    const client = await connectHttp(server, { token });
    await client.ping();
    expect((await runCommand(['token', 'revoke', idOf(token)], { KEEPSAKE_HOME: home })).code).toBe(0);
    await untilSeldom(async () => (await send(token)).status === 401);
    await expect(client.ping()).rejects.toThrow();
  });

  it('ends the streams of a revoked token', async () => {
    const token = await ready(await newToken('ann'));
    const stream = await fetch(`${server.url}/sse`, { headers: { authorization: `Bearer ${token}` } });
    expect(stream.status).toBe(200);
    await runCommand(['token', 'revoke', idOf(token)], { KEEPSAKE_HOME: home });
    await expect(stream.text()).rejects.toThrow(/terminated/);
  });

  it('ends the streams of an OAuth token when that ends', async () => {
    // The server bears clocks that are ten seconds behind; what is left is for a busy machine to begin.
    const token = await issuer.token({ sub: 'dora', exp: Math.floor(Date.now() / 1000) - 5 });
    const stream = await fetch(`${server.url}/sse`, { headers: { authorization: `Bearer ${token}` } });
    expect(stream.status).toBe(200);
    await expect(stream.text()).rejects.toThrow(/terminated/);
  });

  it('takes away what an entry granted to an OAuth user, in a session that is open either', async () => {
    const added = await runCommand(['token', 'add', '--user', 'Cleo', '--subject', 'cleo', '--grant', 'project:ship:write', '--json'], {
      KEEPSAKE_HOME: home,
    });
    const { id } = JSON.parse(added.stdout) as { id: string };
    const token = await issuer.token({ sub: 'cleo' });
    // Until the entry is known the user is another caller, and so in between is the session.
    const client = await untilSeldom(async () => {
      try {
        const each = await connectHttp(server, { token });
        const { isError } = await each.callTool({ name: 'recall', arguments: { project: 'ship' } });
        return isError ? undefined : each;
      } catch {
        return undefined;
      }
    });
    await runCommand(['token', 'revoke', id], { KEEPSAKE_HOME: home });
    const refused = () =>
      client.callTool({ name: 'recall', arguments: { project: 'ship' } }).then(
        () => false,
        () => true,
      );
    await untilSeldom(refused);
    const again = await connectHttp(server, { token });
    expect(answerOf(await again.callTool({ name: 'recall', arguments: { project: 'ship' } })).text).toMatch(/\[space_refused\]$/);
  });

  it('slows down who asks too often, and nobody else', async () => {
    const [busy, calm] = [await issuer.token({ sub: 'busy' }), await issuer.token({ sub: 'calm' })];
    const { headers } = await until(async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => send(busy, { body: {} })));
      return answers.find(({ status }) => status === 429);
    });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await send(calm)).status).toBe(200);
  });
});

describe('serve --http', () => {
  const serve = (env: Record<string, string>) => runCommand(['serve', '--http', '--port', '0'], { KEEPSAKE_STORE: 'embedded', ...env });

  it('starts with no door that is broken, missing or unsafe', async () => {
    const [broken, empty] = [await temporaryHome(), await temporaryHome()];
    await writeFile(join(broken, 'tokens.json'), '{');
    const wrong: [Record<string, string>, RegExp][] = [
      [{ KEEPSAKE_HOME: broken }, /KEEPSAKE_TOKENS: .* it is no valid JSON/],
      [{ KEEPSAKE_HOME: empty, KEEPSAKE_TOKENS: join(empty, 'none.json') }, /KEEPSAKE_TOKENS: There is no file of tokens/],
      [{ KEEPSAKE_HOME: empty, KEEPSAKE_TOKENS: join(broken, 'tokens.json', 'none.json') }, /KEEPSAKE_TOKENS: .* ENOTDIR/],
      [{ KEEPSAKE_HOME: empty, KEEPSAKE_HOST: '0.0.0.0' }, /needs tokens .* or OAuth/],
      [{ KEEPSAKE_HOME: empty, KEEPSAKE_HOST: 'no host' }, /KEEPSAKE_HOST: no host is not a loopback address, which needs tokens/],
      [{ KEEPSAKE_HOME: empty, KEEPSAKE_PUBLIC_URL: 'https://memory.example' }, /KEEPSAKE_PUBLIC_URL: .* needs tokens .* or OAuth/],
      [{ KEEPSAKE_HOME: empty, KEEPSAKE_PUBLIC_URL: 'http://localhost,https://memory.example' }, /KEEPSAKE_PUBLIC_URL: .* needs tokens/],
      [{ KEEPSAKE_HOME: empty, KEEPSAKE_OAUTH_ISSUER: 'http://issuer.example' }, /KEEPSAKE_OAUTH_ISSUER: .* begins with https/],
      [
        { KEEPSAKE_HOME: empty, KEEPSAKE_OAUTH_ISSUER: 'https://issuer.example', KEEPSAKE_OAUTH_JWKS: 'http://issuer.example/keys' },
        /KEEPSAKE_OAUTH_JWKS: /,
      ],
    ];
    const ended = await Promise.all(wrong.map(([env]) => serve(env)));
    for (const [index, { code, stderr }] of ended.entries()) {
      expect(stderr).toMatch(wrong[index]?.[1] ?? /never/);
      expect(code).toBe(2);
    }
  });
});

it('flags of the network are refused by the server on stdin and stdout, and a port below 0 in one line with a hint', async () => {
  const env = { KEEPSAKE_HOME: await temporaryHome(), KEEPSAKE_STORE: 'embedded' };
  const wrong: [string[], RegExp][] = [
    ...['host', 'port', 'public-url', 'tokens'].map((flag): [string[], RegExp] => [
      [`--${flag}`, '1'],
      new RegExp(`: --${flag} does not go with the server on stdin and stdout; over the network it is: keepsake-mcp serve --http\n$`),
    ]),
    [['serve', '--port', '1'], /--port does not go with the server on stdin and stdout/],
    [['serve', '--http', '--port', '-1'], /KEEPSAKE_PORT: "-1" .* a whole number from 0 to 65,535/],
    [['serve', '--http', '--port=-1'], /KEEPSAKE_PORT: "-1" .* a whole number from 0 to 65,535/],
  ];
  const ended = await Promise.all(wrong.map(([args]) => runCommand(args, env)));
  for (const [index, { code, stderr }] of ended.entries()) {
    expect(stderr).toMatch(wrong[index]?.[1] ?? /never/);
    expect({ code, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 2, lines: 1 });
  }
  // What the network server is set to elsewhere does not keep this one from starting.
  expect((await runCommand([], { ...env, KEEPSAKE_PORT: '1', KEEPSAKE_PUBLIC_URL: 'https://memory.example' })).code).toBe(0);
});

/** A token once the server knows it. */
async function ready(token: string): Promise<string> {
  await known(token);
  return token;
}
