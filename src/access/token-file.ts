import { chown, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../core/errors.js';
import { type TokenEntry, tokenFile } from './token-entry.js';

/** A file of tokens that cannot be used; the message says what would help. */
export class TokenFileError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TokenFileError';
  }

  /** Whether the system refused to read it, rather than what it holds being wrong. */
  get isPassing(): boolean {
    return this.cause instanceof Error && 'errno' in this.cause;
  }
}

/** Runs work while no other process works on the file at a path; `held` is false once another one took that over. */
export type Exclusively = <T>(path: string, work: (lock: { held(): Promise<boolean> }) => Promise<T>) => Promise<T>;

/** The entries of a file of tokens, undefined where there is none. Raises TokenFileError. */
export async function readTokens(path: string): Promise<TokenEntry[] | undefined> {
  try {
    return tokenFile.parse(JSON.parse(await readFile(path, 'utf8'))).tokens;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    // What a parser says of bad JSON quotes it.
    const fault = error instanceof z.ZodError ? faultOf(error) : error instanceof SyntaxError ? 'it is no valid JSON' : messageOf(error);
    throw unusable(path, fault, error);
  }
}

/** The first thing that is wrong with the content, and where that is. */
function faultOf({ issues: [issue] }: z.ZodError): string {
  if (!issue) return 'it is not as it must be';
  return issue.path.length === 0 ? issue.message : `${z.core.toDotPath(issue.path)}: ${issue.message}`;
}

/** What tells one state of the file from another; undefined where there is none. Raises TokenFileError. */
export async function stateOfTokens(path: string): Promise<string | undefined> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(path, { bigint: true });
    return [mtimeNs, ctimeNs, size, ino].join(' ');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, messageOf(error), error);
  }
}

function unusable(path: string, fault: string, cause: unknown): TokenFileError {
  return new TokenFileError(
    `The file of tokens ${path} cannot be used: ${fault.replace(/\s+/g, ' ')}; mend it, or take it away and make the tokens anew before the server starts, with: keepsake-mcp token add.`,
    { cause },
  );
}

/**
 * Replaces the entries of a file of tokens in one stroke, making the file if need be, and resolves with what `change`
 * answers; nothing is written where it gives back what it got. Raises TokenFileError where the file is damaged, and what `change` raises.
 */
export function changeTokens<T>(
  path: string,
  exclusively: Exclusively,
  change: (tokens: TokenEntry[]) => { tokens: TokenEntry[]; answer: T },
): Promise<T> {
  return exclusively(path, async ({ held }) => {
    const before = (await readTokens(path)) ?? [];
    const { tokens, answer } = change(before);
    if (tokens === before) return answer;
    const temporary = `${path}.${process.pid}.new`;
    try {
      await write(temporary, `${JSON.stringify({ format: 1, tokens }, undefined, 2)}\n`);
      if (process.geteuid?.() === 0) await keepOwner(path, temporary);
      if (!(await held())) throw new TokenFileError(`Another process changed ${path} meanwhile; nothing was changed, try again.`);
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
    return answer;
  });
}

/** Gives what will take the place of a file to the owner of that file, who may be the server that reads it. */
async function keepOwner(path: string, temporary: string): Promise<void> {
  try {
    const { uid, gid } = await stat(path);
    await chown(temporary, uid, gid);
  } catch (error) {
    // There is none yet, or this root may give nothing away, as in a container.
    if (!['ENOENT', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(path, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
