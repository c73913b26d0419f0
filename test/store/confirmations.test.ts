import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Confirmation } from '../../src/core/ports.js';
import { openConfirmations } from '../../src/store/confirmations.js';

const start = Date.parse('2024-05-01T10:00:00Z');
let folder = '';
let now = start;
const open = () => openConfirmations({ folder, clock: { now: () => now } });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepsake-confirm-'));
  now = start;
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const confirmation: Confirmation = {
  memories: [{ space: 'user:ann', id: 'm1', revision: 2 }],
  erase: true,
  reason: 'outdated',
  expires_at: '2024-05-01T10:10:00Z',
};

it('a preview is confirmed once, in any process of the home', async () => {
  const token = await open().put(confirmation);
  expect(await open().peek(token)).toEqual(confirmation);
  expect(await open().consume(token)).toBe(true);
  expect(await open().consume(token)).toBe(false);
  expect(await open().peek(token)).toBeUndefined();
});

it('of many that confirm at once exactly one wins', async () => {
  const token = await open().put(confirmation);
  const wins = await Promise.all(Array.from({ length: 20 }, () => open().consume(token)));
  expect(wins.filter(Boolean)).toHaveLength(1);
});

it('an expired token is unknown, and swept at the next preview while others stay', async () => {
  const token = await open().put(confirmation);
  now = start + 5 * 60_000;
  const later = await open().put({ ...confirmation, expires_at: '2024-05-01T10:15:00Z' });
  now = start + 10 * 60_000;
  expect(await open().peek(token)).toBeUndefined();
  expect(await open().consume(token)).toBe(false);
  const last = await open().put({ ...confirmation, expires_at: '2024-05-01T10:20:00Z' });
  expect((await readdir(folder)).sort()).toEqual([later, last].sort());
});

it('tokens are different every time and their files private', async () => {
  const tokens = await Promise.all([open().put(confirmation), open().put(confirmation)]);
  expect(tokens[0]).not.toBe(tokens[1]);
  for (const token of tokens) expect((await stat(join(folder, token))).mode & 0o777).toBe(0o600);
});

it('what is no token is unknown and touches no file', async () => {
  const token = await open().put(confirmation);
  const outside = `${folder}-outside`;
  await writeFile(outside, JSON.stringify(confirmation));
  try {
    const wrong = [
      '',
      '.',
      `../${folder.split('/').at(-1)}-outside`,
      `./${token}`,
      `${token}\0`,
      token.toUpperCase(),
      `${token.slice(0, -1)}!`,
      'x'.repeat(9999),
    ];
    for (const text of wrong) {
      expect(await open().peek(text)).toBeUndefined();
      expect(await open().consume(text)).toBe(false);
    }
    await stat(outside);
    expect(await open().peek(token)).toEqual(confirmation);
  } finally {
    await rm(outside);
  }
});
