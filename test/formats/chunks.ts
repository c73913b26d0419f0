import type { Document, FormatName } from '../../src/formats/format.js';
import { itemsIn, shapeOf } from '../../src/formats/format.js';
import type { Item } from '../../src/formats/item.js';

/** A text in pieces of a few characters, so that whatever is cut is cut in all places. */
export async function* inPieces(text: string, length = 7): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

/** A document that is in memory. */
function documentOf(name: string, content: unknown): Document {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { name, chunks: () => inPieces(text, 97) };
}

/** What a document holds, and what it was taken for. */
export async function readAll(name: string, content: unknown, expected?: FormatName): Promise<{ format: FormatName; items: Item[] }> {
  const document = documentOf(name, content);
  const shape = await shapeOf(document, expected);
  const items: Item[] = [];
  for await (const item of itemsIn(document, shape)) items.push(item);
  return { format: shape.format, items };
}

/** All of an asynchronous sequence. */
export async function collected<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
