import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { temporaryHome } from './home.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles a module of this repository with all that it imports, so that node can run it as a process of its own. */
export async function bundle(entry: string): Promise<string> {
  const outfile = join(await temporaryHome(), 'program.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    define: { __FAULT_POINTS__: 'false' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return outfile;
}
