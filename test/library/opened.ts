import { afterAll } from 'vitest';
// Read before the first test, which would else have to wait for it.
import '../../src/library/open.js';
import { type OpenKeepsake, type OpenOptions, openKeepsake } from '../../src/index.js';

const opened: OpenKeepsake[] = [];

afterAll(async () => {
  await Promise.all(opened.map((memory) => memory.close()));
});

/** Opens a memory with the built-in index in UTC; what is still open after the file's tests is closed. */
export async function openMemory(options: OpenOptions = {}): Promise<OpenKeepsake> {
  const memory = await openKeepsake({ home: ':memory:', store: 'embedded', zone: 'UTC', ...options });
  opened.push(memory);
  return memory;
}
