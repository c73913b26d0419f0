import { ownerOf, type Principal } from '../core/principal.js';
import { Refusal } from '../transports/http/refusal.js';
import type { Access } from './access.js';
import { createChallenges } from './challenge.js';
import { isToken, type NewToken, newToken } from './token-secret.js';

/** Access for one person alone, and the secret that proves who it is. */
export interface OwnerAccess extends Access {
  /** To be shown to nobody else: whoever has it may do everything, for as long as the server runs. */
  readonly token: string;
  /** Sent once in the place of the token, it brings the one that a browser then uses, at /enter; it is worth nothing afterwards. */
  readonly code: string;
}

/** Who sends the code: nothing is open to them but the way in. */
const atTheDoor: Principal = { id: 'at the door', anyUser: false, rights: new Set(), spaces: [] };

/** Lets in whoever knows a secret that is made here, as the owner of the home. */
export function createOwnerAccess(user: string): OwnerAccess {
  const owner = ownerOf(user);
  const [own, code] = [newToken(), newToken()];
  /** What the code brought, as long as it was sent once alone. */
  let browser: NewToken | 'void' | undefined;
  const { unauthorized } = createChallenges(undefined);

  async function authenticate(authorization: string | undefined): Promise<Principal> {
    const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
    if (isToken(given, own.hash) || (typeof browser === 'object' && isToken(given, browser.hash))) return owner;
    if (isToken(given, code.hash)) {
      if (browser === undefined) {
        browser = newToken();
        return atTheDoor;
      }
      // Two have had the code, and only one of them is the browser.
      browser = 'void';
    }
    throw unauthorized('This needs the token that keepsake-mcp ui printed when it began; open the address that stands there.', {
      wrong: authorization !== undefined,
    });
  }

  return {
    token: own.text,
    code: code.text,
    isOpen: async () => false,
    authenticate,
    // There is one caller, who may do everything.
    admit: () => undefined,
    authorize: () => undefined,
    demand: () => undefined,
    pages: {
      '/enter': {
        open: false,
        async answer(principal) {
          if (principal?.id !== atTheDoor.id || typeof browser !== 'object')
            throw new Refusal(403, 'Only the code of an address opens this.');
          return { status: 200, type: 'application/json', body: JSON.stringify({ token: browser.text }) };
        },
      },
    },
  };
}
