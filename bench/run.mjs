#!/usr/bin/env node
// Measures the built program: all of it, or the parts that are named. Exits 1 where a limit is not kept.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { build } from '../scripts/build.mjs';
import { benchCost } from './cost.mjs';
import { benchGrowth } from './growth.mjs';
import { benchRecall } from './recall.mjs';
import { benchServerMemory } from './server-memory.mjs';
import { benchShared } from './shared.mjs';
import { benchStart } from './start.mjs';
import { benchStartup } from './startup.mjs';

const options = {
  // The stores that startup and growth look at; auto is Chroma wherever it can run, and what users get.
  stores: { type: 'string', default: 'embedded,auto' },
  // How many memories startup starts with.
  sizes: { type: 'string', default: '1000,10000,100000' },
  // How many times growth corrects a memory.
  updates: { type: 'string', default: '50000' },
};
const { values, positionals: named } = parseArgs({ options, allowPositionals: true });
const stores = values.stores.split(',');

const parts = {
  start: benchStart,
  cost: benchCost,
  embedded: () => benchRecall('embedded'),
  chroma: () => benchRecall('chroma'),
  startup: () => benchStartup({ stores, sizes: values.sizes.split(',').map(Number) }),
  shared: benchShared,
  growth: () => benchGrowth({ stores, updates: Number(values.updates) }),
  compare: benchServerMemory,
};

const unknown = named.find((name) => !(name in parts));
if (unknown !== undefined) throw new Error(`unknown part ${unknown}; known are ${Object.keys(parts).join(', ')}`);
await build({ keepStale: true });
// What else runs on the machine is in every number below.
console.log(`load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores`);
for (const [name, part] of Object.entries(parts)) {
  if (named.length > 0 && !named.includes(name)) continue;
  try {
    if (!(await part())) process.exitCode = 1;
  } catch (error) {
    // The other parts can still be measured.
    console.error(`${name} failed:`, error);
    process.exitCode = 1;
  }
}
