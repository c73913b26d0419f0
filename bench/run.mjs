#!/usr/bin/env node
// Measures the built program: all of it, or the parts that are named. Exits 1 where a limit is not kept.
import { cpus, loadavg } from 'node:os';
import { build } from '../scripts/build.mjs';
import { benchCost } from './cost.mjs';
import { benchRecall } from './recall.mjs';
import { benchStart } from './start.mjs';

const parts = {
  start: benchStart,
  cost: benchCost,
  embedded: () => benchRecall('embedded'),
  chroma: () => benchRecall('chroma'),
};

const named = process.argv.slice(2);
const unknown = named.find((name) => !(name in parts));
if (unknown !== undefined) throw new Error(`unknown part ${unknown}; known are ${Object.keys(parts).join(', ')}`);
await build({ keepStale: true });
// What else runs on the machine is in every number below.
console.log(`load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores`);
for (const [name, part] of Object.entries(parts)) {
  if (named.length > 0 && !named.includes(name)) continue;
  if (!(await part())) process.exitCode = 1;
}
