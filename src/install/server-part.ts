import { asObject, bodyOf, type ConfigurationFormat, removeChecked, setChecked, valueAt } from './configuration.js';
import { InstallError } from './install-error.js';
import type { Part } from './part.js';

/** How a client starts a server. */
export interface ServerEntry {
  /** Absolute path. */
  command: string;
  args: string[];
  env?: Record<string, string> | undefined;
}

/** The name under which the server stands in every client. */
const serverName = 'keepsake';

/** Where in a client's configuration servers stand, and in which form. */
export interface ServerPlace {
  path: string;
  format: ConfigurationFormat;
  /** Key of the object that holds all servers. */
  key: string;
  /** Fields that the client wants besides command, args and env. */
  besides?: Record<string, unknown>;
}

/** A server of the same name that Keepsake did not write. */
export class ForeignServerError extends InstallError {}

/** What stands at a client's place for the server; undefined where there is nothing. Raises InstallErrors. */
export function readServer({ format, key }: ServerPlace, text: string): Record<string, unknown> | undefined {
  const value = valueAt(format.data(bodyOf(text)), [key, serverName]);
  return value === undefined ? undefined : asObject(value);
}

/** The entry as a client reads it; undefined where it starts no program. */
export function asEntry(value: Record<string, unknown> | undefined): ServerEntry | undefined {
  if (typeof value?.command !== 'string') return undefined;
  const args = Array.isArray(value.args) ? value.args.map(String) : [];
  const env = Object.entries(asObject(value.env)).map(([name, text]) => [name, String(text)] as const);
  return { command: value.command, args, env: Object.fromEntries(env) };
}

/** Whether a server is Keepsake: started from one of these programs, or from the package of its name. */
function isOurs(value: Record<string, unknown> | undefined, programs: readonly (string | undefined)[]): boolean {
  const entry = asEntry(value);
  return entry?.args.some((arg) => programs.includes(arg) || /(^|[\\/])keepsake-mcp(@|[\\/]|$)/.test(arg)) ?? false;
}

/** The server in a client's configuration. With `replace` one of the same name that is not Keepsake is overwritten, else a ForeignServerError is raised. */
export function createServerPart(options: {
  place: ServerPlace;
  entry: ServerEntry;
  /** Where Keepsake's program was when an entry was last written. */
  programs: readonly (string | undefined)[];
  replace: boolean;
}): Part {
  const { place, entry, programs, replace } = options;
  const { format, key, besides } = place;
  const path = [key, serverName];

  return {
    kind: 'server',
    path: place.path,
    mode: 0o600,
    put(text) {
      const there = readServer(place, text);
      const env = entry.env ?? {};
      const value = { ...besides, command: entry.command, args: entry.args, ...(Object.keys(env).length > 0 && { env }) };
      if (there === undefined) return setChecked(format, text, { path, value });
      if (isOurs(there, programs)) {
        const kept = { ...asObject(there.env), ...env };
        return setChecked(format, text, { path, value: { ...value, ...(Object.keys(kept).length > 0 && { env: kept }) } });
      }
      if (replace) return setChecked(format, text, { path, value, replace: true });
      throw new ForeignServerError(`a server named ${serverName} that is not Keepsake stands there already`);
    },
    take(text, original) {
      const there = readServer(place, text);
      if (!isOurs(there, programs)) return text;
      const before = original === undefined ? undefined : readServer(place, original);
      if (before && !isOurs(before, programs)) return setChecked(format, text, { path, value: before, replace: true });
      return removeChecked(format, text, { path, original });
    },
    isEmpty: (text) => /^\s*(\{\s*\}\s*)?$/.test(bodyOf(text)),
  };
}
