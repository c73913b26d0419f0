import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const categories = ['single', 'multi', 'temporal', 'update', 'identifier', 'paraphrase', 'preference', 'typo'] as const;

const words = z
  .string()
  .min(1)
  .refine((text) => text === text.trim(), 'has white space at an end');

const memorySchema = z.strictObject({
  id: words,
  text: words,
  speaker: words.optional(),
  at: z.iso.datetime({ offset: true }),
  run: words.optional(),
  role: z.enum(['user', 'assistant']).optional(),
});

const questionSchema = z.strictObject({
  question: words,
  category: z.enum(categories),
  evidence: z.array(words).min(1).max(4),
  now: z.iso.datetime({ offset: true }).optional(),
});

const setSchema = z.strictObject({ name: words, memories: z.array(memorySchema), questions: z.array(questionSchema) });

/** What occurs more than once. */
function repeated(values: string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

describe.each(['en', 'zh'])('the question set %s', (language) => {
  const source = readFileSync(new URL(`../../bench/questions/${language}.json`, import.meta.url), 'utf8');
  const { memories, questions } = setSchema.parse(JSON.parse(source));
  const timeOf = new Map(memories.map(({ id, at }) => [id, Date.parse(at)]));

  it('has each memory and each question once', () => {
    expect(repeated(memories.map(({ id }) => id))).toEqual([]);
    expect(repeated(memories.map(({ text }) => text.toLowerCase()))).toEqual([]);
    expect(repeated(questions.map(({ question }) => question.toLowerCase()))).toEqual([]);
  });

  it('names as evidence only memories of the set, each once a question', () => {
    expect(questions.flatMap(({ evidence }) => evidence.filter((id) => !timeOf.has(id)))).toEqual([]);
    expect(questions.flatMap(({ evidence }) => repeated(evidence))).toEqual([]);
  });

  it('asks no question before its evidence was said', () => {
    const early = questions.filter(({ evidence, now }) => now !== undefined && evidence.some((id) => timeOf.get(id)! > Date.parse(now)));
    expect(early).toEqual([]);
  });

  it('says from when a question about time or about a changed value is asked', () => {
    const timeless = questions.filter(({ category, now }) => ['temporal', 'update'].includes(category) && now === undefined);
    expect(timeless).toEqual([]);
  });

  it('is in order of time', () => {
    const times = [...timeOf.values()];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('is large enough in all and in each category', () => {
    expect(memories.length).toBeGreaterThanOrEqual(250);
    expect(questions.length).toBeGreaterThanOrEqual(120);
    for (const name of categories) {
      expect(questions.filter(({ category }) => category === name).length, name).toBeGreaterThanOrEqual(10);
    }
    expect(memories.filter(({ role }) => role === 'assistant').length).toBeGreaterThanOrEqual(15);
  });

  it('has two memories or more as evidence of every multi question', () => {
    expect(questions.filter(({ category, evidence }) => category === 'multi' && evidence.length < 2)).toEqual([]);
  });

  it('has one memory and one question a line', () => {
    const lines = source.split('\n').map((line) => line.replace(/,?\r?$/, ''));
    const items = lines.filter((line) => line.startsWith('    {')).map((line): unknown => JSON.parse(line));
    expect(items).toEqual([...memories, ...questions]);
  });
});
