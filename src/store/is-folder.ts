import { stat } from 'node:fs/promises';
import { hasCode } from './error-code.js';

/** Whether a folder is at a path; false where there is nothing. Raises other errors of the file system as they are. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
