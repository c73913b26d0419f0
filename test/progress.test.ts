import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { startServer } from './support/server.js';

let fake: FakeOpenAi;
beforeAll(async () => {
  fake = await startFakeOpenAi();
  fake.onChat({ facts: [], skipped: [] });
});
afterAll(() => fake.close());

it('of a remember that takes several requests is told to a client that asks for it', async () => {
  const { client } = await startServer({ env: { OPENAI_BASE_URL: fake.url, KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake' } });
  const told: { progress: number; total?: number | undefined }[] = [];
  const turns = Array.from({ length: 60 }, (_, index) => ({ role: 'user', content: `${index} ${'words and words '.repeat(90)}` }));
  const call = { name: 'remember', arguments: { messages: turns } };
  await client.callTool(call, undefined, { onprogress: ({ progress, total }) => told.push({ progress, total }) });
  const parts = fake.chatCalls.length;
  expect(parts).toBeGreaterThan(2);
  expect(told).toEqual(Array.from({ length: parts + 1 }, (_, progress) => ({ progress, total: parts + 1 })));
});
