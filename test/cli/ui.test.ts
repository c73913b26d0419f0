import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPage } from '../support/browser.js';
import { temporaryHome } from '../support/home.js';
import { startHttpServer } from '../support/http.js';
import { program, quietEnvironment, until } from '../support/server.js';
import { start } from '../support/started.js';
import { runCommand } from './run.js';

const address = /^(http:\/\/127\.0\.0\.1:\d+)\/#token=(\S+)\n$/;

/** Runs `ui` until `work` is done, ends it as Ctrl-C does, and gives what it wrote and how it ended. */
async function whileShown(
  { args = [], env = {} }: { args?: string[]; env?: Record<string, string> },
  work: (server: { url: string; token: string; home: string }) => Promise<void>,
) {
  const home = await temporaryHome();
  const { child, stdout, stderr, ended } = start([program, 'ui', ...args], { env: { ...quietEnvironment, KEEPSAKE_HOME: home, ...env } });
  const [, url = '', token = ''] = await until(() => {
    if (child.exitCode !== null) throw new Error(stderr());
    return address.exec(stdout()) ?? false;
  });
  try {
    await work({ url, token, home });
  } finally {
    child.kill('SIGINT');
  }
  return { code: await ended, stdout: stdout(), stderr: stderr() };
}

const post = (url: string, name: string, token?: string) =>
  fetch(`${url}/api/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) },
    body: '{}',
  });

describe('ui', () => {
  it('serves the dashboard to whoever has its secret, and ends in order', async () => {
    const { code, stdout, stderr } = await whileShown({ env: { KEEPSAKE_USER: 'ann' } }, async ({ url, token }) => {
      expect((await fetch(url)).headers.get('content-type')).toBe('text/html; charset=utf-8');
      for (const wrong of [undefined, '', 'x', `${token}x`, token.slice(0, -1)]) {
        const refused = await post(url, 'session', wrong);
        expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([401, 'unauthorized']);
      }
      expect((await fetch(`${url}/mcp`, { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } })).status).toBe(401);
      expect((await fetch(`${url}/metrics`)).status).toBe(401);
      const session = await post(url, 'session', token);
      expect(await session.json()).toMatchObject({ user: 'ann', spaces: [{ space: 'user:ann', mayWrite: true }] });
    });
    expect([code, stdout]).toEqual([0, expect.stringMatching(address)]);
    expect(stderr).toMatch(/Ctrl-C ends it/);
  });

  it('makes another secret each time, and takes any free port or the one it is given', async () => {
    const tokens: string[] = [];
    let port = '';
    await whileShown({ env: { KEEPSAKE_PORT: '1', KEEPSAKE_HOST: '0.0.0.0' } }, async ({ url, token }) => {
      tokens.push(token);
      port = new URL(url).port;
    });
    await whileShown({ args: ['--port', port] }, async ({ url, token }) => {
      tokens.push(token);
      expect(new URL(url).port).toBe(port);
      const taken = await runCommand(['ui', '--port', port], { ...quietEnvironment, KEEPSAKE_HOME: await temporaryHome() });
      expect([taken.code, taken.stdout, taken.stderr]).toEqual([
        1,
        '',
        expect.stringMatching(/Port \d+ of 127\.0\.0\.1 is in use; .*--port/),
      ]);
    });
    expect(new Set(tokens).size).toBe(2);
  });

  it('asks for its secret also in a home that has tokens', async () => {
    const home = await temporaryHome();
    const { stdout } = await runCommand(['token', 'add', '--user', 'bob'], { KEEPSAKE_HOME: home });
    await whileShown({ env: { KEEPSAKE_HOME: home } }, async ({ url, token }) => {
      expect((await post(url, 'session', stdout.trim())).status).toBe(401);
      expect((await post(url, 'session', token)).status).toBe(200);
    });
  });

  it('tells of the whole home what is wrong with it', async () => {
    const home = await temporaryHome();
    await whileShown({ env: { KEEPSAKE_HOME: home } }, async ({ url, token }) => {
      expect(await (await post(url, 'health', token)).json()).toMatchObject({ status: 'well', problems: [] });
      await writeFile(join(home, 'history', 'torn.jsonl'), 'no history\n');
      expect(await (await post(url, 'health', token)).json()).toMatchObject({
        status: 'degraded',
        problems: [expect.stringContaining('torn.jsonl')],
      });
    });
  });

  it('opens the browser on a terminal alone', async () => {
    const folder = await temporaryHome();
    const opened = join(folder, 'opened');
    await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" > ${opened}\n`);
    await chmod(join(folder, 'xdg-open'), 0o755);
    const PATH = `${folder}${delimiter}${process.env.PATH}`;
    await whileShown({ env: { PATH } }, async ({ url, token }) => {
      expect((await post(url, 'session', token)).status).toBe(200);
      expect(existsSync(opened)).toBe(false);
    });
  });
});

it.runIf(existsSync('/usr/bin/script'))('ui opens the browser from a terminal, unless it is told not to or runs in CI', async () => {
  const folder = await temporaryHome();
  const opened = join(folder, 'opened');
  await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" > ${opened}\n`);
  await chmod(join(folder, 'xdg-open'), 0o755);
  const env = { ...quietEnvironment, PATH: `${folder}${delimiter}${process.env.PATH}`, KEEPSAKE_HOME: await temporaryHome() };
  let everything = '';
  const onTerminal = async (args: string, more: Record<string, string>, look: (shown: string) => Promise<void>) => {
    const starter = `require('node:child_process').spawn('script', ['-qec', ${JSON.stringify(`${process.execPath} ${program} ui ${args}`)}, '/dev/null'], { stdio: 'inherit' }).on('exit', (code) => process.exit(code))`;
    const { child, stdout, ended } = start(['-e', starter], { env: { ...env, ...more } });
    const shown = await until(() => /http:\S+#token=\S+/.exec(stdout())?.[0] ?? false);
    await until(() => /Ctrl-C ends it/.test(stdout()));
    await look(shown);
    // What Ctrl-C is to a terminal.
    child.stdin.write('\u0003');
    await ended;
    everything += stdout();
  };
  const idle = async (shown: string) => {
    expect((await fetch(shown)).status).toBe(200);
    expect(existsSync(opened)).toBe(false);
  };
  await onTerminal('--no-open', { KEEPSAKE_LOG_LEVEL: 'info' }, idle);
  expect(everything).not.toContain('"listening"');
  await onTerminal('', { CI: 'true' }, idle);
  await onTerminal('', {}, async (shown) => {
    const address = await until(async () => existsSync(opened) && /^(\S+)\n/.exec(await readFile(opened, 'utf8'))?.[1]);
    const [url = '', secret = ''] = shown.split('/#token=');
    const [, code = ''] = address.split('/#code=');
    expect([address, address.includes(secret)]).toEqual([`${url}/#code=${code}`, false]);
    const { page, faults } = await openPage();
    await page.goto(address);
    await page.getByRole('heading', { level: 1, name: 'What is remembered?' }).waitFor();
    expect([page.url(), faults]).toEqual([expect.not.stringContaining(code), []]);
    const entered = await page.evaluate<string>("sessionStorage.getItem('keepsake-token')");
    expect((await post(url, 'session', entered)).status).toBe(200);
    const enter = (token: string) => fetch(`${url}/enter`, { headers: { Authorization: `Bearer ${token}` } });
    expect((await enter(secret)).status).toBe(403);
    // Whoever else has read the code shuts both out, but not the one to whom the address was printed.
    expect((await enter(code)).status).toBe(401);
    expect((await post(url, 'session', entered)).status).toBe(401);
    expect((await post(url, 'session', secret)).status).toBe(200);
  });
});

it('the server without tokens shows its dashboard without one, and says where it is', async () => {
  const server = await startHttpServer();
  await until(() => server.log().includes(`The dashboard is at ${server.url}/\n`));
  expect((await post(server.url, 'session')).status).toBe(200);
  const proxied = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': '192.0.2.1' },
    body: '{}',
  });
  expect(proxied.status).toBe(403);
});
