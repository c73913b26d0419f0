import { writeFile } from 'node:fs/promises';
import { withServerMemory } from './compared-servers.mjs';
import { bm25 } from './quality/bm25.mjs';
import { keepsakeSystem } from './quality/keepsake.mjs';
import { measure } from './quality/measures.mjs';
import { withMisspellings } from './quality/misspelling.mjs';
import { circumstances, markdown, updatePage } from './quality/page.mjs';
import { serverMemorySystems } from './quality/server-memory.mjs';
import { readSets } from './quality/sets.mjs';
import { vectors } from './quality/vectors.mjs';
import { table } from './table.mjs';

/**
 * What Keepsake must reach on questions as they were written: R@10 in percent, of all or of a category, and MRR. For the
 * own sets it is a point under what is reached now, so that a change that loses shows.
 */
const limits = {
  LoCoMo: { 'R@10': 80, MRR: 0.64, temporal: 86, 'multi-hop': 50 },
  en: { 'R@10': 87.4, MRR: 0.722 },
  zh: { 'R@10': 83, MRR: 0.666 },
};

/** Calls `work` with the systems of these names; the official memory server is installed for as long as it takes. */
function withSystems(names, work) {
  const own = { keepsake: keepsakeSystem, bm25, vectors };
  const unknown = names.find((name) => !(name in own) && name !== 'server-memory');
  if (unknown !== undefined) throw new Error(`unknown system ${unknown}; known are ${Object.keys(own).join(', ')}, server-memory`);
  const chosen = Object.entries(own).flatMap(([name, system]) => (names.includes(name) ? [system] : []));
  if (!names.includes('server-memory')) return work(chosen);
  return withServerMemory((rival) => work([...chosen, ...serverMemorySystems(rival)]));
}

const percent = (number) => number.toFixed(1);

function tableOf(rows) {
  const categories = Object.keys(rows[0].categories);
  // Of a category R@10 stands for all.
  const headings = ['system', 'R@5', 'R@10', 'R@20', 'MRR', ...categories, 'p50 ms', 'p95 ms'];
  const cells = rows.map((row) => [
    row.system,
    ...['R@5', 'R@10', 'R@20'].map((name) => percent(row[name])),
    row.MRR.toFixed(3),
    ...categories.map((name) => percent(row.categories[name]['R@10'])),
    percent(row.p50),
    percent(row.p95),
  ]);
  return [headings, cells];
}

function sizeOf({ conversations, apart }, { questions, categories }) {
  const memories = conversations.reduce((sum, conversation) => sum + conversation.memories.length, 0);
  const each = Object.entries(categories).map(([name, some]) => `${name} ${some.questions}${apart.includes(name) ? ' (apart)' : ''}`);
  return `${conversations.length} × ${Math.round(memories / conversations.length)} memories, ${questions} questions: ${each.join(', ')}`;
}

/** The limits that a row does not keep, in words. */
function missed(name, row) {
  return Object.entries(limits[name] ?? {}).flatMap(([figure, least]) => {
    const reached = row[figure] ?? row.categories[figure]['R@10'];
    return reached < least ? [`${name}: ${figure} is ${reached.toFixed(figure === 'MRR' ? 3 : 1)}, not ${least}`] : [];
  });
}

/**
 * Keepsake beside other ways to search, on sets of questions whose proving memories are known; resolves with whether
 * Keepsake keeps its limits. `misspelt` is the share of the questions' longer words that are misspelt for all of them.
 */
export async function benchQuality({ locomo, sets, systems, misspelt = 0, json, updateDocs }) {
  const found = await readSets({ locomo, sets });
  const asked = misspelt > 0 ? found.map((set) => withMisspellings(set, misspelt)) : found;
  const suffix = misspelt > 0 ? `, ${Math.round(100 * misspelt)} % misspelt` : '';
  const figures = {};
  const faults = [];
  await withSystems(systems, async (chosen) => {
    for (const set of asked) {
      const rows = [];
      for (const system of chosen) rows.push(await measure(system, set));
      const name = `${set.name}${suffix}`;
      const [headings, cells] = tableOf(rows);
      figures[name] = rows;
      console.log(`${name}: ${sizeOf(set, rows[0])}`);
      console.log(table(headings, cells));
      faults.push(...rows.filter(({ system }) => system === keepsakeSystem.name).flatMap((row) => missed(name, row)));
      const lines = [markdown(headings, cells), '', `${sizeOf(set, rows[0])}. Measured ${circumstances()}.`];
      if (updateDocs) await updatePage(name, lines.join('\n'));
    }
  });
  for (const fault of faults) console.log(`  ${fault}`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ circumstances: circumstances(), figures }, null, 2)}\n`);
  return faults.length === 0;
}
