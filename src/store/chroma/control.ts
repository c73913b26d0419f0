import { existsSync, fstatSync, ftruncateSync, mkdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../core/errors.js';
import {
  greet,
  identityOf,
  introduction,
  isProof,
  line,
  loopback,
  newNonce,
  type Owner,
  onLines,
  parseLine,
  proofOf,
  request,
  seekHost,
} from './handshake.js';
import { assertFreeSpace, awaitHeartbeat, dropDeadCollections, freePort } from './health.js';
import { exitCodes, folderNames, type HostOptions } from './host-options.js';
import { claimFolder, renewClaim } from './owner.js';

/** How often the host looks after its folder and its log, in milliseconds. */
const watchInterval = 1000;
/** How long the first lease may take to arrive, in milliseconds. */
const firstLeaseTimeout = 10_000;
/** How long Chroma may take to end by itself, in milliseconds. */
const endTimeout = 5000;
const maximumLogBytes = 2_000_000;

/** A sentence on why this host must not serve; the last line of its log. */
class Refusal extends Error {}
/** Another host of this folder was first. */
class Lost extends Error {}

const { folder, binding, idleSeconds } = workerData as HostOptions;
const data = join(folder, folderNames.data);
const discard = join(folder, folderNames.discard);
const leases = new Set<Socket>();
let owner: Owner | undefined;
let ending = false;
let idle: NodeJS.Timeout | undefined;
let serving: (port: number) => void;
const chromaPort = new Promise<number>((resolve) => {
  serving = resolve;
});

// Main is blocked by Chroma and cannot hear of a fault here; without control the process must not go on.
for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(fault, (error) => {
    writeSync(2, `${error instanceof Error ? error.stack : String(error)}\n`);
    process.kill(process.pid, 'SIGKILL');
  });
}

/** Ends the process. The control port stays taken until it is gone, so that no successor starts beside it. */
function end(): void {
  if (ending) return;
  ending = true;
  for (const socket of leases) socket.destroy();
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), endTimeout);
}

function endWhenIdle(after: number): void {
  clearTimeout(idle);
  if (leases.size === 0) idle = setTimeout(end, after);
}

/** Proves each side to the other, then keeps the socket as a lease and tells where Chroma is once it serves. */
function receive(socket: Socket, controlPort: number, id: string): void {
  const hostNonce = newNonce();
  let proven = false;
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    if (leases.delete(socket) && !ending) endWhenIdle(idleSeconds * 1000);
  });
  if (ending) return void socket.destroy();
  socket.setTimeout(5000, () => socket.destroy());
  socket.write(greet(id, hostNonce));
  onLines(socket, (text) => {
    if (proven) {
      if (parseLine(request, text) !== undefined) end();
      return;
    }
    const program = parseLine(introduction, text);
    if (program === undefined || owner === undefined || ending) return void socket.destroy();
    const { token } = owner;
    const proof = { port: controlPort, hostNonce, programNonce: program.nonce };
    if (!isProof(program.proof, proofOf(token, { by: 'program', ...proof }))) return void socket.destroy();
    proven = true;
    socket.setTimeout(0);
    leases.add(socket);
    clearTimeout(idle);
    void chromaPort.then((port) => {
      const about = `${binding.version}${binding.adapted ? ', adapted' : ''}`;
      socket.write(line({ proof: proofOf(token, { by: 'host', ...proof }), port, pid: process.pid, binding: about }));
    });
  });
}

/** Takes the first free candidate port; it is the lock of the folder, which the system frees however the process ends. */
async function takeControlPort(id: string, ports: number[]): Promise<void> {
  const signal = new AbortController().signal;
  const lookFor = async (port: number) => {
    if ((await seekHost({ port, id, signal })).kind !== 'none') throw new Lost();
  };
  for (const port of ports) {
    const server = createServer((socket) => receive(socket, port, id));
    const taken = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen({ port, host: loopback, exclusive: true }, () => resolve(true));
    });
    if (!taken) {
      await lookFor(port);
      continue;
    }
    // Two hosts may have come to different candidates; each looks after taking its own, so at least one sees the other.
    await Promise.all(ports.filter((other) => other !== port).map(lookFor));
    const claim = await claimFolder(folder, port);
    if (typeof claim === 'string') throw new Refusal(claim);
    owner = claim;
    return;
  }
  throw new Refusal(`other programs hold the ports ${ports.join(', ')} of ${loopback}`);
}

async function watch(): Promise<void> {
  if (owner !== undefined && !(await renewClaim(folder, owner))) return end();
  // The log is appended to, so it can be emptied while Chroma holds it open.
  const log = fstatSync(1);
  if (log.isFile() && log.size > maximumLogBytes) ftruncateSync(1, 0);
  setTimeout(() => void watch(), watchInterval);
}

async function start(): Promise<void> {
  const { id, ports } = identityOf(folder);
  await takeControlPort(id, ports);
  void watch();
  if (existsSync(discard) || (existsSync(data) && !statSync(data).isDirectory())) {
    rmSync(data, { recursive: true, force: true });
    rmSync(discard, { force: true });
  }
  mkdirSync(data, { recursive: true, mode: 0o700 });
  assertFreeSpace(data);
  const port = await freePort();
  parentPort?.postMessage({ serve: { path: data, port } });
  await awaitHeartbeat(port);
  await dropDeadCollections(port).catch((error: unknown) => {
    writeFileSync(discard, '');
    throw error;
  });
  serving(port);
  endWhenIdle(firstLeaseTimeout);
}

start().catch((error: unknown) => {
  if (error instanceof Lost) return parentPort?.postMessage({ exit: exitCodes.ended });
  writeSync(2, `${messageOf(error)}\n`);
  // Before Chroma serves main still listens; afterwards only the signal reaches it.
  parentPort?.postMessage({ exit: exitCodes.refused });
  end();
});
