import { KeepsakeError, messageOf } from '../core/errors.js';
import { fromChatGpt } from './chatgpt.js';
import { fromClaude } from './claude.js';
import { faultIn } from './fault.js';
import type { Item } from './item.js';
import { type JsonElement, jsonElements } from './json-elements.js';
import { memoriesInMarkdown } from './markdown.js';
import { createMem0Reader } from './mem0.js';
import { csvHeader, memoriesInCsv } from './memory-csv.js';
import { markdownMark, memoriesInOurMarkdown } from './memory-markdown.js';
import { memoriesInText } from './plain-text.js';
import { fromServerMemory } from './server-memory.js';
import { linesOf, wholeText } from './text-lines.js';
import { isFields, listOf } from './values.js';

/** What can be imported. */
export const formatNames = ['keepsake', 'server-memory', 'mem0', 'chatgpt', 'claude', 'markdown', 'text'] as const;
/** The name of what can be imported. */
export type FormatName = (typeof formatNames)[number];

/** One file, or one file in an archive. */
export interface Document {
  /** For people. */
  name: string;
  /** When it was written last, ISO 8601: notes have no other time. Absent in an archive. */
  modified?: string | undefined;
  /** Its text in pieces, from the beginning. Raises invalid_argument where it is none. */
  chunks(): AsyncIterable<string>;
}

/** How a document is read: whose it is, and how it is written. */
export interface Shape {
  format: FormatName;
  layout: 'history lines' | 'history list' | 'json' | 'json lines' | 'csv' | 'memories' | 'prose';
}

/** Characters that tell what a file is. */
const headLength = 65_536;
/** Elements of a JSON file that are looked at before it counts as unknown. */
const mostLookedAt = 10_000;

/** Finds out what a document is, by its content; `expected` is what the caller says it is. Raises invalid_argument. */
export async function shapeOf(document: Document, expected?: FormatName): Promise<Shape> {
  const head = await headOf(document);
  const first = head.trimStart();
  if (first === '') throw faultIn(document.name, 'line 1', 'it is empty');
  if (head.includes('\0')) throw faultIn(document.name, 'line 1', 'it is no text');
  if (expected === 'markdown' || expected === 'text') return { format: expected, layout: 'prose' };
  if (first.startsWith(markdownMark)) return { format: 'keepsake', layout: 'memories' };
  if (first.startsWith(csvHeader.trimEnd()) || /\.csv$/i.test(document.name)) return { format: 'keepsake', layout: 'csv' };
  if (/^[[{]/.test(first)) {
    const shape = await shapeOfJson(document, { head: first, expected });
    if (shape) return shape;
  }
  if (expected === undefined && /\.(?:md|markdown)$/i.test(document.name)) return { format: 'markdown', layout: 'prose' };
  if (expected === undefined && !/\.(?:json|jsonl|ndjson|jsonl\.gz)$/i.test(document.name)) return { format: 'text', layout: 'prose' };
  const known = 'an export of Keepsake, server-memory, mem0, OpenMemory, ChatGPT or Claude';
  throw faultIn(document.name, 'as a whole', expected === undefined ? `it is not ${known}` : `it is no file of ${expected}`);
}

async function headOf(document: Document): Promise<string> {
  let head = '';
  for await (const chunk of document.chunks()) {
    head += chunk;
    if (head.length >= headLength) break;
  }
  return head.slice(0, headLength);
}

async function shapeOfJson(
  document: Document,
  { head, expected }: { head: string; expected: FormatName | undefined },
): Promise<Shape | undefined> {
  const line = head.startsWith('{') ? await firstRecordIn(document) : undefined;
  const record = line && formatOf({ index: 1, line: 1, value: line });
  if (line && (record === 'keepsake' || (record && !isContainer(line))))
    return { format: expected ?? record, layout: record === 'keepsake' ? 'history lines' : 'json lines' };
  // A text may begin with a bracket, too.
  if (expected === undefined && !/^(?:\[\s*[[{\]]|\{\s*["}])/.test(head)) return undefined;
  let looked = 0;
  for await (const element of jsonElements(document.chunks(), document.name)) {
    const format = formatOf(element);
    if (format) return { format: expected ?? format, layout: format === 'keepsake' ? 'history list' : 'json' };
    looked += 1;
    if (looked >= mostLookedAt) break;
  }
  return expected && expected !== 'keepsake' ? { format: expected, layout: 'json' } : undefined;
}

/** The object in the first line that is not empty; undefined where there is none, or it is longer than a record may be. */
async function firstRecordIn(document: Document): Promise<object | undefined> {
  try {
    for await (const { value } of recordsOf(document)) return isFields(value) ? value : undefined;
  } catch (error) {
    // What is wrong with it is said by whoever reads the whole of it.
    if (!(error instanceof KeepsakeError)) throw error;
  }
  return undefined;
}

/** Whether an object is a file of its own rather than a record of one. */
function isContainer(value: object): boolean {
  return ['results', 'memories', 'entities', 'conversations', 'conversations_memory', 'project_memories'].some((name) => name in value);
}

function formatOf({ key, value }: JsonElement): FormatName | undefined {
  if (key === 'conversations_memory' || key === 'project_memories') return 'claude';
  if (!isFields(value)) return undefined;
  if ('keepsake' in value) return 'keepsake';
  if ('mapping' in value) return 'chatgpt';
  if ('chat_messages' in value || 'conversations_memory' in value) return 'claude';
  if (value.type === 'entity' || value.type === 'relation' || 'entityType' in value || 'relationType' in value) return 'server-memory';
  const holdsText = [value.memory, value.content, value.text].some((text) => typeof text === 'string');
  const isRecord =
    key === 'results' || key === 'memories' || ['id', 'user_id', 'created_at', 'hash', 'metadata'].some((name) => name in value);
  if (holdsText && isRecord) return 'mem0';
  // A file with one field that holds them all: {"results": ...} on a line of its own.
  return listOf(value.results).length > 0 || listOf(value.memories).length > 0 ? 'mem0' : undefined;
}

/** What a document holds, in its order; of the history of another home nothing, since that is united as a whole. Raises invalid_argument, naming the line. */
export async function* itemsIn(document: Document, { format, layout }: Shape): AsyncGenerator<Item> {
  const { name, modified: at } = document;
  switch (layout) {
    case 'json':
    case 'json lines': {
      const toItems = readerOf(format);
      for await (const element of layout === 'json' ? jsonElements(document.chunks(), name) : recordsOf(document)) {
        const place = element.key === undefined ? `element ${element.index}` : `element ${element.index} of ${element.key}`;
        yield* toItems(element, `${name}, ${place} (line ${element.line})`);
      }
      return;
    }
    case 'csv':
      yield* memoriesInCsv(document.chunks(), name);
      return;
    case 'memories':
      yield* memoriesInOurMarkdown(await wholeText(document.chunks(), name));
      return;
    case 'prose': {
      const text = await wholeText(document.chunks(), name);
      yield* format === 'markdown' ? memoriesInMarkdown(text, name, { at }) : memoriesInText(text, { at });
      return;
    }
    case 'history lines':
    case 'history list':
      return;
    default:
      layout satisfies never;
  }
}

/** The values of an export of our own, one by one, in either of its layouts. Raises invalid_argument. */
export function valuesIn(document: Document, { layout }: Shape): AsyncIterable<JsonElement> {
  return layout === 'history list' ? jsonElements(document.chunks(), document.name) : recordsOf(document);
}

async function* recordsOf(document: Document): AsyncGenerator<JsonElement> {
  let index = 0;
  for await (const { text, line } of linesOf(document.chunks(), document.name)) {
    if (text.trim() === '') continue;
    index += 1;
    try {
      yield { index, line, value: JSON.parse(text) };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw faultIn(document.name, `line ${line}`, `it is no valid JSON (${messageOf(error)})`, { cause: error });
    }
  }
}

function readerOf(format: FormatName): (element: JsonElement, where: string) => Item[] {
  switch (format) {
    case 'chatgpt':
      return ({ value }, where) => fromChatGpt(value, where);
    case 'claude':
      return fromClaude;
    case 'mem0':
      return createMem0Reader();
    case 'server-memory':
      return ({ value }, where) =>
        fromServerMemory(value, where) ?? [{ form: 'left out', where, reason: 'neither an entity nor a relation' }];
    default:
      return (_, where) => [{ form: 'left out', where, reason: `not of a file of ${format}` }];
  }
}
