import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';

/** Raised whenever host and programs of different versions would misunderstand each other. */
export const protocolVersion = 1;
/** Where a host listens for programs: the first of a folder's candidate ports that is free. */
export const loopback = '127.0.0.1';
/** How long a greeting may take, in milliseconds; who is slower is taken for a foreign service. */
const greetingTimeout = 1500;
const application = 'keepsake-chroma';

const greeting = z.object({ app: z.literal(application), protocol: z.number(), id: z.string(), nonce: z.string() });
/** What a program answers to the greeting: a challenge of its own and the proof that it may read the folder. */
export const introduction = z.object({ nonce: z.string(), proof: z.string() });
/** What a host tells a proven program once Chroma serves. */
const welcome = z.object({ proof: z.string(), port: z.number(), pid: z.number(), binding: z.string() });
/** What a program with a lease may ask for: that the host ends. */
export const request = z.object({ end: z.literal(true) });
const ownerFile = z.object({ token: z.string(), machine: z.string(), pid: z.number(), port: z.number() });

/** Who owns a Chroma folder. The file is private; its token is the secret that both sides prove to know. */
export type Owner = z.infer<typeof ownerFile>;

/** How the programs of one folder find their host. */
export interface Identity {
  id: string;
  /** Candidate control ports, in the order they are tried. */
  ports: number[];
}

/** The right to use a running Chroma, held as long as the socket is open. */
export interface Lease {
  socket: Socket;
  /** Chroma's own port. */
  port: number;
  /** The host's process id. */
  pid: number;
  /** For people: version of the binding, and whether it was adapted. */
  binding: string;
}

/**
 * What was found at a candidate port: nothing of ours, a host of ours that takes no lease now (it is starting or
 * ending), a host that speaks another protocol, or a lease.
 */
export type Found = { kind: 'none' } | { kind: 'busy' } | { kind: 'version'; protocol: number } | { kind: 'lease'; lease: Lease };

/** Identity of an existing folder: the same for every path to it, different for every user. */
export function identityOf(folder: string): Identity {
  const digest = createHash('sha256')
    .update(`${realpathSync.native(folder)}\n${process.getuid?.() ?? ''}`)
    .digest();
  // Below the ports that systems give to outgoing connections.
  const ports = [0, 1, 2].map((step) => 21_000 + ((digest.readUInt32BE(0) + step * 37) % 8000));
  return { id: digest.toString('hex', 0, 8), ports };
}

/** The folder's owner file; undefined when there is none, or none that can be read as one. */
export async function readOwner(folder: string): Promise<Owner | undefined> {
  const text = await readFile(ownerPath(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseLine(ownerFile, text);
}

/** Where the owner file of a folder lies. */
export function ownerPath(folder: string): string {
  return join(folder, 'owner.json');
}

/** The first line that a host says to whoever connects. */
export function greet(id: string, nonce: string): string {
  return line({ app: application, protocol: protocolVersion, id, nonce });
}

/** A message as it goes over the control connection. */
export function line(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

/** A fresh challenge. */
export function newNonce(): string {
  return randomBytes(16).toString('hex');
}

/** Proof of knowing the owner's token, bound to the port, so that nobody can pass it on, and to both challenges. */
export function proofOf(token: string, proof: { by: 'host' | 'program'; port: number; hostNonce: string; programNonce: string }): string {
  return createHmac('sha256', token).update(`${proof.by}\n${proof.port}\n${proof.hostNonce}\n${proof.programNonce}`).digest('hex');
}

/** Compares proofs in constant time. */
export function isProof(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

/** One JSON line as the given shape, undefined when it is none. */
export function parseLine<T>(shape: z.ZodType<T>, text: string): T | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Calls `receive` for each line that arrives; who sends more than 4 kB without a line break is cut off. */
export function onLines(socket: Socket, receive: (line: string) => void): void {
  let pending = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    for (const text of lines) if (!socket.destroyed) receive(text);
    if (pending.length > 4096) socket.destroy();
  });
}

/**
 * Asks at one candidate port for a lease of the host with this identity. Without a token it only looks who is there,
 * which is then never a lease. A lease is waited for until Chroma serves or the signal aborts.
 */
export function seekHost({
  port,
  id,
  token,
  signal,
}: {
  port: number;
  id: string;
  token?: string | undefined;
  signal: AbortSignal;
}): Promise<Found> {
  return new Promise((resolve) => {
    const socket = connect(port, loopback);
    const programNonce = newNonce();
    let proof: string | undefined;
    let outcome: Found = { kind: 'none' };
    const leave = (found: Found) => {
      outcome = found;
      socket.destroy();
    };
    const abort = () => socket.destroy();
    const timer = setTimeout(abort, greetingTimeout);
    signal.addEventListener('abort', abort, { once: true });
    // Every way out but a lease ends here; an error is always followed by the close.
    const closed = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(outcome);
    };
    socket.on('error', () => socket.destroy());
    socket.once('close', closed);
    onLines(socket, (text) => {
      if (proof === undefined) {
        const host = parseLine(greeting, text);
        if (host?.id !== id) return leave({ kind: 'none' });
        clearTimeout(timer);
        if (host.protocol !== protocolVersion) return leave({ kind: 'version', protocol: host.protocol });
        outcome = { kind: 'busy' };
        if (token === undefined) return socket.destroy();
        proof = proofOf(token, { by: 'host', port, hostNonce: host.nonce, programNonce });
        socket.write(line({ nonce: programNonce, proof: proofOf(token, { by: 'program', port, hostNonce: host.nonce, programNonce }) }));
        return;
      }
      const server = parseLine(welcome, text);
      if (server === undefined || !isProof(server.proof, proof)) return leave({ kind: 'none' });
      socket.off('close', closed);
      signal.removeEventListener('abort', abort);
      socket.unref();
      resolve({ kind: 'lease', lease: { socket, port: server.port, pid: server.pid, binding: server.binding } });
    });
  });
}
