import { ConfigError, type ConfigSources, configPath, givenSettings, isSet, parse, readConfig } from '../config.js';
import { type Option, options } from '../options.js';
import { type Run, UsageError } from './command.js';
import { changeConfigFile } from './config-file.js';
import { nearMiss } from './near-miss.js';
import { programName } from './program-name.js';
import { askSecret, canAsk } from './question.js';
import { stdinText } from './stdin-text.js';
import { type Cell, table } from './table.js';
import { isForPeople, plain, styled } from './terminal.js';

/** Characters that are read from stdin at most: the longest setting has 2,000. */
const mostRead = 10_000;
const hidden = '(set, not shown)';

const all = Object.values<Option>(options);

/** The option of a name, as in the environment, in any case, or as its flag. Raises UsageError. */
function optionOf(name: string): Option {
  const wanted = name.toLowerCase().replace(/^--/, '');
  const found = all.find((option) => option.name.toLowerCase() === wanted || option.flag === wanted);
  if (found) return found;
  const near = nearMiss(
    name,
    all.map((option) => option.name),
  );
  throw new UsageError(
    `there is no setting ${JSON.stringify(name)}; ${near === undefined ? 'config get lists them' : `did you mean ${near}?`}`,
  );
}

interface Setting {
  name: string;
  value?: string | undefined;
  /** Where the value is from; absent: nobody gave one. */
  from?: string | undefined;
  default: string;
  meaning: string;
}

function settingsOf(sources: ConfigSources): Setting[] {
  return givenSettings(sources).map(({ option, found }) => ({
    name: option.name,
    value: found && (option.secret ? hidden : found.text),
    from: found?.origin,
    default: option.default ?? option.otherwise ?? 'none',
    meaning: option.meaning,
  }));
}

/**
 * Prints one setting, or all of them, with where each comes from; secrets are never shown. Resolves with the exit code:
 * 1 where the one that was asked for has neither value nor default. Raises UsageError and ConfigError.
 */
export async function getSetting({ sources, args: [name], json }: Run): Promise<number> {
  const settings = settingsOf(sources);
  if (name === undefined) {
    process.stdout.write(
      `${json ? JSON.stringify({ file: configPath(sources), settings }, undefined, 2) : isForPeople() ? page(settings) : settings.map(lineOf).join('\n')}\n`,
    );
    return 0;
  }
  const option = optionOf(name);
  const setting = settings.find((each) => each.name === option.name);
  const value = setting?.value ?? option.default;
  if (json) process.stdout.write(`${JSON.stringify(setting, undefined, 2)}\n`);
  else if (value !== undefined) process.stdout.write(`${plain(value)}\n`);
  else process.stderr.write(`keepsake-mcp: ${option.name} is not set (${option.otherwise ?? 'none'})\n`);
  return value === undefined && !json ? 1 : 0;
}

const lineOf = ({ name, value, from, default: otherwise }: Setting) =>
  plain(`${name}\t${(value ?? otherwise).replaceAll(/\s+/g, ' ')}\t${from ?? 'default'}`);

function page(settings: Setting[]): string {
  const rows = settings.map(({ name, value, from, default: otherwise, meaning }): Cell[] => [
    [{ text: name, style: value === undefined ? undefined : 'bold' }],
    [
      { text: value ?? otherwise, style: value === undefined ? 'dim' : 'green' },
      ...(from === undefined ? [] : [{ text: `from ${from}`, style: 'cyan' as const }]),
      { text: meaning, style: 'dim' },
    ],
  ]);
  return table(['Setting', 'Value'], rows, { flexible: 1 });
}

/**
 * Writes a setting into config.json of the home, for every client of it; without a value it is read from stdin or asked
 * for. Resolves with the exit code 0. Raises UsageError and ConfigError, and then changes nothing.
 */
export async function setSetting({ sources, args: [name = '', given], json, signal }: Run): Promise<number> {
  const option = writable(name);
  const text = given ?? (await valueFor(option, signal));
  if (!isSet(text)) throw new UsageError(`${option.name} needs a value; to take it out: ${programName()} config unset ${option.name}`);
  parse(option, { text, origin: 'the command line' });
  const path = configPath(sources);
  await changeConfigFile(path, (settings) => {
    settings[option.name] = text.trim();
  });
  report(
    { name: option.name, value: option.secret ? hidden : text.trim(), file: path },
    { json, text: `${option.name} is set in ${path}.` },
  );
  warn(option, sources);
  return 0;
}

/** Takes a setting out of config.json. Resolves with the exit code 0, also where it was not there. Raises UsageError and ConfigError. */
export async function unsetSetting({ sources, args: [name = ''], json }: Run): Promise<number> {
  const path = configPath(sources);
  const removed = await changeConfigFile(path, (settings) => {
    // What the file holds and nobody knows keeps every command from starting, and has to go, too.
    const key = Object.hasOwn(settings, name) ? name : optionOf(name).name;
    const isThere = Object.hasOwn(settings, key);
    delete settings[key];
    return { key, isThere };
  });
  const text = removed.isThere ? `${removed.key} is taken out of ${path}.` : `${removed.key} was not set in ${path}.`;
  report({ name: removed.key, removed: removed.isThere, file: path }, { json, text });
  return 0;
}

/** An option that config.json may hold. Raises UsageError. */
function writable(name: string): Option {
  const option = optionOf(name);
  if (option === options.home)
    throw new UsageError(`${option.name} says where config.json is, and cannot be set in it; set it in the environment`);
  return option;
}

async function valueFor(option: Option, signal: AbortSignal): Promise<string> {
  if (canAsk()) {
    if (option.secret) return (await askSecret(option.name, signal)) ?? '';
    throw new UsageError(`usage: keepsake-mcp config set ${option.name} VALUE (${option.allowed})`);
  }
  return stdinText({ most: mostRead, tooLong: `what came on stdin is too long for ${option.name}`, signal });
}

function report(data: object, { json, text }: { json: boolean; text: string }): void {
  process.stdout.write(`${json ? JSON.stringify(data, undefined, 2) : plain(text)}\n`);
}

/** Says on stderr what keeps a setting from having an effect. */
function warn(option: Option, sources: ConfigSources): void {
  const found = givenSettings(sources).find((each) => each.option === option)?.found;
  const path = configPath(sources);
  if (found && found.origin !== path) process.stderr.write(`${styled('yellow', `Here ${found.origin} says something else, and wins.`)}\n`);
  try {
    readConfig({ flags: {}, env: { KEEPSAKE_HOME: path.replace(/[\\/]config\.json$/, '') } });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`Not usable yet: ${error.message}\n`);
  }
}
