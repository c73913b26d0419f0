import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The bundled host, and a program that uses it, in a folder of their own. */
export interface BuiltHost {
  hostScript: string;
  /** test/store/chroma/program.ts, to be started with node. */
  program: string;
  remove(): Promise<void>;
}

/** Bundles what tests must start as processes of their own; below node_modules, where chromadb can be found from it. */
export async function buildHost(): Promise<BuiltHost> {
  const outdir = await mkdtemp(join(root, 'node_modules', '.keepsake-test-'));
  await build({
    absWorkingDir: root,
    entryPoints: {
      'chroma-host': 'src/store/chroma/host.ts',
      'chroma-control': 'src/store/chroma/control.ts',
      program: 'test/store/chroma/program.ts',
    },
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { __FAULT_POINTS__: 'false' },
    outExtension: { '.js': '.js' },
    logLevel: 'warning',
  });
  return {
    hostScript: join(outdir, 'chroma-host.js'),
    program: join(outdir, 'program.js'),
    remove: () => rm(outdir, { recursive: true, force: true }),
  };
}
