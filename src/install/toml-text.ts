import { isDeepStrictEqual } from 'node:util';
import { parse, patch, stringify } from '@decimalturn/toml-patch';
import { z } from 'zod';
import { messageOf } from '../core/errors.js';
import { newlineOf, withBlock, withoutBlock } from './appended-block.js';
import { InstallError } from './install-error.js';

const table = z.record(z.string(), z.unknown());

/** The data of a TOML text. Raises InstallErrors. */
export function tomlData(text: string): Record<string, unknown> {
  try {
    return table.parse(ordinary(parse(text)));
  } catch (error) {
    // More of the message would quote the file, which may hold keys.
    const [, line, column] = /\((\d+), (\d+)\)/.exec(messageOf(error)) ?? [];
    throw new InstallError(`it is no valid TOML${line === undefined ? '' : ` (line ${line}, column ${column})`}`, { cause: error });
  }
}

/** The same data in objects that are like any other. */
function ordinary(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordinary);
  const isTable = typeof value === 'object' && value !== null && [null, Object.prototype].includes(Object.getPrototypeOf(value));
  return isTable ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ordinary(item)])) : value;
}

/** The text with a table at a path of two keys: a section of its own at the end, or the one that is there brought up to date. Raises InstallErrors. */
export function setToml(text: string, path: readonly string[], value: Record<string, unknown>): string {
  const [outer = '', name = ''] = path;
  const data = tomlData(text);
  const servers = table.optional().safeParse(data[outer]).data ?? {};
  const patched = () => patch(text, { ...data, [outer]: { ...servers, [name]: value } });
  if (name in servers) {
    const there = table.safeParse(servers[name]).data ?? {};
    const block = sectionIn(text, path, there);
    if (isDeepStrictEqual(there, value)) return text;
    return text.includes(block) ? text.replace(block, () => sectionIn(text, path, value)) : patched();
  }
  const appended = withBlock(text, section(path, value));
  try {
    tomlData(appended);
    return appended;
  } catch (error) {
    // Where the outer table is written on one line, sections cannot follow.
    if (error instanceof InstallError) return patched();
    throw error;
  }
}

/** The text without the table at a path, its sections cut out where it has some. Raises InstallErrors. */
export function removeToml(text: string, path: readonly string[], original: string | undefined): string {
  const [outer = '', name = ''] = path;
  const data = tomlData(text);
  const servers = table.optional().safeParse(data[outer]).data;
  const value = table.optional().safeParse(servers?.[name]).data;
  if (!servers || !value) return text;
  const block = sectionIn(text, path, value);
  const start = text.indexOf(block);
  if (start >= 0) return withoutBlock(text, [start, start + block.length], original);
  const cut = withoutSections(text, path);
  if (cut !== text) return cut;
  const { [name]: _, ...others } = servers;
  const { [outer]: __, ...rest } = data;
  const onOneLine = text.replace(new RegExp(`^[ \\t]*"?${name}"?[ \\t]*=[ \\t]*\\{.*(?:\\r?\\n|$)`, 'm'), '');
  if (onOneLine !== text && isSameData(onOneLine, { ...rest, [outer]: others })) return onOneLine;
  const isLeft = Object.keys(others).length > 0 || (original !== undefined && outer in tomlData(original));
  return patch(text, isLeft ? { ...rest, [outer]: others } : rest);
}

function isSameData(text: string, data: Record<string, unknown>): boolean {
  try {
    return isDeepStrictEqual(tomlData(text), data);
  } catch (error) {
    if (error instanceof InstallError) return false;
    throw error;
  }
}

/** The section as it stands in a text with these line ends. */
function sectionIn(text: string, path: readonly string[], value: Record<string, unknown>): string {
  return section(path, value).replaceAll('\n', newlineOf(text));
}

function section([outer = '', name = '']: readonly string[], value: Record<string, unknown>): string {
  const lines = stringify({ [outer]: { [name]: value } }, { inlineTableStart: 2 })
    .trim()
    .split('\n');
  return lines.slice(lines.findIndex((line) => line.startsWith(`[${outer}.`))).join('\n');
}

/** Cuts the sections of a table with their lines, but not comments and empty lines that lead to what follows. */
function withoutSections(text: string, [outer, name]: readonly string[]): string {
  const own = new RegExp(`^\\s*\\[\\s*"?${outer}"?\\s*\\.\\s*"?${name}"?\\s*[.\\]]`);
  const lines = text.split(/(?<=\n)/);
  const kept: string[] = [];
  let trailing: string[] = [];
  let inside = false;
  for (const line of lines) {
    if (/^\s*\[/.test(line) && (own.test(line) || /^\s*\[\[?[^\]]+\]\]?\s*(?:#.*)?$/.test(line))) {
      const isOwn = own.test(line);
      // Comments stay; what leads to another section stays with its empty lines.
      kept.push(...(inside && isOwn ? trailing.filter((held) => held.includes('#')) : trailing));
      inside = isOwn;
      trailing = [];
    }
    if (!inside) kept.push(line);
    else if (/^\s*(?:#.*\s*)?$/.test(line)) trailing.push(line);
    else trailing = trailing.filter((held) => /#/.test(held));
  }
  return [...kept, ...trailing].join('');
}
