import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { gate } from '../../src/core/gate.js';
import { openLocalServer } from '../support/local-http.js';
import { sendRaw } from '../support/raw-http.js';
import { until } from '../support/server.js';
import { beginSession, envelope, eras, inside, messageOf, openPlace, type Place, type Reply, statelessHeaders } from './place.js';

let place: Place<'alice'>;
beforeAll(async () => {
  place = await openPlace({ alice: { user: 'alice' } });
  for (const lane of lanes.filter(({ name }) => name === 'in a session'))
    lane.headers['Mcp-Session-Id'] = await beginSession(place.server.url, place.tokens.alice);
});

const message = (params: string) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
const stateless = message(`{"name":"recall","arguments":{},"_meta":${JSON.stringify(envelope)}}`);
const inSession = message('{"name":"recall","arguments":{},"_meta":{"progressToken":1}}');

/** Ways for a message to come, by the headers that make it so. */
const lanes: { name: string; path: string; headers: Record<string, string>; recall: string }[] = [
  { name: 'stateless', path: '/mcp', headers: statelessHeaders('tools/call', 'recall'), recall: stateless },
  { name: 'in a session', path: '/mcp', headers: {}, recall: inSession },
  { name: 'of the older transport', path: '/messages?sessionId=x', headers: {}, recall: inSession },
];

/** Checks what every refusal has in common. */
function expectRefused({ status, headers, text }: Reply, wanted: number): void {
  expect([status, text.slice(0, 200)]).toEqual([wanted, expect.stringMatching(/^\{.*/)]);
  expect(headers['content-type']).toBe('application/json');
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number), message: expect.any(String) } });
  expect(text).not.toMatch(inside);
}

describe.each(lanes)('a body that comes $name', ({ path, headers, recall }) => {
  const post = (body: string | Buffer, more: Record<string, string> = {}) =>
    place.send({ token: place.tokens.alice, path, body, headers: { ...headers, ...more } });

  it('is refused in any other form than plain JSON', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json-patch+json',
      '',
    ])
      expectRefused(await post(recall, { 'Content-Type': type }), 415);
    for (const charset of ['utf-16', 'utf-7', 'iso-8859-1', '"utf-32"'])
      expectRefused(await post(recall, { 'Content-Type': `application/json; charset=${charset}` }), 415);
    for (const encoding of ['gzip', 'deflate', 'br', 'gzip, identity', 'x-unknown'])
      expectRefused(await post(gzipSync(recall), { 'Content-Encoding': encoding }), 415);
  });

  it('is refused if it is no JSON in UTF-8', async () => {
    for (const bytes of [
      [0xff, 0xfe],
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
      [0xe2, 0x82],
    ])
      expectRefused(await post(Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')])), 400);
    for (const text of [
      '',
      ' ',
      '{',
      '{"a":NaN}',
      '{"a":Infinity}',
      "{'a':1}",
      '{"a":1,}',
      '{"a":01}',
      '"\t"',
      '{}{}',
      '/**/{}',
      '\ufeff\ufeff{}',
    ])
      expectRefused(await post(text), 400);
    expectRefused(await post(gzipSync(recall)), 400);
    expectRefused(await post(Buffer.from(recall, 'utf16le')), 400);
  });

  it('is refused if it is no message', async () => {
    for (const text of [
      'null',
      '0',
      '""',
      'false',
      '7',
      '[]',
      `[${recall}]`,
      '{}',
      '{"jsonrpc":"2.0"}',
      '{"jsonrpc":"2.0","id":null,"method":"ping"}',
    ])
      expectRefused(await post(text), 400);
    for (const id of ['1e999', '-1e999', '{}', '[1]', 'true', '1.5', '9007199254740993'])
      expectRefused(await post(recall.replace('"id":1', `"id":${id}`)), 400);
  });

  it('is refused if it nests too deep, wherever', async () => {
    const nested = (open: string, close: string) => `${open.repeat(5000)}1${close.repeat(5000)}`;
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
      ['[{"a":', '}]'],
    ] as const) {
      expectRefused(await post(recall.replace('"params":{', `"params":{"x":${nested(open, close)},`)), 400);
      expectRefused(await post(recall.replace('"arguments":{}', `"arguments":{"filters":${nested(open, close)}}`)), 400);
      expectRefused(await post(recall.replace('"_meta":{', `"_meta":{"x":${nested(open, close)},`)), 400);
    }
    expectRefused(await post('['.repeat(2_000_000)), 400);
  });

  it('is refused once it is too large, whether it says so or has no end', async () => {
    const { alice } = place.tokens;
    const head = [`POST ${path} HTTP/1.1`, 'Host: localhost', `Authorization: Bearer ${alice}`, 'Content-Type: application/json'];
    const said = await sendRaw(place.server.url, [...head, 'Content-Length: 99999999999', '', '{'].join('\r\n'));
    expect(said.status).toBe(413);
    const chunk = `100000\r\n${' '.repeat(0x100000)}\r\n`;
    const endless = await sendRaw(place.server.url, [...head, 'Transfer-Encoding: chunked', '', ''].join('\r\n'), {
      async more(write, received) {
        await until(() => {
          if (received() === '') write(chunk);
          return received() !== '';
        });
      },
    });
    expect(endless.status).toBe(413);
    expect(JSON.parse(endless.body)).toMatchObject({ error: { message: expect.stringMatching(/larger than the \d+ bytes/) } });
  });
});

it.each(['POST /mcp', 'POST /messages?sessionId=x'])('a body that comes one byte at a time ends its request: %s', async (target) => {
  const { url } = await openLocalServer({ limits: { bodyTime: 200, linger: 50 } });
  const head = [`${target} HTTP/1.1`, 'Host: localhost', 'Authorization: Bearer alice', 'Content-Type: application/json'];
  for (const kind of ['Content-Length: 1000', 'Transfer-Encoding: chunked']) {
    const slow = await sendRaw(url, `${[...head, kind].join('\r\n')}\r\n\r\n`, {
      async more(write, received) {
        const drip = setInterval(() => write(kind.startsWith('C') ? ' ' : '1\r\n \r\n'), 10);
        await until(() => received() !== '');
        clearInterval(drip);
      },
    });
    expect(slow.status).toBe(408);
  }
});

describe.each(lanes)('headers of a request $name', ({ path, headers, name, recall }) => {
  const sent = (more: Record<string, string>) =>
    place.send({ token: place.tokens.alice, path, headers: { ...headers, ...more }, body: recall });

  it('name a project in percent-encoded UTF-8, and nothing else', async () => {
    for (const project of [
      '%',
      '%2',
      '%zz',
      '%00',
      '%0d%0aX: y',
      '%7f',
      '%C0%AF',
      '%ED%A0%80',
      '%ff',
      '.',
      '*',
      '%2a',
      '%2E',
      'a'.repeat(129),
      '%61'.repeat(2000),
    ])
      expectRefused(await sent({ 'Keepsake-Project': project }), 400);
    expectRefused(await sent({ 'Keepsake-Project': 'a'.repeat(20_000) }), 431);
  });

  it('name a session that is there, or none', async () => {
    for (const id of ['../x', '__proto__', 'constructor', 'a, b', '\u00ff', '%0d%0a', 'x'.repeat(9000), '""'])
      if (name === 'in a session') expectRefused(await sent({ 'Mcp-Session-Id': id }), 404);
      else expect((await sent({ 'Mcp-Session-Id': id })).status).not.toBeGreaterThanOrEqual(500);
  });
});

it('a place to go on from is one that this session was told of', async () => {
  const session = await beginSession(place.server.url, place.tokens.alice);
  for (const id of ['__proto__', 'constructor', '1', '-1', '../x', 'a/1', '%0a', '\u00ff', 'x'.repeat(9000), `${session}/1`]) {
    const headers = { 'Mcp-Session-Id': session, 'Last-Event-ID': id };
    expectRefused(await place.send({ token: place.tokens.alice, method: 'GET', headers }), 400);
  }
});

describe.each(eras)('arguments, %s,', (era) => {
  const answered = async (name: string, given: string) => {
    const text = await place.ask(era, 'alice', 'tools/call', `{"name":"${name}","arguments":${given}}`);
    const { result, error } = messageOf(text);
    expect(error, given).toBe(undefined);
    return (result as { content: { text: string }[] }).content[0]?.text ?? '';
  };

  it('with the names that every object has are unknown ones like any other', async () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'])
      for (const value of ['null', '{}', '"x"', '[1]']) {
        expect(await answered('remember', `{"content":"x","${name}":${value}}`)).toMatch(/^Unknown argument \w+; .*\[invalid_argument\]$/);
        expect(await answered('remember', `{"messages":[{"role":"user","content":"x","${name}":${value}}]}`)).toMatch(
          /^Unknown argument messages\.0\.\w+; .*\[invalid_argument\]$/,
        );
      }
    for (const given of ['{"filters":{"__proto__":{"eq":1}}}', '{"filters":"{\\"__proto__\\":{\\"eq\\":1}}"}'])
      expect(await answered('recall', given)).toMatch(/__proto__ cannot be a key.*\[invalid_argument\]$/);
    expect(await answered('remember', '{"content":"x","metadata":{"__proto__":"x"}}')).toMatch(/\[invalid_argument\]$/);
    await answered('remember', '{"content":"The gate is oak.","infer":false,"metadata":{"constructor":"oak","toString":1}}');
    expect(await answered('recall', '{"filters":{"constructor":"oak","metadata.toString":{"gt":0}}}')).toContain('The gate is oak.');
    expect(await answered('recall', '{"filters":{"constructor":{"contains":"function"}}}')).toContain('Nothing');
  });

  it('that are no numbers, no times and no text are refused or made into some', async () => {
    for (const given of [
      '{"limit":1e999}',
      '{"limit":-1e999}',
      '{"limit":"NaN"}',
      '{"limit":"1e999"}',
      '{"min_score":1e999}',
      '{"max_tokens":1e300}',
      '{"as_of":"NaN"}',
      '{"since":"+999999-01-01"}',
      '{"now":"0000-00-00"}',
      '{"user_id":"\\ud800"}',
      '{"agent_id":"\\udc00"}',
      '{"filters":{"a":1e999}}',
      '{"filters":{"created_at":{"gt":1e999}}}',
      '{"cursor":"\\u0000"}',
    ])
      expect(await answered('recall', given), given).toMatch(/\[(invalid_argument|cursor_invalid)\]$/);
    expect(await answered('remember', '{"content":"The \\ud800 gate.","infer":false,"metadata":{"a":"\\udfff"},"run_id":"r"}')).not.toMatch(
      /[\ud800-\udfff](?![\udc00-\udfff])/u,
    );
    expect(await answered('remember', '{"content":"The gate.","metadata":{"a":1e999}}')).toMatch(/\[invalid_argument\]$/);
  });
});

it.each(eras)('what is refused repeats little of what was sent, %s', async (era) => {
  const long = 'x'.repeat(500_000);
  // The name stands in a header, too, which is bounded.
  for (const params of [
    { name: long, arguments: {} },
    { name: 'recall', arguments: { [long]: 1 } },
    { name: 'recall', arguments: { filters: { [long]: { like: 1 } } } },
    { name: 'recall', arguments: { as_of: long } },
    { name: 'recall', arguments: { user_id: long } },
  ])
    if (params.name !== long || era === 'with sessions')
      expect((await place.ask(era, 'alice', 'tools/call', params)).text.length).toBeLessThan(10_000);
  for (const uri of ['keepsake://memory/', 'file:///'].map((start) => start + long.slice(0, 5000)))
    expect((await place.ask(era, 'alice', 'resources/read', { uri })).text.length).toBeLessThan(10_000);
});

it('a text of nothing but blanks or line ends costs no more than its length', () => {
  for (const blank of [' ', '\n', '\t', '\u00a0', ' \n', '\r\n', '\n>']) {
    const text = `${blank.repeat(200_000 / blank.length - 1)}x`;
    expect(gate(text).learnable.endsWith('x')).toBe(true);
  }
});

it('the server is as it was after all this', async () => {
  expect((await place.call('stateless', 'alice', 'recall', {})).data.memories.length).toBeGreaterThan(0);
  expect(place.server.child.exitCode).toBe(null);
  expect(place.server.log()).not.toMatch(/"level":"error"/);
  expect(place.server.log()).not.toContain(place.tokens.alice);
});
