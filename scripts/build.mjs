#!/usr/bin/env node
// Bundles the program into dist: one small file to start fast, lazy chunks for what is not always needed.
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { declarations } from './types.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const entries = {
  main: 'src/main.ts',
  index: 'src/index.ts',
  'chroma-host': 'src/store/chroma/host.ts',
  'chroma-control': 'src/store/chroma/control.ts',
};

/** Bundled CommonJS packages call require, which ES modules lack. */
const banner = "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** zod brings its messages in some forty languages; only the English ones are ever asked for, and reading the rest slows the start. */
const englishOnly = {
  name: 'english-only',
  setup({ onLoad }) {
    onLoad({ filter: /zod.v4.locales.index\.js$/ }, () => ({ contents: "export { default as en } from './en.js';" }));
  },
};

/** The packages that took part in a bundle, as folders relative to the root. */
function bundledPackages(metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs)).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
    .filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort();
}

/** One chapter per bundled package: its name, version, licence and the licence's text. */
async function thirdPartyLicenses(metafiles) {
  const chapters = bundledPackages(metafiles).map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    const isLicense = (entry) => entry.isFile() && /^(licen[cs]e|notice|copying|third[_-]party)/i.test(entry.name);
    const files = entries
      .filter(isLicense)
      .map((entry) => entry.name)
      .sort();
    const texts = await Promise.all(files.map((file) => readFile(join(root, folder, file), 'utf8')));
    return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join('\n\n');
  });
  return `${(await Promise.all(chapters)).join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** Bundles what runs in a browser, in memory. */
function bundleForBrowser(options) {
  return esbuild.build({
    absWorkingDir: root,
    outdir: join(root, 'web'),
    write: false,
    metafile: true,
    bundle: true,
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    tsconfig: join(root, 'src/web/app/tsconfig.json'),
    ...options,
  });
}

/** The dashboard for browsers: one script, one style sheet, and the page that loads them. */
async function bundleWeb() {
  const { outputFiles, metafile } = await bundleForBrowser({
    entryPoints: { dashboard: 'src/web/app/dashboard.tsx', style: 'src/web/app/style.css' },
    format: 'esm',
  });
  const page = await readFile(join(root, 'src/web/app/index.html'));
  const files = outputFiles.map((file) => ({ name: join('web', basename(file.path)), contents: file.contents }));
  return { files: [...files, { name: join('web', 'index.html'), contents: page }], metafile };
}

/** The view for chat clients: one page with its script and style sheet in it, since it may load nothing. */
async function bundleEmbedded() {
  const { outputFiles, metafile } = await bundleForBrowser({
    entryPoints: { embedded: 'src/web/app/embedded.tsx', style: 'src/web/app/embedded.css' },
    format: 'iife',
  });
  const text = (extension) => outputFiles.find(({ path }) => path.endsWith(extension)).text.trim();
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Keepsake</title>';
  const page = `<!doctype html>\n<html lang="en">\n<head>${head}\n<style>${text('.css')}</style>\n</head>\n<body>\n<script>${text('.js')}</script>\n</body>\n</html>\n`;
  return { files: [{ name: join('web', 'embedded.html'), contents: page }], metafile };
}

/** Puts a file in its place in one stroke, so that a program that runs from dist never meets half of it. */
async function place(folder, name, contents) {
  const temporary = join(folder, dirname(name), `.${basename(name)}-${process.pid}`);
  await mkdir(dirname(temporary), { recursive: true });
  await writeFile(temporary, contents);
  if (name === 'main.js') await chmod(temporary, 0o755);
  await rename(temporary, join(folder, name));
}

/**
 * Builds dist, or another folder. Chunks are placed before the entry points that name them; what an earlier build left
 * goes last, or stays with `keepStale`, for programs that are still running from it. With `faultPoints` the program can
 * be ended at each step of a write: for tests alone.
 */
export async function build({ keepStale = false, faultPoints = false, folder = join(root, 'dist') } = {}) {
  const entryPoints = Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(join(root, path))));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints,
    outdir: folder,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minify: true,
    keepNames: true,
    legalComments: 'external',
    logLevel: 'warning',
    banner: { js: banner },
    define: { __VERSION__: JSON.stringify(version), __FAULT_POINTS__: JSON.stringify(faultPoints) },
    plugins: [englishOnly],
    // Its CommonJS form loads its parts in a way that no bundler follows.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    // Native code, and embedding functions of chromadb that are never used.
    external: ['chromadb-js-bindings-*', '@chroma-core/*'],
  });
  const built = outputFiles
    .map((file) => ({ name: relative(folder, file.path), contents: file.contents }))
    .sort((a, b) => Number(basename(a.name, '.js') in entries) - Number(basename(b.name, '.js') in entries));
  const [declared, ...pages] = await Promise.all([declarations(), bundleWeb(), bundleEmbedded()]);
  const licenses = await thirdPartyLicenses([metafile, ...pages.map((page) => page.metafile)]);
  built.unshift({ name: 'THIRD_PARTY_LICENSES.txt', contents: licenses }, ...pages.flatMap(({ files }) => files), ...declared);
  for (const { name, contents } of built) await place(folder, name, contents);
  if (keepStale) return;
  const current = new Set(built.map(({ name }) => name));
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const names = files.map((file) => relative(folder, join(file.parentPath, file.name)));
  const stale = names.filter((name) => !current.has(name) && !basename(name).startsWith('.'));
  await Promise.all(stale.map((name) => rm(join(folder, name), { force: true })));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
