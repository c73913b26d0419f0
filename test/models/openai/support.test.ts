import { describe, expect, it } from 'vitest';
import { quoteFinder } from '../../../src/models/openai/quote.js';
import { evidenceOf } from '../../../src/models/openai/support.js';
import { chineseFacts, englishFacts, type SaidFact, unsupportedFacts } from './supported-facts.js';

const at = '2024-03-08T20:10:00+08:00';

/** Why a fact is not kept; undefined where it is. */
function objectionTo({ said, quote, text, before = '', name }: SaidFact): string | undefined {
  const found = quoteFinder(said)(quote);
  if (!found) return 'no quote';
  expect(said).toContain(found.words);
  const turns = [{ content: before }, { content: said, ...(name && { name }) }];
  const evidence = evidenceOf(turns);
  return evidence.objection({ text, quote: found.words, at }) ?? evidence.strangeName(text);
}

describe('a fact that was said', () => {
  it.each(englishFacts)('is kept: $text', (fact) => expect(objectionTo(fact)).toBeUndefined());
  it.each(chineseFacts)('is kept: $text', (fact) => expect(objectionTo(fact)).toBeUndefined());
  it('is shown in sixty ways', () => expect(englishFacts.length + chineseFacts.length).toBeGreaterThanOrEqual(70));
});

describe('a fact that was not said', () => {
  it.each(unsupportedFacts)('is not kept: $said > $quote > $text', (fact) => expect(objectionTo(fact)).toBeDefined());
});

it('a statement that is longer than any statement is none', () => {
  expect(evidenceOf([{ content: 'tea' }]).objection({ text: 'tea '.repeat(2_000), quote: 'tea', at })).toMatch(/too long/);
});
