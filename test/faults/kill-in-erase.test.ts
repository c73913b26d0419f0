import { createHash } from 'node:crypto';
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openEmbeddingCache } from '../../src/store/embedding-cache.js';
import { contentOf } from '../support/files.js';
import { temporaryHome } from '../support/home.js';
import { type StartedServer, until } from '../support/server.js';
import { auditedLog } from './audit.js';
import { burial, listed, startFaulty } from './program.js';

const secret = 'The vault of Quillfeather opens with heliotrope.';
const other = 'My sister Nora plays the cello in Bergen.';
/** A part of the secret that stands nowhere else. */
const trace = 'heliotrope';

let prepared: { home: string; id: string };

/** A home that holds the secret in its log, in the embedding cache of a model, and in the torn end of a write that was cut off. */
beforeAll(async () => {
  const first = await startFaulty();
  const { home } = first;
  await first.call('remember', { content: other });
  await first.stop();
  const torn = await startFaulty({ home, fault: 'half#1=SIGKILL' });
  await expect(torn.call('remember', { content: secret.repeat(3), infer: false })).rejects.toThrow(/closed/i);
  await burial(torn);
  const last = await startFaulty({ home });
  const { structured } = await last.call('remember', { content: secret });
  const cache = openEmbeddingCache({ folder: join(home, 'cache'), model: 'a model', dimension: () => 2 });
  await cache.put('user:default', [{ text: secret, vector: Float32Array.of(0, 1) }]);
  await until(async () => (await tracesIn(home)).length === 3);
  prepared = { home, id: structured.results[0]!.id };
  await last.stop();
});

/** Files of a home that hold the secret's words or the hash of its text. */
async function tracesIn(home: string): Promise<string[]> {
  const hash = createHash('sha256').update(`user:default\0${secret}`).digest();
  const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  const found = await Promise.all(
    files.map(async (file) => {
      const bytes = await contentOf(join(file.parentPath, file.name));
      return bytes.includes(trace) || bytes.includes(hash) ? [join(file.parentPath, file.name).slice(home.length + 1)] : [];
    }),
  );
  return found.flat();
}

async function erase(server: StartedServer): Promise<string[]> {
  const { confirm_token } = (await server.call('forget', { memory_ids: [prepared.id], erase: true })).structured;
  const { structured } = await server.call('forget', { confirm: confirm_token });
  return structured.forgotten.map(({ id }) => id);
}

describe.concurrent('an erase whose process is killed', () => {
  it.for([
    { point: 'lock', isErased: false },
    { point: 'locked', isErased: false },
    { point: 'replace', isErased: false },
    { point: 'replaced', isErased: true },
    { point: 'released', isErased: true },
  ] as const)('at $point has erased or not, and once it has, no file holds a trace', async ({ point, isErased }) => {
    const home = await temporaryHome();
    await cp(prepared.home, home, { recursive: true });
    const dying = await startFaulty({ home, fault: `${point}#1=SIGKILL` });
    await expect(erase(dying)).rejects.toThrow(/closed/i);
    await burial(dying);
    const server = await startFaulty({ home });
    expect((await listed(server)).map(({ memory }) => memory).sort()).toEqual(isErased ? [other] : [other, secret].sort());
    if (!isErased) expect(await erase(server)).toEqual([prepared.id]);
    await vi.waitFor(async () => expect(await tracesIn(home)).toEqual([]), 10_000);
    const refused = await server.call('remember', { memory_id: prepared.id, revision: 1 });
    expect(refused.text).toContain('[memory_erased]');
    const { events } = await auditedLog(home);
    expect(events.filter(({ event }) => event === 'ERASE')).toHaveLength(1);
    await server.stop();
  });
});
