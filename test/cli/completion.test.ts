import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { completionsFor } from '../../src/cli/completion.js';
import { temporaryHome } from '../support/home.js';
import { program, startServer } from '../support/server.js';
import { runCommand } from './run.js';

function completed(...words: string[]): string[] | string {
  const found = completionsFor(commands, words);
  return typeof found === 'string' ? found : found.map(({ value }) => value);
}

describe('what may follow', () => {
  it('are commands, and those of a family', () => {
    expect(completed('rec')).toEqual(['recall']);
    expect(completed('')).toEqual(expect.arrayContaining(['remember', 'config', 'token', 'install']));
    expect(completed('')).not.toContain('complete');
    expect(completed('token', '')).toEqual(['add', 'list', 'revoke']);
    expect(completed('--home', '/x', 'config', 'u')).toEqual(['unset']);
    expect(completed('dance', '')).toEqual([]);
  });

  it('are the flags of the command and the settings', () => {
    expect(completed('list', '--w')).toEqual(['--watch']);
    expect(completed('list', '--l')).toEqual(['--limit', '--log-level']);
    expect(completed('recall', 'tea', '--exp')).toEqual(['--explain']);
  });

  it('are the values of a flag, also behind = and as bash splits it', () => {
    expect(completed('export', '--format', 'js')).toEqual(['jsonl', 'json']);
    expect(completed('export', '--format=js')).toEqual(['--format=jsonl', '--format=json']);
    expect(completed('export', '--format', '=', 'js')).toEqual(['jsonl', 'json']);
    expect(completed('export', '--format', '=')).toEqual(['jsonl', 'json', 'markdown', 'csv']);
    expect(completed('list', '--store', '')).toEqual(['auto', 'chroma', 'embedded']);
    expect(completed('recall', '--limit', '')).toEqual([]);
  });

  it('are files, memories, clients, shells and settings where these are meant', () => {
    expect(completed('import', '')).toBe('files');
    expect(completed('export', '--output', '')).toBe('files');
    expect(completed('forget', '')).toBe('memories');
    expect(completed('forget', 'a', 'b', '')).toBe('memories');
    expect(completed('remember', '--memory-id', '')).toBe('memories');
    expect(completed('history', '--limit', '3', '')).toBe('memories');
    expect(completed('history', 'a', '')).toEqual([]);
    expect(completed('install', 'cur')).toEqual(['cursor']);
    expect(completed('completion', 'p')).toEqual(['powershell']);
    expect(completed('config', 'set', 'KEEPSAKE_ST')).toEqual(['KEEPSAKE_STORE']);
    expect(completed('config', 'set', 'KEEPSAKE_INFER', '')).toEqual(['auto', 'model', 'rules']);
  });
});

describe('the program', () => {
  it('completes ids of memories with their texts, and makes no home for it', async () => {
    const server = await startServer();
    const { structured } = await server.call('remember', { content: 'Nora plays\tthe cello.', infer: false });
    await server.stop();
    const env = { KEEPSAKE_HOME: server.home, KEEPSAKE_STORE: 'embedded' };
    const id = structured.results[0]?.id ?? '';
    expect(await runCommand(['complete', '--', 'forget', `.${id.slice(0, 3)}`], env)).toEqual({
      code: 0,
      stdout: `${id}\tNora plays the cello.\n`,
      stderr: '',
    });
    expect((await runCommand(['complete', '--', 'forget', '.!'], env)).stdout).toBe('');
    const none = join(await temporaryHome(), 'none');
    expect(await runCommand(['complete', '--', 'forget', '.'], { KEEPSAKE_HOME: none })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(existsSync(none)).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('completes in a real bash, and runs nothing of what is typed', async () => {
    const folder = await temporaryHome();
    const bin = join(folder, 'keepsake-mcp');
    await writeFile(bin, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
    await chmod(bin, 0o755);
    await mkdir(join(folder, 'exports'));
    const script = `
      set -u
      source <(keepsake-mcp completion bash)
      source <(keepsake-mcp completion bash)
      try() { COMP_WORDS=(keepsake-mcp "$@"); COMP_CWORD=$#; _keepsake_mcp; printf '%s;' "\${COMPREPLY[@]-}"; echo; }
      complete -p keepsake-mcp
      try rec
      try export --format = j
      try list --
      try import exp
      try recall '$(touch ran)' --exp
      try dance x
    `;
    const { stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-c', script], {
      cwd: folder,
      env: { PATH: `${folder}:${process.env.PATH}`, KEEPSAKE_HOME: join(folder, 'home') },
      encoding: 'utf8',
    });
    const lines = stdout.trimEnd().split('\n');
    expect(stderr).toBe('');
    expect(lines.slice(0, 3)).toEqual(['complete -F _keepsake_mcp keepsake-mcp', 'recall;', 'jsonl;json;']);
    expect(lines[3]).toMatch(/^--limit;--cursor;.*--watch;/);
    expect(lines.slice(4)).toEqual(['exports;', '--explain;', ';']);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });

  it('has a script for each shell, and says how to keep it', async () => {
    for (const shell of ['bash', 'zsh', 'fish', 'powershell', 'pwsh']) {
      const { code, stdout } = await runCommand(['completion', shell]);
      expect({ shell, code }).toEqual({ shell, code: 0 });
      expect(stdout).toMatch(/^# To keep it: .*\n[\s\S]*keepsake-mcp complete -- /);
    }
  });
});
