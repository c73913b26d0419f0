import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../config.js';
import { messageOf } from '../core/errors.js';
import { clients } from '../install/clients.js';
import { type Option, options } from '../options.js';
import recallTool from '../tools/recall.js';
import { searchedSpaces } from '../tools/spaces.js';
import { type Command, type CommandFamily, everyCommand, type Flag, type Run } from './command.js';
import { shells } from './completion-scripts.js';
import { becomeOwnerOf } from './home-owner.js';
import { plain } from './terminal.js';
import { withToolCalls } from './tool-calls.js';

declare const __VERSION__: string;

/** One value that may stand there, and what it means. */
interface Completion {
  value: string;
  about?: string | undefined;
}

/** What stands for files, which shells know themselves. */
type Completions = Completion[] | 'files' | 'memories';

type Table = Readonly<Record<string, Command | CommandFamily>>;

const settings = Object.values<Option>(options);
const files = new Set(['FILE', 'FILE|DIR', 'DIR']);
const idCommands = new Set(['forget', 'history']);
const common: Readonly<Record<string, Flag>> = {
  json: { type: 'boolean', meaning: 'answers as JSON' },
  help: { type: 'boolean', meaning: 'how it is called' },
  ...Object.fromEntries(
    settings.flatMap(({ flag, meaning, choices }) =>
      flag ? [[flag, { type: 'string' as const, meaning, ...(choices && { choices }) }]] : [],
    ),
  ),
};

/** What may stand in the place of the last word. */
export function completionsFor(table: Table, words: readonly string[]): Completions {
  // Bash takes --flag=value for three words.
  const joined = words.filter((word, index) => word !== '=' || !words[index - 1]?.startsWith('--') || index === words.length - 1);
  const current = joined.at(-1) === '=' ? '' : (joined.at(-1) ?? '');
  const before = joined.slice(0, -1);
  const { name, command, position } = placeOf(table, before);
  // A command's own come first.
  const flags: Readonly<Record<string, Flag>> = { ...command?.flags, ...common, ...command?.flags };
  const [, inline, begun = ''] = /^--([a-z-]+)=(.*)$/s.exec(current) ?? [];
  const last = /^--([a-z-]+)$/.exec(before.at(-1) ?? '')?.[1];
  const awaiting = inline ?? (last !== undefined && flags[last]?.type === 'string' ? last : undefined);
  if (awaiting !== undefined) {
    const found = valuesOf(awaiting, flags[awaiting]);
    if (typeof found === 'string') return found;
    const prefix = inline === undefined ? '' : `--${inline}=`;
    return begin(found, inline === undefined ? current : begun).map(({ value, ...more }) => ({ value: prefix + value, ...more }));
  }
  if (current.startsWith('-'))
    return begin(
      Object.entries(flags).map(([flag, { meaning }]) => ({ value: `--${flag}`, about: meaning })),
      current,
    );
  if (!command) return begin(wordsOf(table, name), current);
  const argument = command.args[Math.min(position, command.args.length - 1)];
  const found =
    argument === undefined || (position >= command.args.length && !argument.includes('...'))
      ? []
      : argumentsOf(name, argument.replace(/[[\].]/g, ''), before);
  return typeof found === 'string' ? found : begin(found, current);
}

const begin = (found: readonly Completion[], current: string) => found.filter(({ value }) => value.startsWith(current));

/** The command that words call, and how many arguments of it stand there. */
function placeOf(table: Table, words: readonly string[]): { name: string; command: Command | undefined; position: number } {
  const known = new Map(everyCommand(table));
  const flags: Readonly<Record<string, Flag>> = { ...common, ...Object.assign({}, ...[...known.values()].map((command) => command.flags)) };
  const said = words.filter((word, index) => {
    const flag = /^--([a-z-]+)$/.exec(words[index - 1] ?? '')?.[1];
    return !word.startsWith('-') && (flag === undefined || flags[flag]?.type !== 'string');
  });
  const [first = '', second = ''] = said;
  const family = known.get(`${first} ${second}`);
  if (family) return { name: `${first} ${second}`, command: family, position: said.length - 2 };
  return { name: first, command: known.get(first), position: said.length - 1 };
}

/** The commands, or those of a family. */
function wordsOf(table: Table, name: string): Completion[] {
  const entry = table[name];
  const found = entry && 'actions' in entry ? entry.actions : name === '' ? table : {};
  return Object.entries(found)
    .filter(([, each]) => !('hidden' in each))
    .map(([value, { meaning }]) => ({ value, about: meaning }));
}

function valuesOf(flag: string, spec: Flag | undefined): Completions {
  if (flag === 'memory-id') return 'memories';
  if (flag === 'home' || files.has(spec?.value ?? '')) return 'files';
  return (spec?.choices ?? []).map((value) => ({ value }));
}

function argumentsOf(name: string, argument: string, before: readonly string[]): Completions {
  if (files.has(argument)) return 'files';
  if (argument === 'ID' && idCommands.has(name)) return 'memories';
  if (argument === 'CLIENT') return clients.map((client) => ({ value: client.name, about: client.title }));
  if (argument === 'SHELL') return shells.map((value) => ({ value }));
  if (argument === 'NAME' && name.startsWith('config ')) return settings.map((option) => ({ value: option.name, about: option.meaning }));
  if (argument === 'VALUE') return (settings.find((option) => option.name === before.at(-1))?.choices ?? []).map((value) => ({ value }));
  return [];
}

/**
 * Prints what may stand in the place of the last word, a line each with what it means behind a tab, or `:files`.
 * Resolves with the exit code 0 whatever happens: nobody waits for errors behind a key.
 */
export async function printCompletions(table: Table, { args, sources, signal }: Run): Promise<number> {
  const words = [...args.slice(0, -1), (args.at(-1) ?? '.').slice(1)];
  const found = completionsFor(table, words);
  if (found === 'files') {
    process.stdout.write(':files\n');
    return 0;
  }
  try {
    const lines = found === 'memories' ? await memories(words.at(-1) ?? '', { sources, signal }) : found;
    process.stdout.write(lines.map(({ value, about = '' }) => `${value}\t${plain(about).replaceAll(/\s+/g, ' ')}\n`).join(''));
  } catch (error) {
    process.stderr.write(`keepsake-mcp: ${messageOf(error)}\n`);
  }
  return 0;
}

const mostMemories = 100;

/** The ids of the newest memories that begin with some letters; none where there is no home, which is not made for this. */
async function memories(begun: string, { sources, signal }: Pick<Run, 'sources' | 'signal'>): Promise<Completion[]> {
  const config = readConfig(sources);
  becomeOwnerOf(config.home);
  if (!existsSync(join(config.home, 'history'))) return [];
  return withToolCalls(config, { version: __VERSION__, signal }, ({ within }) =>
    within(recallTool, async (context) => {
      const found = await context.keepsake.newest(await searchedSpaces({}, context), mostMemories);
      return begin(
        found.map(({ id, memory }) => ({ value: id, about: memory.slice(0, 60) })),
        begun,
      );
    }),
  );
}
