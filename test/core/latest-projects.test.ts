import { expect, it } from 'vitest';
import { mostProjects } from '../../src/core/latest-projects.js';
import type { Space } from '../../src/core/ports.js';
import { ann, openRecallHome } from './recall-home.js';

const projects = Array.from({ length: mostProjects + 3 }, (_, number): Space => `project:p${number}`);

it('of more projects than one answer looks at the ones written to last are searched, and it says how many are not', async () => {
  const home = await openRecallHome();
  await home.add('Tulips of my own.');
  for (const number of [0, 2, 3, mostProjects]) await home.addTo(`project:p${number}`, `Tulips of project ${number}.`);
  home.core.spaces.changedAt = async (space) => Number(space.slice('project:p'.length));
  const everywhere = { spaces: [ann, ...projects], everywhere: true };
  const texts = ['Tulips of my own.', 'Tulips of project 200.', 'Tulips of project 3.'];
  for (const asked of [{ query: 'tulips' }, {}, { profile: true }]) {
    const { memories, degraded } = await home.recall({ ...everywhere, ...asked });
    expect(memories.map(({ memory }) => memory).sort()).toEqual(texts);
    expect(degraded).toEqual(['projects: 3 of 203 were left out, those not written to for longest; name one as project to search it']);
  }
});

it('nothing is left out of as many projects as one answer looks at', async () => {
  const home = await openRecallHome();
  await home.addTo('project:p0', 'Tulips.');
  const { memories, degraded } = await home.recall({ spaces: [ann, ...projects.slice(0, mostProjects)], everywhere: true });
  expect([memories.length, degraded]).toEqual([1, undefined]);
});
