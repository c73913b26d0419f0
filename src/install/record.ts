import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../core/errors.js';
import { clientNamed } from './clients.js';
import { InstallError } from './install-error.js';
import { partKinds } from './part.js';

const recordedFile = z.object({
  kind: z.enum(partKinds),
  /** Where the file is, as the client names it. */
  path: z.string(),
  /** Name of the copy from before, beside the record; null where there was no file. */
  backup: z.string().nullable(),
  /** SHA-256 of the bytes that were written. */
  written: z.string(),
  /** The outermost folder that was made for it. */
  made_folder: z.string().optional(),
});

/** A file of the user's that something was added to. */
export type RecordedFile = z.infer<typeof recordedFile>;

const record = z.object({
  client: z.string(),
  version: z.string(),
  at: z.string(),
  /** How the client was told to start the server. */
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()).optional(),
  files: z.array(recordedFile),
});

/** What was installed into one client, from which it can be taken out again exactly. */
export type InstallRecord = z.infer<typeof record>;

/** The records of a home. */
export interface Records {
  /** Undefined where nothing is installed into the client. Raises InstallErrors. */
  read(client: string): Promise<InstallRecord | undefined>;
  /** All of them. Raises InstallErrors. */
  all(): Promise<InstallRecord[]>;
  /** Keeps a record, whole or not at all. */
  write(record: InstallRecord): Promise<void>;
  /** Removes a client's record with its backups, and with the last one their folder. */
  remove(client: string): Promise<void>;
  /** The bytes from before; undefined where there was no file. */
  original(client: string, file: RecordedFile): Promise<Buffer | undefined>;
  /** Keeps bytes from before and resolves with the name of the copy. */
  backUp(client: string, bytes: Buffer): Promise<string>;
}

/** SHA-256 of bytes, as hexadecimal digits. */
export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The records under a home's folder `installed`, readable by its owner alone: configurations hold keys. */
export function openRecords(home: string): Records {
  const root = join(home, 'installed');
  const folderOf = (client: string) => join(root, client);
  const records: Records = {
    async read(client) {
      const path = join(folderOf(client), 'record.json');
      try {
        return record.parse(JSON.parse(await readFile(path, 'utf8')));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw new InstallError(`${path} cannot be read (${messageOf(error).split('\n')[0]}); delete it to go on without it`, {
          cause: error,
        });
      }
    },
    async all() {
      const names = await readdir(root).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      const found = await Promise.all(names.filter((name) => clientNamed(name)).map(records.read));
      return found.filter((one) => one !== undefined);
    },
    async write(content) {
      await mkdir(folderOf(content.client), { recursive: true, mode: 0o700 });
      const path = join(folderOf(content.client), 'record.json');
      const temporary = `${path}.${process.pid}.new`;
      try {
        await writeFile(temporary, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flush: true });
        await rename(temporary, path);
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async remove(client) {
      await rm(folderOf(client), { recursive: true, force: true });
      await rmdir(root).catch((error: unknown) => {
        if (!isMissing(error) && !isNotEmpty(error)) throw error;
      });
    },
    async original(client, { backup }) {
      return backup === null ? undefined : await readFile(join(folderOf(client), backup));
    },
    async backUp(client, bytes) {
      const name = `${hashOf(bytes).slice(0, 16)}.backup`;
      await mkdir(folderOf(client), { recursive: true, mode: 0o700 });
      await writeFile(join(folderOf(client), name), bytes, { mode: 0o600 });
      return name;
    },
  };
  return records;
}

function isNotEmpty(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
