import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const state = z.object({
  /** Bytes of the transcript that were read. */
  offset: z.int().min(0),
  /** When the last turn that was remembered was said, ISO 8601; absent where none had a time. */
  last: z.string().optional(),
});

/** How far a session's transcript was remembered. */
export type TranscriptState = z.infer<typeof state>;

/** Milliseconds after which a session will hardly go on. */
const keptFor = 90 * 24 * 3600 * 1000;

/** Where the state of a session is kept under a home. */
export function transcriptStatePath(home: string, sessionId: string): string {
  return join(home, 'transcripts', `${createHash('sha256').update(sessionId).digest('hex').slice(0, 32)}.json`);
}

/** What was kept; the beginning where nothing was, or where it cannot be read: what is said again is not remembered twice. */
export async function readTranscriptState(path: string): Promise<TranscriptState> {
  try {
    return state.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (
      error instanceof SyntaxError ||
      error instanceof z.ZodError ||
      (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    )
      return { offset: 0 };
    throw error;
  }
}

/** Keeps how far a session was remembered, and removes what is kept of sessions long gone. */
export async function writeTranscriptState(path: string, content: TranscriptState): Promise<void> {
  const folder = join(path, '..');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, JSON.stringify(content), { mode: 0o600 });
  await rename(`${path}.new`, path);
  for (const name of await readdir(folder)) {
    const other = join(folder, name);
    const { mtimeMs } = await stat(other).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < Date.now() - keptFor) await rm(other, { recursive: true, force: true });
  }
}
