import type { Space, VectorRecord } from '../../../src/core/ports.js';
import { openChromaIndex } from '../../../src/store/chroma/chroma-index.js';
import { openLocalChroma } from '../../../src/store/chroma/local-server.js';
import { silentLogger, unitVector } from './fixtures.js';

/**
 * A program as a user's client starts it: writes `writes` records, one change each, to a space that all programs
 * share, and prints the host's address before and "done" after.
 */
const [folder, lockFolder, hostScript, name, writes] = process.argv.slice(2) as [string, string, string, string, string];
const server = openLocalChroma({ folder, idleSeconds: 1, compat: 'auto', hostScript, logger: silentLogger });
const index = openChromaIndex({ historyId: 'shared', model: 'test', dimension: 8, server, lockFolder, logger: silentLogger });
const signal = AbortSignal.timeout(60_000);
const space: Space = 'user:shared';

process.stdout.write(`${(await server.endpoint(signal)).url}\n`);
for (let number = 0; number < Number(writes); number++) {
  const record: VectorRecord = { id: `${name}-${number}`, revision: 1, kind: 'observation', vector: unitVector(8, number) };
  await index.advance(
    space,
    ({ sequence }) => Promise.resolve({ upserts: [record], deletes: [], position: { sequence: sequence + 1, event: 'event' } }),
    signal,
  );
  process.stdout.write(`${record.id}\n`);
}
await index.close();
