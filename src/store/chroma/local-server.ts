import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { firstSignal } from '../../core/first-signal.js';
import type { Logger } from '../../core/ports.js';
import { hasCode } from '../error-code.js';
import { unlessAborted } from './abort.js';
import { type ChromaBinding, ChromaUnavailableError, type Compatibility, checkBinding, prepareBinding } from './binding.js';
import { type Identity, identityOf, type Lease, line, loopback, protocolVersion, readOwner, seekHost } from './handshake.js';
import { beats } from './health.js';
import { exitCodes, folderNames, type HostOptions } from './host-options.js';
import type { ChromaEndpoint, ChromaServer } from './server.js';

/** How long finding or starting a host may take in all, in milliseconds. */
const startTimeout = 60_000;
/** Crashes in a row after which Chroma's data are taken for the cause, and after which the start is given up. */
const crashLimits = { discard: 2, giveUp: 4 };
/** How often a server in use is asked whether it lives, how long it may take to say so, in milliseconds, and how often it may not. */
const pulse = { every: 20_000, limit: 10_000, most: 3 };

/** The one Chroma server that the programs of a home share. */
export interface LocalChromaOptions {
  /** Chroma's folder in the home; made when missing. The adapted binding is kept beside it, in chroma-binding. */
  folder: string;
  /** Seconds that the server outlives its last user; 0: it ends with it. Those of the program that starts it count. */
  idleSeconds: number;
  compat: Compatibility;
  /** The bundled entry of the host process. */
  hostScript?: string | undefined;
  /** When a server that does not answer counts as hung; times in milliseconds. */
  pulse?: { every: number; limit: number; most: number } | undefined;
  logger: Logger;
}

/**
 * The shared Chroma server of a folder: found or started at the first use, kept alive by a lease, and found or started
 * again when it died. Raises ChromaUnavailableError when it cannot be had.
 */
export function openLocalChroma(options: LocalChromaOptions): ChromaServer {
  const closing = new AbortController();
  let lease: Lease | undefined;
  let starting: Promise<Lease> | undefined;

  /** One start at a time, for all callers; it belongs to none of them, so one that gives up does not end it for others. */
  function connected(): Promise<Lease> {
    if (lease !== undefined && !lease.socket.destroyed) return Promise.resolve(lease);
    starting ??= findOrStart(options, firstSignal(closing.signal, AbortSignal.timeout(startTimeout)))
      .then((found) => {
        if (closing.signal.aborted) found.socket.destroy();
        closing.signal.throwIfAborted();
        lease = found;
        found.socket.on('error', () => found.socket.destroy());
        void watch(found, options);
        return found;
      })
      .finally(() => {
        starting = undefined;
      });
    return starting;
  }

  return {
    async endpoint(signal) {
      closing.signal.throwIfAborted();
      return endpointOf(await unlessAborted(connected(), signal));
    },
    failed(endpoint) {
      // Another call may have found the next server already.
      if (lease !== undefined && endpointOf(lease).url === endpoint.url) lease.socket.destroy();
    },
    async discard(signal) {
      options.logger.warn('discarding the data of the local Chroma; its indexes are rebuilt', { folder: options.folder });
      const { socket } = await unlessAborted(connected(), signal);
      markDiscard(options.folder);
      if (socket.destroyed) return;
      const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.ref().write(line({ end: true }));
      await unlessAborted(gone, signal);
    },
    close() {
      closing.abort(new ChromaUnavailableError('it was closed', 'open it again'));
      lease?.socket.destroy();
      return Promise.resolve();
    },
  };
}

/**
 * Ends a server that accepts calls and answers none, for as long as it is leased: it holds the lock of its folder, so
 * that no other can take its place while it is there.
 */
async function watch(
  { socket, port, pid }: Lease,
  { pulse: { every, limit, most } = pulse, logger, folder }: LocalChromaOptions,
): Promise<void> {
  for (let missed = 0; !socket.destroyed; ) {
    await pause(every, undefined, { ref: false });
    if (socket.destroyed) return;
    missed = (await beats(port, limit)) ? 0 : missed + 1;
    // While the socket is open the process is there, and is the one that gave the lease.
    if (missed < most || socket.destroyed) continue;
    logger.warn('Chroma does not answer any more; it is ended and started anew', { folder, pid });
    end(pid);
    return;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Another program was faster.
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

/**
 * Tells doctor whether the local Chroma could run here, and with which binding, without starting it. Raises
 * ChromaUnavailableError that says why not and what would help.
 */
export function probeLocalChroma({ folder, compat }: Pick<LocalChromaOptions, 'folder' | 'compat'>): Promise<ChromaBinding> {
  return checkBinding({ copies: bindingFolder(folder), compat });
}

async function findOrStart(options: LocalChromaOptions, signal: AbortSignal): Promise<Lease> {
  const { folder, compat, logger } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const identity = identityOf(folder);
  let child: ChildProcess | undefined;
  let crashes = 0;
  try {
    for (let wait = 40; ; wait = Math.min(wait * 2, 1000)) {
      const found = await findHost(identity, folder, signal);
      if (typeof found === 'object') return found;
      signal.throwIfAborted();
      if (child !== undefined && hasEnded(child) && child.exitCode === exitCodes.refused) {
        // The host that was seen may be another, slow to show itself, or this one in its last moment: look again.
        if (found === 'none') throw unavailable(lastLineOfLog(folder));
      } else if (child !== undefined && hasEnded(child)) {
        if (child.exitCode !== exitCodes.ended) crashes++;
        if (crashes >= crashLimits.giveUp)
          throw unavailable(`its process ended (${child.exitCode ?? child.signalCode}): ${lastLineOfLog(folder)}`);
        if (crashes === crashLimits.discard) {
          logger.warn('Chroma does not start; its data are discarded and rebuilt', { folder });
          markDiscard(folder);
        }
        child = undefined;
      }
      if (found === 'none' && child === undefined) {
        const binding = await prepareBinding({ copies: bindingFolder(folder), compat });
        child = spawnHost({ folder, binding, idleSeconds: options.idleSeconds }, options.hostScript);
      }
      // Apart from each other, so that programs started together do not all come back together.
      await pause(wait * (0.5 + Math.random()), undefined, { signal });
    }
  } catch (error) {
    if (error instanceof ChromaUnavailableError || !signal.aborted) throw error;
    if (signal.reason instanceof ChromaUnavailableError) throw signal.reason;
    throw unavailable('it did not start within a minute', { cause: error });
  }
}

/** A lease, or whether a host is there that gives none yet. */
async function findHost({ id, ports }: Identity, folder: string, signal: AbortSignal): Promise<Lease | 'busy' | 'none'> {
  const token = (await readOwner(folder))?.token;
  const found = await Promise.all(ports.map((port) => seekHost({ port, id, token, signal })));
  for (const answer of found) {
    if (answer.kind === 'lease') return answer.lease;
    if (answer.kind === 'version') {
      const which = answer.protocol > protocolVersion ? 'newer' : 'older';
      throw new ChromaUnavailableError(
        `a ${which} version of Keepsake runs it`,
        'close the programs that use the other version, or update them all',
      );
    }
  }
  return found.some(({ kind }) => kind === 'busy') ? 'busy' : 'none';
}

function spawnHost(options: HostOptions, script = fileURLToPath(new URL('./chroma-host.js', import.meta.url))): ChildProcess {
  const log = openSync(join(options.folder, folderNames.log), 'a', 0o600);
  try {
    const child = spawn(process.execPath, [script, JSON.stringify(options)], {
      detached: true,
      stdio: ['ignore', log, log],
      env: hostEnvironment(),
      cwd: parse(options.folder).root,
      windowsHide: true,
    });
    child.on('error', (error) => appendFileSync(join(options.folder, folderNames.log), `${error.message}\n`));
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** The host outlives this program and needs none of its keys; settings for Chroma or for debugging node must not reach it. */
function hostEnvironment(): NodeJS.ProcessEnv {
  const withheld = /KEY|TOKEN|SECRET|PASSWORD|^CHROMA_|^KEEPSAKE_|^NODE_/i;
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !withheld.test(name))), RUST_LOG: 'error' };
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function markDiscard(folder: string): void {
  writeFileSync(join(folder, folderNames.discard), '', { mode: 0o600 });
}

function lastLineOfLog(folder: string): string {
  const text = readFileSync(join(folder, folderNames.log), 'utf8').trimEnd();
  return text.slice(text.lastIndexOf('\n') + 1).slice(0, 300) || 'nothing was logged';
}

function unavailable(reason: string, options?: ErrorOptions): ChromaUnavailableError {
  return new ChromaUnavailableError(reason, 'use the built-in index with KEEPSAKE_STORE=embedded, or set CHROMA_URL', options);
}

function endpointOf({ port, binding }: Lease): ChromaEndpoint {
  return { url: `http://${loopback}:${port}`, about: `binding ${binding}` };
}

function bindingFolder(folder: string): string {
  return join(dirname(folder), 'chroma-binding');
}
