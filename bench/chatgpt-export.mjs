import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { sentence } from './sentences.mjs';

const begin = Date.UTC(2023, 0, 1) / 1000;
const questions = [
  'Can you explain how this works in a little more detail?',
  'Write a short mail that declines the invitation, friendly but clear.',
  'What would you change in the second paragraph?',
  'Why does my build fail with exit code 137 when I run it in a container?',
  'Give me three alternatives, with what speaks for and against each.',
];
/** What an assistant answers: long, and mostly of no use to a memory. */
const answer = 'Here is one way to look at it, step by step, with the reasons for each and what you might try instead. '.repeat(14);

/** A conversation in the form of a ChatGPT data export: a tree with a hidden system message, a draft that was left, and the branch that counts. */
export function conversation(number) {
  const id = `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
  const mapping = {};
  let last = null;
  let clock = begin + number * 3600;
  const add = (role, parts, more = {}) => {
    const node = `${id}-${Object.keys(mapping).length}`;
    clock += 30;
    const message = role && {
      id: node,
      author: { role, name: null, metadata: {} },
      create_time: clock,
      update_time: null,
      content: { content_type: 'text', parts },
      status: 'finished_successfully',
      end_turn: true,
      weight: 1,
      metadata: { model_slug: 'gpt-4o', parent_id: last, request_id: `${node}-request`, ...more },
      recipient: 'all',
      channel: null,
    };
    mapping[node] = { id: node, message: message ?? null, parent: last, children: [] };
    if (last) mapping[last].children.push(node);
    return node;
  };
  last = add(undefined);
  last = add('system', [''], { is_visually_hidden_from_conversation: true });
  for (let turn = 0; turn < 10; turn += 1) {
    const fact = turn % 5 === 2 ? `${sentence(number * 2 + (turn > 5 ? 1 : 0))} ` : '';
    add('user', [`This draft of ${number} and ${turn} was never sent.`]);
    last = add('user', [`${fact}${questions[(number + turn) % questions.length]}`]);
    last = add('assistant', [answer]);
  }
  return {
    title: `Talk ${number}`,
    create_time: begin + number * 3600,
    update_time: clock,
    mapping,
    moderation_results: [],
    current_node: last,
    plugin_ids: null,
    conversation_id: id,
    id,
  };
}

/** Writes such an export of at least so many bytes; resolves with how many conversations it has. */
export async function writeChatGptExport(path, bytes) {
  const file = createWriteStream(path);
  let written = 0;
  let number = 0;
  for (; written < bytes; number += 1) {
    const text = `${number === 0 ? '[' : ',\n'}${JSON.stringify(conversation(number))}`;
    written += text.length;
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end(']');
  await once(file, 'close');
  return number;
}
