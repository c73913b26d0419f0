import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock.js';
import { logUnavailable } from './log-header.js';

/** Lies beside the logs for a moment. */
export const probeName = '.writable';

/** As much as a line of the log has, so that a full disk is noticed. */
const probe = Buffer.alloc(4096, 0x0a);

/**
 * Tries all that a write to the history takes (a lock, a file beside the logs, bytes on the disk) without writing to
 * any log. Raises log_unavailable.
 */
export async function requireWritable({ folder, lockFolder }: { folder: string; lockFolder: string }): Promise<void> {
  const path = join(folder, probeName);
  try {
    await withLock(join(lockFolder, 'writable'), async () => {
      const file = await open(path, 'w', 0o600);
      try {
        await file.writeFile(probe);
        await file.sync();
      } finally {
        await file.close();
        await rm(path, { force: true });
      }
    });
  } catch (error) {
    throw logUnavailable(path, error);
  }
}
