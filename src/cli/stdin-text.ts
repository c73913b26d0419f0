import { addAbortSignal } from 'node:stream';
import { UsageError } from './command.js';

/**
 * The whole text on stdin, of at most so many characters. Raises UsageError with `tooLong` where there is more, and the
 * reason of a raised signal, since who types it may give up.
 */
export async function stdinText({ most, tooLong, signal }: { most: number; tooLong: string; signal: AbortSignal }): Promise<string> {
  let text = '';
  if (process.stdin.isTTY)
    process.stderr.write(`Type the text; ${process.platform === 'win32' ? 'Ctrl-Z and Enter end' : 'Ctrl-D ends'} it.\n`);
  try {
    for await (const chunk of addAbortSignal(signal, process.stdin.setEncoding('utf8'))) {
      text += String(chunk);
      if (text.length > most) throw new UsageError(tooLong);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  return text;
}
