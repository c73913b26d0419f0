import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KeepsakeError } from '../core/errors.js';
import { projectSpace } from '../core/space.js';
import { hasCode } from './error-code.js';

/** What the current project is found from. */
export interface ProjectSources {
  /** KEEPSAKE_PROJECT: a name, `none` or `auto`. */
  setting: string;
  /** The client's roots, file URIs or paths, in its order. */
  roots: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

/** Not there, or not ours to read, which is the same here. */
function absent(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) throw error;
}

/** The folder that a root names; undefined for what is no folder of this machine. */
function folderOf(root: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]+:/i.test(root)) return root;
  try {
    return fileURLToPath(root);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The nearest folder upwards that holds .git, and its git folder: another one for worktrees and submodules. */
async function findGitRoot(root: string): Promise<{ root: string; gitFolder: string } | undefined> {
  const git = join(root, '.git');
  const stats = await stat(git).catch(absent);
  if (stats?.isDirectory()) return { root, gitFolder: git };
  const target = stats && /^gitdir: (.+)$/m.exec((await readFile(git, 'utf8').catch(absent)) ?? '')?.[1];
  if (target) return { root, gitFolder: resolve(root, target.trimEnd()) };
  const parent = dirname(root);
  return parent === root ? undefined : findGitRoot(parent);
}

/** The value after `url =` as git reads it: quotes taken off, a comment left out. */
function configValue(written: string): string {
  return written
    .replace(/"((?:[^"\\]|\\.)*)"|\s*[#;].*$/g, (_, quoted: string | undefined) => quoted ?? '')
    .replace(/\\(.)/g, '$1')
    .trim();
}

/** The first URL of the remote `origin` in a git configuration. */
function originUrl(config: string): string | undefined {
  let inOrigin = false;
  for (const line of config.split(/\r?\n/)) {
    const section = /^\s*\[(.*?)\]/.exec(line)?.[1];
    if (section !== undefined) inOrigin = /^remote\s+"origin"$/.test(section);
    const url = inOrigin ? /^\s*(?:\[.*?\])?\s*url\s*=(.*)$/i.exec(line)?.[1] : undefined;
    if (url !== undefined) return configValue(url);
  }
  return undefined;
}

/** owner/name of a remote, all groups included; undefined for a remote that is a folder of this machine. */
function ownerAndName(url: string): string | undefined {
  const [, path] = /^[a-z][a-z0-9+.-]*:\/\/[^/]+\/(.+)$/i.exec(url) ?? /^(?:[^@/\s]+@)?[^:/\\\s]{2,}:(?!\/\/)(.+)$/.exec(url) ?? [];
  const name = path
    ?.replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '');
  return name || undefined;
}

function isProjectName(name: string): boolean {
  try {
    projectSpace(name);
    return true;
  } catch (error) {
    if (error instanceof KeepsakeError) return false;
    throw error;
  }
}

async function projectOf({ root, gitFolder }: { root: string; gitFolder: string }): Promise<string | undefined> {
  const common = await readFile(join(gitFolder, 'commondir'), 'utf8').catch(absent);
  const config = await readFile(join(resolve(gitFolder, common?.trim() ?? ''), 'config'), 'utf8').catch(absent);
  const url = originUrl(config ?? '');
  const names = [url && ownerAndName(url), basename(root)];
  return names.find((name) => name && isProjectName(name))?.normalize('NFC');
}

/**
 * The name of the current project: the setting itself, or with `auto` owner/name of the origin remote, else the folder
 * name, of the first git root at or above the client's roots, CLAUDE_PROJECT_DIR and the working directory, in this
 * order. Undefined for `none` and where there is no git root. Reads files only; git need not be installed.
 */
export async function findProject({ setting, roots, env, cwd }: ProjectSources): Promise<string | undefined> {
  if (setting === 'none') return undefined;
  if (setting !== 'auto') return setting.normalize('NFC');
  for (const candidate of [...roots.map(folderOf), env.CLAUDE_PROJECT_DIR, cwd]) {
    const found = candidate ? await findGitRoot(resolve(cwd, candidate)) : undefined;
    if (found) return await projectOf(found);
  }
  return undefined;
}
