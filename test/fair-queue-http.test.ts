import { setMaxListeners } from 'node:events';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { usualQueue } from '../src/fair-queue.js';
import { runCommand } from './cli/run.js';
import { type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { temporaryHome } from './support/home.js';
import { connectHttp, type StartedHttpServer, startHttpServer } from './support/http.js';
import { type Answer, answerOf, until } from './support/server.js';

const { atOnce, ofOneCaller, mostWaiting } = usualQueue;
/** As much as one caller may have under way that is alone. */
const aloneAtOnce = atOnce - ofOneCaller;

let fake: FakeOpenAi;
let server: StartedHttpServer;
/** Of a program that speaks for any user, and of bob. */
let anybody: string;
let bob: string;

async function newToken(home: string, user: string): Promise<string> {
  return (await runCommand(['token', 'add', '--user', user], { KEEPSAKE_HOME: home })).stdout.trim();
}

async function call(client: Client, name: string, given: object, signal?: AbortSignal): Promise<Answer> {
  return answerOf(await client.callTool({ name, arguments: { ...given } }, CallToolResultSchema, signal ? { signal } : {}));
}

beforeAll(async () => {
  const home = await temporaryHome();
  fake = await startFakeOpenAi();
  [anybody, bob] = [await newToken(home, '*'), await newToken(home, 'bob')];
  const env = { OPENAI_BASE_URL: fake.url, KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding', KEEPSAKE_RATE: '0' };
  server = await startHttpServer({ home, env });
});
afterAll(() => fake.close());

it('a user whose calls all wait for a model keeps nobody else waiting, and is refused beyond what may wait', async () => {
  fake.fail('hang', Number.POSITIVE_INFINITY, 'chat');
  const program = await connectHttp(server, { token: anybody });
  const person = await connectHttp(server, { token: bob });
  const leaving = new AbortController();
  setMaxListeners(0, leaving.signal);
  const flood = Array.from({ length: aloneAtOnce + mostWaiting + 1 }, (_, number) =>
    call(program, 'remember', { user_id: 'ann', content: `I own ${number} brass kettles from Porto.` }, leaving.signal),
  );
  const ends = Promise.allSettled(flood);
  // The only one of them that is answered: all others are under way or in line by then.
  const refusal = await Promise.race(flood);
  expect(refusal).toMatchObject({
    isError: true,
    text: '256 calls of this caller wait to be answered already; wait for some of their answers, then repeat the call. [too_large]',
  });
  await until(() => fake.chatCalls.length === aloneAtOnce);
  expect(await call(person, 'remember', { content: 'I like chess.', infer: false })).toMatchObject({ isError: false });
  expect((await call(person, 'recall', { query: 'chess' })).structured.memories).toMatchObject([{ memory: 'I like chess.' }]);
  expect(await call(program, 'recall', { user_id: 'cid', query: 'chess' })).toMatchObject({ isError: false });
  expect(fake.chatCalls).toHaveLength(aloneAtOnce);
  leaving.abort();
  expect((await ends).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  // Who is cancelled leaves line and place.
  expect(await call(program, 'recall', { user_id: 'ann', query: 'kettles' })).toMatchObject({ isError: false });
});

it('calls that wait for their user to confirm hold no place', async () => {
  let asked = 0;
  let decline: () => void = () => undefined;
  const declined = new Promise<void>((resolve) => {
    decline = resolve;
  });
  const client = await connectHttp(server, {
    token: anybody,
    capabilities: { elicitation: { form: {} } },
    prepare: (made) =>
      made.setRequestHandler(ElicitRequestSchema, async () => {
        asked += 1;
        await declined;
        return { action: 'decline' };
      }),
  });
  const dan = { user_id: 'dan' };
  await call(client, 'remember', { ...dan, content: 'The spare key lies under the third stone.', infer: false });
  const waiting = Array.from({ length: atOnce + 1 }, () => call(client, 'forget', { ...dan, all: true }));
  await until(() => asked === atOnce + 1);
  expect((await call(client, 'recall', { ...dan, query: 'spare key' })).structured.memories).toHaveLength(1);
  decline();
  for (const answer of await Promise.all(waiting)) expect(answer.text).toContain('declined');
});
