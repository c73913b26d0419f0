import { describe, expect, it } from 'vitest';
import { connect, sdks } from '../support/clients.js';
import { startFakeOpenAi } from '../support/fake-openai.js';
import { startForwarder } from '../support/forwarder.js';
import { type StartedHttpServer, startHttpServer } from '../support/http.js';
import { program, quietEnvironment, until } from '../support/server.js';

/** The same home served again at the same address. */
async function again(server: StartedHttpServer, env?: Record<string, string>): Promise<StartedHttpServer> {
  return startHttpServer({ home: server.home, args: ['--port', new URL(server.url).port], ...(env && { env }) });
}

describe('a Keepsake that is restarted behind connect', () => {
  it('is still recalled from, remembered with and watched by the clients that were there before', async () => {
    const server = await startHttpServer();
    const reach = {
      over: 'stdio' as const,
      args: [program, 'connect', server.url],
      env: { ...quietEnvironment, KEEPSAKE_HOME: '/nonexistent' },
    };
    const clients = await Promise.all(sdks.map((sdk) => connect(reach, sdk)));
    const [first] = clients;
    const { results } = (await first?.call('remember', { content: 'The cat is called Minka.', infer: false }))?.structured ?? {};
    const id = results?.[0]?.id ?? '';
    const uri = `keepsake://memory/${id}`;
    const changes = clients.map(() => 0);
    await Promise.all(
      clients.map((client, at) =>
        client.watch(uri, () => {
          changes[at] = (changes[at] ?? 0) + 1;
        }),
      ),
    );
    await server.stop();
    const next = await again(server);
    for (const client of clients) expect((await client.call('recall', { query: 'cat' })).text).toContain('Minka');
    // Told for what may have been missed.
    await until(() => changes.every((count) => count > 0));
    changes.fill(0);
    await first?.call('remember', { memory_id: id, content: 'The cat is called Mia.' });
    await until(() => changes.every((count) => count > 0));
    for (const client of clients) {
      expect((await client.readResource({ uri })).contents).toMatchObject([{ text: expect.stringContaining('Mia') }]);
      expect(client.faults).toEqual([]);
      await client.stop();
    }
    await next.stop();
  });

  it('has perhaps carried out what it was killed in, which is said and not done again', async () => {
    const fake = await startFakeOpenAi();
    const env = { OPENAI_BASE_URL: fake.url, KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding', KEEPSAKE_REFLECT: '0' };
    const server = await startHttpServer({ env });
    fake.fail('hang');
    const forwarder = startForwarder(server.url);
    await forwarder.greet();
    await forwarder.ask('tools/list');
    const params = { name: 'remember', arguments: { content: 'I moved from Kyoto to Lisbon in May.' } };
    const answer = forwarder.ask('tools/call', params);
    await until(() => fake.requests.some(({ path }) => path.endsWith('/chat/completions')));
    server.child.kill('SIGKILL');
    expect((await answer).result.content[0].text).toMatch(/may have been carried out.*\[internal\]$/);
    const next = await again(server);
    expect((await forwarder.ask('tools/call', { name: 'recall', arguments: { query: 'Lisbon' } })).result.isError).toBeUndefined();
    forwarder.child.stdin?.end();
    expect(await forwarder.ended).toBe(0);
    await next.stop();
    await fake.close();
  });
});
