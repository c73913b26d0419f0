import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll } from 'vitest';

/** An authorization server with one key, on this machine. */
export interface FakeIssuer {
  url: string;
  /** Paths that were asked for, in order. */
  asked: string[];
  /** Answers 500 to everything from now on, or no more. */
  fail(fails: boolean): void;
  /** Takes a new key, its id counting up, in place of the present one. */
  rotate(): Promise<void>;
  /** A token as it would issue it, for an hour; `undefined` leaves a claim out. */
  token(claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
  /** Its public key as bytes, for those who would take it for a shared secret. */
  publicKey(): Promise<Uint8Array>;
}

const running = new Set<Server>();

afterAll(() => {
  for (const server of running) {
    server.closeAllConnections();
    server.close();
  }
});

/** How an authorization server answers where it has nothing. */
export interface Nothing {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/**
 * Starts an authorization server; its metadata is where `metadata` says, and where it has nothing it answers `nothing`.
 * It ends after the file's tests.
 */
export async function startFakeIssuer({
  audience = 'keepsake',
  metadata = '/.well-known/oauth-authorization-server',
  nothing = { status: 404, body: '{}' } as Nothing,
} = {}): Promise<FakeIssuer> {
  const asked: string[] = [];
  let fails = false;
  let number = 0;
  let pair = await generateKeyPair('ES256', { extractable: true });

  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    void bodyOf(path).then((body) => {
      if (body === undefined && !fails) response.writeHead(nothing.status, nothing.headers).end(nothing.body);
      else response.writeHead(fails ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.add(server);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function bodyOf(path: string): Promise<unknown> {
    if (path === metadata) return { issuer: url, jwks_uri: `${url}/keys` };
    if (path === '/keys') return { keys: [{ ...(await exportJWK(pair.publicKey)), kid: String(number), alg: 'ES256', use: 'sig' }] };
    return undefined;
  }

  return {
    url,
    asked,
    fail(now) {
      fails = now;
    },
    async rotate() {
      number += 1;
      pair = await generateKeyPair('ES256', { extractable: true });
    },
    token(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: url, aud: audience, sub: 'ann', scope: 'memory:read memory:write', iat: now, exp: now + 3600, ...claims };
      const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      return new SignJWT(given).setProtectedHeader({ alg: 'ES256', kid: String(number), typ: 'at+jwt', ...header }).sign(pair.privateKey);
    },
    async publicKey() {
      return new TextEncoder().encode(JSON.stringify(await exportJWK(pair.publicKey)));
    },
  };
}
