import type { Core } from './core.js';
import { KeepsakeError } from './errors.js';
import type { ReceivedInput } from './events.js';
import { type PendingInput, type Projection, sizeOf } from './projection.js';

/** Inputs that may wait in one space, their characters in all, and the bytes of their attachments: what a model has for days to do. */
export const mostWaiting = 10_000;
export const mostWaitingCharacters = 50_000_000;
export const mostWaitingBytes = 1_000_000_000;

/** How much waits in a space, and since when. */
export interface Waiting {
  inputs: number;
  characters: number;
  /** Of what is attached to them. */
  bytes: number;
  /** When the oldest of them was received, ISO 8601 in UTC; absent where none waits. */
  since?: string;
}

/** Counts what waits in a space; O(waiting inputs). */
export function waitingIn({ pending }: Projection): Waiting {
  const inputs = [...pending.values()];
  const characters = inputs.reduce((sum, input) => sum + input.characters, 0);
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0);
  return { inputs: inputs.length, characters, bytes, ...(inputs[0] ? { since: inputs[0].at } : {}) };
}

/** Raises KeepsakeError too_large where a space has no room for one more input that waits for its model. */
export function requireRoom(projection: Projection, input: ReceivedInput): void {
  const { inputs, characters, bytes, since } = waitingIn(projection);
  const more = sizeOf(input);
  const hasRoom = inputs < mostWaiting && characters + more.characters <= mostWaitingCharacters && bytes + more.bytes <= mostWaitingBytes;
  if (hasRoom) return;
  const attached = bytes > 0 ? ` and ${bytes} bytes attached` : '';
  throw new KeepsakeError(
    'too_large',
    `${inputs} inputs with ${characters} characters${attached} wait for the model since ${since}, and no more are taken; see with keepsake-mcp doctor why it does not answer, or call remember with infer false to store the text as it stands.`,
  );
}

/**
 * Milliseconds that a process leaves an input to others that may have the model it waits for: an outage ends and the
 * next session with a key begins within a day; after that, who gave up the key shall not lose what was said.
 */
export const patience = 24 * 3600 * 1000;

/** Whether an input waits for a model that this process does not have, came to another one, and has not waited for long. */
export function isLeftToOthers(
  { own, extractor, attachmentReader, clock }: Pick<Core, 'own' | 'extractor' | 'attachmentReader' | 'clock'>,
  id: string,
  { at, infer, attached }: PendingInput,
): boolean {
  if (own.has(id) || clock.now() - Date.parse(at) >= patience) return false;
  // Whose pictures can be read here may well be a process that has this one's models.
  if (attached.length > 0) return attached.some((mimeType) => attachmentReader.obstacle(mimeType) !== undefined);
  return infer && !extractor.remote;
}

/** How the inputs of a space stand in the process that works through them. */
export interface Standing {
  /** How often one was set back. */
  setBacks: (inputId: string) => number;
  /** Whether one is not for this process. */
  isLeft: (inputId: string, input: PendingInput) => boolean;
}

/** The id of the input whose turn it is: of those that were set back least often, the first that came. */
export function nextWaiting({ pending }: Projection, { setBacks, isLeft }: Standing): string | undefined {
  let next: { id: string; count: number } | undefined;
  for (const [id, input] of pending) {
    if (isLeft(id, input)) continue;
    const count = setBacks(id);
    if (count === 0) return id;
    if (!next || count < next.count) next = { id, count };
  }
  return next?.id;
}

/** Milliseconds that a model gets for one input: more for a long one and for attachments, which take several calls. */
export function timeLimitOf({ characters, bytes }: PendingInput): number {
  return 180_000 + 2 * characters + Math.ceil(bytes / 10);
}
