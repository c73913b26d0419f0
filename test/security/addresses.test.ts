import { beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from '../support/raw-http.js';
import { inside, openPlace, type Place, paths } from './place.js';

let place: Place<'alice'>;
let port: string;

beforeAll(async () => {
  const env = { KEEPSAKE_PUBLIC_URL: 'https://memory.example', KEEPSAKE_ORIGINS: 'https://app.example' };
  place = await openPlace({ alice: { user: 'alice' } }, env);
  port = new URL(place.server.url).port;
});

const metadata = ['GET', '/.well-known/oauth-protected-resource'] as const;

/** The answer to a request of a good caller with these lines of headers, one of them its Host. */
async function answerTo(method: string, target: string, lines: string[]) {
  const head = [`${method} ${target} HTTP/1.1`, `Authorization: Bearer ${place.tokens.alice}`, ...lines, 'Connection: close'];
  const answer = await sendRaw(place.server.url, `${head.join('\r\n')}\r\n\r\n`);
  expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.headers['access-control-allow-origin']).toBe(undefined);
  expect(JSON.parse(answer.body)).toEqual({ jsonrpc: '2.0', id: null, error: { code: expect.any(Number), message: expect.any(String) } });
  expect(answer.text).not.toMatch(inside);
  return answer.status;
}

const statuses = (method: string, path: string, heads: string[][]) => Promise.all(heads.map((lines) => answerTo(method, path, lines)));

describe.each([...paths, metadata])('%s %s', (method, path) => {
  it('is refused to every Origin that is not meant', async () => {
    const own = `http://127.0.0.1:${port}`;
    const evil = [
      'null',
      '',
      'https://evil.example',
      'http://localhost',
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${Number(port) + 1}`,
      `http://127.0.0.1.evil.example:${port}`,
      `http://127.0.0.1:${port}@evil.example`,
      `http://user@127.0.0.1:${port}`,
      `http://127.0.0.1.:${port}`,
      `http://0.0.0.0:${port}`,
      `http://[::ffff:127.0.0.1]:${port}`,
      `${own}/`,
      `${own} https://evil.example`,
      'http://memory.example',
      'https://memory.example.',
      'https://memory.example:8443',
      'https://sub.memory.example',
      'https://notmemory.example',
      'HTTPS://MEMORY.EXAMPLE',
      'https://app.example.evil.example',
      'https://evil.example/https://app.example',
      'https://app.example\t',
      'chrome-extension://abcdef',
      'file://',
    ].filter((origin) => origin.trim() !== 'https://app.example');
    const heads = evil.map((origin) => [`Host: 127.0.0.1:${port}`, `Origin: ${origin}`]);
    const twice = [`Host: 127.0.0.1:${port}`, 'Origin: https://app.example', 'Origin: https://evil.example'];
    // More headers than node keeps by itself.
    const hidden = [`Host: 127.0.0.1:${port}`, ...Array<string>(2100).fill('a:'), 'Origin: https://evil.example'];
    expect(await statuses(method, path, [...heads, twice, hidden])).toEqual(Array(heads.length + 2).fill(403));
  });

  it('is refused under every Host that is not the server, and under two or none', async () => {
    const evil = [
      '',
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1.nip.io:${port}`,
      `localhost.evil.example:${port}`,
      'memory.example.evil.example',
      'sub.memory.example',
      'memory.example.',
      'localhost.',
      'localhost:',
      'localhost:-1',
      'localhost:1:2',
      'localhost@evil.example',
      'evil.example#localhost',
      'localhost, evil.example',
      'localhost evil.example',
      '127.1',
      '0x7f.0.0.1',
      '2130706433',
      '0.0.0.0',
      '::1',
      '[::1',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[fe80::1%25lo]',
      'http://localhost',
      '\u00ff',
    ];
    const heads = evil.map((host) => [`Host: ${host}`]);
    expect(await statuses(method, path, heads)).toEqual(Array(evil.length).fill(403));
    const local = `Host: 127.0.0.1:${port}`;
    expect(await statuses(method, path, [[], [local, local], [local, 'Host: evil.example'], ['X-Forwarded-Host: localhost']])).toEqual([
      400, 400, 400, 400,
    ]);
  });

  it('is refused to a whole URL as target that means another server', async () => {
    const targets = [
      'http://evil.example',
      `https://evil.example:${port}`,
      'http://localhost.evil.example',
      'http://localhost@evil.example',
      'HTTP://EVIL.EXAMPLE',
      'http://',
    ];
    for (const target of targets)
      expect([await answerTo(method, `${target}${path}`, [`Host: 127.0.0.1:${port}`]), target]).toEqual([403, target]);
    expect(await answerTo(method, `ftp://127.0.0.1${path}`, [`Host: 127.0.0.1:${port}`])).toBe(404);
  });
});

it('nobody is let through to another server', async () => {
  expect(await answerTo('CONNECT', 'evil.example:443', ['Host: evil.example:443'])).toBe(400);
});
