import { isForPeople, plain } from './terminal.js';
import type { ToolReply } from './tool-calls.js';

/** Prints what a tool answered: with `json` its data, on a terminal a page for people, else its own text. */
export function printReply<A>({ structured, text }: ToolReply<A>, { json, page }: { json: boolean; page: (answer: A) => string }): void {
  const shown = json ? JSON.stringify(structured, undefined, 2) : isForPeople() ? page(structured) : plain(text);
  process.stdout.write(`${shown}\n`);
}
