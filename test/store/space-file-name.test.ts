import { expect, it } from 'vitest';
import type { Space } from '../../src/core/ports.js';
import { fileNamePart, spaceFileName, spaceOfFileName } from '../../src/store/space-file-name.js';

const names = [
  'ann',
  'Ann',
  'ANN',
  'CON',
  'con',
  'NUL',
  '.',
  '..',
  'a/b',
  'a\\b',
  'a_2fb',
  'a b',
  'a b ',
  'ann@example.com',
  'é',
  'e\u0301',
  '张三',
  '😀',
  'user-ann',
  '-',
  'x'.repeat(128),
  'X'.repeat(128),
  `${'X'.repeat(127)}Y`,
  '张'.repeat(128),
];
const spaces = names.flatMap((name): Space[] => [`user:${name}`, `project:${name}`]);

it('different spaces have different file names of harmless lower-case ASCII', () => {
  const fileNames = spaces.map(spaceFileName);
  expect(new Set(fileNames).size).toBe(spaces.length);
  for (const fileName of fileNames) expect(fileName).toMatch(/^(user|project)-[a-z0-9_~-]{1,150}$/);
});

it('names stay readable where they can', () => {
  expect(spaceFileName('user:default')).toBe('user-default');
  expect(spaceFileName('project:acme/web-shop')).toBe('project-acme_2fweb-shop');
  expect(spaceFileName('user:Ann')).toBe('user-_41nn');
  expect(spaceFileName('user:é')).toBe('user-_c3_a9');
});

it('an overlong name is its beginning and a hash', () => {
  expect(fileNamePart('x'.repeat(150))).toBe('x'.repeat(150));
  expect(fileNamePart('x'.repeat(151))).toMatch(/^x{60}~[0-9a-f]{64}$/);
});

it('a file name leads back to its space unless it was shortened', () => {
  for (const space of spaces) {
    const fileName = spaceFileName(space);
    expect(spaceOfFileName(fileName)).toBe(fileName.includes('~') ? undefined : space);
  }
});

it.each(['ann', 'user-', 'user-Ann', 'user-_61nn', 'user-_ff', 'user-a_2', 'other-ann', 'user-a.b'])(
  '%s stands for no space',
  (fileName) => {
    expect(spaceOfFileName(fileName)).toBeUndefined();
  },
);
