import { AsyncResource } from 'node:async_hooks';
import { join } from 'node:path';
import { createBacklog } from './backlog.js';
import { createChanges } from './changes.js';
import type { Config } from './config.js';
import { openConfiguredIndex } from './configured-index.js';
import { createModels, createReader, type ModelReport, type Models } from './configured-models.js';
import { dropAttachments } from './core/attachments.js';
import type { Core } from './core/core.js';
import type { KeepsakeError } from './core/errors.js';
import { defined } from './core/facts.js';
import { glance } from './core/glance.js';
import { areWordsDue } from './core/keep-input.js';
import { createKeepsake, type Keepsake } from './core/keepsake.js';
import { viewShape } from './core/kept-view.js';
import type { Clock, Embedder, Logger, Space } from './core/ports.js';
import type { Projection } from './core/projection.js';
import { isLeftToOthers } from './core/queue.js';
import { ownSpaces } from './core/space.js';
import { createSpaces, type Holding, type OpenSpace } from './core/spaces.js';
import { createExchange, type Exchange } from './exchange.js';
import { createHousekeeping } from './housekeeping.js';
import { ids } from './ids.js';
import { isEnglishOnly } from './models/openai/embedding-models.js';
import { createRulesDecider } from './models/rules/decision.js';
import { createRulesExtractor } from './models/rules/extraction.js';
import { createReflecting } from './reflecting.js';
import { openAccessLog } from './store/access-log.js';
import { openAttachments } from './store/attachments.js';
import { openClaims } from './store/claims.js';
import { openConfirmations } from './store/confirmations.js';
import { openEmbeddingCache } from './store/embedding-cache.js';
import { openErasures } from './store/erasures.js';
import { openHistoryLog } from './store/history-log.js';
import { type Home, openHome } from './store/home.js';
import { type ImportJournals, openImportJournals } from './store/import-journals.js';
import { type Lock, withLock } from './store/lock.js';
import { auditHistory, type HistoryAudit } from './store/log-audit.js';
import { requireWritable } from './store/log-probe.js';
import { createVectors, type VectorSide } from './store/vectors.js';
import { createTakeover } from './takeover.js';

declare const __VERSION__: string;

/** An open home with everything that works on it. */
export interface App {
  keepsake: Keepsake;
  config: Config;
  home: Home;
  core: Core;
  vectors: VectorSide;
  embedder: Embedder;
  /** The embedding model was trained on English alone, as far as its name tells. */
  englishOnly: boolean;
  /** Damage that was met in the history, one sentence each. */
  problems(): string[];
  /** What every write to a space is refused with, once it has been read: a newer program has been at work on it. */
  refusal(space: Space): KeepsakeError | undefined;
  /** Raises log_unavailable where nothing can be written to the history; leaves it as it is. */
  requireLog(): Promise<void>;
  /** Raises what keeps the vector index from answering within half a minute. */
  requireIndex(): Promise<void>;
  /** Opens the default user's space and the current project's, and looks for what was left to be done in any other, from now on. */
  warmUp(project: string | undefined): Promise<void>;
  /** What goes to other homes and files, and comes from them. */
  exchange: Exchange;
  /** How far imports into this home have come. */
  imports: ImportJournals;
  /** Ends the background work and lets the index go; everything acknowledged is on the disk already. */
  close(): Promise<void>;
}

/** What a caller may replace. */
export interface AppOptions {
  logger: Logger;
  clock?: Clock | undefined;
  /** In the place of the configured ones. */
  models?: { [Part in keyof Models]?: Models[Part] | undefined };
  /** Milliseconds for one attempt at a model. */
  modelTimeout?: number;
  /** Told of every request to a model, retries included. */
  onModelRequest?: (report: ModelReport) => void;
  /** Told of every space in which events were read or written, and how many inputs wait in it since. */
  onChange?: (space: Space, inputs: number) => void;
  /** Milliseconds before an input that a model failed on is tried again, doubling. */
  retryDelay?: number;
  /** Milliseconds that a space must be left alone before it is looked after. */
  quiet?: number;
  /** Milliseconds between two looks for what other processes left to be done. */
  lookEvery?: number;
  /** Bytes that spaces in use may take in memory before the least recently used are let go of. */
  heldBytes?: number;
  /** Does nothing by itself: writes to no history, and fills no index unless it is told to. */
  onlooker?: boolean;
}

/** Milliseconds that an index which must be there gets to answer: a cold Chroma starts well within them. */
const indexLimit = 30_000;
/**
 * Bytes, as estimated, of what is held of spaces, and how many of them are held whatever they take. A memory of a dozen
 * words was measured to take 2.2 kB, and by the size of its vector takes 2.6 kB more in the built-in index. With 100 of
 * them a space each, 1,049 of 10,000 spaces were held in a process of 904 MB, of which heap and buffers took 550 to 730.
 */
const heldBytes = 512e6;
const fewestHeld = 4;
/** Reads every file of a home's history and says what is wrong with it; changes nothing, and needs no home that is whole. */
export function auditHome({ home }: Config): Promise<HistoryAudit> {
  const lockFolder = join(home, 'locks');
  const attachments = openAttachments({ folder: join(home, 'attachments'), lockFolder });
  return auditHistory({ folder: join(home, 'history'), lockFolder, attachments });
}

/** Runs work on a file that several processes change, while none of the others does. Raises file system errors as they are. */
export function exclusively<T>(path: string, work: (lock: Lock) => Promise<T>): Promise<T> {
  return withLock(`${path}.lock`, work);
}

/** Opens a home with the parts that a configuration names. Raises KeepsakeErrors log_unavailable and update_needed. */
export async function openApp(config: Config, options: AppOptions): Promise<App> {
  const { logger } = options;
  const modelUse = { timeout: options.modelTimeout, onRequest: options.onModelRequest };
  const clock = options.clock ?? { now: Date.now };
  const home = await openHome(config.home);
  const { history: folder, checkpoints: checkpointFolder, locks, cache: cacheFolder, confirm, access } = home.folders;
  const { extractor, decider, reflector, embedder, reranker } = { ...createModels(config, modelUse), ...defined(options.models ?? {}) };
  const logOptions = { folder, lockFolder: locks, checkpointFolder, shape: `${__VERSION__}, view ${viewShape}, ${config.zone}`, logger };
  const history = openHistoryLog(logOptions);
  const cache = openEmbeddingCache({ folder: cacheFolder, model: embedder.model, dimension: () => embedder.dimension });
  const erasures = openErasures(join(locks, 'erasing'));
  const vectors = createVectors({
    embedder,
    cache,
    erasures: {
      ...erasures,
      finish: (clean) =>
        erasures.finish(async (space) => {
          await clean(space);
          await dropAttachments(core, core.spaces.open(space));
        }),
    },
    openIndex: (dimension) => openConfiguredIndex(config, home, { embedder, dimension, logger }),
    logger,
  });
  const backlog = createBacklog(() => core, { retryDelay: options.retryDelay });
  const housekeeping = createHousekeeping(() => core, { quiet: options.quiet });
  const reflecting = createReflecting(() => core, { threshold: config.reflectAfter, quiet: options.quiet });
  const changes = createChanges(() => core);
  // What goes on behind the answers belongs to no call, whatever is kept in the asynchronous context of one.
  const onChange = AsyncResource.bind((space: OpenSpace, projection: Projection) => {
    options.onChange?.(space.space, projection.pending.size);
    changes.changed(space);
    if (options.onlooker) return;
    vectors.changed(space);
    backlog.changed(space, projection);
    housekeeping.changed(space, projection);
    reflecting.changed(space, projection);
  });
  const spaceOptions = { clock, ids, device: home.device, zone: config.zone };
  const holding: Holding = {
    bytes: options.heldBytes ?? heldBytes,
    fewest: fewestHeld,
    besides: vectors.heldBytes,
    onRelease: vectors.released,
    logger,
  };
  const imports = openImportJournals(join(config.home, 'imports'));
  const core: Core = {
    spaces: createSpaces({ ...spaceOptions, history, onChange, holding }),
    vectors,
    extractor,
    decider,
    rules: { extractor: createRulesExtractor(), decider: createRulesDecider() },
    reflector,
    reranker,
    attachments: openAttachments({ folder: home.folders.attachments, lockFolder: locks }),
    own: new Set(),
    attachmentReader: createReader(config, modelUse),
    confirmations: openConfirmations({ folder: confirm, clock }),
    imports,
    accesses: openAccessLog({ folder: access, enabled: config.accessLog, logger }),
    claims: openClaims(locks),
    clock,
    ids,
    logger,
    keepInput: config.keepInput,
    zone: config.zone,
  };
  const hasWaiting = ({ pending }: Projection) => [...pending].some(([id, input]) => !isLeftToOthers(core, id, input));
  const glances = openHistoryLog(logOptions);
  const takeover = createTakeover(() => core, {
    glanceAt: (space) => glance(glances, space),
    isDue: (projection) => hasWaiting(projection) || areWordsDue(projection, core) || reflecting.isDue(projection),
    onDue: onChange,
    every: options.lookEvery,
  });
  return {
    keepsake: createKeepsake(core, changes.watch),
    config,
    home,
    core,
    vectors,
    embedder,
    englishOnly: isEnglishOnly(embedder.model),
    problems: () => history.problems(),
    refusal: history.refusal,
    requireLog: () => requireWritable({ folder, lockFolder: locks }),
    async requireIndex() {
      // How long a remote model's vectors are is not known yet; any length will do to see whether the index answers.
      const { dimension } = embedder;
      const index = await (dimension > 0 ? vectors.open(dimension) : openConfiguredIndex(config, home, { embedder, dimension: 1, logger }));
      await index.count(AbortSignal.timeout(indexLimit));
      if (index !== vectors.index()) await index.close();
    },
    async warmUp(project) {
      try {
        await vectors.finishErasing(core.spaces.open);
        await imports.dropLeft();
        for (const space of ownSpaces(config.user, project).map(core.spaces.open)) {
          await space.read(() => undefined);
          // Also where nothing is new to this process: the index may have been left behind by an earlier one.
          vectors.changed(space);
        }
      } finally {
        // Whatever these cannot do now, the others are looked after.
        await takeover.look();
      }
    },
    exchange: createExchange(core, { imports, lockFolder: locks }),
    imports,
    async close() {
      changes.close();
      await takeover.close();
      await backlog.close();
      await reflecting.close();
      await housekeeping.close();
      await vectors.close();
    },
  };
}
