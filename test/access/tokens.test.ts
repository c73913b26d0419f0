import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { TokenEntry } from '../../src/access/token-entry.js';
import { changeTokens, readTokens, TokenFileError } from '../../src/access/token-file.js';
import { isToken, newToken, tokenId } from '../../src/access/token-secret.js';
import { watchTokens } from '../../src/access/token-watch.js';
import { temporaryHome } from '../support/home.js';

const alone = <T>(_path: string, work: (lock: { held(): Promise<boolean> }) => Promise<T>) => work({ held: async () => true });
const entry = (id: string, more: Partial<TokenEntry> = {}): TokenEntry => ({
  id: id.padEnd(12, '0'),
  hash: 'a'.repeat(64),
  user: 'ann',
  scopes: ['memory:read'],
  grants: [],
  created_at: '2024-05-01T10:00:00.000Z',
  ...more,
});
const write = (path: string, tokens: unknown[]) => writeFile(path, JSON.stringify({ format: 1, tokens }));
const newFile = async (...tokens: unknown[]) => {
  const path = join(await temporaryHome(), 'tokens.json');
  if (tokens.length > 0) await write(path, tokens);
  return path;
};

/** A watch whose clock is moved by hand, with what it logged. */
async function watched(path: string, required = false) {
  const clock = { now: 0 };
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const logger = { debug: log, info: log, warn: log, error: log };
  const watch = await watchTokens({ path, required, logger, now: () => clock.now });
  const idsLater = async () => {
    clock.now += 1000;
    return [...((await watch.current())?.byId.keys() ?? [])];
  };
  return { watch, logged, idsLater };
}

it('a token names its id, and proves itself by the rest', () => {
  const [one, other] = [newToken(), newToken()];
  expect(one.text).toMatch(/^ks_[0-9a-z]{12}_[\w-]{43}$/);
  expect(tokenId(one.text)).toBe(one.id);
  expect(isToken(one.text, one.hash)).toBe(true);
  expect(isToken(other.text, one.hash)).toBe(false);
  expect(isToken(one.text, undefined)).toBe(false);
  expect([one.id, one.hash]).not.toEqual([other.id, other.hash]);
  for (const text of ['', 'ks__', one.text.slice(0, -1), `${one.text}x`, one.text.toUpperCase(), `x${one.text}`])
    expect(tokenId(text)).toBeUndefined();
});

it('the file is private, replaced as a whole, and leaves nothing beside it', async () => {
  const path = await newFile();
  await changeTokens(path, alone, (tokens) => ({ tokens: [...tokens, entry('one')], answer: undefined }));
  expect(await changeTokens(path, alone, (tokens) => ({ tokens: [...tokens, entry('two')], answer: tokens.length }))).toBe(1);
  expect((await readTokens(path))?.map(({ id }) => id)).toEqual(['one000000000', 'two000000000']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(dirname(path))).toEqual(['tokens.json']);
});

it('what a process decided that has lost its lock is not written', async () => {
  const path = await newFile(entry('one'));
  const lost = <T>(_path: string, work: (lock: { held(): Promise<boolean> }) => Promise<T>) => work({ held: async () => false });
  await expect(changeTokens(path, lost, () => ({ tokens: [], answer: undefined }))).rejects.toBeInstanceOf(TokenFileError);
  expect(await readTokens(path)).toHaveLength(1);
  expect(await readdir(dirname(path))).toEqual(['tokens.json']);
});

it('a damaged file is refused with what is wrong and none of its text, and never overwritten', async () => {
  const path = await newFile();
  const damages: [string, RegExp][] = [
    ['', /no valid JSON/],
    ['{"format":1,"tokens":[{"id":"secret', /no valid JSON/],
    [JSON.stringify({ format: 2, tokens: [] }), /format/],
    [JSON.stringify({ format: 1, tokens: [entry('one'), entry('one')] }), /same id/],
    [JSON.stringify({ format: 1, tokens: [{ ...entry('one'), hash: undefined }] }), /either a hash or a subject/],
    [JSON.stringify({ format: 1, tokens: [{ ...entry('one'), subject: 'ann' }] }), /either a hash or a subject/],
    [JSON.stringify({ format: 1, tokens: [{ ...entry('one'), scopes: ['memory:everything'] }] }), /scopes/],
    [JSON.stringify({ format: 1, tokens: [{ ...entry('one'), user: '' }] }), /cannot be used: tokens\[0\]\.user: [^✖→\n]+; mend it, or/],
    [JSON.stringify({ format: 1, tokens: [{ ...entry('one'), grants: [{ space: 'ship', write: true }] }] }), /project:NAME/],
    [JSON.stringify({ format: 1, tokens: [{ ...entry('one'), grants: [{ space: 'user:*', write: true }] }] }), /project:NAME/],
    [JSON.stringify({ format: 1, tokens: [{ ...entry('one'), admin: true }] }), /admin/],
  ];
  for (const [text, reason] of damages) {
    await writeFile(path, text);
    await expect(readTokens(path)).rejects.toThrow(reason);
    await expect(readTokens(path)).rejects.not.toThrow(/secret/);
    await expect(changeTokens(path, alone, () => ({ tokens: [], answer: undefined }))).rejects.toBeInstanceOf(TokenFileError);
    await expect(watched(path)).rejects.toBeInstanceOf(TokenFileError);
    expect(await readFile(path, 'utf8')).toBe(text);
  }
});

it('a change is in force a second later, and the file is looked at no more often', async () => {
  const path = await newFile(entry('one'));
  const { watch, idsLater } = await watched(path);
  await write(path, [entry('one'), entry('two', { hash: undefined, subject: 'sub' })]);
  expect((await watch.current())?.byId.size).toBe(1);
  expect(await idsLater()).toEqual(['one000000000', 'two000000000']);
  expect((await watch.current())?.bySubject.get('sub')?.user).toBe('ann');
  await write(path, [entry('two')]);
  expect(await idsLater()).toEqual(['two000000000']);
});

it('a file that is damaged or gone while it is watched opens no door: the last good one stays, and the log says so once', async () => {
  const path = await newFile(entry('one'));
  const { logged, idsLater } = await watched(path);
  await writeFile(path, '{');
  expect(await idsLater()).toEqual(['one000000000']);
  expect(await idsLater()).toEqual(['one000000000']);
  expect(logged).toEqual(['the file of tokens cannot be read; what was read of it last stays in force']);
  await rm(path);
  expect(await idsLater()).toEqual(['one000000000']);
  expect(await idsLater()).toEqual(['one000000000']);
  expect(logged.slice(1)).toEqual(['the file of tokens is gone; what was read of it last stays in force']);
  await write(path, [entry('two')]);
  expect(await idsLater()).toEqual(['two000000000']);
});

it('a file that comes later is taken up; one that comes damaged lets nobody in', async () => {
  const path = await newFile();
  const first = await watched(path);
  expect(await first.watch.current()).toBeUndefined();
  await writeFile(path, '{');
  expect(await first.idsLater()).toEqual([]);
  expect(await first.watch.current()).toBeDefined();
  await write(path, [entry('one')]);
  expect(await first.idsLater()).toEqual(['one000000000']);
});

it('a file that was asked for by name must be there at the start', async () => {
  await expect(watched(await newFile(), true)).rejects.toThrow(/keepsake-mcp token add --user NAME --tokens /);
});
