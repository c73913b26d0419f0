import { Writable } from 'node:stream';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

/** Bytes of one message: 200,000 characters of any script, with room for the rest of a call. */
const longestMessage = 8 * 1024 * 1024;

/**
 * Keeps stdout for the protocol: whatever else in this process writes there goes to stderr. Resolves with a stream
 * that reaches the real stdout.
 */
function guardedStdout(): Writable {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      write(chunk, (error) => done(error ?? null));
    },
  });
  // Each answer that waits for a slow client listens; from eleven on node would warn of a leak.
  return stdout.setMaxListeners(0);
}

/**
 * Serves one client over stdin and stdout. Resolves when the client has closed its side or can no longer be reached,
 * or when `signal` is raised; the server is then closed.
 */
export async function serveStdio(server: Server, signal: AbortSignal): Promise<void> {
  const stdout = guardedStdout();
  const over = new Promise<void>((resolve) => {
    const end = () => resolve();
    process.stdin.once('end', end).once('close', end).once('error', end);
    process.stdout.on('error', end);
    stdout.on('error', end);
    signal.addEventListener('abort', end, { once: true });
  });
  await server.connect(new StdioServerTransport(process.stdin, stdout, { maxBufferSize: longestMessage }));
  await over;
}
