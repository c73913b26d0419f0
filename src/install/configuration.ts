import { isDeepStrictEqual } from 'node:util';
import { findNodeAtLocation, parse, visit } from 'jsonc-parser';
import { InstallError } from './install-error.js';
import { jsonTree, removeJson, setJson } from './json-text.js';
import { removeToml, setToml, tomlData } from './toml-text.js';

type Change = (text: string, path: readonly string[], value: Record<string, unknown>) => string;

/** A file format of configurations, changed in place. All of it raises InstallErrors. */
export interface ConfigurationFormat {
  data(text: string): Record<string, unknown>;
  /** The keys of a value at a path; others that stand there stay. */
  set: Change;
  /** A value at a path, and nothing of what stands there. */
  replace: Change;
  remove(text: string, path: readonly string[], original: string | undefined): string;
  /** The comments outside of what stands at a path. */
  comments(text: string, path: readonly string[]): string[];
}

/** JSON, with comments and trailing commas where a client allows them. */
export const json: ConfigurationFormat = {
  data: jsonData,
  set(text, path, value) {
    const there = valueAt(jsonData(text), path);
    if (!isObject(there)) return setJson(text, [...path], value);
    // Each key by itself, so that comments and the other keys stay.
    const changed = Object.entries(value).filter(([key, item]) => !isDeepStrictEqual(there[key], item));
    return changed.reduce((done, [key, item]) => setJson(done, [...path, key], item), text);
  },
  replace: (text, path, value) => setJson(text, [...path], value),
  remove: (text, path, original) => withoutEmpty(removeJson(text, [...path]), path.slice(0, -1), original),
  comments(text, path) {
    const root = jsonTree(text);
    const node = root && findNodeAtLocation(root, [...path]);
    const found: string[] = [];
    visit(text, {
      onComment(offset, length) {
        if (!node || offset < node.offset || offset > node.offset + node.length) found.push(text.slice(offset, offset + length));
      },
    });
    return found;
  },
};

/** TOML. */
export const toml: ConfigurationFormat = {
  data: tomlData,
  set: (text, path, value) => setToml(text, path, { ...asObject(valueAt(tomlData(text), path)), ...value }),
  replace: setToml,
  remove: removeToml,
  comments: (text) => text.split(/\r?\n/).filter((line) => /^\s*#/.test(line)),
};

/** What stands at a path of data; undefined where there is nothing. */
export function valueAt(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), data);
}

/** A value as an object of unknown values; empty where it is none. */
export function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonData(text: string): Record<string, unknown> {
  return jsonTree(text) ? asObject(parse(text, [], { allowTrailingComma: true })) : {};
}

/** Without the objects on the way that are empty and were not there before; those that were are written as they were. */
function withoutEmpty(text: string, path: readonly string[], original: string | undefined): string {
  if (original === undefined) return text;
  const root = jsonTree(text);
  const node = root && findNodeAtLocation(root, [...path]);
  if (!node || (node.children?.length ?? 0) > 0) return text;
  const before = jsonTree(original);
  const was = before && findNodeAtLocation(before, [...path]);
  if (!was && path.length > 0) return withoutEmpty(removeJson(text, [...path]), path.slice(0, -1), original);
  const hasOtherComments = json.comments(text, []).join() !== json.comments(original, []).join();
  if (!was || hasOtherComments) return text;
  return `${text.slice(0, node.offset)}${original.slice(was.offset, was.offset + was.length)}${text.slice(node.offset + node.length)}`;
}

/**
 * Puts a value at a path and makes sure, by reading the result, that nothing else changed. Other keys of what stands
 * there stay, but with `replace`. Raises InstallErrors.
 */
export function setChecked(
  format: ConfigurationFormat,
  text: string,
  at: { path: readonly string[]; value: Record<string, unknown>; replace?: boolean },
): string {
  const { path, value, replace } = at;
  const result = onBody(text, (body) => (replace ? format.replace : format.set)(body, path, value));
  const [before, after] = [bodyOf(text), bodyOf(result)];
  const isThere = Object.entries(value).every(([key, item]) => isDeepStrictEqual(valueAt(format.data(after), [...path, key]), item));
  if (!isThere) throw new InstallError(`${path.join('.')} cannot be written`);
  requireSame(format, { before, after, path });
  return result;
}

/** Removes what stands at a path and makes sure, by reading the result, that nothing else changed. Raises InstallErrors. */
export function removeChecked(
  format: ConfigurationFormat,
  text: string,
  { path, original }: { path: readonly string[]; original: string | undefined },
): string {
  const originalBody = original === undefined ? undefined : bodyOf(original);
  const result = onBody(text, (body) => format.remove(body, path, originalBody));
  const [before, after] = [bodyOf(text), bodyOf(result)];
  if (valueAt(format.data(after), path) !== undefined) throw new InstallError(`${path.join('.')} cannot be taken out`);
  requireSame(format, { before, after, path });
  return result;
}

function requireSame(
  format: ConfigurationFormat,
  { before, after, path }: { before: string; after: string; path: readonly string[] },
): void {
  const areSame =
    isDeepStrictEqual(without(format.data(before), path), without(format.data(after), path)) &&
    isDeepStrictEqual(format.comments(before, path), format.comments(after, path));
  if (!areSame) throw new InstallError(`${path.join('.')} cannot be changed without changing something else`);
}

/** Data without what stands at a path, nor what is empty then on the way. */
function without(data: unknown, [key = '', ...inner]: readonly string[]): unknown {
  if (!isObject(data) || !(key in data)) return data;
  const { [key]: value, ...rest } = data;
  const left = inner.length > 0 ? without(value, inner) : undefined;
  return left === undefined || (isObject(left) && Object.keys(left).length === 0) ? rest : { ...rest, [key]: left };
}

const mark = '\uFEFF';

/** A text without the mark of its byte order. */
export function bodyOf(text: string): string {
  return text.startsWith(mark) ? text.slice(1) : text;
}

/** Changes a text behind the mark of its byte order, which stays. */
export function onBody(text: string, change: (body: string) => string): string {
  return text.startsWith(mark) ? mark + change(text.slice(1)) : change(text);
}
