import { expect, it } from 'vitest';
import type { Stage } from './suite.js';

/** Parameters of another shape than a method takes. */
export function checkErrors(stage: () => Stage): void {
  it('says in one sentence which parameter has a wrong shape, and goes on', async () => {
    const { client } = stage();
    const wrong = <Value>(value: unknown) => value as Value;
    const refused = async (work: Promise<unknown>, sentence: string) => {
      const error = await work.then(
        () => undefined,
        (raised: unknown) => raised,
      );
      expect(error).toMatchObject({ code: -32602 });
      expect((error as Error).message.replace(/^MCP error -32602: /, '')).toBe(sentence);
    };
    await refused(client.call('recall', wrong(['tea'])), 'params.arguments of tools/call must be an object.');
    await refused(
      client.getPrompt({ name: 'recall_about', arguments: { topic: wrong(5) } }),
      'params.arguments.topic of prompts/get must be a string.',
    );
    await refused(client.readResource({ uri: wrong({}) }), 'params.uri of resources/read must be a string.');
    await refused(
      client.complete({ ref: wrong({ type: 'ref/song' }), argument: { name: 'a', value: '' } }),
      'params.ref of completion/complete must be {type: "ref/prompt", name} or {type: "ref/resource", uri}.',
    );
    expect((await client.call('recall', { query: 'tea' })).isError).toBe(false);
  });
}
