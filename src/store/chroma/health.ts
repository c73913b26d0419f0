import { readdirSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loopback } from './handshake.js';

/** Free space that must remain beside what Chroma may write, in bytes. */
const spaceMargin = 200_000_000;
/** How long Chroma may take to answer first, and then to load one collection, in milliseconds. */
const startTimeout = 30_000;

/**
 * Raises an Error when the disk has less free than Chroma's files take once more: a full disk while Chroma saves an
 * index makes the index unreadable.
 */
export function assertFreeSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const wanted = sizeOf(folder) + spaceMargin;
  if (free < wanted) throw new Error(`the disk has ${megabytes(free)} free where Chroma needs ${megabytes(wanted)}`);
}

/** A port that was free a moment ago; Chroma ends if it is taken meanwhile. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: loopback }, () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port was free'))));
    });
  });
}

/** Waits until Chroma answers; raises an Error after half a minute. */
export async function awaitHeartbeat(port: number): Promise<void> {
  const deadline = Date.now() + startTimeout;
  for (;;) {
    const answer = await ask(port, '/heartbeat').catch((error: unknown) => error);
    if (typeof (answer as Record<string, unknown>)['nanosecond heartbeat'] === 'number') return;
    if (Date.now() > deadline) throw new Error('Chroma did not start in time', { cause: answer });
    await pause(10);
  }
}

/** Whether Chroma answers within so many milliseconds. */
export async function beats(port: number, limit: number): Promise<boolean> {
  const answer = await ask(port, '/heartbeat', 'GET', limit).catch((error: unknown) => error);
  return typeof (answer as Record<string, unknown>)['nanosecond heartbeat'] === 'number';
}

/** Asks each collection for its count, which loads it, and drops those that cannot be loaded any more; their index is rebuilt. */
export async function dropDeadCollections(port: number): Promise<void> {
  const all = '/tenants/default_tenant/databases/default_database/collections';
  for (const { id, name } of (await ask(port, all)) as { id: string; name: string }[]) {
    await ask(port, `${all}/${id}/count`).catch(() => ask(port, `${all}/${encodeURIComponent(name)}`, 'DELETE'));
  }
}

async function ask(port: number, path: string, method = 'GET', limit = startTimeout): Promise<unknown> {
  const response = await fetch(`http://${loopback}:${port}/api/v2${path}`, { method, signal: AbortSignal.timeout(limit) });
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`Chroma answered ${response.status} to ${method} ${path}: ${JSON.stringify(body)}`);
  return body;
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((total, entry) => {
    const path = join(folder, entry.name);
    return total + (entry.isDirectory() ? sizeOf(path) : statSync(path).size);
  }, 0);
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}
