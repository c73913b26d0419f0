import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Logger } from '../../src/core/ports.js';
import { openAccessLog } from '../../src/store/access-log.js';

let folder = '';
let warnings: string[] = [];
const ignore = () => undefined;
const logger: Logger = { debug: ignore, info: ignore, warn: (message) => warnings.push(message), error: ignore };
const open = (options: { enabled?: boolean; maximumBytes?: number; folder?: string } = {}) =>
  openAccessLog({ folder, enabled: true, logger, ...options });
const read = (second: number, ...ids: string[]) => ({
  at: `2024-05-01T10:00:${String(second).padStart(2, '0')}.000Z`,
  call_id: `c${second}`,
  memories: ids.map((id) => ({ id, space: 'user:ann' })),
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keepsake-access-'));
  warnings = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('remembers the last time that a memory was read, also over a restart', () => {
  const log = open();
  log.record(read(2, 'a', 'b'));
  log.record(read(1, 'a'));
  log.record(read(3, 'b'));
  for (const any of [log, open()]) {
    expect(any.lastRecalledAt('a')).toBe(read(2).at);
    expect(any.lastRecalledAt('b')).toBe(read(3).at);
    expect(any.lastRecalledAt('c')).toBeUndefined();
  }
  expect(statSync(join(folder, 'access.jsonl')).mode & 0o777).toBe(0o600);
});

it('sees what other processes note', async () => {
  const [one, two] = [open(), open()];
  expect(one.lastRecalledAt('a')).toBeUndefined();
  two.record(read(1, 'a'));
  await nextTurn();
  expect(one.lastRecalledAt('a')).toBe(read(1).at);
  two.record(read(2, 'a'));
  await nextTurn();
  expect(one.lastRecalledAt('a')).toBe(read(2).at);
});

it('is rotated, stays bounded, and other processes follow', async () => {
  const [writer, reader] = [open({ maximumBytes: 300 }), open({ maximumBytes: 300 })];
  for (let second = 1; second < 60; second++) {
    writer.record(read(second, 'a', `m${second}`));
    await nextTurn();
    expect(reader.lastRecalledAt('a')).toBe(read(second).at);
  }
  expect(readdirSync(folder).sort()).toEqual(['access.jsonl', 'access.previous.jsonl']);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThan(400);
  expect(open().lastRecalledAt('m59')).toBe(read(59).at);
  expect(open().lastRecalledAt('m56')).toBe(read(56).at);
});

it('misses nothing of a rotation that happened since the last look', async () => {
  const [writer, reader] = [open({ maximumBytes: 300 }), open()];
  writer.record(read(1, 'm1'));
  expect(reader.lastRecalledAt('m1')).toBe(read(1).at);
  await nextTurn();
  for (let second = 2; second <= 8; second++) writer.record(read(second, `m${second}`));
  expect(statSync(join(folder, 'access.jsonl')).size).toBeGreaterThan(200);
  for (let second = 2; second <= 8; second++) expect(reader.lastRecalledAt(`m${second}`)).toBe(read(second).at);
});

it('passes over torn and foreign lines', () => {
  open().record(read(1, 'a'));
  appendFileSync(join(folder, 'access.jsonl'), '{"at":"20\n{"other":true}\n');
  open().record(read(2, 'b'));
  appendFileSync(join(folder, 'access.jsonl'), '{"at":"2025-01-01T00:00:00.000Z","memory_ids":["a"]}');
  expect(open().lastRecalledAt('a')).toBe(read(1).at);
  expect(open().lastRecalledAt('b')).toBe(read(2).at);
});

it('writes and knows nothing when it is switched off', () => {
  open().record(read(1, 'a'));
  const before = readFileSync(join(folder, 'access.jsonl'), 'utf8');
  const log = open({ enabled: false });
  log.record(read(2, 'a'));
  expect(log.lastRecalledAt('a')).toBeUndefined();
  expect(readFileSync(join(folder, 'access.jsonl'), 'utf8')).toBe(before);
});

it('fails no read when it cannot be written, and says so once', () => {
  const log = open({ folder: join(folder, 'missing') });
  log.record(read(1, 'a'));
  log.record(read(2, 'a'));
  expect(log.lastRecalledAt('a')).toBeUndefined();
  expect(warnings).toHaveLength(1);
});

it('gives what was read, the newest first, space by space and out of both of its files', () => {
  const log = open({ maximumBytes: 2000 });
  for (let second = 1; second < 30; second++) log.record(read(second, 'a', `m${second}`));
  log.record({
    ...read(31),
    client: 'desk',
    memories: [
      { id: 'b', space: 'user:ann' },
      { id: 'c', space: 'project:web' },
    ],
  });
  log.record(read(32));
  const reads = [...open().reads()];
  const common = { at: read(31).at, client: 'desk', call_id: 'c31' };
  expect(reads.slice(0, 2)).toEqual([
    { ...common, space: 'project:web', memory_ids: ['c'] },
    { ...common, space: 'user:ann', memory_ids: ['b'] },
  ]);
  expect(reads.slice(2).map(({ call_id }) => call_id)).toEqual(Array.from({ length: reads.length - 2 }, (_, index) => `c${29 - index}`));
  expect(statSync(join(folder, 'access.jsonl')).size).toBeLessThan(2300);
  expect(reads.length).toBeGreaterThan(20);
});

it('gives reads whole that lie across the pieces in which the file is read, and those that earlier versions noted', () => {
  appendFileSync(join(folder, 'access.jsonl'), '{"at":"2024-05-01T09:00:00.000Z","call_id":"old","memory_ids":["a"]}\n');
  const ids = Array.from({ length: 7000 }, (_, index) => `memory-${index}`);
  open().record(read(1, ...ids));
  open().record(read(2, ...ids));
  expect([...open().reads()].map(({ call_id, space, memory_ids }) => [call_id, space, memory_ids.length])).toEqual([
    ['c2', 'user:ann', 7000],
    ['c1', 'user:ann', 7000],
    ['old', undefined, 1],
  ]);
});

it('notes what a person looked at, which is no recall', () => {
  const log = open();
  log.record(read(1, 'a'));
  log.record({ ...read(2, 'a', 'b'), looking: true });
  for (const any of [log, open()]) {
    expect([any.lastRecalledAt('a'), any.lastRecalledAt('b')]).toEqual([read(1).at, undefined]);
    expect([...any.reads()].map(({ looking }) => looking)).toEqual([true, undefined]);
  }
});
