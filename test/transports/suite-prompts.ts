import { expect, it } from 'vitest';
import type { Stage } from './suite.js';

/** Prompts, and the completion of their arguments and of the ids in resources. */
export function checkPrompts(stage: () => Stage): void {
  it('lists its prompts with their arguments described', async () => {
    const { prompts } = await stage().client.listPrompts();
    expect(prompts.map(({ name }) => name).sort()).toEqual(['recall_about', 'remember_session', 'review_memories']);
    for (const prompt of prompts) expect(prompt).toMatchObject({ title: expect.any(String), description: expect.any(String) });
    expect(prompts.find(({ name }) => name === 'recall_about')).toMatchObject({
      arguments: [{ name: 'topic', description: expect.any(String), required: true }],
    });
  });

  it('fills prompts from what is remembered', async () => {
    const { client, other } = stage();
    await other.call('remember', { content: 'The greenhouse needs a new roof.', infer: false });
    const { messages } = await client.getPrompt({ name: 'recall_about', arguments: { topic: 'greenhouse' } });
    expect(JSON.stringify(messages)).toContain('The greenhouse needs a new roof.');
    for (const name of ['remember_session', 'review_memories']) {
      expect((await client.getPrompt({ name })).messages).toMatchObject([{ role: 'user', content: { type: 'text' } }]);
    }
  });

  it('refuses an unknown prompt and a missing argument', async () => {
    const { client } = stage();
    await expect(client.getPrompt({ name: 'sing' })).rejects.toMatchObject({ code: -32602, message: expect.stringContaining('sing') });
    await expect(client.getPrompt({ name: 'recall_about' })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('topic'),
    });
  });

  it('completes the ids of memories, and refuses what it knows nothing of', async () => {
    const { client, other } = stage();
    const { structured } = await other.call('remember', { content: 'The attic is full of kites.', infer: false });
    const id = structured.results[0]?.id ?? '';
    const ref = { type: 'ref/resource' as const, uri: 'keepsake://memory/{id}' };
    const { completion } = await client.complete({ ref, argument: { name: 'id', value: id.slice(0, -4) } });
    expect(completion.values).toContain(id);
    const byWords = await client.complete({ ref, argument: { name: 'id', value: 'kites' } });
    expect(byWords.completion.values).toEqual([id]);
    const unknown = client.complete({ ref: { type: 'ref/prompt', name: 'sing' }, argument: { name: 'song', value: '' } });
    await expect(unknown).rejects.toMatchObject({ code: -32602 });
  });
}
