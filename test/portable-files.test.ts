import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { program, startServer } from './support/server.js';

/** Names that Windows refuses or changes: its signs, its devices, and what ends in a dot or a space. */
const refusedNames = /[<>:"/\\|?*\p{Cc}]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;

it('the files of a home have names that every file system takes and tells apart', async () => {
  const server = await startServer();
  for (const user_id of ['CON', 'a:b', 'A:b', 'q?*<>|"', 'dot.', 'Zoë', 'C:\\Users\\Ann']) {
    await server.call('remember', { content: 'The harbour opens at dawn.', user_id });
    await server.call('forget', { all: true, erase: true, user_id });
  }
  await server.call('remember', { content: 'The harbour opens at dawn.', project: 'acme/../web:8080' });
  await server.stop();
  const paths = await readdir(server.home, { recursive: true });
  expect(paths.filter((path) => path.startsWith('history'))).toHaveLength(1 + 8);
  expect(paths.map((path) => basename(path)).filter((name) => refusedNames.test(name))).toEqual([]);
  expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
});

it('a history that an editor gave the line ends of Windows is read, continued and erased from as before', async () => {
  const before = await startServer();
  const { results } = (await before.call('remember', { content: 'The harbour opens at dawn.', infer: false })).structured;
  await before.call('remember', { content: 'The harbour closes at dusk.', infer: false });
  await before.stop();
  const file = join(before.home, 'history', 'user-default.jsonl');
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('\n', '\r\n'));

  const after = await startServer({ home: before.home });
  await after.call('remember', { content: 'The pier is closed.', infer: false });
  expect((await after.call('recall')).structured.total).toBe(3);
  const { confirm_token } = (await after.call('forget', { memory_ids: [results[0]?.id], erase: true })).structured;
  expect((await after.call('forget', { confirm: confirm_token })).structured.forgotten).toHaveLength(1);
  expect((await after.call('recall')).structured.memories.map(({ memory }) => memory)).toEqual([
    'The pier is closed.',
    'The harbour closes at dusk.',
  ]);
  expect(after.log()).toBe('');
  await after.stop();
});

it('the published build has no fault points', async () => {
  const dist = dirname(program);
  const files = (await readdir(dist)).filter((name) => name.endsWith('.js'));
  const held = await Promise.all(files.map(async (name) => (await readFile(join(dist, name), 'utf8')).includes('KEEPSAKE_FAULT')));
  expect(files).toContain('main.js');
  expect(held).not.toContain(true);
});
