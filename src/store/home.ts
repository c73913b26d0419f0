import { randomBytes } from 'node:crypto';
import { access, chmod, constants, mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { KeepsakeError, messageOf } from '../core/errors.js';
import { hasCode } from './error-code.js';
import { isFolder } from './is-folder.js';
import { withLock } from './lock.js';

/** The folders of a home; all of them exist once it is open, but for those of the attachments and checkpoints. Paths are absolute. */
export interface HomeFolders {
  history: string;
  locks: string;
  chroma: string;
  cache: string;
  attachments: string;
  checkpoints: string;
  confirm: string;
  access: string;
}

/** An open home: the folder in which all files of Keepsake live. */
export interface Home {
  path: string;
  folders: HomeFolders;
  /** Random, made with the home: tells the collections of two homes on one Chroma server apart. 32 hex digits. */
  historyId: string;
  /** Name of this machine, a label on events. */
  device: string;
}

/** Version of the home's layout that this program writes and the newest that it understands. */
const format = 1;
const folderNames = ['history', 'locks', 'chroma', 'cache', 'confirm', 'access'] as const;
const greeting = z.object({ format: z.number().int().positive(), history_id: z.string().regex(/^[0-9a-f]{32}$/) });

/** The permissions of a mounted folder may be its host's to set; being able to use it is all that is needed. */
function notOurs(error: unknown): void {
  if (!hasCode(error, 'EPERM')) throw error;
}

/** Makes a folder and those above it one by one: Node's own recursion never ends where a parent takes nothing and answers ENOENT. */
async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    // Another program was faster, or a file is there, which using it as a folder tells.
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

async function makeFolders(path: string): Promise<HomeFolders> {
  await makeFolder(path);
  // An empty folder was made for us; one with other things in it keeps the permissions that its owner chose.
  if ((await readdir(path)).length === 0) await chmod(path, 0o700).catch(notOurs);
  // What is read-only can still be read; whatever has to be made or written there says so then.
  await access(path, constants.R_OK | constants.X_OK);
  const entries = folderNames.map((name) => [name, join(path, name)] as const);
  await Promise.all(entries.map(([, folder]) => makeFolder(folder)));
  const made = Object.fromEntries(entries) as Record<(typeof folderNames)[number], string>;
  // Made with the first file in them: a home that has become read-only may be older than they are.
  return { ...made, attachments: join(path, 'attachments'), checkpoints: join(path, 'checkpoints') };
}

async function readGreeting(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Whole or not at all, so that no process ever reads half a greeting. */
async function writeGreeting(file: string): Promise<unknown> {
  const content = { format, history_id: randomBytes(16).toString('hex') };
  const temporary = `${file}.new`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(content)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  return content;
}

function checkGreeting(file: string, content: unknown): z.infer<typeof greeting> {
  const newer = z.object({ format: z.number().gt(format) }).safeParse(content);
  if (newer.success) {
    throw new KeepsakeError(
      'update_needed',
      `${file} has format ${newer.data.format}, this program knows ${format}; update with: npx -y keepsake-mcp@latest`,
    );
  }
  const parsed = greeting.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new KeepsakeError('log_unavailable', `${file} is damaged; delete it: a new one is made and the search index is rebuilt.`);
}

/**
 * Opens a home, making what is missing: folders 0700, files 0600. Any number of processes may do so at once. Raises
 * log_unavailable where the folder cannot be used and update_needed where a newer program has been at work.
 */
export async function openHome(path: string): Promise<Home> {
  try {
    const folders = await makeFolders(path);
    const file = join(path, 'home.json');
    const content =
      (await readGreeting(file)) ??
      (await withLock(join(folders.locks, 'home'), async () => (await readGreeting(file)) ?? (await writeGreeting(file))));
    return { path, folders, historyId: checkGreeting(file, content).history_id, device: hostname() || 'unknown' };
  } catch (error) {
    if (error instanceof KeepsakeError) throw error;
    throw new KeepsakeError(
      'log_unavailable',
      `The home ${path} cannot be used (${messageOf(error)}); make it a writable folder or set KEEPSAKE_HOME to another one.`,
      { cause: error },
    );
  }
}
