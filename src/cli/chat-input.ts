import { createInterface } from 'node:readline/promises';

/** The lines that a conversation is given, and the signals that stop and end it. */
export interface ChatInput {
  /** The next line; undefined once the input or the conversation is over. */
  next(prompt: string): Promise<string | undefined>;
  /** Begins a piece of work: an answer, a command, the last wait. Its signal is raised by ctrl-C and by the end. */
  begin(): AbortSignal;
  /** Ends the listening. */
  close(): void;
}

/**
 * Listens on stdin. The first ctrl-C since the last line stops the work that is under way and calls `onStop`, the second
 * ends the input, and so do SIGTERM and a reader of stdout that is gone. `isInteractive`: somebody types at a prompt.
 */
export function openChatInput({ isInteractive, onStop }: { isInteractive: boolean; onStop: () => void }): ChatInput {
  const input = createInterface({ input: process.stdin, ...(isInteractive && { output: process.stdout }), terminal: isInteractive });
  // At once: a line that comes while nobody iterates is lost.
  const lines = input[Symbol.asyncIterator]();
  let work = new AbortController();
  let hasEnded = false;
  let isPressed = false;
  let isAwaited = false;

  function end(): void {
    hasEnded = true;
    work.abort();
    input.close();
  }
  function interrupt(): void {
    if (isPressed) {
      end();
      return;
    }
    isPressed = true;
    work.abort();
    onStop();
    if (isInteractive && isAwaited) input.prompt();
  }
  // In raw mode the terminal hands ctrl-C over as a key.
  input.on('SIGINT', interrupt);
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', end);
  process.stdout.on('error', end);

  return {
    async next(prompt) {
      if (hasEnded) return undefined;
      if (isInteractive) {
        input.setPrompt(prompt);
        input.prompt();
      }
      isAwaited = true;
      const { value, done } = await lines.next();
      isAwaited = false;
      isPressed = false;
      if (!done) return value;
      if (isInteractive) process.stdout.write('\n');
      return undefined;
    },
    begin() {
      if (!hasEnded) work = new AbortController();
      return work.signal;
    },
    close() {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', end);
      process.stdout.off('error', end);
      input.close();
    },
  };
}
