import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { defined } from '../core/facts.js';
import type { Clock, Confirmations, Space } from '../core/ports.js';
import { hasCode } from './error-code.js';
import { fileUnavailable } from './unavailable.js';

const space = z.custom<Space>((value) => typeof value === 'string' && /^(user|project):/.test(value));
const content = z.object({
  memories: z.array(z.object({ space, id: z.string(), revision: z.number() })),
  erase: z.boolean(),
  reason: z.string().optional(),
  caller: space.optional(),
  expires_at: z.string(),
});

/** When a token ends, in milliseconds since 1970, which it says itself; undefined for what is no token. */
function expiryOf(token: string): number | undefined {
  const [, expiry] = /^([0-9a-z]{1,10})-[0-9a-f]{32}$/.exec(token) ?? [];
  return expiry === undefined ? undefined : Number.parseInt(expiry, 36);
}

function missing(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error;
}

/**
 * Confirmations as one 0600 file a token in `folder`, which all processes of a home share. A token is its expiry and
 * 128 random bits; expired ones are unknown, and swept when another is put. Raises KeepsakeError log_unavailable where
 * one cannot be kept.
 */
export function openConfirmations({ folder, clock }: { folder: string; clock: Clock }): Confirmations {
  const fileOf = (token: string) => join(folder, token);

  async function sweep(): Promise<void> {
    const expired = (await readdir(folder)).filter((name) => (expiryOf(name) ?? Number.POSITIVE_INFINITY) <= clock.now());
    await Promise.all(expired.map((name) => rm(fileOf(name), { force: true })));
  }

  return {
    async put(confirmation) {
      const token = `${Date.parse(confirmation.expires_at).toString(36)}-${randomBytes(16).toString('hex')}`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await sweep();
        await writeFile(fileOf(token), JSON.stringify(confirmation), { flag: 'wx', mode: 0o600 });
      } catch (error) {
        throw fileUnavailable(fileOf(token), error);
      }
      return token;
    },

    async peek(token) {
      if ((expiryOf(token) ?? 0) <= clock.now()) return undefined;
      const text = await readFile(fileOf(token), 'utf8').catch(missing);
      if (text === undefined) return undefined;
      return defined(content.parse(JSON.parse(text)));
    },

    async consume(token) {
      if ((expiryOf(token) ?? 0) <= clock.now()) return false;
      // Of any number of processes, one removes the file.
      return (await unlink(fileOf(token)).then(() => true, missing)) ?? false;
    },
  };
}
