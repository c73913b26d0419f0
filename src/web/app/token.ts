const kept = 'keepsake-token';

/** Takes the token that an address brought in its fragment, and removes it from the address and the history of the tab. */
function takeFromAddress(): string | undefined {
  const token = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (token === undefined) return undefined;
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  return decodeURIComponent(token);
}

/** The bearer token of this tab; it is gone when the tab is closed. */
export interface TokenStore {
  get(): string | undefined;
  /** Keeps a token; undefined drops the one that is kept. */
  set(token: string | undefined): void;
}

/** Opens the tab's token: the one in the address, else the one that is kept. */
export function openTokenStore(): TokenStore {
  const store: TokenStore = {
    get: () => sessionStorage.getItem(kept) ?? undefined,
    set: (token) => (token === undefined ? sessionStorage.removeItem(kept) : sessionStorage.setItem(kept, token)),
  };
  const given = takeFromAddress();
  if (given !== undefined) store.set(given);
  return store;
}
