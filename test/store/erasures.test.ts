import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openErasures } from '../../src/store/erasures.js';
import { temporaryHome } from '../support/home.js';

/** A note as a process leaves it that ended at once. */
async function leave(folder: string, name: string, content: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'space'), content);
}

it('a note that was left behind is cleaned once, and one whose name a power cut has torn is passed over', async () => {
  const folder = await temporaryHome();
  await leave(folder, 'empty', '');
  await leave(folder, 'zeros', '\0'.repeat(12));
  await leave(folder, 'whole', 'user:安');
  const cleaned: string[] = [];
  const clean = async (space: string) => {
    cleaned.push(space);
  };
  await openErasures(folder).finish(clean);
  await openErasures(folder).finish(clean);
  expect(cleaned).toEqual(['user:安']);
  expect((await readdir(folder)).sort()).toEqual(['empty', 'zeros']);
});
