import { expect, it } from 'vitest';
import { nearMiss } from '../../src/cli/near-miss.js';

const known = ['remember', 'recall', 'list', 'ui', 'KEEPSAKE_MODEL'];

it('finds what a misspelt or begun word was meant to be, in any case', () => {
  expect(['remembr', 'recal', 'rem', 'Recall', 'lits', 'keepsake_modle'].map((word) => nearMiss(word, known))).toEqual([
    'remember',
    'recall',
    'remember',
    'recall',
    'list',
    'KEEPSAKE_MODEL',
  ]);
});

it('finds nothing near what is something else', () => {
  expect(['dance', 'x', 'list everything', 'x'.repeat(10_000), ''].map((word) => nearMiss(word, known))).toEqual(Array(5).fill(undefined));
});
