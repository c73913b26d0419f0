import { type ImportedMessage, type Item, leftOutFiles } from './item.js';
import { timeOf } from './times.js';
import { type Fields, isFields, labelOf, listOf, textOf } from './values.js';

/** Kinds of content in which somebody speaks; the others are a tool's, a page's, a file's or a model's own thoughts. */
const spoken = new Set(['text', 'multimodal_text', 'code']);

/**
 * What a conversation of a ChatGPT data export becomes: the messages of user and assistant on the branch that its
 * `current_node` ends. Drafts that were left, system and tool messages and hidden ones are no part of it.
 */
export function fromChatGpt(value: unknown, where: string): Item[] {
  if (!isFields(value) || !isFields(value.mapping))
    return [{ form: 'left out', where, reason: 'a conversation without its messages (mapping)' }];
  const id = labelOf(value.conversation_id) ?? labelOf(value.id);
  if (id === undefined) return [{ form: 'left out', where, reason: 'a conversation without an id' }];
  const said = branchOf(value.mapping, textOf(value.current_node)).flatMap(spokenIn);
  const messages = said.flatMap(messageOf);
  const files = leftOutFiles(said.flatMap(filesIn), where);
  if (messages.length === 0) return [{ form: 'left out', where, reason: 'a conversation in which nobody says anything' }, ...files];
  return [
    { form: 'conversation', id, title: labelOf(value.title), at: timeOf(value.create_time) ?? timeOf(value.update_time), messages },
    ...files,
  ];
}

/** The nodes from the root to the current one; without it to the newest end. */
function branchOf(mapping: Fields, current: string | undefined): Fields[] {
  const branch: Fields[] = [];
  const seen = new Set<string>();
  let next = current !== undefined && Object.hasOwn(mapping, current) ? current : newestEnd(mapping);
  // A chain that leads back into itself ends where it does.
  while (next !== undefined && !seen.has(next)) {
    seen.add(next);
    const node = Object.hasOwn(mapping, next) ? mapping[next] : undefined;
    if (!isFields(node)) break;
    branch.push(node);
    next = textOf(node.parent);
  }
  return branch.reverse();
}

function newestEnd(mapping: Fields): string | undefined {
  const nodes = Object.entries(mapping).flatMap(([id, node]) =>
    isFields(node)
      ? [{ id, isEnd: listOf(node.children).length === 0, at: isFields(node.message) ? (timeOf(node.message.create_time) ?? '') : '' }]
      : [],
  );
  const found = nodes.filter(({ isEnd }) => isEnd);
  // A damaged tree may have none.
  const ends = found.length > 0 ? found : nodes;
  return ends.reduce<(typeof ends)[number] | undefined>((last, each) => (last && last.at > each.at ? last : each), undefined)?.id;
}

/** A message in which one of the two speaks to the other. */
interface Spoken {
  role: ImportedMessage['role'];
  name: unknown;
  content: Fields;
  metadata: Fields;
  at: string | undefined;
}

function spokenIn({ message }: Fields): Spoken[] {
  if (!isFields(message) || !isFields(message.author) || !isFields(message.content)) return [];
  const { role, name } = message.author;
  if (role !== 'user' && role !== 'assistant') return [];
  const metadata = isFields(message.metadata) ? message.metadata : {};
  const recipient = textOf(message.recipient) ?? 'all';
  // What the assistant says to a tool, or to itself before it answers, was not said to the user.
  const isAside = (role === 'assistant' && recipient !== 'all') || message.channel === 'analysis' || message.channel === 'commentary';
  if (metadata.is_visually_hidden_from_conversation === true || metadata.is_user_system_message === true || isAside) return [];
  if (!spoken.has(String(message.content.content_type ?? 'text'))) return [];
  return [{ role, name, content: message.content, metadata, at: timeOf(message.create_time) }];
}

function messageOf({ role, name, content, at }: Spoken): ImportedMessage[] {
  const words = contentOf(content);
  return words === '' ? [] : [{ role, content: words, name: role === 'user' ? labelOf(name) : undefined, at }];
}

/** The pictures that a message shows, and the files that it names beside them. */
function filesIn({ content, metadata }: Spoken): string[] {
  const pictures = listOf(content.parts).filter((part) => isFields(part) && part.content_type === 'image_asset_pointer');
  const files = listOf(metadata.attachments).flatMap((file) =>
    isFields(file) && !/^image\//.test(String(file.mime_type ?? file.mimeType))
      ? [`the attachment ${labelOf(file.name) ?? 'without a name'}`]
      : [],
  );
  return [...pictures.map(() => 'a picture'), ...files];
}

/** The words of a message; of pictures and files there are none, of a recording what was understood of it. */
function contentOf({ parts, text }: Fields): string {
  const words = listOf(parts).flatMap((part) => (typeof part === 'string' ? part : isFields(part) ? (textOf(part.text) ?? []) : []));
  return (words.length > 0 ? words.join('\n\n') : (textOf(text) ?? '')).trim();
}
