import { readFile } from 'node:fs/promises';
import { readLocomo } from './locomo.mjs';

/** One of the question sets of this project, by its language: one conversation. */
async function readOwnSet(language) {
  const { memories, questions } = JSON.parse(await readFile(new URL(`../questions/${language}.json`, import.meta.url), 'utf8'));
  return { name: language, conversations: [{ memories, questions }], apart: [] };
}

/** The sets that are asked for: LoCoMo from the caller's file, and this project's own by their languages. */
export function readSets({ locomo, sets }) {
  return Promise.all([...(locomo === undefined ? [] : [readLocomo(locomo)]), ...sets.map(readOwnSet)]);
}
