import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hookCommand } from '../../src/install/hooks-part.js';
import { client, putInto, read, simulate, takeOutOf, write } from './support.js';

const others = {
  'no settings': '',
  'other settings': '{\n  "model": "opus"\n}\n',
  'other hooks':
    '{\n  "hooks": {\n    "SessionStart": [\n      { "hooks": [{ "type": "command", "command": "echo a" }] }\n    ],\n    "Stop": []\n  }\n}\n',
  'one line': '{"hooks":{"SessionEnd":[],"PreCompact":[{"matcher":"auto","hooks":[{"type":"command","command":"x"}]}]}}',
};

interface Settings {
  hooks: Record<string, { hooks: { command: string; timeout?: number }[] }[]>;
}

describe('hooks of Claude Code', () => {
  it.each(Object.entries(others))('go into %s and out again, byte for byte', async (_, before) => {
    const computer = await simulate('linux');
    const path = client('claude-code').hooks?.(computer.machine) ?? '';
    await write(path, before);
    await putInto('claude-code', computer, { hooks: true });
    const text = await read(path);
    const { hooks } = JSON.parse(text) as Settings;
    const ours = Object.entries(hooks).flatMap(([event, groups]) =>
      groups.flatMap((group) =>
        group.hooks
          .filter(({ command }) => command.includes('main.js'))
          .map(({ command }) => [event, / hook (\S+) .*\|\| true$/.exec(command)?.[1]]),
      ),
    );
    expect(ours.sort()).toEqual([
      ['PreCompact', 'remember'],
      ['SessionEnd', 'remember'],
      ['SessionStart', 'session-start'],
    ]);
    await putInto('claude-code', computer, { hooks: true });
    expect(await read(path)).toBe(text);

    // Something else that changed, so that the bytes from before cannot just be put back.
    await write(path, `${text}\n`);
    await takeOutOf('claude-code', computer);
    expect(await read(path)).toBe(before === '' ? '' : `${before}\n`);

    await write(path, before);
    await putInto('claude-code', computer, { hooks: true });
    await takeOutOf('claude-code', computer);
    expect(await read(path)).toBe(before);
  });

  it('and rules leave nothing behind, also not the folder that was made for both', async () => {
    const computer = await simulate('linux');
    await putInto('claude-code', computer, { rules: true, hooks: true });
    await takeOutOf('claude-code', computer);
    expect(await readdir(computer.machine.homeFolder)).toEqual(['a home of Keepsake']);
    expect(await readdir(computer.home)).toEqual(['config.json']);

    await putInto('claude-code', computer, { rules: true, hooks: true });
    const path = client('claude-code').hooks?.(computer.machine) ?? '';
    await write(join(dirname(path), 'notes.md'), 'mine');
    await takeOutOf('claude-code', computer);
    expect(await readdir(dirname(path))).toEqual(['notes.md']);
  });

  it('follow the program without being asked for again', async () => {
    const computer = await simulate('linux');
    const path = client('claude-code').hooks?.(computer.machine) ?? '';
    await putInto('claude-code', computer, { hooks: true });
    await putInto('claude-code', { ...computer, entry: { command: '/n', args: ['/new/main.js'] } });
    expect((await read(path)).match(/'\/n' '\/new\/main\.js' hook/g)).toHaveLength(3);
  });

  it('that others added to a group of ours stay when ours go', async () => {
    const computer = await simulate('linux');
    const path = client('claude-code').hooks?.(computer.machine) ?? '';
    await putInto('claude-code', computer, { hooks: true });
    const settings = JSON.parse(await read(path)) as Settings;
    settings.hooks.SessionEnd?.[0]?.hooks.push({ command: 'echo mine' });
    await write(path, JSON.stringify(settings));
    await takeOutOf('claude-code', computer);
    expect(JSON.parse(await read(path))).toEqual({ hooks: { SessionEnd: [{ hooks: [{ command: 'echo mine' }] }] } });
  });

  it('are refused in settings whose hooks are something else', async () => {
    const computer = await simulate('linux');
    const path = client('claude-code').hooks?.(computer.machine) ?? '';
    await write(path, '{"hooks": {"SessionStart": {}}}');
    await expect(putInto('claude-code', computer, { hooks: true })).rejects.toThrow('hooks.SessionStart is no list');
    expect(await read(path)).toBe('{"hooks": {"SessionStart": {}}}');
  });

  it('are commands that a shell takes apart as they were meant', () => {
    const args = ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', "/a b/it's $HOME `x`/main.js"];
    const command = hookCommand({ command: process.execPath, args }, { platform: 'linux', action: 'remember' });
    expect(JSON.parse(execFileSync('sh', ['-c', command], { encoding: 'utf8' }))).toEqual([args[2], 'hook', 'remember']);
    const gone = hookCommand({ command: '/nowhere/node', args: ['main.js'] }, { platform: 'linux', action: 'remember' });
    expect(execFileSync('sh', ['-c', gone], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
    expect(
      hookCommand({ command: 'C:\\Program Files\\node.exe', args: ['C:\\a\\main.js'] }, { platform: 'win32', action: 'remember' }),
    ).toBe('"C:/Program Files/node.exe" "C:/a/main.js" hook remember || true');
  });
});
