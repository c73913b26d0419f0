import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

/** The pages, in the order of the navigation; `memory` is reached from the others. */
const pages = ['search', 'memories', 'picture', 'insights', 'activity', 'health', 'memory'] as const;
/** One of the pages, or that an address names none of them. */
export type Page = (typeof pages)[number] | 'missing';

/** Where the address leads: everything after #. */
export interface Route {
  page: Page;
  /** Of a memory. */
  id?: string;
  params: URLSearchParams;
}

/** What an address may say besides its page; absent and empty values are left out of it. */
export type Params = Record<string, string | undefined>;

/** Reads the part of an address from # on; one that names no page leads to the search. */
function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [name, ...rest] = path.split('/');
  const page = name === '' ? 'search' : (pages.find((known) => known === name) ?? 'missing');
  const params = new URLSearchParams(query);
  return page === 'memory' ? { page, id: decoded(rest.join('/')), params } : { page, params };
}

/** A part of an address as it is meant; one that somebody typed may hold any percent sign. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** The address of a page. */
export function addressOf(page: Page, params: Params = {}, id?: string): string {
  const given = Object.entries(params).flatMap(([name, value]) => (value ? [[name, value] as [string, string]] : []));
  const query = new URLSearchParams(given).toString();
  return `#/${page}${id === undefined ? '' : `/${encodeURIComponent(id)}`}${query === '' ? '' : `?${query}`}`;
}

/** The place that the address bar names, as it changes. */
export function useAddress(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return readRoute(hash);
}

/** Ways to other pages that keep to the chosen memory (`in`). */
export interface Ways {
  route: Route;
  /** The address of a page within the same memory. */
  to(page: Page, params?: Params): string;
  /** Changes what the present address says besides its page. */
  change(params: Params): void;
}

/** The ways from where the pages are. */
export function waysFrom(route: Route): Ways {
  const chosen = route.params.get('in') ?? undefined;
  return {
    route,
    to: (page, params = {}) => addressOf(page, { ...params, in: chosen }),
    change(params) {
      const next = { ...Object.fromEntries(route.params), ...params };
      location.hash = addressOf(route.page, next, route.id);
      // The browser tells of it later, and what is typed until then would be taken for older than the address.
      dispatchEvent(new Event('hashchange'));
    },
  };
}

/** Where the pages are, and how they lead on. */
export const WaysContext = createContext<Ways>(waysFrom(readRoute('')));

/** Where the page is, and how it leads on. */
export const useWays = () => useContext(WaysContext);
