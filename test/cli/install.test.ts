import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clients } from '../../src/install/clients.js';
import { read, write } from '../install/support.js';
import { temporaryHome } from '../support/home.js';
import { program } from '../support/server.js';
import { start } from '../support/started.js';
import { type Ended, runCommand } from './run.js';

/** A person's computer, on which Keepsake's home is where it usually is. */
async function computer() {
  const homeFolder = await temporaryHome();
  const home = join(homeFolder, '.keepsake');
  await write(join(home, 'config.json'), '{"KEEPSAKE_STORE":"embedded"}');
  const run = (args: string[], env: Record<string, string> = {}) =>
    runCommand(args, { HOME: homeFolder, USERPROFILE: homeFolder, KEEPSAKE_PROJECT: '', ...env });
  return { homeFolder, home, run };
}

// Each test starts several processes one after the other.
describe('install', () => {
  it('lists the clients, and which are found and installed, when it is given none', async () => {
    const { homeFolder, run } = await computer();
    await mkdir(join(homeFolder, '.cursor'));
    await run(['install', 'codex']);
    const { code, stdout } = await run(['install']);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/\s{2,}/).slice(0, 3))).toEqual([
      ...clients.map(({ name, title }) => [name, title, { cursor: 'found', codex: 'installed' }[name] ?? 'not found']),
      ['To install into one: keepsake-mcp install CLIENT'],
      [''],
    ]);
    const { clients: listed } = JSON.parse((await run(['install', '--json'])).stdout) as { clients: object[] };
    expect(listed[2]).toEqual({
      name: 'cursor',
      title: 'Cursor',
      found: true,
      installed: false,
      path: join(homeFolder, '.cursor/mcp.json'),
    });
  });

  it('starts the server from what it wrote, says what leaves the machine and how to undo it', async () => {
    const { homeFolder, run } = await computer();
    const path = join(homeFolder, '.cursor', 'mcp.json');
    const { code, stdout, stderr } = await run(['install', 'cursor']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(await read(path))).toEqual({ mcpServers: { keepsake: { command: process.execPath, args: [program] } } });
    expect(stdout).toMatch(
      /^made {2,}server {2,}.*mcp\.json\nIt works: .* keepsake \d+\.\d+\.\d+ answered in \d+ ms with 4 tools; recall knows 0 memories\.\n/,
    );
    expect(stdout).toContain('\nKeepsake sends nothing anywhere; what Cursor recalls goes to whoever runs its model.\n');
    expect(stdout).toMatch(/To undo all of this: keepsake-mcp uninstall cursor\n$/);

    expect((await run(['install', 'cursor'])).stdout).toMatch(/^as it was /);
    const undone = await run(['uninstall', 'cursor']);
    expect(undone.stdout).toMatch(/^removed {2,}server .*\nKeepsake is out of Cursor\. Your memories stay in /);
    expect(await readdir(homeFolder)).toEqual(['.keepsake']);
    expect(await run(['uninstall', 'cursor'])).toMatchObject({
      code: 0,
      stdout: 'Keepsake is not installed in Cursor; there is nothing to take out.\n',
    });
  });

  it('shows a diff and writes nothing with --dry-run', async () => {
    const { homeFolder, home, run } = await computer();
    const path = join(homeFolder, '.codex', 'config.toml');
    await write(path, 'model = "x"\n');
    const { code, stdout } = await run(['install', 'codex', '--dry-run', '--rules']);
    expect(code).toBe(0);
    expect(stdout).toContain(`--- ${path}\n+++ ${path}\n@@ -1,1 +1,5 @@\n model = "x"\n+\n+[mcp_servers.keepsake]\n+command = `);
    expect(stdout).toContain(`--- /dev/null\n+++ ${join(homeFolder, '.codex', 'AGENTS.md')}\n`);
    expect(stdout).toMatch(/\nNothing was written\.\n$/);
    expect(await readdir(dirname(path))).toEqual(['config.toml']);
    expect(await read(path)).toBe('model = "x"\n');
    expect(await readdir(home)).toEqual(['config.json']);

    await run(['install', 'codex']);
    const written = await read(path);
    expect((await run(['uninstall', 'codex', '--dry-run'])).stdout).toContain('-[mcp_servers.keepsake]\n');
    expect(await read(path)).toBe(written);
  });

  it('passes on what was given with the command, but no key', async () => {
    const { homeFolder, run } = await computer();
    const other = join(homeFolder, 'other');
    await write(join(other, 'config.json'), '{"KEEPSAKE_STORE":"embedded"}');
    const key = { OPENAI_API_KEY: 'sk-test-0123456789' };
    const { code, stdout } = await run(['install', 'gemini', '--home', other, '--user', 'ann'], key);
    expect(code).toBe(0);
    const text = await read(join(homeFolder, '.gemini', 'settings.json'));
    expect(JSON.parse(text)).toMatchObject({ mcpServers: { keepsake: { env: { KEEPSAKE_HOME: other, KEEPSAKE_USER: 'ann' } } } });
    expect(text).not.toContain('sk-test');
    expect(stdout).toContain('keepsake-mcp config set OPENAI_API_KEY');
    const lost = await run(['uninstall', 'gemini']);
    expect(lost).toMatchObject({ code: 1, stderr: expect.stringContaining(`keepsake-mcp uninstall gemini --home ${other}\n`) });
    expect((await run(['uninstall', 'gemini', '--home', other])).code).toBe(0);
  });

  it('puts rules into the projects that are named, and hooks where they are asked for', async () => {
    const { homeFolder, run } = await computer();
    const [one, two] = [join(homeFolder, 'one'), join(homeFolder, 'two')];
    const args = ['install', 'claude-code', '--hooks', '--project-folder', one, '--project-folder', two];
    expect((await run(args)).code).toBe(0);
    for (const folder of [one, two]) expect(await read(join(folder, 'CLAUDE.md'))).toContain('`recall`');
    expect(await read(join(homeFolder, '.claude', 'settings.json'))).toContain('hook session-start');
    await run(['uninstall', 'claude-code']);
    expect(await readdir(homeFolder)).toEqual(['.keepsake']);
  });

  it('refuses what a client has no place for, and says the command that does', async () => {
    const { homeFolder, run } = await computer();
    const refused = async (...args: string[]) => {
      const { code, stderr } = await run(['install', ...args]);
      expect({ code, files: await readdir(homeFolder) }).toEqual({ code: 2, files: ['.keepsake'] });
      return stderr;
    };
    expect(await refused('zed', '--rules', '--yes')).toMatch(/^.* alone; .*: keepsake-mcp install zed --project-folder \. --yes\n$/);
    expect(await refused('codex', '--hooks', '--rules')).toMatch(/^.* no hooks; .*: keepsake-mcp install codex --rules\n$/);
    expect(await refused('claude-desktop', '--rules')).toMatch(/`recall`.*leave out --rules: keepsake-mcp install claude-desktop\n$/s);
  });

  it('says to whom what is remembered goes', async () => {
    const { home, run } = await computer();
    const model = { OPENAI_BASE_URL: 'https://models.example.com/v1', KEEPSAKE_MODEL: 'm', KEEPSAKE_STORE: 'embedded' };
    await write(join(home, 'config.json'), JSON.stringify(model));
    const { stdout } = await run(['install', 'zed', '--dry-run']);
    expect(stdout).not.toContain('leaves');
    await write(join(home, 'config.json'), JSON.stringify({ ...model, KEEPSAKE_EMBEDDING_BASE_URL: 'http://127.0.0.1:9/v1' }));
    expect((await run(['install', 'zed'])).stdout).toContain(
      'What leaves this machine: texts you remember and memories close to them, to https://models.example.com/v1 (m); what Zed recalls, to whoever runs its model.\n',
    );
  });

  it('changes nothing in what it cannot read, and shows what to write by hand', async () => {
    const { homeFolder, run } = await computer();
    const path = join(homeFolder, '.cursor', 'mcp.json');
    await write(path, '{"mcpServers": ');
    const { code, stdout, stderr } = await run(['install', 'cursor']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^keepsake-mcp: .*mcp\.json: it is no valid JSON .*\nNothing was changed\. By hand, .*\n\{\n {2}"mcpServers": \{\n {4}"keepsake"/,
    );
    expect(await read(path)).toBe('{"mcpServers": ');
  });

  it('changes nothing while the record of another client is damaged, and says which', async () => {
    const { homeFolder, home, run } = await computer();
    const damaged = join(home, 'installed', 'zed', 'record.json');
    await write(damaged, '{');
    const { code, stdout, stderr } = await run(['install', 'cursor']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${damaged} cannot be read`);
    expect(stderr).toContain('\nNothing was changed. ');
    expect(await readdir(homeFolder)).toEqual(['.keepsake']);

    await rm(damaged);
    expect((await run(['install', 'cursor'])).code).toBe(0);
    const path = join(homeFolder, '.cursor', 'mcp.json');
    const written = await read(path);
    await write(damaged, '{');
    expect(await run(['uninstall', 'cursor'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/\nNothing was changed\.\n$/) });
    expect(await read(path)).toBe(written);
  });

  it('does not overwrite another server of the name without being told to', async () => {
    const { homeFolder, run } = await computer();
    const path = join(homeFolder, '.cursor', 'mcp.json');
    const before = '{"mcpServers":{"keepsake":{"command":"other"}}}';
    await write(path, before);
    expect(await run(['install', 'cursor'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('keepsake-mcp install cursor --yes\n'),
    });
    expect(await read(path)).toBe(before);
    expect((await run(['install', 'cursor', '--yes'])).code).toBe(0);
    await run(['uninstall', 'cursor']);
    expect(await read(path)).toBe(before);
  });

  it('says why the server does not start, and how to undo', async () => {
    const { home, run } = await computer();
    await write(join(home, 'home.json'), '{"format": 99}');
    const { code, stderr } = await run(['install', 'cursor']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/does not start from there: .*update_needed.*\n.*To undo: keepsake-mcp uninstall cursor\n$/s);
  });

  it('says so too where the server does not start for what its owner added to the entry', async () => {
    const { homeFolder, run } = await computer();
    const path = join(homeFolder, '.cursor', 'mcp.json');
    await write(path, JSON.stringify({ mcpServers: { keepsake: { command: 'node', args: [program], env: { KEEPSAKE_INFER: 'maybe' } } } }));
    const { code, stdout, stderr } = await run(['install', 'cursor']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/^changed {2,}server /) });
    expect(stderr).toMatch(/does not start from there: KEEPSAKE_INFER.*\n.*To undo: keepsake-mcp uninstall cursor\n$/s);
  });

  it('copies the program out of the cache of npx, and takes the copy away with the last client', async () => {
    const { homeFolder, home, run } = await computer();
    const cached = join(homeFolder, '.npm', '_npx', '0123', 'node_modules', 'keepsake-mcp', 'dist');
    await cp(dirname(program), cached, { recursive: true });
    const runCached = (args: string[]): Promise<Ended> => {
      const { child, stdout, stderr, ended } = start([join(cached, 'main.js'), ...args], {
        env: { HOME: homeFolder, USERPROFILE: homeFolder },
      });
      child.stdin.end();
      return ended.then((code) => ({ code, stdout: stdout(), stderr: stderr() }));
    };
    for (const name of ['cursor', 'codex'])
      expect(await runCached(['install', name])).toMatchObject({
        code: 0,
        stderr: '',
        // No shell finds the program of npx's cache by its name.
        stdout: expect.stringContaining(`To undo all of this: npx -y keepsake-mcp uninstall ${name}\n`),
      });
    await rm(join(homeFolder, '.npm'), { recursive: true });
    const text = await read(join(homeFolder, '.cursor', 'mcp.json'));
    const [main = ''] = (JSON.parse(text) as { mcpServers: { keepsake: { args: string[] } } }).mcpServers.keepsake.args;
    expect(main.startsWith(join(home, 'program'))).toBe(true);
    const { child, ended, stdout } = start([main, '--version'], { env: {} });
    child.stdin.end();
    expect(await ended).toBe(0);
    expect(stdout()).toMatch(/^\d/);
    await run(['uninstall', 'cursor']);
    expect(await readdir(home)).toContain('program');
    await run(['uninstall', 'codex']);
    expect(await readdir(home)).not.toContain('program');
  });

  it('names the clients that there are for one that it does not know', async () => {
    const { run } = await computer();
    for (const command of ['install', 'uninstall'])
      expect(await run([command, 'cursr'])).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/did you mean cursor\?.*known are claude-desktop, /),
      });
  });
});
