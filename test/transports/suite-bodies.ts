import { expect, it } from 'vitest';
import type { Stage } from './suite.js';

const owned = { user_id: 'large' };
const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(3 * 1024 * 1024 - 8, 7)]).toString('base64');

/** Messages as large as the contract allows, and larger. */
export function checkBodies(stage: () => Stage): void {
  it('takes 200,000 characters of any script and gives them back', async () => {
    const { client } = stage();
    // Signs of three bytes each, between which nothing has to be told apart as words.
    const content = `The minutes: ${'€'.repeat(199_986)}!`;
    const { structured } = await client.call('remember', { ...owned, content, infer: false });
    expect(structured.results).toMatchObject([{ event: 'ADD' }]);
    const history = await client.call('memory_history', { ...owned, memory_id: structured.results[0]?.id });
    expect(history.structured.events[0]?.memory === content).toBe(true);
  });

  it('takes 3 MiB of attachments', async () => {
    const { client, fake } = stage();
    fake.onChat('A red bicycle leans on a wall.');
    const turn = { role: 'user', content: 'This is my bicycle.', attachments: [{ mime_type: 'image/png', data: picture }] };
    const answer = await client.call('remember', { ...owned, messages: [turn], wait: false });
    expect(answer).toMatchObject({ isError: false, structured: { pending: true, input_id: expect.any(String) } });
  });

  it('refuses a message of more than 8 MiB and goes on', async () => {
    const { client, lane } = stage();
    const call = client.call('remember', { ...owned, content: 'a'.repeat(9 * 1024 * 1024), infer: false });
    if (lane.refusesBy === 'answer') expect(await call).toMatchObject({ isError: true, text: expect.stringMatching(/\[too_large\]$/) });
    else await expect(call).rejects.toThrow(/larger than/);
    expect(await client.call('recall', { ...owned, query: 'minutes' })).toMatchObject({ isError: false });
    expect(client.faults.filter((fault) => !/larger than/.test(fault.message))).toEqual([]);
  });
}
