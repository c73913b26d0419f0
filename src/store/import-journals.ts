import { appendFile, mkdir, open, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Imports } from '../core/ports.js';
import { hasCode } from './error-code.js';
import { tryLock } from './lock.js';
import { fileUnavailable } from './unavailable.js';

const content = z.object({
  /** The call id of everything that the import does. */
  id: z.string(),
  /** For people. */
  file: z.string(),
  /** SHA-256 of what is imported, and of how. */
  fingerprint: z.string(),
  /** ISO 8601. */
  started_at: z.string(),
  finished_at: z.string().optional(),
  /** Steps that are done, in the order of the file. */
  done: z.number().int(),
});
/** How far one import has come. */
export type ImportJournal = z.infer<typeof content>;

/** The journals of all imports into a home. Raises KeepsakeError log_unavailable. */
export interface ImportJournals extends Imports {
  /** The newest journal of an import of the same things in the same way. */
  find(fingerprint: string): Promise<ImportJournal | undefined>;
  /** Takes the right to import something, for as long as it takes; resolves with how to give it back, or undefined while a live process has it. */
  claim(fingerprint: string): Promise<(() => Promise<void>) | undefined>;
  /** Keeps a journal, whole or not at all. */
  write(journal: ImportJournal): Promise<void>;
  /** Keeps the ids of events that an import is about to bring, on the disk before they are in any log. */
  noteBrought(importId: string, eventIds: readonly string[]): Promise<void>;
  /** Makes an empty folder in which an import can unpack things, in the place of one that a killed process left. */
  makeFolder(importId: string): Promise<string>;
  dropFolder(importId: string): Promise<void>;
}

const unpackedName = /^([0-9a-f-]{36})\.unpacked$/;
const journalName = /^[0-9a-f-]{36}\.json$/;
/** Milliseconds without a sign of life after which an import counts as ended whose process ran on a machine that is gone. */
const stealAfter = 600_000;

/** Keeps journals in `folder`, which is made when it is needed: a file an import, and one with what it brought. */
export function openImportJournals(folder: string): ImportJournals {
  const pathOf = (id: string, ending: string) => join(folder, `${id}.${ending}`);
  const made = () => mkdir(folder, { recursive: true, mode: 0o700 });

  const drop = (id: string) => rm(pathOf(id, 'unpacked'), { recursive: true, force: true, maxRetries: 5 });

  async function named<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof Error && 'syscall' in error ? fileUnavailable(folder, error) : error;
    }
  }

  async function all(): Promise<ImportJournal[]> {
    const names = (await namesIn(folder)).filter((name) => journalName.test(name));
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    // One that is damaged is none: what it says is in the log, too, only slower to find.
    return texts.flatMap((text) => parsed(text) ?? []);
  }

  async function claim(fingerprint: string): Promise<(() => Promise<void>) | undefined> {
    const own = pathOf(fingerprint, 'lock');
    await made();
    if (!(await tryLock(own, { stealAfter }))) return undefined;
    // With a model an import takes hours.
    const signs = setInterval(() => void giveSign(own), stealAfter / 10).unref();
    return async () => {
      clearInterval(signs);
      await rm(own, { recursive: true, force: true, maxRetries: 5 });
    };
  }

  return {
    claim: (fingerprint) => named(() => claim(fingerprint)),

    find: (fingerprint) =>
      named(async () => {
        const known = (await all()).filter((each) => each.fingerprint === fingerprint);
        return known.sort((a, b) => (a.started_at < b.started_at ? 1 : -1))[0];
      }),

    write: (journal) =>
      named(async () => {
        await made();
        const draft = pathOf(journal.id, 'new');
        const file = await open(draft, 'w', 0o600);
        try {
          await file.writeFile(`${JSON.stringify(journal)}\n`);
        } finally {
          await file.close();
        }
        await rename(draft, pathOf(journal.id, 'json'));
      }),

    noteBrought: (importId, eventIds) =>
      named(async () => {
        if (eventIds.length === 0) return;
        await made();
        await appendFile(pathOf(importId, 'events'), eventIds.map((id) => `${id}\n`).join(''), { mode: 0o600, flush: true });
      }),

    broughtBy: (callId) =>
      named(async () => {
        if (!journalName.test(`${callId}.json`)) return new Set();
        try {
          return new Set((await readFile(pathOf(callId, 'events'), 'utf8')).split('\n').filter(Boolean));
        } catch (error) {
          if (hasCode(error, 'ENOENT')) return new Set();
          throw error;
        }
      }),

    makeFolder: (importId) =>
      named(async () => {
        const own = pathOf(importId, 'unpacked');
        await made();
        await rm(own, { recursive: true, force: true });
        await mkdir(own, { mode: 0o700 });
        return own;
      }),

    dropFolder: drop,

    dropLeft: () =>
      named(async () => {
        const left = (await namesIn(folder)).flatMap((name) => unpackedName.exec(name)?.[1] ?? []);
        if (left.length === 0) return;
        const journals = await all();
        for (const id of left) {
          const fingerprint = journals.find((each) => each.id === id)?.fingerprint;
          const release = fingerprint === undefined ? async () => undefined : await claim(fingerprint);
          if (!release) continue;
          await drop(id);
          await release();
        }
      }),
  };
}

async function giveSign(lock: string): Promise<void> {
  const now = new Date();
  for (const name of await namesIn(lock)) {
    await utimes(join(lock, name), now, now).catch((error: unknown) => {
      // It was given back at this moment.
      if (!hasCode(error, 'ENOENT')) throw error;
    });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function parsed(text: string): ImportJournal | undefined {
  try {
    return content.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
