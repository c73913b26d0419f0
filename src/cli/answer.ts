import { isForPeople, plain } from './terminal.js';
import type { ToolReply } from './tool-calls.js';

/** How an answer is shown. */
export interface Showing<A> {
  json: boolean;
  /** On a terminal. */
  page: (answer: A) => string;
  /** The tool's text with commands in place of calls; without it the text stays as it is. */
  piped?: (text: string, answer: A) => string;
}

/** Prints what a tool answered: with `json` its data, on a terminal a page for people, else its own text. */
export function printReply<A>({ structured, text }: ToolReply<A>, { json, page, piped = (said) => said }: Showing<A>): void {
  const shown = json ? JSON.stringify(structured, undefined, 2) : isForPeople() ? page(structured) : plain(piped(text, structured));
  process.stdout.write(`${shown}\n`);
}
