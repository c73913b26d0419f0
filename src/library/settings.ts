import { type Config, ConfigError, readConfig } from '../config.js';
import { KeepsakeError } from '../core/errors.js';
import { options as table } from '../options.js';
import { requireParts } from './given-parts.js';
import type { OpenOptions } from './open-options.js';

/** The home that is a private temporary folder. */
export const memoryHome = ':memory:';

/** A setting as the option table reads it; null, as in a tool's arguments, counts as not given. */
function written(name: string, value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return String(value);
    case 'boolean':
      return value ? 'on' : 'off';
    default:
      if (value === undefined || value === null) return undefined;
      throw new KeepsakeError('invalid_argument', `openKeepsake needs ${name} as a text, a number or a boolean.`);
  }
}

/** What is wrong with a setting, under the name that a program gave it by. */
function inOptionNames({ message }: ConfigError): string {
  const [key] = Object.entries(table).find(([, { name }]) => message.startsWith(`${name}: `)) ?? [];
  return key !== undefined && message.includes(' from the options ') ? message.replace(/^\w+/, key) : message;
}

/**
 * The checked settings. Raises KeepsakeError invalid_argument for options that do not exist and values that cannot be
 * used. `home`: where the files are, in the place of what the options say.
 */
export function configOf(given: OpenOptions, home = given.home): Config {
  const { env = {}, client, clock, models, logger, ...settings } = given;
  const unknown = Object.keys(settings).find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined) throw new KeepsakeError('invalid_argument', `openKeepsake knows no option ${JSON.stringify(unknown)}.`);
  requireParts(given);
  const own = Object.entries({ ...settings, home }).map(([key, value]) => [table[key as keyof typeof table].name, written(key, value)]);
  const isTemporary = given.home === memoryHome;
  try {
    return readConfig({
      given: {
        // A program has no current project unless it says so.
        [table.project.name]: env[table.project.name] ?? 'none',
        ...Object.fromEntries(own.filter(([, value]) => value !== undefined)),
        ...(isTemporary ? { [table.store.name]: 'embedded' } : {}),
      },
      env,
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new KeepsakeError('invalid_argument', inOptionNames(error), { cause: error });
  }
}
