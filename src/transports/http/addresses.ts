import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { Refusal } from './refusal.js';

/** Where a server listens, and how it may be called. */
export interface Addresses {
  host: string;
  port: number;
  publicUrls: readonly string[];
  origins: readonly string[];
}

/** Whose web page sent a request: nobody's, one of the server's own URLs, or one that the configuration lists. */
export type Sender = { kind: 'none' } | { kind: 'own' } | { kind: 'listed'; origin: string };

/** Checks one request; `authority` is the host of its target, where that is a whole URL. Raises Refusal 400 and 403. */
export type AddressCheck = (request: IncomingMessage, authority: string | undefined) => Sender;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];
const wildcards = ['0.0.0.0', '::', '[::]'];

const hostForm = /^(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::(\d{1,5}))?$/;

/** Whether what listens on a host can be reached from this machine alone. Names other than localhost are not looked up. */
export function isLoopback(host: string): boolean {
  const bare = withoutBrackets(host);
  const family = isIP(bare);
  return family === 0 ? bare.toLowerCase() === 'localhost' : loopback.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}

/** Whether a host stands for all addresses of the machine. */
export function isWildcard(host: string): boolean {
  return wildcards.includes(host);
}

/** A host as URLs write it: IPv6 addresses in brackets. */
export function inUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** A host as node listens on it: IPv6 addresses without brackets. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/**
 * Checks that requests mean this server: that Host names it, which a page that rebinds its own name to this address
 * cannot do, and that no foreign web page sends them.
 */
export function createAddressCheck({ host, port, publicUrls, origins }: Addresses): AddressCheck {
  const own = isWildcard(host) ? [] : [inUrl(withoutBrackets(host)).toLowerCase()];
  const hosts = new Set([...loopbackNames, ...own, ...publicUrls.map((url) => new URL(url).hostname)]);
  // Another port of this machine is another program, whose pages are as foreign as any.
  const local = isLoopback(host) ? [...loopbackNames, ...own] : own;
  const ownOrigins = new Set([...local.map((name) => `http://${name}:${port}`), ...publicUrls].map((url) => new URL(url).origin));

  function requireOwn(name: string): void {
    const [, hostname, written] = hostForm.exec(name.toLowerCase()) ?? [];
    if (hostname === undefined || Number(written ?? 0) > 65_535 || !hosts.has(hostname))
      throw new Refusal(403, 'The Host of this request is not one of this server; set KEEPSAKE_PUBLIC_URL to the URL that clients use.');
  }

  return (request, authority) => {
    const named = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
    if (named !== 1) throw new Refusal(400, 'A request must have exactly one Host header.');
    requireOwn(request.headers.host ?? '');
    if (authority !== undefined) requireOwn(authority);
    const { origin } = request.headers;
    if (origin === undefined) return { kind: 'none' };
    if (ownOrigins.has(origin)) return { kind: 'own' };
    if (origins.includes(origin)) return { kind: 'listed', origin };
    throw new Refusal(403, 'Web pages of this Origin may not call this server; KEEPSAKE_ORIGINS lists those that may.');
  };
}
