/** Every code that a caller of the tools can meet; stable, documented in docs/tools.md. */
export const errorCodes = [
  'invalid_argument',
  'memory_not_found',
  'revision_not_found',
  'memory_forgotten',
  'memory_erased',
  'cursor_invalid',
  'confirm_invalid',
  'space_refused',
  'too_large',
  'log_unavailable',
  'update_needed',
  'internal',
] as const;

/** One of the stable error codes. */
export type ErrorCode = (typeof errorCodes)[number];

/** An error meant for the caller: one sentence that says what was wrong and which call or setting fixes it. */
export class KeepsakeError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeepsakeError';
    this.code = code;
  }
}

/** The message of anything thrown, for a log line or a `degraded` note. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
