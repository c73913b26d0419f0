import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProject, type ProjectSources } from '../../src/store/current-project.js';

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'keepsake-project-')));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const find = (sources: Partial<ProjectSources>) => findProject({ setting: 'auto', roots: [], env: {}, cwd: folder, ...sources });

async function repository(name: string, config = ''): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '.git'), { recursive: true });
  await writeFile(join(path, '.git', 'config'), config);
  return path;
}
const withOrigin = (url: string) =>
  `[core]\n\tbare = false\n[remote "upstream"]\n\turl = https://x.example/up/stream\n[remote "origin"]\n\turl = ${url}\n`;

describe('the current project', () => {
  it('is the setting where that is a name, and nothing where it is none', async () => {
    expect(await find({ setting: 'Cafe\u0301', cwd: await repository('a') })).toBe('Café');
    expect(await find({ setting: 'none', cwd: await repository('a') })).toBeUndefined();
  });

  it.each([
    ['https://github.com/ann/shop.git', 'ann/shop'],
    ['https://user:secret@github.com:443/ann/shop/', 'ann/shop'],
    ['ssh://git@host.example:2222/ann/shop.git', 'ann/shop'],
    ['git@github.com:ann/shop.git', 'ann/shop'],
    ['git@github.com:/ann/shop.git', 'ann/shop'],
    ['host.example:ann/shop', 'ann/shop'],
    ['https://gitlab.example/group/sub/shop.git', 'group/sub/shop'],
    ['"https://github.com/ann/shop.git" ; mine', 'ann/shop'],
    ['https://github.com/ann/git.github.git # mine', 'ann/git.github'],
    ['/srv/git/shop.git', 'clone'],
    ['../shop', 'clone'],
    ['file:///srv/git/shop.git', 'clone'],
    ['C:\\git\\shop', 'clone'],
    ['C:/git/shop', 'clone'],
    ['', 'clone'],
    [`https://x.example/${'a'.repeat(130)}`, 'clone'],
  ])('with the origin %j is %j', async (url, project) => {
    expect(await find({ cwd: await repository('clone', withOrigin(url)) })).toBe(project);
  });

  it('is the folder name of a repository without origin, seen from any folder in it', async () => {
    const root = await repository('my shop', '[remote "upstream"]\n\turl = https://github.com/ann/shop\n');
    await mkdir(join(root, 'src', 'deep'), { recursive: true });
    expect(await find({ cwd: join(root, 'src', 'deep') })).toBe('my shop');
    expect(await find({ cwd: join(root, 'not', 'there') })).toBe('my shop');
  });

  it("comes from the client's roots before CLAUDE_PROJECT_DIR before the working directory", async () => {
    const [one, two, three] = [await repository('one'), await repository('two two'), await repository('three')];
    const env = { CLAUDE_PROJECT_DIR: one };
    expect(await find({ roots: [pathToFileURL(two).href], env, cwd: three })).toBe('two two');
    expect(await find({ roots: [two], env, cwd: three })).toBe('two two');
    expect(await find({ env, cwd: three })).toBe('one');
    expect(await find({ cwd: three })).toBe('three');
  });

  it('is looked for in the next place where there is no git root or no folder', async () => {
    const project = await repository('project');
    await mkdir(join(folder, 'plain'));
    const roots = ['https://x.example/', 'vscode-remote://ssh/x', 'file://elsewhere/x', '', join(folder, 'plain'), project];
    expect(await find({ roots, cwd: folder })).toBe('project');
    expect(await find({ roots: [join(folder, 'plain')], cwd: folder })).toBeUndefined();
  });

  it('of a worktree is that of its repository', async () => {
    const main = await repository('main', withOrigin('git@github.com:ann/shop.git'));
    const own = join(main, '.git', 'worktrees', 'fix');
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'commondir'), '../..\n');
    const tree = join(folder, 'fix');
    await mkdir(tree);
    await writeFile(join(tree, '.git'), `gitdir: ${own}\n`);
    expect(await find({ cwd: tree })).toBe('ann/shop');
  });

  it('of a submodule is its own', async () => {
    const main = await repository('main', withOrigin('git@github.com:ann/shop.git'));
    const modules = join(main, '.git', 'modules', 'library');
    await mkdir(modules, { recursive: true });
    await writeFile(join(modules, 'config'), withOrigin('https://github.com/bob/library'));
    await mkdir(join(main, 'library'));
    await writeFile(join(main, 'library', '.git'), 'gitdir: ../.git/modules/library\n');
    expect(await find({ cwd: join(main, 'library') })).toBe('bob/library');
  });
});
