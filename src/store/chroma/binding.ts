import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../core/errors.js';
import { adaptToLibc, needsNewerLibc } from './elf.js';

const run = promisify(execFile);

/** Chroma cannot be had here: one sentence that says why and what would help. */
export class ChromaUnavailableError extends Error {
  constructor(reason: string, help: string, options?: ErrorOptions) {
    super(`Chroma is not available: ${reason}; ${help}.`, options);
    this.name = 'ChromaUnavailableError';
  }
}

/** Chroma's native server library, ready to be loaded on this machine. */
export interface ChromaBinding {
  /** The file to load. */
  file: string;
  /** Version of the package it comes from. */
  version: string;
  /** It is the private copy, adapted to an older C library. */
  adapted: boolean;
}

/** Whether Chroma's binary may be adapted to an older C library. */
export type Compatibility = 'auto' | 'off';

/** What to do where Chroma's own binary cannot run. */
const otherWays = 'use the built-in index with KEEPSAKE_STORE=embedded, or set CHROMA_URL to a Chroma server';

/** Platforms that have a binding, and the package it comes in. */
const packages: Record<string, string> = {
  'darwin-arm64': 'chromadb-js-bindings-darwin-arm64',
  'darwin-x64': 'chromadb-js-bindings-darwin-x64',
  'linux-arm64': 'chromadb-js-bindings-linux-arm64-gnu',
  'linux-x64': 'chromadb-js-bindings-linux-x64-gnu',
  'win32-x64': 'chromadb-js-bindings-win32-x64-msvc',
};

/**
 * Finds the native binding and, on Linux with an older C library, makes the adapted private copy in `copies` (kept
 * there for the next start). `libc` is the version of this machine's GNU C library. Raises ChromaUnavailableError.
 */
export async function prepareBinding({
  copies,
  compat,
  libc = gnuLibcVersion(),
}: {
  copies: string;
  compat: Compatibility;
  libc?: string | undefined;
}): Promise<ChromaBinding> {
  const { name, file, version } = await findPackage();
  if (process.platform !== 'linux') return { file, version, adapted: false };
  if (libc === undefined)
    throw new ChromaUnavailableError('its binary needs the GNU C library, which this system does not have', otherWays);

  // The name holds all that decides the content, so a copy that is there is the right one.
  const copy = join(copies, `${name}-${version}-glibc-${libc}.node`);
  if (compat === 'auto' && existsSync(copy)) return { file: copy, version, adapted: true };
  const binary = await readFile(file);
  if (!needsNewerLibc(binary, libc)) return { file, version, adapted: false };
  const older = `its binary needs a newer C library than glibc ${libc}`;
  if (compat === 'off') throw new ChromaUnavailableError(older, `allow its adaptation with KEEPSAKE_CHROMA_COMPAT=auto, or ${otherWays}`);
  await makeCopy({ binary, libc, copy }).catch((error: unknown) => {
    throw new ChromaUnavailableError(`${older} and could not be adapted (${messageOf(error)})`, `upgrade the system, or ${otherWays}`, {
      cause: error,
    });
  });
  return { file: copy, version, adapted: true };
}

/**
 * Tells whether the shared local Chroma could run here, by loading its binding in a child process; starts no server.
 * Raises ChromaUnavailableError when it could not.
 */
export async function checkBinding(options: { copies: string; compat: Compatibility }): Promise<ChromaBinding> {
  const binding = await prepareBinding(options);
  await load(binding.file).catch((error: unknown) => {
    throw new ChromaUnavailableError(`its binary does not load here (${messageOf(error)})`, otherWays, { cause: error });
  });
  return binding;
}

async function findPackage(): Promise<{ name: string; file: string; version: string }> {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (name === undefined) throw new ChromaUnavailableError(`there is no Chroma binary for ${platform}`, otherWays);
  try {
    // The binding is a dependency of chromadb, not ours, so it is looked up from there.
    const fromChroma = createRequire(createRequire(import.meta.url).resolve('chromadb'));
    const description: unknown = JSON.parse(await readFile(fromChroma.resolve(`${name}/package.json`), 'utf8'));
    return { name, file: fromChroma.resolve(name), version: (description as { version: string }).version };
  } catch (error) {
    throw new ChromaUnavailableError(`the package ${name} is not installed`, `install with optional dependencies, or ${otherWays}`, {
      cause: error,
    });
  }
}

/** Written under another name and loaded once before it gets its own, so that no process ever meets a half or a bad one. */
async function makeCopy({ binary, libc, copy }: { binary: Buffer; libc: string; copy: string }): Promise<void> {
  const adapted = adaptToLibc(binary, libc);
  await mkdir(join(copy, '..'), { recursive: true, mode: 0o700 });
  const draft = `${copy.slice(0, -'.node'.length)}-${randomUUID()}.node`;
  try {
    await writeFile(draft, adapted, { mode: 0o600 });
    await load(draft);
    await rename(draft, copy);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Loads a native library in a child process, since a bad one may take its process down. */
async function load(file: string): Promise<void> {
  const check = "if (typeof require(process.argv[1]).cli !== 'function') throw new Error('it has no server in it')";
  try {
    await run(process.execPath, ['-e', check, file], { timeout: 20_000, env: {}, windowsHide: true });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(/^\w*Error: (.*)$/m.exec(stderr)?.[1] ?? 'loading it ended its process', { cause: error });
  }
}

/** The running GNU C library, for example "2.36"; undefined with another C library and off Linux. */
function gnuLibcVersion(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const report = process.report as typeof process.report & { excludeNetwork?: boolean };
  // Without this the report looks up the name of every open connection's peer.
  report.excludeNetwork = true;
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime;
}
