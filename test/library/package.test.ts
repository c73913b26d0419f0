import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { temporaryHome } from '../support/home.js';
import { start } from '../support/started.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const run = promisify(execFile);
const compiler = join(root, 'node_modules/typescript/bin/tsc');

/** A program that has the package installed and nothing else. */
let consumer: string;
let installed: string;
let files: string[];
/** What the build printed. */
let built: { stdout: string; stderr: string };

/** Packs a fresh build as it would be published, and unpacks it for a program. */
async function install(): Promise<void> {
  const stage = await temporaryHome();
  const program = `import { build } from ${JSON.stringify(pathToFileURL(join(root, 'scripts/build.mjs')).href)}; await build({ folder: ${JSON.stringify(join(stage, 'dist'))} });`;
  built = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: stage });
  for (const name of ['package.json', 'README.md', 'LICENSE', 'mcp.json.example']) await copyFile(join(root, name), join(stage, name));
  await run('npm', ['pack', '--ignore-scripts', '--offline'], { cwd: stage, shell: process.platform === 'win32' });
  consumer = await temporaryHome();
  installed = join(consumer, 'node_modules', packageJson.name);
  await mkdir(installed, { recursive: true });
  const archive = join(stage, `${packageJson.name}-${packageJson.version}.tgz`);
  await run('tar', ['-xzf', archive, '--strip-components=1', '-C', installed]);
  await writeFile(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }));
  const entries = (await readdir(installed, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  files = entries.map((entry) => relative(installed, join(entry.parentPath, entry.name)).replaceAll('\\', '/')).sort();
}

/** Runs a program of the consumer; resolves with what it printed. */
async function printed(script: string): Promise<string> {
  const { stdout, stderr, ended } = start([join(consumer, script)], { env: {}, cwd: consumer });
  expect([await ended, stderr()]).toEqual([0, '']);
  return stdout();
}

beforeAll(install, 120_000);

describe('what is published', () => {
  it('is built without a word, complaints of the compiler included', () => {
    expect(built).toEqual({ stdout: '', stderr: '' });
  });

  it('is what is run, its types and what is read, and no sources, tests or maps', () => {
    for (const name of ['dist/main.js', 'dist/index.js', 'dist/types/index.d.ts', 'dist/chroma-host.js', 'dist/THIRD_PARTY_LICENSES.txt'])
      expect(files).toContain(name);
    // What npm would run where somebody installs it.
    for (const script of ['preinstall', 'install', 'postinstall']) expect(packageJson.scripts).not.toHaveProperty(script);
    const outside = files.filter((name) => !name.startsWith('dist/'));
    expect(outside).toEqual(['LICENSE', 'README.md', 'mcp.json.example', 'package.json']);
    const inside =
      /^dist\/([\w-]+\.js(\.LEGAL\.txt)?|THIRD_PARTY_LICENSES\.txt|types\/([\w-]+\/)*[\w-]+\.d\.ts|web\/[\w-]+\.(js|css|html))$/;
    expect(files.filter((name) => name.startsWith('dist/') && !inside.test(name))).toEqual([]);
  });

  it('names no folder of the machine that it was made on', async () => {
    const telling: string[] = [];
    for (const name of files) if ((await readFile(join(installed, name), 'utf8')).includes(root)) telling.push(name);
    expect(telling).toEqual([]);
  });

  it('declares its types without the packages that it is made with, and with their comments', async () => {
    const names = files.filter((name) => name.endsWith('.d.ts'));
    const texts = await Promise.all(names.map((name) => readFile(join(installed, name), 'utf8')));
    for (const text of texts) expect(text).not.toMatch(/from ['"](?!\.)|import\(['"](?!\.)/);
    const all = texts.join('\n');
    for (const comment of [
      '/** Lists memories, newest first. */',
      '/** The text after the event; of a DELETE the removed text, of a NONE the existing one. */',
      '/** Turns texts into vectors of one fixed length. */',
      '/** Model that reads images; default none. */',
    ])
      expect(all).toContain(comment);
  });
});

const program = `
import {
  type ChatModel, type Clock, type Decider, type Embedder, type ErrorCode, type Extractor, type FoundMemory, KeepsakeError, type Logger,
  type Message, ModelError, type OpenKeepsake, type OpenOptions, openKeepsake, type RecalledMemory, type Reflector, type Reranker, type Usage,
} from 'keepsake-mcp';

const clock: Clock = { now: () => 1_700_000_000_000 };
const extractor: Extractor = {
  name: 'whole turns',
  remote: false,
  async extract({ turns }) {
    return { facts: turns.map(({ content }, turn) => ({ text: content, turn, quote: content })), skipped: [] };
  },
};
const chat: ChatModel = { name: 'mute', async *stream(messages) { yield messages.at(-1)?.content ?? ''; } };
const options: OpenOptions = { home: ':memory:', zone: 'UTC', clock, models: { extractor, chat } };
const memory: OpenKeepsake = await openKeepsake(options);
const said: Message[] = [{ role: 'user', content: 'I live in Lisbon.' }];
const { results, usage, pending } = await memory.remember(said, { run_id: 'one', metadata: { level: 1 } });
const calls: number = usage.model_calls;
const found: FoundMemory & { usage: Usage } = await memory.get(results[0]?.id ?? '');
const kind: 'observation' | 'insight' | 'procedure' = found.kind;
const { memories } = await memory.recall('Where do I live?', { explain: true });
const texts: string[] = memories.map((each: RecalledMemory) => each.memory);
const rank: number | undefined = memories[0]?.why?.lexical?.rank;
const { events } = await memory.history(found.id, { events: ['ADD'] });
const spoken = await memory.chat('Hello', { onPiece: (piece) => piece.length });
let code: ErrorCode | undefined;
try {
  await memory.restore('unknown');
} catch (error) {
  if (error instanceof KeepsakeError) code = error.code;
}
// @ts-expect-error: there is no such option
const wrong: OpenOptions = { hoem: 'x' };
// @ts-expect-error: a query is a text
const unasked = () => memory.recall(1);
// @ts-expect-error: not every result has a score
const score: number = found.score;
await memory[Symbol.asyncDispose]();
console.log(JSON.stringify({ texts, kind, calls, pending, ranked: rank === 1, events: events.map(({ event }) => event), answer: spoken.answer, code }));
export type Unused = [Decider, Embedder, Logger, Reflector, Reranker, typeof ModelError, typeof wrong, typeof unasked, typeof score];
`;

describe('a program that installs it', () => {
  it.each(['nodenext', 'bundler'])(
    'compiles strictly without any other package, with module resolution %s, and runs',
    async (resolution) => {
      await writeFile(join(consumer, 'program.ts'), program);
      const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--verbatimModuleSyntax'];
      const module = ['--module', resolution === 'bundler' ? 'esnext' : resolution, '--moduleResolution', resolution];
      const others = ['--target', 'es2022', '--skipLibCheck', 'false', '--types', '', '--outDir', resolution];
      const compiled = await run(process.execPath, [compiler, ...strict, ...module, ...others, 'program.ts'], { cwd: consumer }).catch(
        (error: { stdout: string }) => error,
      );
      expect(compiled.stdout).toBe('');
      expect(JSON.parse(await printed(join(resolution, 'program.js')))).toEqual({
        ...{ texts: ['I live in Lisbon.'], kind: 'observation', calls: 0, pending: false, ranked: true, events: ['ADD'] },
        ...{ answer: 'Hello', code: 'memory_not_found' },
      });
    },
  );

  it('finds the version of the package, and nothing inside of it', async () => {
    await writeFile(
      join(consumer, 'inside.mjs'),
      `import { createRequire } from 'node:module';
      console.log(createRequire(import.meta.url)('keepsake-mcp/package.json').version);
      await import('keepsake-mcp/dist/main.js').catch(({ code }) => console.log(code));`,
    );
    expect(await printed('inside.mjs')).toBe(`${packageJson.version}\nERR_PACKAGE_PATH_NOT_EXPORTED\n`);
  });
});

describe('the page about the library', async () => {
  const page = (await readFile(join(root, 'docs/library.md'), 'utf8')).replaceAll('\r\n', '\n');
  const examples = [...page.matchAll(/```js\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)].map(([, code = '', output = '']) => ({
    code,
    output,
  }));

  it('has an output under each example', () => {
    expect(examples).toHaveLength(page.split('```js').length - 1);
    expect(examples.length).toBeGreaterThan(2);
  });

  it.each(examples.map(({ code, output }, at) => [at + 1, code, output] as const))(
    'tells what example %i prints',
    async (at, code, output) => {
      // What a compiler makes of it for a Node that does not know it yet.
      const [, name] = /await using (\w+)/.exec(code) ?? [];
      const closing = name === undefined ? '' : `\nawait ${name}.close();`;
      await writeFile(join(consumer, `example-${at}.mjs`), code.replace('await using', 'const') + closing);
      expect(await printed(`example-${at}.mjs`)).toBe(output);
    },
  );

  it('names every method and every option', async () => {
    const declared = await readFile(join(installed, 'dist/types/library/open-keepsake.d.ts'), 'utf8');
    const methods = [...declared.slice(declared.indexOf('export interface OpenKeepsake')).matchAll(/^ {4}(\w+)\(/gm)].map(
      ([, name]) => name,
    );
    expect(methods).toContain('remember');
    for (const name of methods) expect(page).toContain(`| \`${name}(`);
    const settings = await readFile(join(installed, 'dist/types/library/open-options.d.ts'), 'utf8');
    const options = settings.slice(settings.indexOf('export interface Settings')).matchAll(/^ {4}(\w+)\?:/gm);
    for (const [, name] of options) expect(page).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\|`, 'm'));
  });
});
