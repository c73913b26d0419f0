import { messageOf } from '../core/errors.js';
import { faultIn } from './fault.js';
import { longestElement } from './text-lines.js';

/** One value out of a large JSON text. */
export interface JsonElement {
  /** Of a list under a field of the outermost object, or of such a field: its name. Absent in an outermost list. */
  key?: string;
  /** Its number in its list, from 1. */
  index: number;
  /** The line that it begins in. */
  line: number;
  value: unknown;
}

/** What may come next between elements. */
type Expected = 'value' | 'key' | 'colon' | 'end';

/** Levels of nesting: a conversation has about ten. */
const deepest = 200;

const [quote, backslash, comma, colon, openList, closeList, openObject, closeObject, feed] = [34, 92, 44, 58, 91, 93, 123, 125, 10];
const isSpace = (code: number) => code === 32 || code === feed || code === 13 || code === 9;

/**
 * The elements of the outermost list of a JSON text that comes in pieces, one at a time; of an outermost object the
 * elements of the lists in its fields, and its other fields. So much of the text is held as one element takes. Raises
 * invalid_argument, naming the line, for what is no JSON, ends too early, is nested over 200 levels deep, or has an
 * element of over 64 million characters.
 */
export async function* jsonElements(chunks: AsyncIterable<string>, file: string): AsyncGenerator<JsonElement> {
  let buffer = '';
  let line = 1;
  /** What is open around the next element, outermost first. */
  let open: number[] = [];
  let isDone = false;
  let expected = 'value' as Expected;
  let key: string | undefined;
  let index = 0;
  /** Where the element that is being read begins in the buffer; below 0 between elements. */
  let start = -1;
  let startLine = 1;
  let depth = 0;
  let inString = false;
  let at = 0;

  const fault = (reason: string, where = line, options?: ErrorOptions) => faultIn(file, `line ${where}`, reason, options);

  function element(end: number): JsonElement {
    const text = buffer.slice(start, end);
    start = -1;
    index += 1;
    expected = 'end';
    return { ...(key === undefined ? {} : { key }), index, line: startLine, value: parsed(text, startLine) };
  }

  function parsed(text: string, where: number): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      // Where the parser stopped is counted from the beginning of the element.
      throw fault(`what begins there is no valid JSON (${messageOf(error)})`, where, { cause: error });
    }
  }

  function close(code: number): void {
    const opened = open.pop();
    if (opened !== (code === closeList ? openList : openObject) || expected === 'colon')
      throw fault(`unexpected ${String.fromCharCode(code)}`);
    if (open.length === 0) isDone = true;
    expected = 'end';
  }

  /** Takes a character between elements; true where an element begins with it. */
  function between(code: number): boolean {
    if (isDone) throw fault('more follows the end of the JSON text');
    if (open.length === 0) {
      if (code !== openList && code !== openObject) throw fault('it is no JSON list or object');
      open = [code];
      expected = code === openList ? 'value' : 'key';
      return false;
    }
    if (code === closeList || code === closeObject) {
      close(code);
      return false;
    }
    if (expected === 'end') {
      if (code !== comma) throw fault(`a comma is missing before ${JSON.stringify(String.fromCharCode(code))}`);
      expected = open.at(-1) === openObject ? 'key' : 'value';
      return false;
    }
    if (expected === 'colon') {
      if (code !== colon) throw fault('a colon is missing after the name of a field');
      expected = 'value';
      return false;
    }
    if (expected === 'key') {
      if (code !== quote) throw fault('the name of a field is missing');
      return true;
    }
    if (code === comma || code === colon) throw fault(`unexpected ${String.fromCharCode(code)}`);
    // The list in a field is gone into; a list in a list is an element.
    if (code === openList && open.length === 1 && open[0] === openObject) {
      open.push(code);
      index = 0;
      return false;
    }
    if (open.length === 1 && open[0] === openObject) index = 0;
    return true;
  }

  for await (const chunk of chunks) {
    buffer = start < 0 ? chunk : buffer.slice(start) + chunk;
    at = start < 0 ? 0 : at - start;
    if (start >= 0) start = 0;
    for (; at < buffer.length; at += 1) {
      const code = buffer.charCodeAt(at);
      if (inString) {
        if (code === backslash) at += 1;
        else if (code === quote) {
          inString = false;
          if (expected === 'key' && depth === 0) {
            key = String(parsed(buffer.slice(start, at + 1), line));
            start = -1;
            expected = 'colon';
          }
        }
        continue;
      }
      if (code === feed) line += 1;
      if (start < 0) {
        if (isSpace(code) || !between(code)) continue;
        start = at;
        startLine = line;
        depth = 0;
      }
      if (code === quote) inString = true;
      else if (code === openList || code === openObject) {
        depth += 1;
        if (depth > deepest) throw fault(`it is nested more than ${deepest} levels deep`);
      } else if (depth > 0 && (code === closeList || code === closeObject)) {
        depth -= 1;
        if (depth === 0) yield element(at + 1);
      } else if (depth === 0 && (code === comma || code === closeList || code === closeObject)) {
        yield element(at);
        between(code);
      }
    }
    if (start >= 0 && buffer.length - start > longestElement)
      throw fault(`the element that begins there has more than ${longestElement} characters`, startLine);
  }
  if (!isDone) throw fault(open.length === 0 ? 'it is empty' : 'the file ends in the middle: it is cut off');
}
