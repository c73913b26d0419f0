import type { RememberResult } from '../core/answers.js';
import { createControlFilter } from '../core/control-characters.js';
import type { News, Said } from '../core/conversation.js';
import { type CommandAnswer, quoted } from './chat-commands.js';
import { plain, styled } from './terminal.js';

/** Where a conversation is shown. */
export interface ChatPage {
  /** A piece of an answer, as it comes. */
  piece(text: string): void;
  /** The end of a turn, whose pieces were shown. */
  said(text: string, turn: Said): void;
  command(name: string, answer: CommandAnswer): void;
  /** What became of earlier turns, where no turn tells it. */
  news(news: News): void;
  /** A word of the program itself. */
  note(text: string): void;
}

const results = { ADD: 'remembered', UPDATE: 'updated', DELETE: 'retired', RESTORE: 'brought back', NONE: 'known' };

function resultLine({ event, id, memory, previous }: RememberResult): string {
  const before = previous === undefined || previous === memory ? '' : `  ${styled('dim', `before: ${plain(JSON.stringify(previous))}`)}`;
  return `${styled('green', results[event])}  ${quoted(id, memory)}${before}`;
}

/** A page for people on stdout; what went wrong goes to stderr. */
export function createReadablePage(): ChatPage {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const warn = (text: string) => process.stderr.write(`${styled('yellow', plain(text).replaceAll('\n', ' '))}\n`);
  const pieces = createControlFilter();
  return {
    piece: (text) => process.stdout.write(plain(pieces.next(text))),
    said(_text, { answer, memories, remembered, degraded, error, stopped }) {
      process.stdout.write(plain(pieces.rest()));
      if (answer !== '' && !answer.endsWith('\n')) print('');
      if (stopped) warn('stopped');
      if (error !== undefined) warn(`${answer === '' ? 'no answer' : 'the answer is incomplete'}: ${error}`);
      if (memories.length > 0) print(styled('dim', `memories: ${memories.map(({ id }) => id).join(' ')}`));
      for (const each of remembered) print(resultLine(each));
      for (const each of degraded) warn(`degraded: ${each}`);
    },
    command(_name, { lines }) {
      for (const line of lines) print(line);
    },
    news({ remembered, degraded }) {
      for (const each of remembered) print(resultLine(each));
      for (const each of degraded) warn(`degraded: ${each}`);
    },
    note: (text) => print(styled('dim', plain(text))),
  };
}

/** A page for programs: one JSON object a turn, a command or some news, each on its line. */
export function createJsonPage(): ChatPage {
  const print = (data: object) => process.stdout.write(`${JSON.stringify(data)}\n`);
  return {
    piece: () => undefined,
    said: (text, turn) => print({ said: text, ...turn }),
    command: (name, { data }) => print({ command: name, ...data }),
    news({ remembered, degraded, waiting }) {
      if (remembered.length > 0 || degraded.length > 0) print({ remembered, degraded, waiting });
    },
    note: () => undefined,
  };
}
