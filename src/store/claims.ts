import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Claims } from '../core/ports.js';
import { hasCode } from './error-code.js';
import { tryLock } from './lock.js';
import { fileUnavailable } from './unavailable.js';

/** Milliseconds after which a claim counts as left behind: far longer than any input is worked on. */
const stealAfter = 1_800_000;

/** Claims as lock folders, so that those of a dead process are free at once. Raises KeepsakeError log_unavailable. */
export function openClaims(folder: string): Claims {
  return {
    async claim(inputId) {
      const own = join(folder, `input-${inputId}`);
      try {
        if (!(await tryLock(own, { stealAfter }))) return undefined;
      } catch (error) {
        // Its holder is just giving it back.
        if (hasCode(error, 'ENOENT')) return undefined;
        throw fileUnavailable(own, error);
      }
      return () => giveBack(own);
    },
  };
}

/** In one stroke: removed file by file, it could take with it the claim of somebody who came in between. */
async function giveBack(own: string): Promise<void> {
  const given = `${own}.${randomUUID()}`;
  try {
    await rename(own, given);
  } catch (error) {
    // The home was deleted meanwhile.
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  await rm(given, { recursive: true, force: true });
}
