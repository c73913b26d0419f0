import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { openClaims } from '../../src/store/claims.js';
import { bundle } from '../support/bundle.js';
import { start } from '../support/children.js';
import { temporaryHome } from '../support/home.js';

let program: string;
let folder: string;

beforeAll(async () => {
  program = await bundle('test/store/lock-program.ts');
});
beforeEach(async () => {
  folder = await temporaryHome();
});

it('gives an input to one at a time', async () => {
  const [here, there] = [openClaims(folder), openClaims(folder)];
  const release = await here.claim('one');
  expect(release).toBeDefined();
  expect(await there.claim('one')).toBeUndefined();
  expect(await there.claim('two')).toBeDefined();
  await release?.();
  expect(await there.claim('one')).toBeDefined();
});

it('leaves nothing behind when a claim is given back', async () => {
  await (await openClaims(folder).claim('one'))?.();
  expect(await readdir(folder)).toEqual([]);
});

it('gives the input of a dead process to the next one at once', async () => {
  const owner = start(process.execPath, [program, 'hold', join(folder, 'input-one')]);
  await owner.says('held');
  expect(await openClaims(folder).claim('one')).toBeUndefined();
  owner.kill('SIGKILL');
  await owner.ended;
  expect(await openClaims(folder).claim('one')).toBeDefined();
});

it('gives an input on when nobody can have worked on it for so long', async () => {
  expect(await openClaims(folder).claim('one')).toBeDefined();
  const old = new Date(Date.now() - 3_600_000);
  await utimes(join(folder, 'input-one', '1'), old, old);
  expect(await openClaims(folder).claim('one')).toBeDefined();
});

it('gives an input to one of many that ask and give back at the same time', async () => {
  const claims = openClaims(folder);
  let owners = 0;
  let turns = 0;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      while (turns < 20) {
        const release = await claims.claim('one');
        if (!release) continue;
        owners += 1;
        expect(owners).toBe(1);
        turns += 1;
        owners -= 1;
        await release();
      }
    }),
  );
});
