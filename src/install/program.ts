import { existsSync, realpathSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The Node that clients are told to start. */
export interface NodeChoice {
  /** Absolute path. */
  command: string;
  /** Why it may be gone one day, and what to do then. */
  warning?: string;
}

const managers = [
  [/[\\/](?:fnm_multishells)[\\/]/, 'a link that fnm makes for one shell'],
  [/[\\/]\.nvm[\\/]|[\\/]nvm[\\/]versions[\\/]|[\\/]AppData[\\/]Roaming[\\/]nvm[\\/]/i, "one of nvm's versions"],
  [/[\\/]\.?fnm[\\/]/, "one of fnm's versions"],
  [/[\\/]\.?volta[\\/]/i, "one of Volta's versions"],
  [/[\\/]\.asdf[\\/]/, "one of asdf's versions"],
  [/[\\/]mise[\\/]installs[\\/]/, "one of mise's versions"],
  [/[\\/]n[\\/]versions[\\/]node[\\/]/, "one of n's versions"],
  [/[\\/]Cellar[\\/]/, "one of Homebrew's versions"],
] as const;

/** The path of this Node as it should be written down: a lasting one where there is one to the same program. */
export function lastingNode(execPath: string): NodeChoice {
  const [prefix] = /^.*(?=[\\/]Cellar[\\/])/.exec(execPath) ?? [];
  const lasting = prefix === undefined ? undefined : join(prefix, 'bin', 'node');
  if (lasting !== undefined && existsSync(lasting) && realpathSync(lasting) === realpathSync(execPath)) return { command: lasting };
  const manager = managers.find(([pattern]) => pattern.test(execPath))?.[1];
  if (manager === undefined) return { command: execPath };
  return { command: execPath, warning: `${execPath} is ${manager}; when that is removed, run this command again.` };
}

/** Where clients find the program, and what has to be copied there first. */
export interface ProgramChoice {
  /** Absolute path of main.js. */
  main: string;
  copy?: { from: string; to: string };
}

/** The program that clients are told to start. One that runs out of npx's cache, which is cleaned, is to be copied into the home. */
export function lastingProgram({ script, home, version }: { script: string; home: string; version: string }): ProgramChoice {
  const main = realpathSync(script);
  const [, cache] = /^(.*[\\/]_npx[\\/][^\\/]+)[\\/]node_modules[\\/]/.exec(main) ?? [];
  if (cache === undefined) return { main };
  const to = join(home, 'program', version);
  return { main: join(to, relative(cache, main)), copy: { from: join(cache, 'node_modules'), to: join(to, 'node_modules') } };
}

/** Copies a program with its packages, whole or not at all; one that is there already is left. */
export async function copyProgram({ main, copy }: ProgramChoice): Promise<void> {
  if (!copy || existsSync(main)) return;
  const target = join(copy.to, '..');
  const temporary = `${target}.${process.pid}.new`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true, mode: 0o700 });
    await cp(copy.from, join(temporary, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Removes the copies of the program under a home that none of these paths lies in. */
export async function removeUnusedPrograms(home: string, used: readonly string[]): Promise<void> {
  const root = join(home, 'program');
  if (!existsSync(root)) return;
  for (const name of await readdir(root)) {
    const folder = join(root, name);
    if (!used.some((path) => path.startsWith(folder + sep))) await rm(folder, { recursive: true, force: true });
  }
  if ((await readdir(root)).length === 0) await rm(root, { recursive: true });
}
