import { KeepsakeError } from '../core/errors.js';

/** A file that cannot be read; says where in it, and that nothing was imported, since a file is read whole before that. */
export function faultIn(file: string, where: string, reason: string, options?: ErrorOptions): KeepsakeError {
  return new KeepsakeError(
    'invalid_argument',
    `${file}, ${where}: ${reason}. Nothing of it was imported; mend or export the file anew.`,
    options,
  );
}
