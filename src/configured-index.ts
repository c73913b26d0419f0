import { join } from 'node:path';
import type { Config } from './config.js';
import { messageOf } from './core/errors.js';
import type { Embedder, Logger, VectorIndex } from './core/ports.js';
import { openChromaIndex } from './store/chroma/chroma-index.js';
import { readOwner } from './store/chroma/handshake.js';
import { openLocalChroma, probeLocalChroma } from './store/chroma/local-server.js';
import { openRemoteChroma } from './store/chroma/server.js';
import { openExactIndex } from './store/exact-index.js';
import { type Home, openHome } from './store/home.js';

function isRemote({ chroma }: Config): boolean {
  return chroma.url !== undefined || chroma.apiKey !== undefined;
}

/** Why the local Chroma cannot run here; undefined when it can, or when it is not wanted. */
export async function chromaObstacle(config: Config, home: Home): Promise<string | undefined> {
  if (config.store === 'embedded' || isRemote(config)) return undefined;
  try {
    await probeLocalChroma({ folder: home.folders.chroma, compat: config.chroma.compat });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Process id of a home's own Chroma server, or of the last one there was; undefined before the first. */
export async function chromaProcess(config: Config): Promise<number | undefined> {
  const { folders } = await openHome(config.home);
  return (await readOwner(folders.chroma))?.pid;
}

/**
 * The vector index that a configuration names, for vectors of this length: Chroma, a server's or the home's own, or the
 * built-in one. Raises an Error where Chroma alone is wanted and cannot run here.
 */
export async function openConfiguredIndex(
  config: Config,
  home: Home,
  options: { embedder: Embedder; dimension: number; logger: Logger },
): Promise<VectorIndex> {
  const { embedder, dimension, logger } = options;
  if (config.store === 'embedded') return openExactIndex();
  const obstacle = await chromaObstacle(config, home);
  if (obstacle !== undefined) {
    if (config.store === 'chroma') throw new Error(obstacle);
    logger.warn('Chroma cannot run here; the built-in exact index is used', { reason: obstacle });
    return openExactIndex();
  }
  const { url, apiKey, tenant, database, compat, idleSeconds } = config.chroma;
  const server = isRemote(config)
    ? openRemoteChroma({ ...(url === undefined ? {} : { url }), apiKey, tenant, database })
    : openLocalChroma({ folder: home.folders.chroma, idleSeconds, compat, logger });
  return openChromaIndex({
    historyId: home.historyId,
    model: embedder.model,
    dimension,
    server,
    lockFolder: join(home.folders.locks, 'index'),
    logger,
  });
}
