import { decoded } from './route.js';

const kept = 'keepsake-token';

/** Takes what an address brought in its fragment, and removes it from the address and the history of the tab. */
function takeFromAddress(): { kind: string; value: string } | undefined {
  const [, kind, value] = /^#(token|code)=(.+)$/.exec(location.hash) ?? [];
  if (kind === undefined || value === undefined) return undefined;
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  return { kind, value: decoded(value) };
}

/** The token that a code is good for, once; undefined where it was used, or nobody gives one. */
async function tokenFor(code: string): Promise<string | undefined> {
  try {
    const response = await fetch('enter', { headers: { Authorization: `Bearer ${code}` } });
    return response.ok ? ((await response.json()) as { token: string }).token : undefined;
  } catch {
    // That the server is gone, or another one answers in its place, is said of the first call.
    return undefined;
  }
}

/** The bearer token of this tab; it is gone when the tab is closed. */
export interface TokenStore {
  get(): string | undefined;
  /** Keeps a token; undefined drops the one that is kept. */
  set(token: string | undefined): void;
}

/** Opens the tab's token: the one in the address, or that its code is good for, else the one that is kept. */
export async function openTokenStore(): Promise<TokenStore> {
  const store: TokenStore = {
    get: () => sessionStorage.getItem(kept) ?? undefined,
    set: (token) => (token === undefined ? sessionStorage.removeItem(kept) : sessionStorage.setItem(kept, token)),
  };
  const given = takeFromAddress();
  const token = given?.kind === 'code' ? await tokenFor(given.value) : given?.value;
  if (token !== undefined) store.set(token);
  return store;
}
