import { describe, expect, it } from 'vitest';
import type { TestClient } from '../support/clients.js';
import type { Answer } from '../support/server.js';
import type { Stage } from './suite.js';

/** The tools over the life of a memory, and what they say of calls that cannot be carried out. */
export function checkStory(stage: () => Stage): void {
  const call = (name: string, args: Record<string, unknown>, caller: TestClient = stage().client) =>
    caller.call(name, { user_id: 'story', ...args });
  const remembered = ({ structured }: Answer) => structured.results[0];

  it('tells the whole story: remember, duplicate, recall, correction, history, forget, restore, erase', async () => {
    const { other } = stage();
    const first = await call('remember', { content: 'Ann plays the cello on Sundays.', infer: false });
    const id = remembered(first)?.id;
    expect(remembered(first)).toMatchObject({ event: 'ADD', memory: 'Ann plays the cello on Sundays.', revision: 1 });
    expect(first.text).toContain(id);

    const again = await call('remember', { content: 'ann plays the cello on Sundays', infer: false }, other);
    expect(remembered(again)).toMatchObject({ event: 'NONE', id });

    const found = await call('recall', { query: 'who plays the cello?' }, other);
    expect(found.structured.memories).toMatchObject([{ id, memory: 'Ann plays the cello on Sundays.' }]);
    expect(found.text).toContain('Ann plays the cello on Sundays.');

    const corrected = await call('remember', { memory_id: id, content: 'Ann plays the viola on Sundays.' });
    expect(remembered(corrected)).toMatchObject({ event: 'UPDATE', id, previous: 'Ann plays the cello on Sundays.', revision: 2 });

    const preview = await call('forget', { query: 'viola', reason: 'it was a secret' }, other);
    expect(preview.structured).toMatchObject({ forgotten: [], candidates: [{ id }], confirm_token: expect.any(String) });
    expect((await call('recall', { query: 'viola' })).structured.memories).toHaveLength(1);
    const forgotten = await call('forget', { confirm: preview.structured.confirm_token });
    expect(forgotten.structured.forgotten).toMatchObject([{ id }]);
    expect((await call('recall', { query: 'viola' }, other)).structured.memories).toEqual([]);

    const restored = await call('remember', { memory_id: id, revision: 2 });
    expect(remembered(restored)).toMatchObject({ event: 'RESTORE', id, memory: 'Ann plays the viola on Sundays.', revision: 3 });

    const history = await call('memory_history', { memory_id: id });
    expect(history.structured.events.map(({ event }) => event)).toEqual(['ADD', 'UPDATE', 'DELETE', 'RESTORE']);
    expect(history.structured.events).toMatchObject([
      { source: { client: expect.stringMatching(/^first\//) } },
      {},
      { reason: 'it was a secret' },
      {},
    ]);

    const before = await call('forget', { memory_ids: [id], erase: true }, other);
    const erased = await call('forget', { confirm: before.structured.confirm_token }, other);
    expect(erased.structured.forgotten).toMatchObject([{ id }]);
    expect((await call('memory_history', { memory_id: id })).text).not.toMatch(/cello|viola/);
  });

  it('hands over every character as it is', async () => {
    const content = 'Zoë’s code: 𝒌𝒆𝒚 👩‍👩‍👧 “קוד” \u2028 e\u0301 \\u0041 <b>&amp;</b> 你好 \u{1F600}';
    const { text, structured } = await call('remember', {
      content,
      infer: false,
      user_id: 'Zoë 👩‍👩‍👧',
      metadata: { ключ: 'значение\n2' },
    });
    expect(remembered({ structured } as Answer)?.memory).toBe(content);
    expect(text).toContain('👩‍👩‍👧');
    const found = await call('recall', { user_id: 'Zoë 👩‍👩‍👧', filters: { 'metadata.ключ': 'значение\n2' } });
    expect(found.structured.memories).toMatchObject([{ memory: content, metadata: { ключ: 'значение\n2' } }]);
  });

  it('answers many calls at once, each with its own answer', async () => {
    const { client, other } = stage();
    const said = Array.from({ length: 16 }, (_, index) => `The locker of room ${index} has the number ${index * 7919}.`);
    const answers = await Promise.all(
      said.map((content, index) => call('remember', { content, infer: false, user_id: 'many' }, index % 2 ? client : other)),
    );
    expect(answers.map((answer) => remembered(answer)?.memory)).toEqual(said);
    const ids = answers.map((answer) => remembered(answer)?.id);
    const histories = await Promise.all(ids.map((memory_id) => call('memory_history', { memory_id, user_id: 'many' })));
    expect(histories.map(({ structured }) => structured.events.map(({ memory }) => memory))).toEqual(said.map((memory) => [memory]));
  });

  describe('a call that cannot be carried out is answered with what was wrong:', () => {
    it.each([
      ['an unknown argument', 'recall', { querry: 'tea' }, /querry.+query.+\[invalid_argument\]$/s],
      ['an argument of the wrong type', 'recall', { query: 'tea', limit: 'many' }, /limit.+\[invalid_argument\]$/s],
      ['no argument at all', 'remember', {}, /\[invalid_argument\]$/],
      ['an unknown id', 'memory_history', { memory_id: 'mem-nowhere' }, /mem-nowhere.+\[memory_not_found\]$/s],
      ['an unknown token', 'forget', { confirm: 'no-such-token' }, /\[confirm_invalid\]$/],
    ])('%s', async (_, name, args, text) => {
      expect(await call(name, args)).toMatchObject({ isError: true, text: expect.stringMatching(text) });
    });

    it('an unknown tool', async () => {
      await expect(call('forgive', {})).rejects.toMatchObject({ code: -32602, message: expect.stringMatching(/forgive.+remember/) });
    });
  });
}
