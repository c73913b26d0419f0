import { type ImportedMessage, type Item, leftOutFiles } from './item.js';
import type { JsonElement } from './json-elements.js';
import { memoriesInMarkdown } from './markdown.js';
import { timeOf } from './times.js';
import { isFields, labelOf, listOf, textOf } from './values.js';

/** What one element of a Claude data export becomes: a conversation, or what it has remembered by itself. */
export function fromClaude({ key, value }: JsonElement, where: string): Item[] {
  // A file of one account holds the object itself instead of a list of such.
  if (key === 'conversations_memory' || key === 'project_memories') return memoriesIn({ [key]: value }, where);
  if (!isFields(value)) return key === undefined ? [{ form: 'left out', where, reason: 'no object' }] : [];
  if ('conversations_memory' in value || 'project_memories' in value) return memoriesIn(value, where);
  if (!Array.isArray(value.chat_messages)) {
    return key === undefined || key === 'conversations'
      ? [{ form: 'left out', where, reason: 'a conversation without chat_messages' }]
      : [];
  }
  const id = labelOf(value.uuid);
  if (id === undefined) return [{ form: 'left out', where, reason: 'a conversation without a uuid' }];
  const messages = value.chat_messages.flatMap(messageIn);
  const files = leftOutFiles(value.chat_messages.flatMap(filesIn), where);
  if (messages.length === 0) return [{ form: 'left out', where, reason: 'a conversation in which nobody says anything' }, ...files];
  return [{ form: 'conversation', id, title: labelOf(value.name), at: timeOf(value.created_at), messages }, ...files];
}

/** What was given along with a message, each once: `attachments` have their text with them, `files` are named alone. */
function filesIn(message: unknown): string[] {
  if (!isFields(message)) return [];
  const pasted = listOf(message.attachments).filter(isFields);
  const names = [...pasted, ...listOf(message.files).filter(isFields)].flatMap((file) => labelOf(file.file_name) ?? []);
  const unnamed = pasted.filter((file) => labelOf(file.file_name) === undefined).map(() => 'a pasted text');
  return [...[...new Set(names)].map((name) => `the attachment ${name}`), ...unnamed];
}

function messageIn(message: unknown): ImportedMessage[] {
  if (!isFields(message)) return [];
  const role = message.sender === 'human' || message.sender === 'user' ? 'user' : message.sender === 'assistant' ? 'assistant' : undefined;
  // Blocks beside text are calls of tools, their results, and thoughts; `text` is what older exports have alone.
  const blocks = listOf(message.content).flatMap((block) => (isFields(block) && block.type === 'text' ? (textOf(block.text) ?? []) : []));
  const content = (blocks.length > 0 ? blocks.join('\n\n') : (textOf(message.text) ?? '')).trim();
  return role === undefined || content === '' ? [] : [{ role, content, at: timeOf(message.created_at) }];
}

/** The summaries that Claude writes for itself are Markdown, one for all conversations and one a project. */
function memoriesIn(
  { conversations_memory, project_memories }: { conversations_memory?: unknown; project_memories?: unknown },
  where: string,
): Item[] {
  const projects = isFields(project_memories) ? Object.entries(project_memories) : [];
  return [
    ...memoriesInMarkdown(textOf(conversations_memory) ?? '', where, { metadata: { source: 'Claude memory' } }),
    ...projects.flatMap(([project, text]) =>
      memoriesInMarkdown(textOf(text) ?? '', where, { metadata: { source: 'Claude memory', claude_project: project.slice(0, 128) } }),
    ),
  ];
}
