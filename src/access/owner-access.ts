import { timingSafeEqual } from 'node:crypto';
import { ownerOf } from '../core/principal.js';
import type { Access } from './access.js';
import { createChallenges } from './challenge.js';
import { newToken } from './token-secret.js';

/** Access for one person alone, and the secret that proves who it is. */
export interface OwnerAccess extends Access {
  /** To be shown to nobody else: whoever has it may do everything, for as long as the server runs. */
  readonly token: string;
}

/** Lets in whoever knows a secret that is made here, as the owner of the home. */
export function createOwnerAccess(user: string): OwnerAccess {
  const owner = ownerOf(user);
  const { text: token } = newToken();
  const expected = Buffer.from(`Bearer ${token}`);
  const { unauthorized } = createChallenges(undefined);
  const isExpected = (given: Buffer) => given.length === expected.length && timingSafeEqual(given, expected);
  return {
    token,
    isOpen: async () => false,
    async authenticate(authorization) {
      if (isExpected(Buffer.from(authorization ?? ''))) return owner;
      throw unauthorized('This needs the token that keepsake-mcp ui printed when it began; open the address that stands there.', {
        wrong: authorization !== undefined,
      });
    },
    // There is one caller, who may do everything.
    admit: () => undefined,
    authorize: () => undefined,
    demand: () => undefined,
    pages: {},
  };
}
