import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Logger } from '../core/ports.js';
import { openingOf } from './first-message.js';
import { revisionKey } from './message.js';
import type { ModernConnection } from './modern-connection.js';
import type { ModernStdio } from './stdio-modern.js';
import { longestMessage, openStdio } from './stdio-streams.js';
import { tooLargeAnswer } from './too-large.js';

/** What a client over stdin and stdout is served with, by the revision that it speaks. */
export interface StdioOptions {
  /** A server of the revisions up to 2025-11-25. Called once at most. */
  legacy(): Server;
  /** What serves revision 2026-07-28; loaded with the first message of it. Called once at most. */
  modern(): Promise<ModernConnection>;
  /** Resolves when the calls under way have been answered, or have had time enough. */
  drain(): Promise<unknown>;
  signal: AbortSignal;
  logger: Logger;
}

/**
 * Serves one client over stdin and stdout, in the revision that its first request shows; one that only asks which there
 * are may go on with any. Resolves when the client has closed its side or can no longer be reached, or when the signal
 * is raised; the calls under way have then been answered. A message that is too large is answered with that.
 */
export async function serveStdio({ legacy, modern, drain, signal, logger }: StdioOptions): Promise<void> {
  // Either side is given whole lines: it looks for the end of one in all that it holds at each chunk.
  let input = new PassThrough();
  let era: 'legacy' | 'modern' | undefined;
  let probed: ModernStdio | undefined;
  let close = async (): Promise<void> => undefined;

  const { lines, stdout, gone, ...streams } = openStdio({
    signal,
    onTooLong(ends) {
      const isModern = era === 'modern' || `${ends.head}${ends.tail}`.includes(revisionKey);
      const answer = tooLargeAnswer(ends, isModern ? 'modern' : 'legacy');
      if (answer) stdout.write(serializeMessage(answer));
    },
  });

  async function beLegacy(): Promise<void> {
    era = 'legacy';
    await probed?.answered();
    await probed?.close();
    input = new PassThrough();
    const server = legacy();
    close = () => server.close();
    await server.connect(new StdioServerTransport(input, stdout, { maxBufferSize: longestMessage }));
  }

  async function loadModern(): Promise<void> {
    const [{ serveModernStdio }, connection] = await Promise.all([import('./stdio-modern.js'), modern()]);
    probed = serveModernStdio({ connection, input, output: stdout, longest: longestMessage, logger });
    close = probed.close;
  }

  /** Finds out what a client speaks that has not shown it yet. Returns whether the line is to be answered. */
  async function choose(line: string): Promise<boolean> {
    const opening = openingOf(line);
    switch (opening) {
      case undefined:
        return false;
      case 'legacy':
        await beLegacy();
        return true;
      case 'probe':
      case 'modern':
        if (!probed) await loadModern();
        if (opening === 'modern') era = 'modern';
        return true;
    }
  }

  async function serve(): Promise<void> {
    for await (const line of lines) if (era || (await choose(String(line)))) input.write(line);
  }

  await Promise.race([serve(), gone]);
  // What was read last is at work one turn later.
  await nextTurn();
  await drain();
  await close();
  streams.close();
}
