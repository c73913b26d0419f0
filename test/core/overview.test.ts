import { expect, it } from 'vitest';
import { overview } from '../../src/core/overview.js';
import { ann, iso, openRecallHome } from './recall-home.js';

it('counts what happened in each month, also where several events lie between two memories', async () => {
  const home = await openRecallHome();
  const state = (text: string) => ({ text, kind: 'observation' as const, said_at: iso(home.now) });
  home.now = Date.UTC(2023, 10, 5);
  await home.add('a', 'b', 'c');
  await home.write(ann, { event: 'UPDATE', memory_id: 'a', revision: 2, base: 1, state: state('a2') });
  home.now = Date.UTC(2023, 11, 31, 23, 59, 57);
  await home.write(ann, { event: 'UPDATE', memory_id: 'a', revision: 3, base: 2, state: state('a3') });
  await home.write(ann, { event: 'UPDATE', memory_id: 'a', revision: 4, base: 3, state: state('a4') });
  await home.write(ann, { event: 'UPDATE', memory_id: 'a', revision: 5, base: 4, state: state('a5') });
  await home.write(ann, { event: 'DELETE', memory_id: 'b', revision: 1, base: 1 });
  await home.write(ann, { event: 'ERASE', memory_id: 'c', revision: 1, base: 1 });
  home.now = Date.UTC(2024, 2, 1);
  await home.add(
    { text: 'd', subject: 'Mia', entities: ['Berlin', 'berlin'] },
    { text: 'e', subject: 'mia' },
    { text: 'f', expires_at: iso(0) },
  );
  const found = await overview(home.core, ann);
  expect(found.months).toEqual([
    { month: '2023-11', added: 3, changed: 1, forgotten: 0 },
    { month: '2023-12', added: 0, changed: 2, forgotten: 0 },
    { month: '2024-01', added: 0, changed: 1, forgotten: 2 },
    { month: '2024-02', added: 0, changed: 0, forgotten: 0 },
    { month: '2024-03', added: 3, changed: 0, forgotten: 0 },
  ]);
  expect(found).toMatchObject({ live: 3, kinds: { observation: 3 }, forgotten: 1 });
  expect(found.subjects).toEqual([{ subject: 'Mia', memories: 2 }, { memories: 1 }]);
  expect(found.entities).toEqual([{ entity: 'berlin', memories: 1 }]);
});

it('goes back ten years at most, and names fifty subjects at most', async () => {
  const home = await openRecallHome();
  home.now = Date.UTC(2001, 0, 1);
  await home.add('old');
  home.now = Date.UTC(2024, 2, 1);
  await home.add(
    ...Array.from({ length: 60 }, (_, index) => ({ text: `${index}`, subject: `Person ${index}`, entities: [`Town ${index}`] })),
  );
  const { months, subjects, entities } = await overview(home.core, ann);
  expect([months.length, months[0]?.month, months.at(-1)]).toEqual([
    120,
    '2014-04',
    { month: '2024-03', added: 60, changed: 0, forgotten: 0 },
  ]);
  expect([subjects.length, entities.length]).toEqual([50, 50]);
});
