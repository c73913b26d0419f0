import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttachmentStore, Space } from '../core/ports.js';
import { hasCode } from './error-code.js';
import { withLock } from './lock.js';
import { syncFolderOf } from './log-replacement.js';
import { spaceFileName } from './space-file-name.js';
import { fileUnavailable } from './unavailable.js';

/** Milliseconds after which a live holder counts as stopped: a merge brings many attachments along. */
const stealAfter = 60_000;

/** Keeps attachments in `folder`, which is made when it is needed: a folder a space, a file named by the SHA-256 of its bytes. */
export function openAttachments({ folder, lockFolder }: { folder: string; lockFolder: string }): AttachmentStore {
  const folderOf = (space: Space) => join(folder, spaceFileName(space));
  const alone = <T>(space: Space, work: () => Promise<T>) =>
    withLock(join(lockFolder, `attachments-${spaceFileName(space)}`), work, { stealAfter }).catch((error: unknown) => {
      // What `work` raises of its own goes on as it is.
      throw error instanceof Error && 'syscall' in error ? fileUnavailable(folderOf(space), error) : error;
    });

  async function put(space: Space, data: Uint8Array): Promise<void> {
    const path = join(folderOf(space), hashOf(data));
    if ((await readChecked(path)) !== undefined) return;
    const isNew = (await mkdir(folderOf(space), { recursive: true, mode: 0o700 })) !== undefined;
    const draft = `${path}.${randomUUID()}`;
    await writeSynced(draft, data);
    await rename(draft, path);
    await syncFolderOf(path);
    if (isNew) await syncFolderOf(folderOf(space));
  }

  return {
    reference: ({ mime_type, data }) => ({ hash: hashOf(data), mime_type, bytes: data.length }),

    save: (space, data, record) =>
      alone(space, async () => {
        for await (const each of data) await put(space, each);
        return record();
      }),

    get: (space, hash) => readChecked(join(folderOf(space), hash)),

    async keepOnly(space, needed) {
      if ((await namesIn(folderOf(space))).length === 0) return;
      await alone(space, async () => {
        const kept = await needed();
        // Drafts go, too: nobody is writing one now.
        for (const name of await namesIn(folderOf(space)))
          if (!kept.has(name)) await rm(join(folderOf(space), name), { force: true, maxRetries: 5 });
      });
    },
  };
}

function hashOf(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The bytes of a file whose name is their hash; undefined where they are not, or it is not there. */
async function readChecked(path: string): Promise<Uint8Array | undefined> {
  try {
    const data = await readFile(path);
    return path.endsWith(hashOf(data)) ? data : undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw fileUnavailable(path, error);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw fileUnavailable(folder, error);
  }
}

async function writeSynced(path: string, data: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}
