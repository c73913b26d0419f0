import { dirname, sep } from 'node:path';
import { bodyOf } from './configuration.js';
import { InstallError } from './install-error.js';
import type { Part } from './part.js';
import { hashOf, type InstallRecord, type RecordedFile, type Records } from './record.js';
import { readUserFile, removeUserFile, requireWritable, textOf, type UserFile, writeUserFile } from './user-file.js';

/** What is done to one file. */
export interface FileChange {
  part: Part;
  /** As it is now. */
  read: UserFile;
  /** As it will be; undefined: there will be none. */
  after: Buffer | undefined;
  /** For what is put: the bytes from before there was any of it; undefined where there was no file. */
  original?: Buffer | undefined;
  /** The outermost folder that was made for it earlier. */
  madeFolder?: string | undefined;
}

/** Whether a change leaves the file as it is. */
export function isNothing({ read, after }: FileChange): boolean {
  return after === undefined || read.bytes === undefined ? after === read.bytes : after.equals(read.bytes);
}

/** An InstallError that names the file. */
function about(part: Part, error: unknown): unknown {
  if (!(error instanceof InstallError)) return error;
  error.message = `${part.path}: ${error.message}.`;
  return error;
}

/** Why carrying out stopped: an InstallError where nothing is changed yet, else an Error that names the files that are. */
function stoppedAt(part: Part, error: unknown, changed: readonly string[]): unknown {
  const reason = about(part, error);
  if (!(reason instanceof InstallError) || changed.length === 0) return reason;
  return new Error(`${reason.message} Changed already: ${changed.join(', ')}; run the command again, or uninstall to go back.`, {
    cause: error,
  });
}

const decoded = (bytes: Buffer | undefined) => (bytes === undefined ? undefined : textOf({ path: '', bytes }));

const recordOf = (part: Part, record: InstallRecord | undefined) =>
  record?.files.find(({ kind, path }) => kind === part.kind && path === part.path);

/** What putting parts into their files changes. Raises InstallErrors; nothing is written. */
export async function planPut(
  parts: readonly Part[],
  { record, records }: { record: InstallRecord | undefined; records: Records },
): Promise<FileChange[]> {
  const plan = async (part: Part): Promise<FileChange> => {
    const read = await readUserFile(part.path);
    await requireWritable(read);
    const text = textOf(read);
    const after = Buffer.from(part.put(text));
    const recorded = recordOf(part, record);
    const kept = recorded && record && (await records.original(record.client, recorded));
    const isUntouched = recorded && read.bytes && hashOf(read.bytes) === recorded.written;
    if (isUntouched) return { part, read, after, original: kept, madeFolder: recorded.made_folder };
    // What the user has changed since is theirs: it is part of what will be brought back.
    const without = part.take(text, decoded(kept));
    const isOurFile = without !== text && (recorded ? recorded.backup === null : true) && part.isEmpty(without);
    const original = read.bytes === undefined || isOurFile ? undefined : without === text ? read.bytes : Buffer.from(without);
    return { part, read, after, original, madeFolder: recorded?.made_folder };
  };
  return planned(parts, plan);
}

/** What taking parts out of their files changes. Files that another client shares stay. Raises InstallErrors; nothing is written. */
export async function planTake(
  parts: readonly Part[],
  { record, records }: { record: InstallRecord | undefined; records: Records },
): Promise<FileChange[]> {
  const others = (await records.all()).filter(({ client }) => client !== record?.client).flatMap(({ files }) => files);
  const plan = async (part: Part): Promise<FileChange> => {
    const read = await readUserFile(part.path);
    const recorded = recordOf(part, record);
    const madeFolder = recorded?.made_folder;
    const isShared = others.some(({ kind, path }) => kind === part.kind && path === part.path);
    if (read.bytes === undefined || isShared) return { part, read, after: read.bytes, madeFolder };
    const original = recorded && record && (await records.original(record.client, recorded));
    if (recorded && hashOf(read.bytes) === recorded.written) return { part, read, after: original, madeFolder };
    const text = textOf(read);
    const before = decoded(original) ?? '';
    const without = part.take(text, recorded ? before : undefined);
    if (without === text) return { part, read, after: read.bytes };
    // Where nothing is left and nothing was before, not even what was put around it stays.
    const isBack = recorded !== undefined && bodyOf(before).trim() === '' && part.isEmpty(without);
    return { part, read, after: isBack ? original : Buffer.from(without), madeFolder };
  };
  const changes = await planned(parts, plan);
  for (const change of changes) {
    if (isNothing(change)) continue;
    await requireWritable(change.read).catch((error: unknown) => {
      throw about(change.part, error);
    });
  }
  return changes;
}

async function planned(parts: readonly Part[], plan: (part: Part) => Promise<FileChange>): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  for (const part of parts) {
    try {
      changes.push(await plan(part));
    } catch (error) {
      throw about(part, error);
    }
  }
  return changes;
}

/** Carries out changes that put parts, and keeps what takes them out again. Raises InstallErrors, but Errors once a file is changed. */
export async function carryOutPut(
  changes: readonly FileChange[],
  { record, records }: { record: Omit<InstallRecord, 'files'> & { files: RecordedFile[] }; records: Records },
): Promise<void> {
  let files = record.files;
  const changed: string[] = [];
  for (const change of changes) {
    const { part, read, after = Buffer.alloc(0), original, madeFolder } = change;
    const backup = original === undefined ? null : await records.backUp(record.client, original);
    const file: RecordedFile = {
      kind: part.kind,
      path: part.path,
      backup,
      written: hashOf(after),
      ...(madeFolder !== undefined && { made_folder: madeFolder }),
    };
    const earlier = files;
    files = [...files.filter(({ kind, path }) => kind !== part.kind || path !== part.path), file];
    // Kept first: whatever happens then, there is a way back.
    await records.write({ ...record, files });
    if (isNothing(change)) continue;
    try {
      const made = await writeUserFile(read, after, part.mode);
      if (made !== undefined) file.made_folder = made;
    } catch (error) {
      if (earlier.length > 0) await records.write({ ...record, files: earlier });
      else await records.remove(record.client);
      throw stoppedAt(part, error, changed);
    }
    changed.push(part.path);
    await records.write({ ...record, files });
  }
}

/** Carries out changes that take parts. Raises InstallErrors, but Errors once a file is changed. */
export async function carryOutTake(changes: readonly FileChange[]): Promise<void> {
  // The first of several files in a folder made it; the last one of them to go takes it along.
  const made = changes.flatMap(({ madeFolder }) => madeFolder ?? []).sort((a, b) => a.length - b.length);
  const changed: string[] = [];
  for (const change of changes) {
    if (isNothing(change)) continue;
    try {
      const isOver = (folder: string) => (dirname(change.read.path) + sep).startsWith(folder + sep);
      if (change.after === undefined) await removeUserFile(change.read, made.find(isOver));
      else await writeUserFile(change.read, change.after, change.part.mode);
    } catch (error) {
      throw stoppedAt(change.part, error, changed);
    }
    changed.push(change.part.path);
  }
}
