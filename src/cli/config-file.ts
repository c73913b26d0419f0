import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { exclusively } from '../app.js';
import { ConfigError } from '../config.js';
import { readUserFile, textOf, writeUserFile } from '../install/user-file.js';
import { becomeOwnerOf } from './home-owner.js';

const content = z.record(z.string(), z.unknown());

/**
 * Changes the file of settings of a home in one stroke, while no other process does, and leaves it to its owner alone
 * (0600). Resolves with what `change` answers. Raises ConfigError where the file is damaged.
 */
export async function changeConfigFile<T>(path: string, change: (settings: Record<string, unknown>) => T): Promise<T> {
  becomeOwnerOf(dirname(path));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return exclusively(path, async () => {
    const file = await readUserFile(path);
    const settings = read(textOf(file), path);
    const before = JSON.stringify(settings);
    const answer = change(settings);
    if (file.bytes !== undefined) await chmod(file.path, 0o600);
    if (JSON.stringify(settings) !== before) await writeUserFile(file, Buffer.from(`${JSON.stringify(settings, undefined, 2)}\n`), 0o600);
    return answer;
  });
}

function read(text: string, path: string): Record<string, unknown> {
  const json = text.replace(/^\uFEFF/, '');
  if (json.trim() === '') return {};
  try {
    return content.parse(JSON.parse(json));
  } catch (error) {
    // What a parser says of bad JSON quotes it, and with it a key.
    throw new ConfigError(`${path} is not one JSON object of names and texts; mend it first, nothing was changed.`, { cause: error });
  }
}
