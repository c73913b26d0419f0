import { type Readable, Writable } from 'node:stream';
import { createMessageLines, type LineEnds } from './message-lines.js';

/** Bytes of one message: 200,000 characters of any script and 3 MiB of attachments, with room for the rest of a call. */
export const longestMessage = 8 * 1024 * 1024;

/** The client's side of stdin and stdout. */
export interface StdioStreams {
  /** Whole lines, each as one chunk with its line feed; ends when the client has closed its side. */
  lines: Readable;
  /** Reaches the real stdout, which everything else in this process is kept from. */
  stdout: Writable;
  /** Resolves when the client can no longer be reached, or the signal is raised. */
  gone: Promise<void>;
  /** Reads no more; stdin does then not keep the process alive. */
  close(): void;
}

/**
 * Keeps stdout for the protocol: whatever else in this process writes there goes to stderr. Returns a stream that
 * reaches the real stdout.
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

/** Takes stdin and stdout for the protocol; a line longer than `longestMessage` is dropped and its ends are given to `onTooLong`. */
export function openStdio({ signal, onTooLong }: { signal: AbortSignal; onTooLong: (ends: LineEnds) => void }): StdioStreams {
  const stdout = guardedStdout();
  const lines = createMessageLines({ longest: longestMessage, onTooLong });
  const gone = new Promise<void>((resolve) => {
    const end = () => resolve();
    process.stdin.once('error', end);
    process.stdout.on('error', end);
    stdout.on('error', end);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
  process.stdin.once('close', () => lines.end());
  process.stdin.pipe(lines);
  return {
    lines,
    stdout,
    gone,
    close: () => {
      process.stdin.unpipe(lines).pause();
      lines.destroy();
    },
  };
}
