import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readAnswer } from '../../../src/models/openai/read-answer.js';

const schema = z.object({ a: z.array(z.string()), b: z.string().optional() });

describe('an answer is read', () => {
  it.each([
    ['plain', '{"a": ["x"]}'],
    ['fenced', '```json\n{"a": ["x"]}\n```'],
    ['amid chatter', 'Sure! Here you are: {"a": ["x"]} Anything else?'],
    ['after thinking', '<think>Maybe {"a": ["draft"]}?</think>\n{"a": ["x"]}'],
    ['after thinking whose start is missing', 'Maybe {"a": ["draft"]}?</think>{"a": ["x"]}'],
    ['after an object of another shape', 'Like {"c": 1}, so {"a": ["x"]}'],
    ['with trailing commas', '{"a": ["x",],}'],
    ['with comments and single quotes', "{'a': ['x'] /* all */}"],
    ['with null for an optional field', '{"a": ["x"], "b": null}'],
  ])('%s', (_, text) => {
    expect(readAnswer(text, schema)).toEqual({ value: { a: ['x'] } });
  });

  it('as it stands when it quotes an end of thinking', () => {
    expect(readAnswer('{"a": ["</think>"]}', schema)).toEqual({ value: { a: ['</think>'] } });
  });

  it('with braces and quotes inside its texts', () => {
    expect(readAnswer('{"a": ["{ \\"x } "]}', schema)).toEqual({ value: { a: ['{ "x } '] } });
  });
});

describe('a fault is named', () => {
  it.each([
    ['nothing', '', 'the answer was empty'],
    ['no object', 'I cannot.', 'the answer held no complete JSON object'],
    ['an object that was cut off, instead of losing its rest', '{"a": ["x", "y', 'the answer held no complete JSON object'],
    ['the first wrong field', '{"a": ["x", 3]}', 'a.1: Invalid input: expected string, received number'],
  ])('for %s', (_, text, fault) => {
    expect(readAnswer(text, schema)).toEqual({ fault });
  });
});
