import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, readFile, readlink, realpath, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../core/errors.js';
import { InstallError } from './install-error.js';

/** A file of the user's as it was read. */
export interface UserFile {
  /** Where it is, symbolic links followed. */
  path: string;
  /** Undefined: there is none. */
  bytes: Buffer | undefined;
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Reads a file that may not exist. Raises InstallErrors where it, or what it links to, cannot be used. */
export async function readUserFile(path: string): Promise<UserFile> {
  try {
    const real = await followed(path);
    try {
      return { path: real, bytes: await readFile(real) };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return { path: real, bytes: undefined };
      throw error;
    }
  } catch (error) {
    throw new InstallError(`it cannot be read (${messageOf(error)})`, { cause: error });
  }
}

/** The path behind symbolic links, also behind one to a file that is not there yet. */
async function followed(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  try {
    return resolve(dirname(path), await readlink(path));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return path;
    throw error;
  }
}

/** The text of a file; of one that is not there the empty text. Raises InstallErrors for bytes that are no UTF-8. */
export function textOf({ bytes }: UserFile): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes ?? new Uint8Array());
  } catch (error) {
    throw new InstallError('it is not UTF-8; save it as UTF-8 first', { cause: error });
  }
}

/**
 * Puts bytes in place of what a file was read as, in one stroke and with its permissions. Resolves with the outermost
 * folder that had to be made. Raises InstallErrors where it cannot be written or was changed since it was read.
 */
export async function writeUserFile(read: UserFile, bytes: Buffer, modeIfNew: number): Promise<string | undefined> {
  const folder = dirname(read.path);
  await requireUnchanged(read);
  const madeFolder = await mkdir(folder, { recursive: true });
  const mode = read.bytes === undefined ? modeIfNew : (await stat(read.path)).mode & 0o777;
  const temporary = join(folder, `.keepsake-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(bytes);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await requireUnchanged(read);
    await rename(temporary, read.path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error instanceof InstallError ? error : new InstallError(`it cannot be written (${messageOf(error)})`, { cause: error });
  }
  return madeFolder;
}

/** Removes a file, and the folders up to one that was made for it as far as they are empty. Raises InstallErrors as writing does. */
export async function removeUserFile(read: UserFile, madeFolder: string | undefined): Promise<void> {
  await requireUnchanged(read);
  await unlink(read.path);
  if (madeFolder === undefined) return;
  for (let folder = dirname(read.path); folder.startsWith(madeFolder); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(String(codeOf(error)))) return;
      throw error;
    }
  }
}

/** Raises an InstallError for a file that its owner may not write to, since it was protected on purpose, and for one in such a folder. */
export async function requireWritable({ path, bytes }: UserFile): Promise<void> {
  if (bytes !== undefined && ((await stat(path)).mode & 0o222) === 0) throw new InstallError('it is read-only; allow writing to it first');
  await requireWritableFolder(dirname(path));
}

async function requireWritableFolder(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return requireWritableFolder(dirname(folder));
    throw new InstallError(`its folder cannot be written to (${messageOf(error)})`, { cause: error });
  }
}

async function requireUnchanged(read: UserFile): Promise<void> {
  const { bytes } = await readUserFile(read.path);
  const isSame = bytes === undefined || read.bytes === undefined ? bytes === read.bytes : bytes.equals(read.bytes);
  if (!isSame) throw new InstallError('another program changed it just now; try again');
}
