import { randomBytes, randomUUID } from 'node:crypto';
import { readlinkSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { loopback, type Owner, ownerPath, readOwner } from './handshake.js';

/** An owner elsewhere that has not renewed its claim for this long, in milliseconds, is taken for dead. */
const elsewhereTimeout = 5000;

/**
 * Claims a folder for this process by its owner file, the second guard beside the control port: it also holds where
 * ports cannot, between containers that share the folder. `port` is the control port that this process holds. Resolves
 * with the new owner, or with a sentence that says who else owns it.
 */
export async function claimFolder(folder: string, port: number): Promise<Owner | string> {
  const present = await readOwner(folder);
  if (present !== undefined && (await isAlive(folder, present, port))) {
    return `the folder is in use by process ${present.pid} on ${present.machine.split(' ')[0]}`;
  }
  const owner: Owner = { token: randomBytes(32).toString('hex'), machine: machineName(), pid: process.pid, port };
  const draft = `${ownerPath(folder)}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 });
  renameSync(draft, ownerPath(folder));
  return owner;
}

/** Renews the claim; false when the folder is gone or belongs to another. */
export async function renewClaim(folder: string, owner: Owner): Promise<boolean> {
  const present = await readOwner(folder);
  if (present?.token !== owner.token) return false;
  const now = new Date();
  utimesSync(ownerPath(folder), now, now);
  return true;
}

async function isAlive(folder: string, owner: Owner, ownPort: number): Promise<boolean> {
  if (owner.machine !== machineName()) return Date.now() - statSync(ownerPath(folder)).mtimeMs < elsewhereTimeout;
  // A stopped process still keeps its port; a process that only got the dead one's number does not.
  return owner.port !== ownPort && processExists(owner.pid) && (await isPortTaken(owner.port));
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isPortTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, loopback);
    const settle = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(500, () => settle(true));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

/** Where process ids and ports mean the same: the host name and, on Linux, the namespaces of a container. */
function machineName(): string {
  return [hostname(), ...['pid', 'net'].map(namespaceOf)].join(' ').trimEnd();
}

function namespaceOf(kind: string): string {
  try {
    return readlinkSync(`/proc/self/ns/${kind}`);
  } catch (error) {
    // Only Linux has them.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
