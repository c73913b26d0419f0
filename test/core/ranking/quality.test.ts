import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { datesIn } from '../../../src/core/facts.js';
import { createLexicalIndex, type LexicalDocument } from '../../../src/core/ranking/lexical-index.js';
import { rank } from '../../../src/core/ranking/ranking.js';
import { weights } from '../../../src/core/ranking/weights.js';
import { type Asked, readQuery } from '../../../src/core/space-search.js';
import { spanOf } from '../../../src/core/time/instants.js';

interface QuestionSet {
  memories: { id: string; text: string; speaker?: string; role?: 'user' | 'assistant'; at: string; run?: string }[];
  questions: { question: string; evidence: string[]; now?: string }[];
}

type Changeable<T> = { -readonly [K in keyof T]: T[K] extends object ? Changeable<T[K]> : number };
type Weights = Changeable<typeof weights>;
const table = weights as Weights;
const asItIs = structuredClone(table);
afterEach(() => {
  Object.assign(table, structuredClone(asItIs));
});

/** When a question is asked that does not say. */
const someday = '2026-11-20T12:00:00Z';
const zone = 'UTC';

/** A set as it is remembered word for word, each memory by a call of its own, and its questions as recall reads them. */
function readSet(language: string) {
  const source = readFileSync(new URL(`../../../bench/questions/${language}.json`, import.meta.url), 'utf8');
  const { memories, questions } = JSON.parse(source) as QuestionSet;
  const documents = memories.map(({ id, text, speaker, role, at, run }, number): [string, LexicalDocument] => {
    const { occurred_at, recurs } = datesIn(text, at, zone);
    const span = spanOf(occurred_at ?? at, zone);
    const subject = speaker ?? (role === 'assistant' ? 'assistant' : undefined);
    return [id, { text, subject, run, order: 3 * number, span, dated: occurred_at !== undefined, recurs }];
  });
  const asked = questions.map(({ question, evidence, now = someday }): { search: Asked; evidence: string[] } => ({
    search: readQuery(question, { now: Date.parse(now), zone }),
    evidence,
  }));
  return { documents, asked };
}

/** By words alone: share of the evidence among the first ten, in points, and the mean reciprocal rank of its first. */
function measured({ documents, asked }: ReturnType<typeof readSet>): { recall: number; rank: number } {
  const index = createLexicalIndex();
  for (const [id, document] of documents) index.add(id, document);
  const scores = asked.map(({ search, evidence }) => {
    const hits = rank({ index, ...search, floor: 0 }).best(100);
    const proves = hits.map(({ id }) => evidence.includes(id));
    const first = proves.indexOf(true);
    return { recall: (100 * proves.slice(0, 10).filter(Boolean).length) / evidence.length, rank: first < 0 ? 0 : 1 / (first + 1) };
  });
  const mean = (of: (score: (typeof scores)[number]) => number) => scores.reduce((sum, score) => sum + of(score), 0) / scores.length;
  return { recall: mean(({ recall }) => recall), rank: mean(({ rank }) => rank) };
}

const sets = { en: readSet('en'), zh: readSet('zh') };
const whole = { en: measured(sets.en), zh: measured(sets.zh) };

describe('The ranking, on made-up lives whose answers are known', () => {
  it.each([
    { language: 'en', recall: 86.9, rank: 0.721 },
    { language: 'zh', recall: 83.3, rank: 0.673 },
  ] as const)('finds what it is known to find: $language', ({ language, recall, rank }) => {
    expect(whole[language].recall).toBeGreaterThanOrEqual(recall);
    expect(whole[language].rank).toBeGreaterThanOrEqual(rank);
  });

  /** The least that the mean reciprocal rank must lose without a term: a third of what it does lose, or less. */
  const without: [string, 'en' | 'zh', least: number, off: (weights: Weights) => void][] = [
    ['the saturation of BM25', 'en', 0.004, ({ memory }) => (memory.k1 = 0)],
    ['the correction for length', 'zh', 0.01, ({ memory }) => (memory.b = 0)],
    ['neighbours', 'en', 0.01, (all) => Object.assign(all, { previous: 0, next: 0, beforePrevious: 0, answersQuestion: 0 })],
    ['the memory before', 'zh', 0.006, (all) => (all.previous = 0)],
    ['the memory after', 'en', 0.002, (all) => (all.next = 0)],
    ['the memory before the last', 'en', 0.002, (all) => (all.beforePrevious = 0)],
    ['questions that are answered', 'zh', 0.007, (all) => (all.answersQuestion = 0)],
    ['the saturation within runs', 'en', 0.003, ({ run }) => (run.k1 = 0)],
    ['the correction for the length of runs', 'en', 0.002, ({ run }) => (run.b = 0)],
    ['subjects', 'en', 0.006, (all) => (all.subject = 1)],
    ['windows of time', 'en', 0.002, (all) => (all.window = 1)],
    ['a share of the best in the window', 'zh', 0.001, (all) => (all.windowShare = 0)],
    ['what was said after a window', 'zh', 0.001, (all) => (all.windowFade = 1)],
    ['time alone', 'en', 0.001, (all) => (all.timeAlone = 0)],
    ['times as the answer', 'zh', 0.003, ({ answer }) => (answer.time = 1)],
    ['numbers as the answer', 'en', 0.002, ({ answer }) => (answer.number = 1)],
    ['aspects of a life', 'zh', 0.002, (all) => (all.told = 0)],
    ['what a query says beside an aspect', 'en', 0.004, (all) => (all.toldBeside = 0)],
    ['what only asks', 'zh', 0.003, (all) => (all.onlyAsks = 1)],
    ['misspelt words', 'en', 0.01, (all) => (all.misspelt = 0)],
  ];

  it.each(without)('loses without %s: %s', (_, language, least, off) => {
    off(table);
    expect(whole[language].rank - measured(sets[language]).rank).toBeGreaterThan(least);
  });

  it.each([
    ['related words', 0.004, (all: Weights): number => (all.related = 0)],
    ['kinds of things', 0.003, (all: Weights): number => (all.ofKind = 0)],
  ] as const)('loses without %s what no aspect makes good: en', (_, least, off) => {
    table.told = 0;
    const before = measured(sets.en).rank;
    off(table);
    expect(before - measured(sets.en).rank).toBeGreaterThan(least);
  });
});
