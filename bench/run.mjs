#!/usr/bin/env node
// Measures the built program: all of it, or the parts that are named. Exits 1 where a limit is not kept.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { build } from '../scripts/build.mjs';
import { benchAblation } from './ablation.mjs';
import { benchCost } from './cost.mjs';
import { benchGrowth } from './growth.mjs';
import { benchImport } from './import.mjs';
import { benchLoad } from './load.mjs';
import { benchManyUsers } from './many-users.mjs';
import { benchOpenings } from './openings.mjs';
import { benchQuality } from './quality.mjs';
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
  // How large the export is that import reads, in MB.
  megabytes: { type: 'string', default: '50' },
  // How many sessions load opens, for how long, and whether beside other memories.
  sessions: { type: 'string', default: '100' },
  seconds: { type: 'string', default: '300' },
  rivals: { type: 'boolean', default: true },
  // How many users many-users has, and how many recalls of random ones.
  users: { type: 'string', default: '10000' },
  calls: { type: 'string', default: '6000' },
  // What quality and ablation ask: a file in the form of locomo10.json, and sets of bench/questions.
  locomo: { type: 'string' },
  sets: { type: 'string', default: 'en,zh' },
  // Whom quality asks.
  systems: { type: 'string', default: 'keepsake,bm25,vectors,server-memory' },
  // Share of the questions' words that quality misspells, 0 to 1.
  misspelt: { type: 'string', default: '0' },
  // Where quality writes its figures, and whether into docs/quality.md.
  json: { type: 'string' },
  'update-docs': { type: 'boolean', default: false },
};
const { values, positionals: named } = parseArgs({ options, allowPositionals: true, allowNegative: true });
const listed = (text) => text.split(',').filter(Boolean);
const stores = listed(values.stores);

const parts = {
  start: benchStart,
  cost: benchCost,
  openings: benchOpenings,
  embedded: () => benchRecall('embedded'),
  chroma: () => benchRecall('chroma'),
  startup: () => benchStartup({ stores, sizes: listed(values.sizes).map(Number) }),
  shared: benchShared,
  growth: () => benchGrowth({ stores, updates: Number(values.updates) }),
  import: () => benchImport({ megabytes: Number(values.megabytes) }),
  'many-users': () => benchManyUsers({ users: Number(values.users), calls: Number(values.calls) }),
  compare: benchServerMemory,
  load: () => benchLoad({ sessions: Number(values.sessions), seconds: Number(values.seconds), rivals: values.rivals }),
  quality: () =>
    benchQuality({
      locomo: values.locomo,
      sets: listed(values.sets),
      systems: listed(values.systems),
      misspelt: Number(values.misspelt),
      json: values.json,
      updateDocs: values['update-docs'],
    }),
  ablation: () => benchAblation({ locomo: values.locomo, sets: listed(values.sets) }),
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
