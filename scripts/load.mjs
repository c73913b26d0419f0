import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
/** Where the built program is: what is loaded finds files beside it where that one finds them. */
const place = JSON.stringify(new URL('../dist/main.js', import.meta.url).href);

/** What a module of TypeScript `exports` (paths from the root) exports, bundled in memory: nothing is built first. */
export async function load(exports) {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: exports, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    define: {
      __VERSION__: JSON.stringify(version),
      __FAULT_POINTS__: 'false',
      'import.meta.url': place,
    },
    // Bundled CommonJS packages call require, which ES modules lack.
    banner: { js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(${place});` },
    external: ['openai'],
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
