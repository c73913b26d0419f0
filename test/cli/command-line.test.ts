import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everyCommand } from '../../src/cli/command.js';
import { commands } from '../../src/cli/commands.js';
import { createProgram } from '../../src/cli/program.js';
import { temporaryHome } from '../support/home.js';
import { program } from '../support/server.js';
import { runCommand, startCommand } from './run.js';

/** Every command that the public interface names. */
const promised = [
  ...[
    'serve',
    'connect',
    'demo',
    'doctor',
    'verify',
    'rebuild',
    'reflect',
    'remember',
    'recall',
    'list',
    'forget',
    'history',
    'undo',
    'merge',
  ],
  ...[
    'export',
    'import',
    'stats',
    'chat',
    'ui',
    'config get',
    'config set',
    'token add',
    'token list',
    'token revoke',
    'install',
    'uninstall',
  ],
];

/** What the parser prints for some words, and what it hands on. */
function parsed(words: string[]) {
  let printed = '';
  let asked: unknown;
  const parser = createProgram(commands, { version: '1.2.3', choose: (found) => (asked = found) });
  const into = { writeOut: (text: string) => (printed += text) };
  for (const each of [parser, ...parser.commands, ...parser.commands.flatMap((command) => command.commands)]) each.configureOutput(into);
  try {
    parser.parse(words, { from: 'user' });
  } catch (error) {
    return { printed, asked, error: error as { code: string; exitCode: number } };
  }
  return { printed, asked, error: undefined };
}

const env = async () => ({ KEEPSAKE_HOME: await temporaryHome(), KEEPSAKE_STORE: 'embedded' });

describe('every command', () => {
  it('of the public interface is there', () => {
    expect(everyCommand(commands).map(([name]) => name)).toEqual(expect.arrayContaining(promised));
  });

  it.each(everyCommand(commands).map(([name, command]) => ({ name, command })))(
    '$name answers --help with how it is called and what it does',
    ({ name, command }) => {
      const { printed, asked, error } = parsed([...name.split(' '), '--help']);
      expect(error).toMatchObject({ code: 'commander.helpDisplayed', exitCode: 0 });
      expect(asked).toBeUndefined();
      expect(printed).toContain(`Usage: keepsake-mcp ${name}`);
      expect(printed.replaceAll(/\s+/g, ' ')).toContain(command.meaning);
      for (const flag of Object.keys(command.flags ?? {})) expect(printed).toContain(`--${flag}`);
    },
  );

  it('says what each flag that is its own means', () => {
    for (const [name, { flags = {} }] of everyCommand(commands))
      for (const [flag, { meaning, choices, type, value }] of Object.entries(flags)) {
        expect(meaning ?? choices, `${name} --${flag}`).toBeDefined();
        if (type === 'string') expect(value, `${name} --${flag}`).toBeDefined();
      }
  });

  it('is in the help of the program unless it is for programs alone', () => {
    const { printed } = parsed(['--help']);
    for (const [name, { hidden }] of everyCommand(commands)) {
      const [word = ''] = name.split(' ');
      expect(new RegExp(`^  ${word}\\b`, 'm').test(printed), name).toBe(!hidden);
    }
  });
});

describe('a command line', () => {
  it('takes settings before and after the command, and the last of two values', () => {
    expect(parsed(['--home', 'a', 'list', '--home=b', '--json']).asked).toMatchObject({
      name: 'list',
      settings: { home: 'b' },
      json: true,
    });
  });

  it('takes a flag that is called like a setting for what the command means by it', () => {
    expect(parsed(['recall', 'tea', '--project', '*']).asked).toMatchObject({ args: ['tea'], flags: { project: '*' }, settings: {} });
    expect(parsed(['token', 'add', '--user', 'ann']).asked).toMatchObject({ flags: { user: 'ann' }, settings: { user: 'ann' } });
  });

  it('takes what stands behind -- for words, and - for one', () => {
    expect(parsed(['remember', '--pinned', '--', '-5 degrees', '--json']).asked).toMatchObject({
      args: ['-5 degrees', '--json'],
      json: false,
    });
    expect(parsed(['remember', '-']).asked).toMatchObject({ args: ['-'] });
  });

  it('collects flags that may be given several times, and knows those that say no', () => {
    const { asked } = parsed(['remember', 'x', '--metadata', 'a=1', '--no-wait', '--metadata', 'b=2']);
    expect(asked).toMatchObject({ flags: { metadata: ['a=1', 'b=2'], 'no-wait': true } });
    expect(parsed(['remember', 'x']).asked).toMatchObject({ flags: {} });
  });
});

describe('wrong usage', () => {
  const wrong: [string[], string][] = [
    [['recal', 'tea'], 'unknown command recal; did you mean recall?'],
    [['recall', 'tea', '--limt', '3'], "unknown option '--limt'; did you mean --limit?"],
    [['help', 'recal'], 'unknown command recal; did you mean recall?'],
    [['help', 'config', 'gte'], 'config gte is not known; did you mean config get?'],
    [['connect', 'https://example.com', '--token=kst_secret'], "unknown option '--token'; did you mean --tokens?"],
    [['forget', '--query', ' '], '--query needs words; --all means everything'],
    [['--hom', 'x'], "unknown option '--hom'; did you mean --home?"],
    [['recall'], 'usage: keepsake-mcp recall QUERY, or --profile for the standing picture; list shows all'],
    [['forget'], 'usage: keepsake-mcp forget ID..., or --query WORDS, or --all, or --confirm TOKEN'],
    [['forget', 'x', '--all'], 'usage: keepsake-mcp forget ID..., or --query WORDS, or --all, or --confirm TOKEN'],
    [['history', 'a', 'b'], 'usage: keepsake-mcp history [ID]'],
    [['config'], 'usage: keepsake-mcp config get|set|unset'],
    [['config', 'gte'], 'config gte is not known; did you mean config get?'],
    [['list', '--kind', 'poem'], "option '--kind <KIND>' argument 'poem' is invalid. Allowed choices are observation, insight, procedure."],
    [['--home', 'x', 'list', '--grant', 'a'], '--grant does not go with list'],
    [['recall', 'tea', '--limit', 'many'], 'limit: Invalid input: expected number, received string. [invalid_argument]'],
    [['recall', 'tea', '--since', 'someday'], 'since: '],
    [['completion'], 'usage: keepsake-mcp completion bash|zsh|fish|powershell'],
    [['completion', 'tcsh'], 'there is no completion for "tcsh"; known are bash, zsh, fish, powershell'],
  ];

  it('is one line on stderr that says what was meant, with exit code 2', async () => {
    const set = await env();
    for (const [args, says] of wrong) {
      const { code, stdout, stderr } = await runCommand(args, set);
      expect(stderr).toContain(`keepsake-mcp: ${says}`);
      expect({ args, code, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ args, code: 2, stdout: '', lines: 1 });
    }
  });
});

it('help and version are answered without a home, and help also as a word', async () => {
  const set = { KEEPSAKE_HOME: '/dev/null/none' };
  expect(await runCommand(['help', 'recall'], set)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Usage: keepsake-mcp recall'),
    stderr: '',
  });
  expect(await runCommand(['help', 'config', 'get'], set)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Usage: keepsake-mcp config get'),
  });
  const { stdout: serving } = await runCommand(['serve', '--help'], set);
  for (const flag of ['--http', '--host', '--port', '--public-url', '--tokens']) expect(serving).toContain(`${flag} `);
  expect((await runCommand(['help'], set)).stdout).toBe((await runCommand(['--help'], set)).stdout);
  expect(await runCommand(['stats', '--version'], set)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

it('a reader that has seen enough, such as head, lets a command end in order and without a word', async () => {
  const set = await env();
  await runCommand(['remember', '--verbatim', 'Nora plays the cello.'], set);
  for (const command of ['export', 'list', 'help']) {
    const { child, ended } = startCommand([command], set);
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  }
});

it('the server is started without the parser, which would keep its client waiting', () => {
  const seen = new Map<string, string>();
  const look = (path: string) => {
    if (seen.has(path)) return;
    const text = readFileSync(path, 'utf8');
    seen.set(path, text);
    for (const [, name = ''] of text.matchAll(/(?:^|[;}\n])import(?:[^"'()]*?from)?"(\.\/[^"]+)"/g)) look(join(dirname(path), name));
  };
  look(program);
  expect(seen.size).toBeGreaterThan(3);
  for (const text of seen.values()) expect(text).not.toContain('commander.unknownOption');
});
