import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Forwarder, startForwarder } from '../support/forwarder.js';
import { temporaryHome } from '../support/home.js';
import { type FakeRemote, startRemote } from '../support/remote.js';
import { until } from '../support/server.js';

let remote: FakeRemote;

beforeEach(async () => {
  await remote?.close();
  remote = await startRemote();
});

/** A folder that is a git repository, as far as its name goes. */
async function repository(name: string): Promise<string> {
  const folder = join(await temporaryHome(), name);
  await mkdir(join(folder, '.git'), { recursive: true });
  return folder;
}

const broken = { status: 502 };
/** Resources that a client has been told to have changed, oldest first. */
const toldBy = ({ lines }: Forwarder) =>
  lines.filter(({ method }) => method === 'notifications/resources/updated').map(({ params }) => params.uri);
const portOf = () => Number(new URL(remote.url).port);
const projectsSeen = (called: string) =>
  remote.requests.filter((each) => each.called === called).map(({ headers }) => headers['keepsake-project']);

describe.sequential('what connect forwards', () => {
  it('is answered in a session, which ends with the client', async () => {
    const forwarder = startForwarder(remote.url);
    expect((await forwarder.greet()).result.serverInfo.name).toBe('remote');
    expect(await forwarder.call('look')).toBe('look is done');
    forwarder.child.stdin?.end();
    expect(await forwarder.ended).toBe(0);
    expect(remote.requests.at(-1)?.method).toBe('DELETE');
    expect(remote.sessions()).toBe(0);
  });

  it('is finished when the client closes its side first', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet();
    forwarder.send({ id: 'last', method: 'tools/call', params: { name: 'write', arguments: { wait: true } } });
    forwarder.child.stdin?.end();
    await until(() => remote.ran.includes('write'));
    remote.release();
    await forwarder.ended;
    expect(forwarder.lines.at(-1)).toMatchObject({ id: 'last', result: {} });
  });

  it('ends with SIGTERM, too', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet();
    forwarder.child.kill('SIGTERM');
    expect(await forwarder.ended).toBe(0);
    expect(remote.sessions()).toBe(0);
  });

  it('carries what the remote asks, under ids that stay apart from session to session', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet({ elicitation: {} });
    forwarder.send({ id: 'first', method: 'tools/call', params: { name: 'ask' } });
    const question = await forwarder.sees(({ method }) => method === 'elicitation/create');
    remote.forget();
    expect(await forwarder.call('look')).toBe('look is done');
    expect(await forwarder.sees(({ method }) => method === 'notifications/cancelled')).toMatchObject({
      params: { requestId: question.id },
    });
    forwarder.send({ id: 'second', method: 'tools/call', params: { name: 'ask' } });
    const other = await forwarder.sees(({ id, method }) => method === 'elicitation/create' && id !== question.id);
    const accepted = { result: { action: 'accept', content: { confirm: true } } };
    forwarder.send({ id: question.id ?? '', result: { action: 'decline' } });
    forwarder.send({ id: other.id ?? '', ...accepted });
    expect((await forwarder.sees(({ id }) => id === 'second')).result.content[0].text).toBe('accept');
  });

  it('reaches the remote with the reply to its question, too, where that failed once in passing', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet({ elicitation: {} });
    forwarder.send({ id: 'asking', method: 'tools/call', params: { name: 'ask' } });
    const { id = '' } = await forwarder.sees(({ method }) => method === 'elicitation/create');
    let replies = 0;
    remote.refuse = (called, method) => (method === 'POST' && called === undefined && ++replies === 1 ? broken : undefined);
    forwarder.send({ id, result: { action: 'accept', content: { confirm: true } } });
    expect((await forwarder.sees((line) => line.id === 'asking')).result.content[0].text).toBe('accept');
    expect(replies).toBe(2);
  });

  it('is cancelled at the remote when the client cancels it, and then not answered', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet();
    forwarder.send({ id: 7, method: 'tools/call', params: { name: 'write', arguments: { wait: true } } });
    forwarder.send({ method: 'notifications/cancelled', params: { requestId: 7 } });
    await until(() => remote.ran.includes('cancelled'));
    expect(await forwarder.call('look')).toBe('look is done');
    expect(forwarder.lines.some(({ id }) => id === 7)).toBe(false);
  });

  it('tells what may have changed while nothing could be heard', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet();
    await forwarder.ask('resources/subscribe', { uri: 'test://one' });
    const heard = () => remote.requests.filter(({ method }) => method === 'GET').length;
    await until(() => heard() === 1);
    // At first no event has come behind which the stream could be taken up; then one has, but the remote keeps it no more.
    for (const status of [502, 400]) {
      const [before, told] = [heard(), toldBy(forwarder).length];
      remote.refuse = (_called, method) => (method === 'GET' ? { status } : undefined);
      remote.cut();
      await until(() => heard() > before);
      await remote.change('test://one');
      remote.refuse = () => undefined;
      await until(() => toldBy(forwarder).length > told);
      await remote.change('test://one');
      await until(() => toldBy(forwarder).length > told + 1);
    }
    expect(await forwarder.call('look')).toBe('look is done');
    expect(toldBy(forwarder)).toHaveLength(4);
  });

  it('goes on where a stream broke, and nothing runs twice', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet();
    const { text } = await forwarder.begin('write');
    remote.cut();
    remote.release();
    expect(await text).toBe('write is done');
    expect(remote.ran).toEqual(['write']);
  });
});

describe.sequential('a remote that starts anew', () => {
  it('is given a new session, and its subscriptions, without the client noticing', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet();
    await forwarder.ask('resources/subscribe', { uri: 'test://one' });
    await forwarder.ask('resources/subscribe', { uri: 'test://two' });
    await forwarder.ask('resources/unsubscribe', { uri: 'test://two' });
    const port = portOf();
    await remote.close();
    remote = await startRemote({ port });
    expect(await forwarder.call('write')).toBe('write is done');
    const told = () => toldBy(forwarder);
    // Once for what may have been missed.
    await until(() => told().length === 1);
    await remote.change('test://one');
    await until(() => told().length === 2);
    await remote.change('test://two');
    expect(await forwarder.call('look')).toBe('look is done');
    expect(told()).toEqual(['test://one', 'test://one']);
    expect(forwarder.lines.filter(({ result }) => result?.serverInfo)).toHaveLength(1);
  });

  it('keeps no session that could not be given its subscriptions, and tells of each change once', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet();
    for (const uri of ['test://one', 'test://two']) await forwarder.ask('resources/subscribe', { uri });
    remote.forget();
    let times = 0;
    remote.refuse = (called) => (called === 'resources/subscribe' && ++times === 2 ? broken : undefined);
    expect(await forwarder.call('look')).toBe('look is done');
    await until(() => remote.sessions() === 1);
    await until(() => toldBy(forwarder).length >= 2);
    const before = toldBy(forwarder).length;
    await remote.change('test://one');
    await until(() => toldBy(forwarder).length > before);
    expect(await forwarder.call('look')).toBe('look is done');
    expect(toldBy(forwarder)).toEqual(['test://one', 'test://two', 'test://one']);
  });

  it('keeps no session that was not told of the end of the handshake', async () => {
    const forwarder = startForwarder(remote.url);
    let times = 0;
    remote.refuse = (called) => (called === 'notifications/initialized' && ++times === 1 ? broken : undefined);
    await forwarder.greet();
    await until(() => times === 1);
    expect(await forwarder.call('look')).toBe('look is done');
    expect(times).toBe(2);
    await until(() => remote.sessions() === 1);
  });

  it('is found again by what only listens', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet();
    await forwarder.ask('resources/subscribe', { uri: 'test://one' });
    const port = portOf();
    await remote.close();
    remote = await startRemote({ port });
    await forwarder.sees(({ method }) => method === 'notifications/resources/updated');
    expect(forwarder.log()).toBe('');
  });

  it('carries a call out that came while it was away for a moment', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet();
    const port = portOf();
    await remote.close();
    const answer = forwarder.call('write');
    // Is told once and not again, so that the call before it has met nobody, too.
    forwarder.send({ method: 'notifications/roots/list_changed' });
    await until(() => forwarder.log().includes('did not reach the remote'));
    remote = await startRemote({ port });
    expect(await answer).toBe('write is done');
    expect(remote.ran).toEqual(['write']);
  });

  it('repeats what only reads; what may have been carried out is not repeated, and the answer says so', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet();
    await forwarder.ask('tools/list');
    const [read, written] = [await forwarder.begin('look'), await forwarder.begin('write')];
    remote.forget();
    remote.cut();
    expect(await written.text).toMatch(/ended the connection before its answer.*may have been carried out.*\[internal\]$/);
    await until(() => remote.ran.length === 3);
    remote.release();
    expect(await read.text).toBe('look is done');
    expect(remote.ran.toSorted()).toEqual(['look', 'look', 'write']);
    expect(forwarder.log().trim().split('\n')).toHaveLength(1);
  });
});

describe.sequential('a remote that does not answer', () => {
  it('is named with the reason, at the handshake and later, and tried again with the next request', async () => {
    const port = portOf();
    await remote.close();
    const forwarder = startForwarder(remote.url);
    const refused = `The Keepsake at ${remote.url} cannot be reached: connection refused.`;
    expect((await forwarder.greet()).error).toMatchObject({ message: refused });
    expect(forwarder.log()).toContain(refused);
    remote = await startRemote({ port });
    expect((await forwarder.greet()).result.serverInfo.name).toBe('remote');
    await remote.close();
    const [called, listed] = await Promise.all([forwarder.call('write'), forwarder.ask('tools/list')]);
    expect(called).toBe(`${refused} The call was not carried out. [log_unavailable]`);
    expect(listed.error?.message).toBe(refused);
    remote = await startRemote({ port });
    expect(await forwarder.call('write')).toBe('write is done');
  });

  it.each([
    ['a token that is asked for', { status: 401 }, {}, /asks for a token \(401\); set KEEPSAKE_TOKEN\. .*\[space_refused\]$/],
    ['a token that is refused', { status: 401 }, { KEEPSAKE_TOKEN: 'secret-token' }, /refused the token \(401\).*\[space_refused\]$/],
    [
      'a missing right',
      { status: 403, body: fault('The token lacks the scope memory:write.') },
      {},
      /\(403\): The token lacks.*\[space_refused\]$/,
    ],
    [
      'too many requests',
      { status: 429, headers: { 'retry-after': '60' }, body: fault('At most 5 a minute.') },
      {},
      /\(429\): At most 5.*\[log_unavailable\]$/,
    ],
    ['a message that is too large', { status: 413 }, {}, /\(413\).*\[too_large\]$/],
    [
      'another place',
      { status: 307, headers: { location: 'https://else.where/mcp' } },
      {},
      /\(307\), to https:\/\/else\.where\/mcp; give connect that URL/,
    ],
    ['a web page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }, {}, /no MCP server: it sends text\/html/],
    ['a fault of the protocol', { status: 400, body: fault('The header is wrong.') }, {}, /^error The header is wrong\.$/],
  ])('is told with what it says: %s', async (_what, refusal, env, expected) => {
    const forwarder = startForwarder(remote.url, { env });
    await forwarder.greet();
    remote.refuse = (called) => (called === 'write' ? refusal : undefined);
    expect(await forwarder.call('write')).toMatch(expected);
    expect(remote.requests.at(0)?.headers.authorization).toBe('KEEPSAKE_TOKEN' in env ? 'Bearer secret-token' : undefined);
    expect(forwarder.log()).not.toContain('secret-token');
  });

  it('is waited for as long as it asks, if that is not long', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet();
    let times = 0;
    remote.refuse = (called) => (called === 'write' && ++times === 1 ? { status: 503, headers: { 'retry-after': '1' } } : undefined);
    expect(await forwarder.call('write')).toBe('write is done');
    expect(times).toBe(2);
  });
});

describe.sequential('the current project', () => {
  it('is found on this machine from the roots of the client, and found anew when they change', async () => {
    const folders = [await repository('first'), await repository('größe 2')];
    const forwarder = startForwarder(remote.url, { env: { KEEPSAKE_PROJECT: 'auto' } });
    let root = folders[0] ?? '';
    const asked = (async () => {
      for (let answered = 0; answered < 2; answered += 1) {
        const requests = () => forwarder.lines.filter(({ method }) => method === 'roots/list');
        await until(() => requests().length > answered);
        forwarder.send({ id: requests()[answered]?.id ?? '', result: { roots: [{ uri: pathToFileURL(root).href }] } });
      }
    })();
    await forwarder.greet({ roots: { listChanged: true } });
    await forwarder.call('look');
    root = folders[1] ?? '';
    forwarder.send({ method: 'notifications/roots/list_changed' });
    await asked;
    await forwarder.call('look');
    expect(projectsSeen('look')).toEqual(['first', encodeURIComponent('größe 2')]);
  });

  it('is that of the working directory only until a client that is slow to name its roots has named them', async () => {
    const named = await repository('named');
    const forwarder = startForwarder(remote.url, { env: { KEEPSAKE_PROJECT: 'auto' }, cwd: await repository('meanwhile') });
    await forwarder.greet({ roots: {} });
    await forwarder.call('look');
    const request = await until(() => forwarder.lines.find(({ method }) => method === 'roots/list'));
    forwarder.send({ id: request.id ?? '', result: { roots: [{ uri: pathToFileURL(named).href }] } });
    await until(async () => {
      await forwarder.call('look');
      return projectsSeen('look').at(-1) === 'named';
    });
    expect(projectsSeen('look')[0]).toBe('meanwhile');
  });

  it('is that of the working directory for a client without roots, from the handshake on', async () => {
    const forwarder = startForwarder(remote.url, { env: { KEEPSAKE_PROJECT: 'auto' }, cwd: await repository('here') });
    await forwarder.greet();
    expect(projectsSeen('initialize')).toEqual(['here']);
  });

  it('is nothing where there is none', async () => {
    const forwarder = startForwarder(remote.url);
    await forwarder.greet();
    expect(projectsSeen('initialize')).toEqual([undefined]);
  });
});

/** The body of a refusal. */
function fault(message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32000, message } });
}
