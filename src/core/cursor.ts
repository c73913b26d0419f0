import { z } from 'zod';
import { canonical } from './canonical.js';
import { KeepsakeError } from './errors.js';

/** 64-bit FNV-1a of a text as hex: binds a cursor to the call that it continues; it proves nothing about who sends it. */
function fingerprint(value: unknown): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(canonical(value))) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16);
}

/** A place to continue from as an opaque string. */
export function encodeCursor(place: Record<string, unknown>, call: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...place, for: fingerprint(call) }));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Reads a cursor that `encodeCursor` made for the same call. Raises cursor_invalid. */
export function decodeCursor<T extends z.ZodType>(cursor: string, schema: T, call: unknown): z.infer<T> {
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (z.object({ for: z.string() }).parse(value).for === fingerprint(call)) return schema.parse(value);
  } catch (error) {
    throw invalid(error);
  }
  throw invalid();
}

function invalid(cause?: unknown): KeepsakeError {
  return new KeepsakeError(
    'cursor_invalid',
    'The cursor does not belong to this call; repeat it as the same caller with the same arguments, or without cursor to start anew.',
    { cause },
  );
}
