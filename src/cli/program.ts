import { styleText } from 'node:util';
import { Command as Parser, Option as ParserOption } from 'commander';
import { helpText, type Option, options } from '../options.js';
import {
  type Command,
  type CommandFamily,
  everyCommand,
  type Flag,
  type Flags,
  type Group,
  UnknownWordError,
  UsageError,
} from './command.js';

/** What a command line asks for. */
export interface Asked {
  /** Undefined: the server on stdin and stdout. */
  name?: string;
  command?: Command;
  args: string[];
  /** Of the command's own flags those that were given. */
  flags: Flags;
  /** Flags of settings, by name without dashes. */
  settings: Record<string, string>;
  json: boolean;
}

type Table = Readonly<Record<string, Command | CommandFamily>>;

const title = 'Keepsake, the memory that any AI assistant can share. Without a command it is an MCP server on stdin and stdout.';
const groups: readonly Group[] = ['Your memories', 'Setting up', 'Serving', 'Looking after it'];
const settingFlags = Object.values<Option>(options).flatMap(({ flag, meaning, name }) => (flag ? [{ flag, meaning, name }] : []));

/** How a command is called, such as "undo CALL_ID". */
const usageOf = (name: string, { args }: Command) => [name, ...args].join(' ');

/**
 * The parser of a table of commands; whatever a command line asks for is handed to `choose`. It prints help and version
 * on stdout, and raises UsageError and commander's own errors.
 */
export function createProgram(table: Table, { version, choose }: { version: string; choose: (asked: Asked) => void }): Parser {
  const program = new Parser('keepsake-mcp')
    .usage('[command] [options]')
    .description(title)
    .version(version, '-v, --version', 'prints the version')
    .helpOption('-h, --help', 'prints this, or the help of a command')
    .helpCommand(false)
    .option('--json', 'answers as JSON, for programs')
    .allowExcessArguments()
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ writeErr: () => undefined })
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (text) => styleText('bold', text),
      styleCommandText: (text) => styleText('cyan', text),
      styleSubcommandText: (text) => styleText('cyan', text),
    })
    .addHelpText(
      'after',
      `\nSettings, as flag with any command or in the environment; config.json in the home takes the same names:\n${helpText()}`,
    );
  for (const { flag, meaning } of settingFlags) program.addOption(new ParserOption(`--${flag} <value>`, meaning).hideHelp());
  program.action(() => {
    const [name] = program.args;
    if (name !== undefined) throw unknownCommand(name, table);
    choose({ args: [], flags: {}, ...globals(program, {}) });
  });
  for (const group of groups)
    for (const [name, entry] of Object.entries(table).filter(([, { group: own = 'Looking after it' }]) => own === group))
      addEntry(program, name, { entry, choose });
  addHelpCommand(program, table);
  return program;
}

function addHelpCommand(program: Parser, table: Table): void {
  program
    .command('help [command...]')
    .description('the help of a command')
    .action((words: string[]) => {
      const [name = '', action = ''] = words;
      const entry = Object.hasOwn(table, name) ? table[name] : undefined;
      if (words.length > 0 && entry === undefined) throw unknownCommand(name, table);
      if (action !== '' && entry && 'actions' in entry && !Object.hasOwn(entry.actions, action)) throw unknownAction(name, action, entry);
      const found = words.reduce((parser, word) => parser.commands.find((each) => each.name() === word) ?? parser, program);
      found.help();
    });
}

function unknownCommand(name: string, table: Table): UnknownWordError {
  const known = Object.keys(table).filter((each) => !isHidden(table[each]));
  const otherwise = `known are ${known.join(', ')}, or none for the server`;
  return new UnknownWordError(`unknown command ${name}`, { word: name, known, otherwise });
}

function unknownAction(name: string, action: string, { actions }: CommandFamily): UnknownWordError {
  const known = Object.keys(actions);
  const otherwise = `known are ${known.join(', ').replace(/, ([^,]*)$/, ' and $1')}`;
  return new UnknownWordError(`${name} ${action} is not known`, { word: action, known, prefix: `${name} `, otherwise });
}

const isHidden = (entry: Command | CommandFamily | undefined) => entry !== undefined && 'hidden' in entry;

interface Adding {
  entry: Command | CommandFamily;
  choose: (asked: Asked) => void;
}

function addEntry(program: Parser, name: string, { entry, choose }: Adding): void {
  if (!('actions' in entry)) {
    addCommand(program, program, { name, command: entry, choose });
    return;
  }
  const { meaning, actions, group = 'Looking after it' } = entry;
  const names = Object.keys(actions);
  const family = program
    .command(name)
    .description(meaning)
    .helpGroup(`${group}:`)
    .usage(`${names.join('|')} [options]`)
    .helpCommand(false)
    .allowExcessArguments();
  family.action(() => {
    const [action] = family.args;
    if (action === undefined) throw new UsageError(`usage: keepsake-mcp ${name} ${names.join('|')}`);
    throw unknownAction(name, action, entry);
  });
  for (const [action, command] of Object.entries(actions)) addCommand(program, family, { name: `${name} ${action}`, command, choose });
}

function addCommand(
  program: Parser,
  parent: Parser,
  { name, command, choose }: { name: string; command: Command; choose: Adding['choose'] },
): void {
  const { args, flags = {}, meaning, group = 'Looking after it' } = command;
  const word = name.split(' ').at(-1) ?? name;
  const parser = parent
    .command([word, ...args.map(syntaxOf)].join(' '), { hidden: command.hidden ?? false })
    .description(meaning)
    .allowExcessArguments(false);
  if (parent === program) parser.helpGroup(`${group}:`);
  for (const [flag, spec] of Object.entries(flags)) parser.addOption(optionOf(flag, spec));
  parser.addHelpText('after', '\nSettings such as --home go with every command; keepsake-mcp --help lists them.');
  parser.action(() => {
    const given = parser.processedArgs.flat().filter((arg): arg is string => typeof arg === 'string');
    const needed = args.filter((arg) => !arg.startsWith('[')).length;
    if (given.length < needed || given.includes('')) throw new UsageError(`usage: keepsake-mcp ${usageOf(name, command)}`);
    choose({ name, command, args: given, flags: flagsOf(parser, program, flags), ...globals(program, flags) });
  });
}

const syntaxOf = (arg: string) => (arg.startsWith('[') ? arg : `<${arg}>`);

function optionOf(flag: string, { type, multiple, value = 'VALUE', choices, meaning }: Flag): ParserOption {
  const option = new ParserOption(
    type === 'boolean' ? `--${flag}` : `--${flag} <${value}>`,
    [meaning, multiple && '(several times)'].filter(Boolean).join(' '),
  );
  if (choices) option.choices(choices);
  if (multiple) option.argParser((given: string, before: string[] | undefined) => [...(before ?? []), given]);
  return option;
}

/** A command's own flags that were given; those that are called like a setting are known to the whole program. */
function flagsOf(parser: Parser, program: Parser, flags: Readonly<Record<string, Flag>>): Flags {
  const found = [...program.options, ...parser.options].flatMap((option) => {
    const name = option.long?.slice(2) ?? '';
    const owner = parser.options.includes(option) ? parser : program;
    const value: unknown = owner.getOptionValue(option.attributeName());
    if (flags[name] === undefined || value === undefined) return [];
    // What commander calls a negated option is on unless it is given.
    if (option.negate) return value === false ? [[name, true]] : [];
    return [[name, value]];
  });
  return Object.fromEntries(found) as Flags;
}

/** What every command takes, but what its own flags take the place of. */
function globals(program: Parser, flags: Readonly<Record<string, Flag>>): Pick<Asked, 'settings' | 'json'> {
  const settings = settingFlags.flatMap(({ flag }) => {
    const option = program.options.find(({ long }) => long === `--${flag}`);
    const value: unknown = option && program.getOptionValue(option.attributeName());
    return typeof value === 'string' && !flags[flag]?.own ? [[flag, value]] : [];
  });
  return { settings: Object.fromEntries(settings) as Record<string, string>, json: program.getOptionValue('json') === true };
}

/** What was wrong with a command line, in one line; `commanderError` is what the parser raised over it. */
export function usageErrorOf(commanderError: { code: string; message: string }, table: Table, args: readonly string[]): UsageError {
  const { code, message } = commanderError;
  const said = message
    .replace(/^error: /, '')
    // What is given to a flag that is not known may be a key.
    .replace(/^(unknown option '--[^'=]+)=.*'$/s, "$1'")
    .replaceAll(/\s+/g, ' ')
    .trim();
  // A value of a flag may stand before the command.
  const words = args.filter((arg) => !arg.startsWith('-'));
  const calls = words.flatMap((word, index) => [`${word} ${words[index + 1] ?? ''}`, word]);
  const [name, command] = calls.flatMap((call) => everyCommand(table).filter(([known]) => known === call))[0] ?? [];
  if (name !== undefined && command && ['commander.missingArgument', 'commander.excessArguments'].includes(code))
    return new UsageError(`usage: keepsake-mcp ${usageOf(name, command)}`);
  const flag = code === 'commander.unknownOption' ? /^unknown option '--([^'=]+)/.exec(said)?.[1] : undefined;
  if (flag === undefined) return new UsageError(said);
  if (everyCommand(table).some(([, { flags = {} }]) => Object.hasOwn(flags, flag)))
    return new UsageError(`--${flag} does not go with ${name ?? 'the server on stdin and stdout'}`);
  const known = [...Object.keys(command?.flags ?? {}), ...settingFlags.map((setting) => setting.flag), 'json', 'help', 'version'];
  return new UnknownWordError(said, { word: flag, known, prefix: '--' });
}
