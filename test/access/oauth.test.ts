import { base64url, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { IssuerUnavailable } from '../../src/access/issuer-keys.js';
import { createOAuth, TokenRefused } from '../../src/access/oauth.js';
import { until } from '../support/server.js';
import { type FakeIssuer, startFakeIssuer } from './fake-issuer.js';

const audience = () => 'keepsake';
const verifierOf = ({ url: issuer }: FakeIssuer, options: { pause?: number; cooldown?: number } = {}) =>
  createOAuth({ issuer, audience, memory: 0, ...options });
const hour = 3600;
const seconds = () => Math.floor(Date.now() / 1000);

describe('an access token', () => {
  it('names its user and the scopes that are known here, as a text or a list', async () => {
    const issuer = await startFakeIssuer();
    const verify = verifierOf(issuer);
    expect(await verify(await issuer.token({ scope: 'openid memory:read  memory:delete admin' }))).toEqual({
      subject: 'ann',
      scopes: new Set(['memory:read', 'memory:delete']),
    });
    const listed = await verify(await issuer.token({ scope: undefined, scp: ['memory:write', 7], aud: ['other', 'keepsake'] }));
    expect(listed.scopes).toEqual(new Set(['memory:write']));
    expect((await verify(await issuer.token({ scope: undefined }))).scopes).toEqual(new Set());
    expect(issuer.asked).toEqual(['/.well-known/oauth-authorization-server', '/keys']);
  });

  it('is good with a slash behind the name of its issuer, with none of a type, and as a plain JWT', async () => {
    const issuer = await startFakeIssuer();
    const verify = verifierOf(issuer);
    const tokens = [
      await issuer.token({ iss: `${issuer.url}/` }),
      await issuer.token({}, { typ: undefined }),
      await issuer.token({}, { typ: 'JWT' }),
      await issuer.token({}, { typ: 'application/at+jwt' }),
      await issuer.token({ exp: seconds() - 2 }),
    ];
    for (const token of tokens) expect((await verify(token)).subject).toBe('ann');
  });

  it('is refused for every claim that is missing or wrong', async () => {
    const issuer = await startFakeIssuer();
    const verify = verifierOf(issuer);
    const wrong: [Promise<string>, RegExp][] = [
      [issuer.token({ exp: seconds() - hour }), /expired/],
      [issuer.token({ exp: undefined }), /claim exp is missing/],
      [issuer.token({ nbf: seconds() + hour }), /claim nbf is a time to come/],
      [issuer.token({ aud: 'another' }), /claim aud must be keepsake$/],
      [issuer.token({ aud: undefined }), /claim aud is missing; it must be keepsake$/],
      [issuer.token({ iss: 'https://elsewhere.example' }), /claim iss must be http:\/\/127\.0\.0\.1:\d+$/],
      [issuer.token({ iss: undefined }), /claim iss/],
      [issuer.token({ iss: `${issuer.url}/tenant` }), /claim iss/],
      [issuer.token({ sub: undefined }), /claim sub/],
      [issuer.token({ sub: '' }), /claim sub/],
      [issuer.token({ sub: 'x'.repeat(129) }), /claim sub/],
      [issuer.token({ sub: 'ann\nbob' }), /claim sub/],
      [issuer.token({ sub: 7 }), /claim sub/],
      [issuer.token({}, { typ: 'logout+jwt' }), /no access token/],
    ];
    for (const [token, reason] of wrong) await expect(verify(await token)).rejects.toThrow(reason);
    for (const [token] of wrong) await expect(verify(await token)).rejects.toBeInstanceOf(TokenRefused);
  });

  it('is not proved anew for a while, but for no longer than it is good', async () => {
    const issuer = await startFakeIssuer();
    const verify = createOAuth({ issuer: issuer.url, audience, cooldown: 0 });
    const [good, ending] = [await issuer.token(), await issuer.token({ exp: seconds() - 5 })];
    for (const token of [good, ending]) expect((await verify(token)).subject).toBe('ann');
    await issuer.rotate();
    await verify(await issuer.token({ sub: 'bob' }));
    expect((await verify(good)).subject).toBe('ann');
    await until(() =>
      verify(ending).then(
        () => false,
        (error: unknown) => error instanceof TokenRefused,
      ),
    );
    expect((await verify(good)).subject).toBe('ann');
  });

  it('is refused unless a public key of the issuer proves it', async () => {
    const issuer = await startFakeIssuer();
    const verify = verifierOf(issuer);
    const good = await issuer.token();
    const [header = '', payload = '', signature = ''] = good.split('.');
    const claims = JSON.parse(new TextDecoder().decode(base64url.decode(payload))) as Record<string, unknown>;
    const { privateKey } = await generateKeyPair('ES256');
    const forged = (head: { alg: string; kid?: string }) => new SignJWT(claims).setProtectedHeader(head);
    const none = base64url.encode(JSON.stringify({ alg: 'none', typ: 'at+jwt' }));
    const other = base64url.encode(JSON.stringify({ ...claims, sub: 'bob' }));
    const wrong = [
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      await forged({ alg: 'HS256', kid: '0' }).sign(await issuer.publicKey()),
      await forged({ alg: 'ES256', kid: '0' }).sign(privateKey),
      await forged({ alg: 'ES256', kid: 'unknown' }).sign(privateKey),
      `${header}.${other}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      'a.b.c',
      '',
    ];
    for (const token of wrong) await expect(verify(token), token).rejects.toBeInstanceOf(TokenRefused);
    // Keys that nobody has are not looked for again and again.
    expect(issuer.asked.filter((path) => path === '/keys')).toHaveLength(1);
  });
});

describe('the keys of an issuer', () => {
  it('are found by the metadata of OpenID Connect, too, and by their own URL without any', async () => {
    const issuer = await startFakeIssuer({ metadata: '/.well-known/openid-configuration' });
    expect((await verifierOf(issuer)(await issuer.token())).subject).toBe('ann');
    const bare = await startFakeIssuer({ metadata: '/none' });
    const verify = createOAuth({ issuer: bare.url, audience, jwks: `${bare.url}/keys` });
    expect((await verify(await bare.token())).subject).toBe('ann');
    await expect(verifierOf(bare)(await bare.token())).rejects.toThrow(/no metadata that names its keys/);
  });

  it.each([
    ['refuses', { status: 403 }],
    ['fails', { status: 500 }],
    ['sends elsewhere', { status: 302, headers: { location: '/sign-in' } }],
    ['shows a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><p>Sign in</p>' }],
  ])('are found by the next address of its metadata where the first one %s', async (_, nothing) => {
    const issuer = await startFakeIssuer({ metadata: '/.well-known/openid-configuration', nothing });
    expect((await verifierOf(issuer)(await issuer.token())).subject).toBe('ann');
    const bare = await startFakeIssuer({ metadata: '/none', nothing });
    await expect(verifierOf(bare)(await bare.token())).rejects.toThrow(IssuerUnavailable);
  });

  it('are missed in the words of the first address that failed', async () => {
    const issuer = await startFakeIssuer({ metadata: '/none', nothing: { status: 403 } });
    await expect(verifierOf(issuer)(await issuer.token())).rejects.toThrow(/oauth-authorization-server answers 403$/);
  });

  it('are read again when one was rotated: the old one is refused, the new one good', async () => {
    const issuer = await startFakeIssuer();
    const verify = verifierOf(issuer, { cooldown: 0 });
    const old = await issuer.token();
    await verify(old);
    await issuer.rotate();
    expect((await verify(await issuer.token())).subject).toBe('ann');
    await expect(verify(old)).rejects.toBeInstanceOf(TokenRefused);
  });

  it('are not taken from the metadata of another issuer', async () => {
    const issuer = await startFakeIssuer();
    const verify = createOAuth({ issuer: issuer.url.replace('127.0.0.1', 'localhost'), audience });
    await expect(verify(await issuer.token())).rejects.toThrow(/metadata of another issuer/);
  });

  it('that cannot be read leave the token neither good nor bad, and the issuer is left alone for a while', async () => {
    const issuer = await startFakeIssuer();
    const token = await issuer.token();
    issuer.fail(true);
    const verify = verifierOf(issuer, { pause: 60_000 });
    for (let count = 0; count < 20; count += 1) await expect(verify(token)).rejects.toBeInstanceOf(IssuerUnavailable);
    expect(issuer.asked).toEqual(['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']);

    const patient = verifierOf(issuer, { pause: 1 });
    await expect(patient(token)).rejects.toBeInstanceOf(IssuerUnavailable);
    issuer.fail(false);
    const { subject } = await until(() => patient(token).catch(() => undefined));
    expect(subject).toBe('ann');
  });

  it('that are known stay good while the issuer is down', async () => {
    const issuer = await startFakeIssuer();
    const verify = verifierOf(issuer, { cooldown: 0 });
    const token = await issuer.token();
    await verify(token);
    issuer.fail(true);
    await issuer.rotate();
    await expect(verify(await issuer.token())).rejects.toBeInstanceOf(IssuerUnavailable);
    expect((await verify(token)).subject).toBe('ann');
  });
});
