import { KeepsakeError } from './errors.js';
import type { PendingInput, Projection } from './projection.js';

/** Inputs that may wait in one space, and their characters in all: what a model has for days to do. */
export const mostWaiting = 10_000;
export const mostWaitingCharacters = 50_000_000;

/** How much waits in a space, and since when. */
export interface Waiting {
  inputs: number;
  characters: number;
  /** When the oldest of them was received, ISO 8601 in UTC; absent where none waits. */
  since?: string;
}

/** Counts what waits in a space; O(waiting inputs). */
export function waitingIn({ pending }: Projection): Waiting {
  const [oldest] = pending.values();
  const characters = [...pending.values()].reduce((sum, input) => sum + input.characters, 0);
  return { inputs: pending.size, characters, ...(oldest ? { since: oldest.at } : {}) };
}

/** Raises KeepsakeError too_large where a space has no room for one more input that waits for its model. */
export function requireRoom(projection: Projection, turns: readonly { content: string }[]): void {
  const { inputs, characters, since } = waitingIn(projection);
  const more = turns.reduce((sum, { content }) => sum + content.length, 0);
  if (inputs < mostWaiting && characters + more <= mostWaitingCharacters) return;
  throw new KeepsakeError(
    'too_large',
    `${inputs} inputs with ${characters} characters wait for the model since ${since}, and no more are taken; see with keepsake-mcp doctor why it does not answer, or call remember with infer false to store the text as it stands.`,
  );
}

/** The id of the input whose turn it is: of those that were set back least often, the first that came. */
export function nextWaiting({ pending }: Projection, setBacks: (inputId: string) => number): string | undefined {
  let next: { id: string; count: number } | undefined;
  for (const id of pending.keys()) {
    const count = setBacks(id);
    if (count === 0) return id;
    if (!next || count < next.count) next = { id, count };
  }
  return next?.id;
}

/** Milliseconds that a model gets for one input: more for a long one, which takes it several calls. */
export function timeLimitOf({ characters }: PendingInput): number {
  return 180_000 + 2 * characters;
}
