import { jsonrepair } from 'jsonrepair';
import type { z } from 'zod';
import { afterThinking } from './thinking.js';

/** What was read of a model's answer: the value, or one line for the model that says what is wrong. */
export type Reading<T> = { value: T; fault?: undefined } | { value?: undefined; fault: string };

/**
 * Reads the JSON object that a model was asked for out of what it wrote: plain, fenced, amid chatter, after <think>,
 * with small breaks mended. An object that never closes is a fault, since mending it would lose what was cut off.
 */
export function readAnswer<Schema extends z.ZodType>(text: string, schema: Schema): Reading<z.infer<Schema>> {
  let fault = text.trim() === '' ? 'the answer was empty' : 'the answer held no complete JSON object';
  for (const candidate of candidates(text)) {
    const parsed = parseLoosely(candidate);
    if (parsed === undefined) continue;
    const checked = schema.safeParse(parsed.json);
    if (checked.success) return { value: checked.data };
    // Strict mode makes optional fields null.
    const lenient = schema.safeParse(withoutNulls(parsed.json));
    if (lenient.success) return { value: lenient.data };
    const issue = lenient.error.issues[0];
    fault = `${issue?.path.join('.') || 'the object'}: ${issue?.message ?? 'not as agreed'}`;
  }
  return { fault };
}

function* candidates(text: string): Generator<string> {
  // First as it stands, since a quoted </think> inside an answer is no thinking.
  if (text.trimStart().startsWith('{')) yield* topLevelObjects(text);
  yield* topLevelObjects(afterThinking(text));
}

/** Each outermost {...} of a text, in order, up to one that never closes. */
function* topLevelObjects(text: string): Generator<string> {
  for (let start = text.indexOf('{'); start !== -1; ) {
    const end = endOfObject(text, start);
    if (end === undefined) return;
    yield text.slice(start, end);
    start = text.indexOf('{', end);
  }
}

function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (quoted && character === '\\') index += 1;
    else if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return index + 1;
  }
  return undefined;
}

/** The value of broken JSON too; undefined when it is beyond repair. */
function parseLoosely(text: string): { json: unknown } | undefined {
  for (const mend of [(whole: string) => whole, jsonrepair]) {
    try {
      return { json: JSON.parse(mend(text), (_, value) => (typeof value === 'string' ? printable(value) : value)) };
    } catch (error) {
      // Not JSON: the next reader may make sense of it, and the caller says so if none does.
      if (!(error instanceof Error)) throw error;
    }
  }
  return undefined;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([name, field]) => [name, withoutNulls(field)]),
  );
}

/** Without lone surrogates, and without control characters other than line feed and tab: what a model writes may become a memory. */
function printable(text: string): string {
  return text.toWellFormed().replace(/(?![\n\t])\p{Cc}/gu, '');
}
