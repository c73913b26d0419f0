import { beforeEach, expect, it } from 'vitest';
import { glance } from '../../src/core/glance.js';
import { keepView } from '../../src/core/kept-view.js';
import type { HistoryLog, Space } from '../../src/core/ports.js';
import { applyAll, createView } from '../../src/core/view.js';
import { append, batchOf, openLog, start } from '../store/log-fixtures.js';
import { temporaryHome } from '../support/home.js';

const ann: Space = 'user:ann';

let home: string;
let released: Space[];
beforeEach(async () => {
  home = await temporaryHome();
  released = [];
});

/** The history of a process that only looks. */
function openGlances(): HistoryLog {
  const { log } = openLog(home);
  return {
    ...log,
    release(space) {
      released.push(space);
      log.release(space);
    },
  };
}

it('a glance at a space sees what its log adds up to, with a checkpoint or without, and holds nothing of it', async () => {
  const glances = openGlances();
  const { log } = openLog(home);
  await append(log, ann, ['tea', 'coffee']);
  const first = await glance(glances, ann);
  expect([...first.memories.keys()]).toEqual(['tea', 'coffee']);
  expect(first.position).toMatchObject({ sequence: 2 });

  const view = createView(ann);
  const { position } = await log.read(ann, start);
  applyAll(view, batchOf(1, ['tea', 'coffee']), 'UTC');
  await log.checkpoint(ann, keepView(view), position);
  await append(log, ann, ['milk'], position);
  const second = await glance(glances, ann);
  expect([...second.memories.keys()]).toEqual(['tea', 'coffee', 'milk']);
  expect(second.position).toMatchObject({ sequence: 3 });
  expect(released).toEqual([ann, ann]);
});

it('a glance that fails holds nothing either', async () => {
  const glances = { ...openGlances(), read: () => Promise.reject(new Error('broken')) };
  await expect(glance(glances, ann)).rejects.toThrow('broken');
  expect(released).toEqual([ann]);
});
