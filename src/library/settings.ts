import { type Config, ConfigError, readConfig } from '../config.js';
import { KeepsakeError } from '../core/errors.js';
import { options as table } from '../options.js';
import type { OpenOptions } from './open-options.js';

/** The home that is a private temporary folder. */
export const memoryHome = ':memory:';

function written(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return value === undefined ? undefined : String(value);
}

/**
 * The checked settings. Raises KeepsakeError invalid_argument for options that do not exist and values that cannot be
 * used. `home`: where the files are, in the place of what the options say.
 */
export function configOf(given: OpenOptions, home = given.home): Config {
  const { env = {}, client, clock, models, logger, ...settings } = given;
  const unknown = Object.keys(settings).find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined) throw new KeepsakeError('invalid_argument', `openKeepsake knows no option ${JSON.stringify(unknown)}.`);
  const own = Object.entries({ ...settings, home }).map(([key, value]) => [table[key as keyof typeof table].name, written(value)]);
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
    throw new KeepsakeError('invalid_argument', error.message, { cause: error });
  }
}
