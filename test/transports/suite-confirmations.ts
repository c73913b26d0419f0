import { expect, it } from 'vitest';
import type { Stage } from './suite.js';

/** The user is asked before much is forgotten, or anything for good, where the client can ask. */
export function checkConfirmations(stage: () => Stage): void {
  const shared = { user_id: 'confirming' };

  async function remember(content: string): Promise<string> {
    const { structured } = await stage().client.call('remember', { ...shared, content, infer: false });
    return structured.results[0]?.id ?? '';
  }

  async function isKnown(id: string): Promise<boolean> {
    const { structured } = await stage().other.call('recall', { ...shared, filters: { id } });
    return structured.memories.length > 0;
  }

  it('carries out at once what the user accepts', async () => {
    const { client, user } = stage();
    const id = await remember('The spare key lies under the third stone.');
    Object.assign(user, { asked: [], reply: true });
    const answer = await client.call('forget', { ...shared, memory_ids: [id], erase: true });
    expect(user.asked).toEqual([expect.stringContaining('The spare key lies under the third stone.')]);
    expect(answer.structured).toMatchObject({ forgotten: [{ id }] });
    expect(await isKnown(id)).toBe(false);
  });

  it('leaves everything as it is when the user declines', async () => {
    const { client, user } = stage();
    const id = await remember('The cat sleeps in the piano.');
    Object.assign(user, { asked: [], reply: false });
    const answer = await client.call('forget', { ...shared, all: true });
    expect(user.asked).toHaveLength(1);
    expect(answer).toMatchObject({ isError: false, structured: { forgotten: [] }, text: expect.stringContaining('declined') });
    expect(answer.structured.confirm_token).toBeUndefined();
    expect(await isKnown(id)).toBe(true);
  });

  it('asks for a second call where the client cannot ask', async () => {
    const { other, user } = stage();
    const id = await remember('The spoon is of silver.');
    user.asked = [];
    const preview = await other.call('forget', { ...shared, query: 'silver spoon', limit: 1 });
    expect(preview.structured).toMatchObject({ forgotten: [], candidates: [{ id }] });
    expect(await isKnown(id)).toBe(true);
    const { structured } = await other.call('forget', { ...shared, confirm: preview.structured.confirm_token });
    expect(structured.forgotten).toMatchObject([{ id }]);
    expect(user.asked).toEqual([]);
  });
}
