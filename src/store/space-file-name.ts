import { createHash } from 'node:crypto';
import type { Space } from '../core/ports.js';

/** Longest encoded name in characters; with an ending it stays under the 255 bytes that file systems allow. */
const longest = 150;
/** Characters of an overlong name that stay readable before its hash. */
const kept = 60;

/**
 * An injective, lower-case ASCII encoding of any text for use inside a file name: every UTF-8 byte outside [a-z0-9-]
 * becomes _hh; a result over 150 characters becomes its first 60, `~` and the SHA-256 of the text in hex.
 */
export function fileNamePart(text: string): string {
  const encoded = Array.from(Buffer.from(text, 'utf8'), (byte) => {
    const character = String.fromCharCode(byte);
    return /[a-z0-9-]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
  }).join('');
  if (encoded.length <= longest) return encoded;
  return `${encoded.slice(0, kept)}~${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}

/**
 * The name, without ending, of the files of a space: `user-` or `project-`, which keeps CON, NUL and dots harmless,
 * then the encoded name. Different spaces have different names on every file system.
 */
export function spaceFileName(space: Space): string {
  const colon = space.indexOf(':');
  return `${space.slice(0, colon)}-${fileNamePart(space.slice(colon + 1))}`;
}

/** The space that a file name stands for; undefined if it was shortened to a hash or is not such a name. */
export function spaceOfFileName(fileName: string): Space | undefined {
  const [, kind, encoded = ''] = /^(user|project)-([a-z0-9_-]+)$/.exec(fileName) ?? [];
  if (kind === undefined) return undefined;
  const bytes = encoded.replace(/_([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const space = `${kind}:${Buffer.from(bytes, 'latin1').toString('utf8')}` as Space;
  return spaceFileName(space) === fileName ? space : undefined;
}
