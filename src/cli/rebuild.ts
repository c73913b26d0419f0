import { openApp } from '../app.js';
import type { Config } from '../config.js';
import { KeepsakeError, messageOf } from '../core/errors.js';
import type { Space } from '../core/ports.js';
import { createLogger } from '../logger.js';
import { createProgress } from './progress.js';

/**
 * Throws the vector index away and makes it anew from the history, and cleans the caches, while servers of the home go
 * on. Shows its progress on stderr where that is a terminal. Resolves with the exit code 0; raises what keeps it from
 * being done, after which the next server completes it.
 */
export async function rebuild(config: Config, { json, signal }: { json: boolean; signal: AbortSignal }): Promise<number> {
  const app = await openApp(config, { logger: createLogger('error'), onlooker: true });
  const progress = createProgress('rebuilding');
  try {
    const names = await app.keepsake.spaces();
    const memories = new Map<Space, number>();
    await app.vectors.rebuild(names.map(app.core.spaces.open), {
      // A log that cannot be read now may be brought back, and its vectors are worth keeping until then.
      complete: app.problems().length === 0,
      onProgress(space, done, all) {
        memories.set(space, done);
        progress.update(done, all, space);
      },
      signal,
    });
    progress.end();
    const index = (await app.vectors.index()?.describe()) ?? 'no index, since nothing is remembered';
    const spaces = names.map((space) => ({ space, memories: memories.get(space) ?? 0 }));
    const lines = spaces.map((each) => `${each.space}: ${each.memories} in the index`);
    process.stdout.write(json ? `${JSON.stringify({ index, spaces }, undefined, 2)}\n` : `${[...lines, index].join('\n')}\n`);
    return 0;
  } catch (error) {
    progress.end();
    if (error instanceof KeepsakeError) throw error;
    throw new Error(
      `Not rebuilt: ${messageOf(error).replace(/\.$/, '')}. Nothing is lost: what the index lacks is added as soon as a server can.`,
      {
        cause: error,
      },
    );
  } finally {
    await app.close();
  }
}
