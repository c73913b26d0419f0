import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Claims } from '../core/ports.js';
import { tryLock } from './lock.js';

/** Claims as lock folders, so that those of a dead process are free at once. */
export function openClaims(folder: string): Claims {
  return {
    async claim(inputId) {
      const own = join(folder, `input-${inputId}`);
      const release = await tryLock(own);
      if (!release) return undefined;
      return async () => {
        await release();
        // The outcome is in the log, or another try will make the folder anew.
        await rm(own, { recursive: true, force: true });
      };
    },
  };
}
