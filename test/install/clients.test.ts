import { chmod, lstat, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEntry } from '../../src/cli/started-entry.js';
import { carryOutPut, planPut } from '../../src/install/changes.js';
import { clients, isFound } from '../../src/install/clients.js';
import { InstallError } from '../../src/install/install-error.js';
import { partsToPut } from '../../src/install/installation.js';
import { openRecords } from '../../src/install/record.js';
import { asEntry, readServer } from '../../src/install/server-part.js';
import { client, platforms, putInto, read, simulate, takeOutOf, write } from './support.js';

/** Where each client's configuration is, below the home folder; as their makers document it. */
const paths: Record<string, { darwin: string; linux: string; win32: string }> = {
  'claude-desktop': {
    darwin: 'Library/Application Support/Claude/claude_desktop_config.json',
    linux: '.config/Claude/claude_desktop_config.json',
    win32: 'AppData/Roaming/Claude/claude_desktop_config.json',
  },
  'claude-code': { darwin: '.claude.json', linux: '.claude.json', win32: '.claude.json' },
  cursor: { darwin: '.cursor/mcp.json', linux: '.cursor/mcp.json', win32: '.cursor/mcp.json' },
  vscode: {
    darwin: 'Library/Application Support/Code/User/mcp.json',
    linux: '.config/Code/User/mcp.json',
    win32: 'AppData/Roaming/Code/User/mcp.json',
  },
  codex: { darwin: '.codex/config.toml', linux: '.codex/config.toml', win32: '.codex/config.toml' },
  gemini: { darwin: '.gemini/settings.json', linux: '.gemini/settings.json', win32: '.gemini/settings.json' },
  windsurf: {
    darwin: '.codeium/windsurf/mcp_config.json',
    linux: '.codeium/windsurf/mcp_config.json',
    win32: '.codeium/windsurf/mcp_config.json',
  },
  zed: { darwin: '.config/zed/settings.json', linux: '.config/zed/settings.json', win32: 'AppData/Roaming/Zed/settings.json' },
};

const jsonBefore = '{\r\n\t// mine\r\n\t"theme": "dark",\r\n\t"z": [1, 2]\r\n}';
const tomlBefore = '# mine\r\nmodel = "o3"\r\n';
const cases = clients.flatMap(({ name }) => platforms.map((platform) => ({ name, platform })));

describe('a client', () => {
  it.each(clients.map(({ name }) => name))('%s starts the server from what was written', async (name) => {
    const computer = await simulate(process.platform);
    const place = client(name).place(computer.machine);
    await write(place.path, name === 'codex' ? tomlBefore : jsonBefore);
    await putInto(name, computer);
    const entry = asEntry(readServer(place, await read(place.path)));
    expect(entry).toEqual(computer.entry);
    const started = await startEntry(entry ?? { command: '', args: [] }, { machine: computer.machine, version: '1' });
    expect(started).toMatchObject({ name: 'keepsake', tools: 4, memories: 0 });
  });

  it.each(cases)(
    '$name on $platform has what a start needs written where its makers say, and its bytes back afterwards',
    async ({ name, platform }) => {
      const computer = await simulate(platform);
      const place = client(name).place(computer.machine);
      expect(relative(computer.machine.homeFolder, place.path)).toBe(paths[name]?.[platform]);
      const before = name === 'codex' ? tomlBefore : jsonBefore;
      await write(place.path, before);
      expect(isFound(client(name), computer.machine)).toBe(true);

      await putInto(name, computer);
      expect(asEntry(readServer(place, await read(place.path)))).toEqual(computer.entry);
      const written = await read(place.path);
      await putInto(name, computer);
      expect(await read(place.path)).toBe(written);
      await takeOutOf(name, computer);
      expect(await read(place.path)).toBe(before);
      await takeOutOf(name, computer);
      expect(await read(place.path)).toBe(before);
    },
  );

  it('that is a packaged app of Windows reads its own copy of the settings', async () => {
    const { machine } = await simulate('win32');
    const packaged = 'AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude';
    await mkdir(join(machine.homeFolder, packaged), { recursive: true });
    expect(relative(machine.homeFolder, client('claude-desktop').place(machine).path)).toBe(`${packaged}/claude_desktop_config.json`);
  });

  it('is looked for where its environment says', async () => {
    const { machine } = await simulate('linux');
    const env = { CODEX_HOME: '/c', CLAUDE_CONFIG_DIR: '/d', XDG_CONFIG_HOME: '/x' };
    const pathOf = (name: string) => client(name).place({ ...machine, env }).path;
    expect(['codex', 'claude-code', 'zed', 'vscode'].map(pathOf)).toEqual([
      '/c/config.toml',
      '/d/.claude.json',
      '/x/zed/settings.json',
      '/x/Code/User/mcp.json',
    ]);
  });
});

describe('a configuration', () => {
  it('that was not there is gone again, with the folders that were made for it', async () => {
    const computer = await simulate('darwin');
    await putInto('claude-desktop', computer);
    await putInto('codex', computer);
    await putInto('claude-desktop', computer);
    await takeOutOf('claude-desktop', computer);
    await takeOutOf('codex', computer);
    expect(await readdir(computer.machine.homeFolder)).toEqual(['a home of Keepsake']);
  });

  it('that was not there and has other things in it now keeps them', async () => {
    const computer = await simulate('linux');
    await putInto('cursor', computer);
    const { path } = client('cursor').place(computer.machine);
    await write(path, (await read(path)).replace('"mcpServers": {', '"mcpServers": {\n    "other": {},'));
    await takeOutOf('cursor', computer);
    expect(await read(path)).toBe('{\n  "mcpServers": {\n    "other": {}\n  }\n}\n');
  });

  it.each(['', '  \n', '// nothing yet\n'])('that holds nothing (%j) is given back as it was', async (before) => {
    const computer = await simulate('linux');
    const { path } = client('cursor').place(computer.machine);
    await write(path, before);
    await putInto('cursor', computer);
    await takeOutOf('cursor', computer);
    expect(await read(path)).toBe(before);
  });

  it('that held nothing is as it was again, also where the client has only written it anew', async () => {
    const computer = await simulate('linux');
    const { path } = client('cursor').place(computer.machine);
    await write(path, '');
    await putInto('cursor', computer);
    await write(path, JSON.stringify(JSON.parse(await read(path))));
    await takeOutOf('cursor', computer);
    expect(await read(path)).toBe('');
  });

  it('keeps what its user and the client changed between two installations and afterwards', async () => {
    const computer = await simulate('linux');
    const { path } = client('gemini').place(computer.machine);
    await write(path, '{\n  "a": 1\n}\n');
    await putInto('gemini', computer);
    await write(path, (await read(path)).replace('"a": 1', '"a": 2'));
    const newer = { ...computer, entry: { ...computer.entry, args: ['/elsewhere/keepsake-mcp/dist/main.js'] } };
    await putInto('gemini', newer);
    expect(readServer(client('gemini').place(computer.machine), await read(path))).toMatchObject({ args: newer.entry.args });
    await takeOutOf('gemini', newer);
    expect(await read(path)).toBe('{\n  "a": 2\n}\n');
  });

  it('is left alone where it is broken, no UTF-8 or read-only', async () => {
    const computer = await simulate('linux');
    const { path } = client('cursor').place(computer.machine);
    for (const [bytes, reason] of [
      [Buffer.from('{"mcpServers": {'), /mcp\.json: it is no valid JSON \(\w+ at line 1, column \d+\)/],
      [Buffer.from('\uFEFF{}', 'utf16le'), /it is not UTF-8/],
    ] as const) {
      await write(path, bytes);
      await expect(putInto('cursor', computer)).rejects.toThrow(reason);
      expect(await readFile(path)).toEqual(bytes);
    }
    await write(path, '{}');
    await chmod(path, 0o444);
    await expect(putInto('cursor', computer)).rejects.toThrow('it is read-only');
    expect(await read(path)).toBe('{}');
    expect(await readdir(dirname(path))).toEqual(['mcp.json']);
  });

  it('whose file another program changes at the last moment is left to it, and nothing is recorded', async () => {
    const computer = await simulate('linux');
    const { path } = client('cursor').place(computer.machine);
    await write(path, '{}');
    const records = openRecords(computer.home);
    const { machine, entry } = computer;
    const asked = { client: client('cursor'), machine, entry, replace: false, rules: false, projectFolders: [], hooks: false };
    const changes = await planPut(partsToPut({ ...asked, record: undefined }), { record: undefined, records });
    await write(path, '{"theirs": 1}');
    const record = { client: 'cursor', version: '1.0.0', at: '2026-01-01T00:00:00Z', ...entry, files: [] };
    await expect(carryOutPut(changes, { record, records })).rejects.toThrow('another program changed it just now');
    expect(await read(path)).toBe('{"theirs": 1}');
    expect(await records.all()).toEqual([]);
  });

  it('whose second file another program changes at the last moment says which one is changed already, and can be taken back', async () => {
    const computer = await simulate('linux');
    const { path } = client('claude-code').place(computer.machine);
    const records = openRecords(computer.home);
    const { machine, entry } = computer;
    const asked = { client: client('claude-code'), machine, entry, replace: false, rules: true, projectFolders: [], hooks: false };
    const changes = await planPut(partsToPut({ ...asked, record: undefined }), { record: undefined, records });
    const [server, rules] = changes.map(({ part }) => part.path);
    await write(rules ?? '', 'Theirs.');
    const record = { client: 'claude-code', version: '1.0.0', at: '2026-01-01T00:00:00Z', ...entry, files: [] };
    const failure: unknown = await carryOutPut(changes, { record, records }).catch((error: unknown) => error);
    expect(failure).toEqual(expect.objectContaining({ message: expect.stringContaining(`Changed already: ${path};`) }));
    expect(failure).not.toBeInstanceOf(InstallError);
    expect([server, await read(rules ?? '')]).toEqual([path, 'Theirs.']);
    await takeOutOf('claude-code', computer);
    await expect(read(path)).rejects.toThrow('ENOENT');
  });

  // The superuser may write everywhere.
  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'in a folder that is closed is refused before anything is written',
    async () => {
      const computer = await simulate('linux');
      const { path } = client('cursor').place(computer.machine);
      await write(path, '{}');
      await chmod(dirname(path), 0o555);
      await expect(putInto('cursor', computer)).rejects.toThrow('its folder cannot be written to');
      await chmod(dirname(path), 0o755);
      expect(await readdir(computer.home)).toEqual(['config.json']);
    },
  );

  it('behind a symbolic link is changed where it is, with its permissions', async () => {
    const computer = await simulate('linux');
    const { path } = client('cursor').place(computer.machine);
    const real = join(computer.machine.homeFolder, 'dotfiles', 'mcp.json');
    await write(real, '{}\n');
    await chmod(real, 0o640);
    await mkdir(dirname(path));
    await symlink(real, path);
    await putInto('cursor', computer);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect((await stat(real)).mode & 0o777).toBe(0o640);
    expect(await read(real)).toContain('"keepsake"');
    await takeOutOf('cursor', computer);
    expect(await read(real)).toBe('{}\n');
  });

  it('with another server of the name is left alone, or overwritten on demand and brought back', async () => {
    const computer = await simulate('linux');
    const place = client('cursor').place(computer.machine);
    const before = '{"mcpServers": {"keepsake": {"command": "other", "x": 1}}}\n';
    await write(place.path, before);
    await expect(putInto('cursor', computer)).rejects.toThrow('that is not Keepsake stands there already');
    expect(await read(place.path)).toBe(before);
    await takeOutOf('cursor', computer);
    expect(await read(place.path)).toBe(before);

    await putInto('cursor', computer, { replace: true });
    expect(asEntry(readServer(place, await read(place.path)))).toEqual(computer.entry);
    await write(place.path, (await read(place.path)).replace('}}}}', '}}, "later": {}}}'));
    await takeOutOf('cursor', computer);
    expect(JSON.parse(await read(place.path))).toEqual({ mcpServers: { keepsake: { command: 'other', x: 1 }, later: {} } });
  });

  it('with the snippet of the documentation in it is taken over', async () => {
    const computer = await simulate('linux');
    const { path } = client('cursor').place(computer.machine);
    await write(path, '{\n  "mcpServers": {\n    "keepsake": { "command": "npx", "args": ["-y", "keepsake-mcp"] }\n  }\n}\n');
    await putInto('cursor', computer);
    await takeOutOf('cursor', computer);
    expect(await read(path)).toBe('{\n  "mcpServers": {\n  }\n}\n');
  });
});
