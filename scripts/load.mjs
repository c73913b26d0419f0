import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What a module of TypeScript `exports` (paths from the root) exports, bundled in memory: nothing is built first. */
export async function load(exports) {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: exports, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    define: {
      __FAULT_POINTS__: 'false',
      // What is loaded finds files beside it where the built program finds them.
      'import.meta.url': JSON.stringify(new URL('../dist/main.js', import.meta.url).href),
    },
    external: ['openai'],
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
