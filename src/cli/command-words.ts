import { KeepsakeError } from '../core/errors.js';
import { programName } from './program-name.js';

/** What the core says to programs that call tools, and what a person types in its place. */
const inPlaceOf = (): readonly (readonly [string, string])[] => [
  ['; memory_history names the call of each.', `; this names the call of each: ${programName()} history`],
  [
    'Use recall to find ids; name its project if it has one.',
    'Find ids with recall or list; add --project NAME if it belongs to a project.',
  ],
];

/** An error's message as the command line says it: with commands and flags in place of tools and their arguments. */
export function inCommandWords(message: string): string {
  return inPlaceOf().reduce((text, [tool, command]) => text.replace(tool, () => command), message);
}

/** Raises an error again, in the words of the command line where it is one of Keepsake's. */
export function raiseInCommandWords(error: unknown): never {
  if (!(error instanceof KeepsakeError)) throw error;
  throw new KeepsakeError(error.code, inCommandWords(error.message), { cause: error });
}

/** What is said where a home holds nothing yet; `home` is its path. */
export function nothingYet(home: string): string {
  return `Nothing is remembered yet in ${home}. Try: ${programName()} remember "Emma is allergic to peanuts."`;
}

/** A tool's text with the next page named as the flag that brings it. */
export function withNextPage(text: string, { next_cursor: cursor }: { next_cursor?: string | undefined }): string {
  return cursor === undefined ? text : text.replace(`\nMore: cursor ${cursor}`, `\nMore: the same command with --cursor ${cursor}`);
}
