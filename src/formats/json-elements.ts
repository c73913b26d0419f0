import { Tokenizer, TokenParser, TokenType } from '@streamparser/json';
import { KeepsakeError, messageOf } from '../core/errors.js';
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

/** Levels of nesting: a conversation has about ten. */
const deepest = 200;
/** Characters that are parsed before what was found in them is given on. */
const atOnce = 65_536;

/**
 * The elements of the outermost list of a JSON text that comes in pieces, one at a time; of an outermost object the
 * elements of the lists in its fields, and its other fields. So much of the text is held as one element takes. Raises
 * invalid_argument, naming the line and element, for what is no JSON, ends too early, is nested over 200 levels deep, or
 * has an element of over 64 million characters.
 */
export async function* jsonElements(chunks: AsyncIterable<string>, file: string): AsyncGenerator<JsonElement> {
  const tokenizer = new Tokenizer();
  const parser = new TokenParser({ paths: ['$.*', '$.*.*'] });
  let found: JsonElement[] = [];
  let line = 1;
  let read = 0;
  /** Where the element begins that is being read: characters before it, and its line. */
  let start = { read, line };
  /** Lists and objects that are open, and how many of them around the elements. */
  let depth = 0;
  let around = 1;
  let isObject = false;
  let index = 0;

  const fault = (reason: string, options?: ErrorOptions) =>
    faultIn(file, depth === 0 ? `line ${line}` : `line ${line}, behind element ${index}`, reason, options);

  parser.onValue = ({ value, key, parent, stack }) => {
    if (stack.length !== around) return;
    // What was given on is not kept.
    if (Array.isArray(parent)) {
      index += 1;
      const field = stack[1]?.key;
      found.push({ ...(field === undefined ? {} : { key: String(field) }), index, line: start.line, value });
      parent.length = 0;
    } else if (parent !== undefined && typeof key === 'string') {
      if (!Array.isArray(value)) found.push({ key, index: 1, line: start.line, value });
      delete parent[key];
    }
  };
  tokenizer.onToken = (parsed) => {
    const opens = parsed.token === TokenType.LEFT_BRACKET || parsed.token === TokenType.LEFT_BRACE;
    if (parser.isEnded) throw fault('more follows the end of the JSON text');
    if (depth === 0 && !opens) throw fault('it is no JSON list or object');
    if (depth === 0) isObject = parsed.token === TokenType.LEFT_BRACE;
    // The list in a field is gone into; a list in a list is an element.
    if (depth === 1 && isObject && parsed.token === TokenType.LEFT_BRACKET) [around, index] = [2, 0];
    if (depth <= around) start = { read, line };
    if (depth - around >= deepest && opens) throw fault(`it is nested more than ${deepest} levels deep`);
    parser.write(parsed);
    if (opens) depth += 1;
    else if (parsed.token === TokenType.RIGHT_BRACKET || parsed.token === TokenType.RIGHT_BRACE) depth -= 1;
    if (depth === 1) around = 1;
  };

  function parse(work: () => void): JsonElement[] {
    found = [];
    try {
      work();
    } catch (error) {
      if (error instanceof KeepsakeError) throw error;
      // It quotes what it did not expect, which may be long.
      throw fault(`it is no valid JSON (${messageOf(error).slice(0, 200)})`, { cause: error });
    }
    return found;
  }

  for await (const chunk of chunks) {
    for (const piece of piecesOf(chunk)) {
      yield* parse(() => tokenizer.write(piece));
      if (piece.endsWith('\n')) line += 1;
      read += piece.length;
      if (read - start.read > longestElement) throw fault(`the next one has more than ${longestElement} characters`);
    }
  }
  if (!parser.isEnded) throw fault(depth === 0 ? 'it is empty' : 'the file ends in the middle: it is cut off');
  yield* parse(() => tokenizer.end());
}

/** A text in lines and parts of long lines, so that it is known in which line the parser is. */
function* piecesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = Math.min(feed < 0 ? text.length : feed + 1, start + atOnce);
    yield text.slice(start, end);
    start = end;
  }
}
