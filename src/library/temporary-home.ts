import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A home that is gone with its last user. */
export interface TemporaryHome {
  path: string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

const homes = new Set<string>();

/** At the end of a process, uncaught errors included, nothing can be waited for. */
function removeAll(): void {
  for (const path of homes) rmSync(path, { recursive: true, force: true });
}

/** Makes a private folder in the system's temporary one, which the end of the process removes if nobody did before. */
export async function makeTemporaryHome(): Promise<TemporaryHome> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'keepsake-memory-')));
  if (homes.size === 0) process.on('exit', removeAll);
  homes.add(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      homes.delete(path);
      if (homes.size === 0) process.off('exit', removeAll);
    },
  };
}
