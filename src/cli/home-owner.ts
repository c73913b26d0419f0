import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../config.js';

/**
 * Where root works on the home of another user, makes this process that user's for good: what root writes there, the
 * service of that home could not use. Raises ConfigError where that user cannot go on.
 */
export function becomeOwnerOf(home: string): void {
  if (process.geteuid?.() !== 0) return;
  // In a container root may have written into a folder of somebody else from the first; there it goes on.
  const owner = statsOf(join(home, 'history')) ?? statsOf(home);
  if (!owner || owner.uid === 0 || !become(owner)) return;
  // Most of the program is read when it is needed, and that is from now on.
  const closed = [fileURLToPath(import.meta.url), home].find((path) => !isReadable(path));
  if (closed === undefined) return;
  const name = nameOfUser();
  throw new ConfigError(
    `the home ${home} belongs to ${name ?? 'a user without a name'} (uid ${owner.uid}), who cannot read ${closed}; run it as that user: sudo -u ${name ?? `'#${owner.uid}'`} keepsake-mcp`,
  );
}

/** Undefined where there is nothing that can be looked at; opening the home says why. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

/** False where the system keeps root from becoming that user, as containers with few capabilities do. */
function become({ uid, gid }: Stats): boolean {
  try {
    process.setgroups?.([gid]);
    process.setgid?.(gid);
    process.setuid?.(uid);
    return true;
  } catch (error) {
    if (['EPERM', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return false;
    throw error;
  }
}

/** The name of the user that this process is now; undefined where the system knows none. */
function nameOfUser(): string | undefined {
  try {
    return userInfo().username;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}
