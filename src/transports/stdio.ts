import { Writable } from 'node:stream';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import { createMessageLines } from './message-lines.js';
import { tooLargeAnswer } from './too-large.js';

/** Bytes of one message: 200,000 characters of any script and 3 MiB of attachments, with room for the rest of a call. */
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
 * or when `signal` is raised; the server is then closed. A message that is too large is answered with that.
 */
export async function serveStdio(server: Server, signal: AbortSignal): Promise<void> {
  const stdout = guardedStdout();
  const lines = createMessageLines({
    longest: longestMessage,
    onTooLong(ends) {
      const answer = tooLargeAnswer(ends);
      if (answer) stdout.write(serializeMessage(answer));
    },
  });
  const over = new Promise<void>((resolve) => {
    const end = () => resolve();
    lines.once('end', end);
    process.stdin.once('error', end);
    process.stdout.on('error', end);
    stdout.on('error', end);
    signal.addEventListener('abort', end, { once: true });
  });
  process.stdin.once('close', () => lines.end());
  // The transport pauses what it reads from when it is closed; stdin must then not keep the process alive.
  lines.once('pause', () => process.stdin.unpipe(lines).pause());
  // The transport looks for the end of a line in all that it holds at each chunk, so it is given whole lines.
  await server.connect(new StdioServerTransport(lines, stdout, { maxBufferSize: longestMessage }));
  process.stdin.pipe(lines);
  await over;
}
