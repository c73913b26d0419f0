import { KeepsakeError, messageOf } from '../core/errors.js';

/** The error for a file beside the history that a call needs and that cannot be read or written. */
export function fileUnavailable(path: string, error: unknown): KeepsakeError {
  return new KeepsakeError(
    'log_unavailable',
    `The file ${path} cannot be used (${messageOf(error)}); check that its folder is there and writable and that the disk has space, then repeat the call.`,
    { cause: error },
  );
}
