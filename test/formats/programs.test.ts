import { describe, expect, it } from 'vitest';
import { conversation } from '../../bench/chatgpt-export.mjs';
import { readAll } from './chunks.js';

describe("server-memory's file", () => {
  // As its knowledge graph manager writes it: a JSON object a line, entities before relations.
  const lines = [
    { type: 'entity', name: 'John_Smith', entityType: 'person', observations: ['Speaks fluent Spanish', 'Prefers morning meetings'] },
    { type: 'entity', name: 'default_user', entityType: 'person', observations: ['Lives in Lisbon'] },
    { type: 'entity', name: 'Anthropic', entityType: 'organization', observations: [] },
    { type: 'relation', from: 'John_Smith', to: 'Anthropic', relationType: 'works_at' },
  ];

  it('gives a memory for each observation, about its entity, and a sentence for each relation', async () => {
    const { format, items } = await readAll('memory.json', `${lines.map((line) => JSON.stringify(line)).join('\r\n')}\r\n`);
    expect(format).toBe('server-memory');
    expect(items).toEqual([
      { form: 'memory', text: 'Speaks fluent Spanish', subject: 'John Smith', metadata: { entity_type: 'person' } },
      { form: 'memory', text: 'Prefers morning meetings', subject: 'John Smith', metadata: { entity_type: 'person' } },
      { form: 'memory', text: 'Lives in Lisbon', metadata: { entity_type: 'person' } },
      { form: 'memory', text: 'Anthropic: organization', subject: 'Anthropic', metadata: { entity_type: 'organization' } },
      { form: 'memory', text: 'John Smith works at Anthropic', subject: 'John Smith', metadata: { relation: 'works_at' } },
    ]);
  });

  it('may have one line, or be one object as its read_graph answers', async () => {
    expect((await readAll('memory.jsonl', lines[0])).items).toHaveLength(2);
    const graph = { entities: lines.slice(0, 3), relations: lines.slice(3) };
    expect(await readAll('graph.json', graph)).toMatchObject({ format: 'server-memory', items: { length: 5 } });
  });

  it('may begin with a line that is longer than what tells one file from another', async () => {
    const long = { ...lines[0], observations: Array.from({ length: 900 }, (_, index) => `Observation ${index}: ${'x'.repeat(100)}`) };
    const { format, items } = await readAll('memory.jsonl', `\n${JSON.stringify(long)}\n${JSON.stringify(lines[2])}\n`);
    expect(format).toBe('server-memory');
    expect(items).toHaveLength(901);
    expect((await readAll('memory.json', { entities: [long, lines[2]] })).items).toHaveLength(901);
  });

  it('has what is no entity named, and a line that is no JSON refused with its number', async () => {
    const { items } = await readAll('m.jsonl', `${JSON.stringify(lines[0])}\n{"type":"entity"}\n[]\n`);
    expect(items.slice(2)).toEqual([
      { form: 'left out', where: 'm.jsonl, element 2 (line 2)', reason: 'an entity without a name' },
      { form: 'left out', where: 'm.jsonl, element 3 (line 3)', reason: 'neither an entity nor a relation' },
    ]);
    await expect(readAll('m.jsonl', `${JSON.stringify(lines[0])}\n\n{"type":`)).rejects.toThrow('m.jsonl, line 3: it is no valid JSON');
  });
});

describe("mem0's files", () => {
  // The library's get_all: results, and relations where a graph is kept.
  const record = {
    id: 'd3f1c0de-0000-4000-8000-000000000001',
    memory: 'Likes to play cricket on weekends',
    hash: 'ef40f6ba13a9f8e1a7a5f2c9a1e0a3b4',
    metadata: { category: 'hobbies', nested: { a: 1 } },
    created_at: '2024-07-26T08:29:37.310458-07:00',
    updated_at: '2024-07-27T08:29:37.310458-07:00',
    user_id: 'alex',
    agent_id: null,
    run_id: 'session-1',
  };
  const memory = {
    form: 'memory',
    text: record.memory,
    at: '2024-07-27T15:29:37.310Z',
    run_id: 'session-1',
    user: 'alex',
    metadata: { category: 'hobbies', nested: '{"a":1}' },
  };

  it('give their texts with dates, labels and whose they are, as a list, as results, and a line each', async () => {
    expect(
      await readAll('all.json', { results: [record], relations: [{ source: 'alex', relationship: 'plays', target: 'cricket' }] }),
    ).toEqual({
      format: 'mem0',
      items: [memory, { form: 'memory', text: 'alex plays cricket', subject: 'alex', metadata: { relation: 'plays' } }],
    });
    for (const content of [
      [record],
      { count: 1, next: null, previous: null, results: [record] },
      `${JSON.stringify(record)}\n${JSON.stringify(record)}\n`,
    ])
      expect((await readAll('export.json', content)).items[0]).toEqual(memory);
  });

  it('of the platform have categories and an end', async () => {
    const { items } = await readAll('p.json', [{ ...record, categories: ['sports', 'leisure'], expiration_date: '2030-01-01' }]);
    expect(items).toMatchObject([{ expires_at: '2030-01-01', metadata: { categories: 'sports, leisure' } }]);
  });

  it('of OpenMemory name apps and categories by their keys, and hold what was deleted', async () => {
    // The dump of its backup route: tables of a database in one object.
    const dump = {
      user: { id: 'u-1', user_id: 'alex', name: null },
      apps: [{ id: 'a-1', owner_id: 'u-1', name: 'cursor' }],
      categories: [{ id: 'c-1', name: 'travel', description: null }],
      memories: [
        {
          id: 'm-1',
          user_id: 'u-1',
          app_id: 'a-1',
          content: 'Has been to Kyoto',
          metadata: {},
          state: 'active',
          created_at: '2025-04-01T10:00:00+00:00',
          category_ids: ['c-1'],
        },
        { id: 'm-2', user_id: 'u-1', app_id: null, content: 'Gone', metadata: null, state: 'deleted', created_at: null, category_ids: [] },
      ],
      memory_categories: [{ memory_id: 'm-1', category_id: 'c-1' }],
      status_history: [],
      export_meta: { version: '1' },
    };
    const { format, items } = await readAll('memories.json', dump);
    expect(format).toBe('mem0');
    expect(items).toEqual([
      { form: 'memory', text: 'Has been to Kyoto', at: '2025-04-01T10:00:00.000Z', metadata: { categories: 'travel', app: 'cursor' } },
      { form: 'left out', where: expect.stringContaining('element 2 of memories'), reason: 'it was deleted there' },
    ]);
  });

  it('keep a memory whose date is none', async () => {
    for (const created_at of ['soon', -5, 1e30, null, {}, '99999-01-01', Number.NaN])
      expect((await readAll('m.json', [{ id: '1', memory: 'x', created_at }])).items).toEqual([{ form: 'memory', text: 'x' }]);
  });
});

describe('a ChatGPT export', () => {
  it('gives of each conversation the branch that counts, without system, hidden and tool messages', async () => {
    const talk = conversation(3);
    const { format, items } = await readAll('conversations.json', [talk]);
    expect(format).toBe('chatgpt');
    const [found] = items;
    if (found?.form !== 'conversation') throw new Error('no conversation');
    expect(found).toMatchObject({ id: talk.id, title: 'Talk 3', at: '2023-01-01T03:00:00.000Z' });
    expect(found.messages).toHaveLength(20);
    expect(found.messages.map(({ role }) => role)).toEqual(Array.from({ length: 20 }, (_, index) => (index % 2 ? 'assistant' : 'user')));
    expect(found.messages[0]?.at).toBe('2023-01-01T03:02:00.000Z');
    expect(JSON.stringify(found)).not.toContain('never sent');
  });

  const node = (id: string, parent: string | null, message: object | null) => ({ id, parent, children: [], message });
  const said = (role: string, content: object, more: object = {}) => ({ author: { role }, content, create_time: 1700000000, ...more });
  const talkOf = (messages: object[], more: object = {}) => {
    const nodes = messages.map((message, index) => node(`n${index}`, index > 0 ? `n${index - 1}` : null, message));
    return {
      id: 'c',
      title: 't',
      current_node: `n${messages.length - 1}`,
      mapping: Object.fromEntries(nodes.map((each) => [each.id, each])),
      ...more,
    };
  };

  it('takes words from pictures, recordings and code, and leaves thoughts, searches and calls of tools', async () => {
    const { items } = await readAll('c.json', [
      talkOf([
        said('user', { content_type: 'user_editable_context', user_profile: 'hidden' }),
        said('user', {
          content_type: 'multimodal_text',
          parts: [{ content_type: 'image_asset_pointer', asset_pointer: 'file-service://x' }, 'What is this?'],
        }),
        said('assistant', { content_type: 'thoughts', thoughts: [] }),
        said('assistant', { content_type: 'code', language: 'json', text: '{"q":1}' }, { recipient: 'browser' }),
        said('tool', { content_type: 'execution_output', text: 'output' }),
        said('assistant', { content_type: 'text', parts: ['A kettle.'] }),
        said(
          'user',
          { content_type: 'text', parts: [''] },
          {
            metadata: {
              attachments: [
                { name: 'plan.pdf', mime_type: 'application/pdf' },
                { name: 'kettle.png', mime_type: 'image/png' },
              ],
            },
          },
        ),
        said('user', {
          content_type: 'multimodal_text',
          parts: [{ content_type: 'audio_transcription', text: 'Thanks a lot.', direction: 'in' }],
        }),
        said('user', { content_type: 'text', parts: ['never shown'] }, { metadata: { is_visually_hidden_from_conversation: true } }),
      ]),
    ]);
    expect(items).toMatchObject([
      { messages: [{ content: 'What is this?' }, { content: 'A kettle.' }, { content: 'Thanks a lot.' }] },
      { form: 'left out', reason: 'a picture: of a conversation only what is said is imported' },
      { form: 'left out', reason: 'the attachment plan.pdf: of a conversation only what is said is imported' },
    ]);
  });

  it('bears trees that are none, and names what nothing is made of', async () => {
    const loop = talkOf([said('user', { content_type: 'text', parts: ['I live in Lisbon.'] })]);
    Object.assign(loop.mapping.n0 ?? {}, { parent: 'n0' });
    const circle = talkOf([
      said('user', { content_type: 'text', parts: ['Round.'] }),
      said('user', { content_type: 'text', parts: ['And round.'] }),
    ]);
    Object.assign(circle.mapping.n0 ?? {}, { parent: 'n1', children: ['n1'] });
    Object.assign(circle.mapping.n1 ?? {}, { children: ['n0'] });
    const { items } = await readAll('c.json', [
      loop,
      { ...circle, current_node: null },
      talkOf([said('user', { content_type: 'text', parts: ['No end is named.'] })], { current_node: 'gone' }),
      talkOf([said('system', { content_type: 'text', parts: ['x'] })]),
      { id: 'x', mapping: [] },
      { mapping: { __proto__: null } },
      'text',
    ]);
    expect(
      items.map((item) => (item.form === 'conversation' ? item.messages.length : item.form === 'left out' ? item.reason : '')),
    ).toEqual([
      1,
      2,
      1,
      'a conversation in which nobody says anything',
      'a conversation without its messages (mapping)',
      'a conversation without an id',
      'a conversation without its messages (mapping)',
    ]);
  });
});

describe('a Claude export', () => {
  const message = (sender: string, text: string, content: object[] = []) => ({
    uuid: 'm',
    sender,
    text,
    content,
    created_at: '2025-03-09T10:00:00.123456Z',
    attachments: [],
    files: [],
  });

  it('gives its conversations in order, with the words of their text blocks', async () => {
    const talk = {
      uuid: 'c-1',
      name: 'Moving',
      created_at: '2025-03-09T09:59:00.000000Z',
      account: { uuid: 'a' },
      chat_messages: [
        message('human', 'I moved to Porto.', [{ type: 'text', text: 'I moved to Porto.', citations: [] }]),
        message('assistant', '', [
          { type: 'thinking', thinking: 'hm' },
          { type: 'tool_use', name: 'x', input: {} },
          { type: 'text', text: 'Good luck!' },
        ]),
        message('human', 'Older exports have this field alone.'),
      ],
    };
    expect(await readAll('conversations.json', [talk, { uuid: 'c-2', chat_messages: [] }])).toEqual({
      format: 'claude',
      items: [
        {
          form: 'conversation',
          id: 'c-1',
          title: 'Moving',
          at: '2025-03-09T09:59:00.000Z',
          messages: [
            { role: 'user', content: 'I moved to Porto.', at: '2025-03-09T10:00:00.123Z' },
            { role: 'assistant', content: 'Good luck!', at: '2025-03-09T10:00:00.123Z' },
            { role: 'user', content: 'Older exports have this field alone.', at: '2025-03-09T10:00:00.123Z' },
          ],
        },
        { form: 'left out', where: 'conversations.json, element 2 (line 1)', reason: 'a conversation in which nobody says anything' },
      ],
    });
  });

  it('names what was attached, each file once', async () => {
    const plan = { file_name: 'plan.txt', file_type: 'txt', extracted_content: 'The wall goes.' };
    const pasted = { file_name: '', file_type: 'txt', extracted_content: 'Pasted words.' };
    const files = [{ file_name: 'plan.txt' }, { file_name: 'photo.jpg' }];
    const talk = { uuid: 'c', chat_messages: [{ ...message('human', 'See here.'), attachments: [plan, pasted], files }] };
    const { items } = await readAll('conversations.json', [talk]);
    expect(items.map((item) => (item.form === 'left out' ? item.reason.split(':', 1)[0] : item.form))).toEqual([
      'conversation',
      'the attachment plan.txt',
      'the attachment photo.jpg',
      'a pasted text',
    ]);
  });

  it('gives what Claude remembers by itself, of all conversations and of each project', async () => {
    const memories = {
      conversations_memory: '**Work context**\n\nAda is a botanist.',
      project_memories: { 'p-1': '- Uses metric units' },
      account_uuid: 'a',
    };
    for (const content of [[memories], memories]) {
      const { format, items } = await readAll('memories.json', content);
      expect(format).toBe('claude');
      expect(items).toEqual([
        { form: 'memory', text: 'Work context: Ada is a botanist.', metadata: { source: 'Claude memory' } },
        { form: 'memory', text: 'Uses metric units', metadata: { source: 'Claude memory', claude_project: 'p-1' } },
      ]);
    }
  });
});

describe('what is none of them', () => {
  it('is said, unless it is prose', async () => {
    await expect(readAll('package.json', { name: 'x', dependencies: {} })).rejects.toThrow(
      'package.json, as a whole: it is not an export of Keepsake',
    );
    await expect(readAll('empty.json', '  \n')).rejects.toThrow('it is empty');
    await expect(readAll('picture.txt', 'a\0b')).rejects.toThrow('it is no text');
    expect((await readAll('note.txt', '[x] Buy a kettle')).format).toBe('text');
    expect((await readAll('note.md', '[a link](x) is prose')).format).toBe('markdown');
  });

  it('is read as what the caller says it is', async () => {
    expect(await readAll('odd.json', { rows: [], data: [{ text: 'Kept' }] }, 'mem0')).toMatchObject({ items: [{ text: 'Kept' }] });
    expect((await readAll('list.json', '[1]', 'text')).items).toMatchObject([{ text: '[1]' }]);
  });
});
