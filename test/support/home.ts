import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];

afterAll(async () => {
  await Promise.all(made.map((path) => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })));
});

/** Makes an empty folder, for a home or anything else; it is removed after the last test of the file. */
export async function temporaryHome(): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'keepsake-test-')));
  made.push(path);
  return path;
}
