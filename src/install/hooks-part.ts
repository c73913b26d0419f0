import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { asObject, bodyOf, json, onBody } from './configuration.js';
import { InstallError } from './install-error.js';
import { removeJson, setJson } from './json-text.js';
import type { Part } from './part.js';
import type { ServerEntry } from './server-part.js';

/** What a hook of Claude Code does. */
export type HookAction = 'session-start' | 'remember';

/** Which hook does what. Seconds bound it: the end of a session is only waited for as long as its hook asks for. */
const hooks = {
  SessionStart: { action: 'session-start', timeout: 10 },
  PreCompact: { action: 'remember', timeout: 10 },
  SessionEnd: { action: 'remember', timeout: 10 },
} as const satisfies Record<string, { action: HookAction; timeout: number }>;

const groups = z.array(z.looseObject({ hooks: z.array(z.looseObject({ command: z.string().optional() })).catch([]) }).catch({ hooks: [] }));

/** What a server is told in its environment, a hook is told in its command. */
const flags = { KEEPSAKE_HOME: '--home', KEEPSAKE_USER: '--user', KEEPSAKE_PROJECT: '--project' };

/**
 * The command of a hook as a shell takes it: sh, or on Windows the one of Git, in which backslashes would be lost.
 * Whatever becomes of the program, the client goes on.
 */
export function hookCommand(
  { command, args, env = {} }: ServerEntry,
  { platform, action }: { platform: NodeJS.Platform; action: string },
): string {
  const quoted = (text: string) => (platform === 'win32' ? `"${text.replaceAll('\\', '/')}"` : `'${text.replaceAll("'", "'\\''")}'`);
  const given = Object.entries(flags).flatMap(([name, flag]) => (env[name] === undefined ? [] : [flag, quoted(env[name])]));
  return [quoted(command), ...args.map(quoted), 'hook', action, ...given, '|| true'].join(' ');
}

const isOurs = (command: string | undefined) => /[\\/]main\.js['"] (?:.+ )?hook (?:session-start|remember)\b/.test(command ?? '');

/** The hooks in Claude Code's settings. */
export function createHooksPart({ path, entry, platform }: { path: string; entry: ServerEntry; platform: NodeJS.Platform }): Part {
  return {
    kind: 'hooks',
    path,
    mode: 0o600,
    put: (text) =>
      checked(text, (body) =>
        Object.entries(hooks).reduce((done, [event, { action, timeout }]) => {
          const command = hookCommand(entry, { platform, action });
          const [place] = ownHooks(done, event);
          if (place === undefined) return setJson(done, ['hooks', event, -1], { hooks: [{ type: 'command', command, timeout }] });
          return place.command === command ? done : setJson(done, [...place.path, 'command'], command);
        }, body),
      ),
    take: (text, original) =>
      checked(text, (body) => {
        const left = Object.keys(hooks).reduce(withoutOwn, body);
        if (original === undefined) return left;
        return containers.reduce((done, at) => (isThere(bodyOf(original), at) ? done : withoutEmptied(done, at)), left);
      }),
    isEmpty: (text) => /^\s*(\{\s*\}\s*)?$/.test(bodyOf(text)),
  };
}

interface OwnHook {
  path: (string | number)[];
  command: string;
  /** Whether nothing else is in its group. */
  alone: boolean;
}

function ownHooks(text: string, event: string): OwnHook[] {
  const there = asObject(json.data(text).hooks)[event];
  if (there === undefined) return [];
  const read = groups.safeParse(there);
  if (!read.success) throw new InstallError(`its hooks.${event} is no list`);
  return read.data.flatMap(({ hooks: inner }, group) =>
    inner.flatMap(({ command }, index) =>
      command !== undefined && isOurs(command)
        ? [{ path: ['hooks', event, group, 'hooks', index], command, alone: inner.length === 1 }]
        : [],
    ),
  );
}

function withoutOwn(text: string, event: string): string {
  const last = ownHooks(text, event).at(-1);
  return last ? withoutOwn(removeJson(text, last.alone ? last.path.slice(0, 3) : last.path), event) : text;
}

/** What our hooks stand in, the innermost first. */
const containers = [...Object.keys(hooks).map((event) => ['hooks', event]), ['hooks']];

const valueIn = (text: string, path: string[]) => path.reduce<unknown>((value, key) => asObject(value)[key], json.data(text));
const isThere = (text: string, path: string[]) => valueIn(text, path) !== undefined;

function withoutEmptied(text: string, path: string[]): string {
  const value = valueIn(text, path);
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isEmpty ? removeJson(text, path) : text;
}

/** Changes a text and makes sure that every setting but our hooks, and every comment, is what it was. */
function checked(text: string, change: (body: string) => string): string {
  const result = onBody(text, change);
  const rest = (from: string) => {
    const body = Object.keys(hooks).reduce(withoutOwn, bodyOf(from));
    return containers.reduce(withoutEmptied, body);
  };
  const [before, after] = [rest(text), rest(result)];
  if (!isDeepStrictEqual(json.data(before), json.data(after)) || !isDeepStrictEqual(json.comments(before, []), json.comments(after, [])))
    throw new InstallError('its hooks cannot be changed without changing something else');
  return result;
}
