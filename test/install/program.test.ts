import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyProgram, lastingNode, lastingProgram, removeUnusedPrograms } from '../../src/install/program.js';
import { temporaryHome } from '../support/home.js';
import { read, write } from './support.js';

describe('the Node that clients start', () => {
  it.each([
    '/home/a/.nvm/versions/node/v22.1.0/bin/node',
    '/home/a/.local/share/fnm/node-versions/v22.1.0/installation/bin/node',
    'C:\\Users\\a\\AppData\\Roaming\\nvm\\v22.1.0\\node.exe',
    '/home/a/.volta/tools/image/node/22.1.0/bin/node',
    '/home/a/.local/share/mise/installs/node/22.1.0/bin/node',
  ])('is named with a warning where it may be gone one day: %s', (path) => {
    expect(lastingNode(path)).toEqual({ command: path, warning: expect.stringContaining('run this command again') });
  });

  it.each(['/usr/bin/node', 'C:\\Program Files\\nodejs\\node.exe'])('is named without more where it stays: %s', (path) => {
    expect(lastingNode(path)).toEqual({ command: path });
  });

  it('is the link that Homebrew keeps rather than the version behind it', async () => {
    const folder = await temporaryHome();
    const real = join(folder, 'Cellar', 'node', '22.1.0', 'bin', 'node');
    await write(real, '');
    await mkdir(join(folder, 'bin'));
    await symlink(real, join(folder, 'bin', 'node'));
    expect(lastingNode(real)).toEqual({ command: join(folder, 'bin', 'node') });
  });
});

describe('the program that clients start', () => {
  it('is the one that runs, its links followed, unless it lies in the cache of npx', async () => {
    const folder = await temporaryHome();
    const main = join(folder, 'lib', 'node_modules', 'keepsake-mcp', 'dist', 'main.js');
    await write(main, '');
    await symlink(main, join(folder, 'keepsake-mcp'));
    expect(lastingProgram({ script: join(folder, 'keepsake-mcp'), home: folder, version: '1' })).toEqual({ main });
  });

  it('is copied with its packages, which links between them survive, and goes when no client needs it', async () => {
    const folder = await temporaryHome();
    const home = join(folder, 'home');
    const modules = join(folder, '_npx', 'ab12', 'node_modules');
    await write(join(modules, 'keepsake-mcp', 'dist', 'main.js'), 'main');
    await write(join(modules, 'chromadb', 'index.js'), 'chroma');
    await mkdir(join(modules, '.bin'));
    await symlink('../keepsake-mcp/dist/main.js', join(modules, '.bin', 'keepsake-mcp'));
    const choice = lastingProgram({ script: join(modules, '.bin', 'keepsake-mcp'), home, version: '1.2.3' });
    expect(choice.main).toBe(join(home, 'program', '1.2.3', 'node_modules', 'keepsake-mcp', 'dist', 'main.js'));
    await copyProgram(choice);
    expect(await read(choice.main)).toBe('main');
    expect(await read(join(home, 'program', '1.2.3', 'node_modules', '.bin', 'keepsake-mcp'))).toBe('main');
    expect(await readdir(join(home, 'program'))).toEqual(['1.2.3']);

    await write(join(home, 'program', '1.0.0', 'old.js'), '');
    await removeUnusedPrograms(home, [choice.main]);
    expect(await readdir(join(home, 'program'))).toEqual(['1.2.3']);
    await removeUnusedPrograms(home, []);
    expect(await readdir(home)).toEqual([]);
  });
});
