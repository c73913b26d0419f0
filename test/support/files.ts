import { readFile } from 'node:fs/promises';
import { hasCode } from '../../src/store/error-code.js';

/** The bytes of a file; none of one that has gone meanwhile, as some do while a program works on its home. */
export async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw error;
  }
}
