import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new token: what its holder keeps, and what is kept of it. */
export interface NewToken {
  id: string;
  /** Shown once. */
  text: string;
  /** SHA-256 in hex. */
  hash: string;
}

// A slow hash protects passwords, which can be guessed. Of 256 random bits no guess is worth anything, so that one
// round of a fast one is enough, and a flood of wrong tokens costs next to nothing.
const hashOf = (text: string) => createHash('sha256').update(text).digest();

/** What no token hashes to: compared with where there is no such id, so that both cases take the same time. */
const nobody = Buffer.alloc(32);

/** Makes a token: `ks_`, an id and 256 random bits. */
export function newToken(): NewToken {
  const id = BigInt(`0x${randomBytes(8).toString('hex')}`)
    .toString(36)
    .padStart(13, '0')
    .slice(-12);
  const text = `ks_${id}_${randomBytes(32).toString('base64url')}`;
  return { id, text, hash: hashOf(text).toString('hex') };
}

/** The id in a text that has the form of a token, undefined in any other. */
export function tokenId(text: string): string | undefined {
  return /^ks_([0-9a-z]{12})_[\w-]{43}$/.exec(text)?.[1];
}

/** Whether a text is the token with this hash, in a time that tells nothing; without a hash it never is. */
export function isToken(text: string, hash: string | undefined): boolean {
  return timingSafeEqual(hashOf(text), hash === undefined ? nobody : Buffer.from(hash, 'hex')) && hash !== undefined;
}
