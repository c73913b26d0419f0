import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openHome } from '../../src/store/home.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepsake-home-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

it('a new home has private folders and files', async () => {
  const path = join(folder, 'deep', 'home');
  const home = await openHome(path);
  expect((await readdir(path)).sort()).toEqual(['access', 'cache', 'chroma', 'confirm', 'history', 'home.json', 'locks']);
  expect(home.folders.history).toBe(join(path, 'history'));
  expect(home.historyId).toMatch(/^[0-9a-f]{32}$/);
  expect(home.device).not.toBe('');
  const { attachments, checkpoints, ...made } = home.folders;
  for (const private_ of [path, ...Object.values(made)]) expect(await modeOf(private_)).toBe(0o700);
  expect([attachments, checkpoints]).toEqual([join(path, 'attachments'), join(path, 'checkpoints')]);
  expect(await modeOf(join(path, 'home.json'))).toBe(0o600);
});

it('an empty folder becomes private, one that holds other things keeps its permissions', async () => {
  const [empty, used] = [join(folder, 'empty'), join(folder, 'used')];
  for (const path of [empty, used]) await mkdir(path, { mode: 0o755 });
  await writeFile(join(used, 'note.txt'), 'mine');
  await openHome(empty);
  await openHome(used);
  expect(await modeOf(empty)).toBe(0o700);
  expect(await modeOf(used)).toBe(0o755);
});

it('keeps its id when it is opened again', async () => {
  expect((await openHome(folder)).historyId).toBe((await openHome(folder)).historyId);
});

it('gets one id when many open it for the first time at once', async () => {
  const homes = await Promise.all(Array.from({ length: 12 }, () => openHome(folder)));
  expect(new Set(homes.map(({ historyId }) => historyId)).size).toBe(1);
  expect(JSON.parse(await readFile(join(folder, 'home.json'), 'utf8'))).toEqual({ format: 1, history_id: homes[0]!.historyId });
});

it('is left alone by a program that is older than its format', async () => {
  const content = '{"format":2,"something":"new"}';
  await writeFile(join(folder, 'home.json'), content);
  await expect(openHome(folder)).rejects.toMatchObject({
    code: 'update_needed',
    message: expect.stringContaining('npx -y keepsake-mcp@latest'),
  });
  expect(await readFile(join(folder, 'home.json'), 'utf8')).toBe(content);
});

it.each(['', '{"format":1', '{"format":1,"history_id":"../x"}', '[]'])('says what to do when home.json is %j', async (content) => {
  await writeFile(join(folder, 'home.json'), content);
  await expect(openHome(folder)).rejects.toMatchObject({ code: 'log_unavailable', message: expect.stringContaining('delete it') });
});

it.runIf(process.platform === 'linux')('a home that cannot be made since its parent takes nothing is named at once', async () => {
  await expect(openHome('/proc/keepsake/home')).rejects.toMatchObject({
    code: 'log_unavailable',
    message: expect.stringMatching(/^The home \/proc\/keepsake\/home cannot be used \(ENOENT/),
  });
});

it('an impossible home is named with the setting that fixes it', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  for (const path of [file, join(file, 'below')]) {
    await expect(openHome(path)).rejects.toMatchObject({
      code: 'log_unavailable',
      message: expect.stringMatching(new RegExp(`^The home ${path} cannot be used .*KEEPSAKE_HOME`)),
    });
  }
});
