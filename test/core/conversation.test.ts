import { describe, expect, it } from 'vitest';
import type { HistoryAnswer, HistoryEvent, RecalledMemory } from '../../src/core/answers.js';
import { backgroundOf } from '../../src/core/conversation-background.js';
import { createOutcomes } from '../../src/core/conversation-outcomes.js';
import { conversationPrompt, latestExchanges, messagesOf, systemMessage } from '../../src/core/conversation-prompt.js';
import { extractRecalled } from '../../src/core/gate.js';
import { estimatedTokens } from '../../src/core/tokens.js';

const memory = (number: number, text: string, part?: RecalledMemory['part']): RecalledMemory => ({
  id: String(number).padStart(14, 'm'),
  memory: text,
  space: 'user:default',
  kind: 'observation',
  revision: 1,
  created_at: '2026-01-02T03:04:05Z',
  updated_at: '2026-01-02T03:04:05Z',
  ...(part && { part }),
});

describe('the memories that a model is shown', () => {
  const long = 'x'.repeat(200);
  const ownSpace = 'user:default';
  const pinned = Array.from({ length: 30 }, (_, number) => memory(number, `${long} ${number}`, 'pinned'));
  const hits = Array.from({ length: 30 }, (_, number) => memory(100 + number, `${long} ${number}`));
  const tokens = (lines: string[]) => estimatedTokens(lines.join('\n'));

  it('hold what was searched for, however much stands, and keep to their bound', () => {
    const { memories, lines } = backgroundOf({ hits, profile: pinned }, { ownSpace, maxTokens: 1000 });
    expect(tokens(lines)).toBeLessThanOrEqual(1000);
    expect(memories.filter(({ part }) => part === undefined).length).toBeGreaterThan(4);
    expect(memories.filter(({ part }) => part === 'pinned').length).toBeGreaterThan(4);
  });

  it('leave to what stands the room that nothing else needs', () => {
    const { memories } = backgroundOf({ hits: hits.slice(0, 1), profile: pinned }, { ownSpace, maxTokens: 1000 });
    expect(memories.length).toBeGreaterThan(11);
  });

  it('hold no memory twice, and are all known again by the gate', () => {
    const both = [memory(1, 'I live in Lisbon.'), memory(1, 'I live in Lisbon.')];
    const profile = [memory(1, 'I live in Lisbon.', 'newest'), memory(2, 'Call me Ann.', 'standing')];
    const { memories, lines } = backgroundOf({ hits: both, profile }, { ownSpace, maxTokens: 1000 });
    expect(memories.map((each) => each.memory)).toEqual(['I live in Lisbon.', 'Call me Ann.']);
    const { recalled, rest } = extractRecalled(lines.join('\n'));
    expect(recalled.map(({ text }) => text).sort()).toEqual(['Call me Ann.', 'I live in Lisbon.']);
    expect(rest.trim()).toBe('');
  });
});

describe('the messages of a conversation', () => {
  const system = systemMessage([], { now: Date.parse('2026-03-07T23:30:00Z'), zone: 'Europe/Lisbon' });

  it('begin with the instructions, the day where the user is, and what is known', () => {
    expect(system.content).toBe(
      `${conversationPrompt}\n\nNow it is Saturday, 2026-03-07T23:30:00+00:00.\n\nMemories: none that bear on this.`,
    );
    expect(estimatedTokens(conversationPrompt)).toBeLessThan(350);
  });

  it('drop the oldest turns whole once there are too many', () => {
    const exchanges = Array.from({ length: 10 }, (_, number) => ({ user: `Question ${number}`, assistant: 'a'.repeat(388) }));
    expect(latestExchanges(exchanges, 300)).toEqual(exchanges.slice(-3));
    expect(latestExchanges(exchanges, 299)).toEqual(exchanges.slice(-2));
    expect(latestExchanges(exchanges, 99)).toEqual([]);
    expect(latestExchanges(exchanges, 10_000)).toEqual(exchanges);
  });

  it('take turns, also where an answer is missing', () => {
    const exchanges = [
      { user: 'one', assistant: '1' },
      { user: 'two', assistant: '' },
      { user: 'three', assistant: '' },
      { user: 'four', assistant: '4' },
      { user: 'five', assistant: '' },
    ];
    expect(messagesOf(system, exchanges, 'six').map(({ content }) => content)).toEqual([
      system.content,
      'one',
      '1',
      'two\n\nthree\n\nfour',
      '4',
      'five\n\nsix',
    ]);
  });
});

describe('the outcomes of a conversation', () => {
  const event = (call_id: string, name: HistoryEvent['event'], text?: string): HistoryEvent => ({
    event_id: `${call_id}-${name}`,
    call_id,
    at: '2026-01-01T00:00:00Z',
    event: name,
    ...(text && { memory_id: text, revision: 1, memory: text }),
  });
  const call = { id: 'call', signal: new AbortController().signal };
  const waitingAnswer = { results: [], skipped: [], pending: true };

  it('are told once, when they are complete, page by page, and without asking the history for what is known', async () => {
    const pages: HistoryAnswer[] = [];
    const asked: (string | undefined)[] = [];
    const history = async ({ cursor, since }: { cursor?: string | undefined; since?: string | undefined }) => {
      asked.push(cursor ?? since);
      return pages.shift() ?? { events: [] };
    };
    const outcomes = createOutcomes({ history }, { scope: ['user:default'], run_id: 'run' });
    const known = { id: 'k', event: 'ADD' as const, memory: 'known', revision: 1 };
    outcomes.add({ results: [known, { ...known, event: 'NONE' }], skipped: [], pending: false }, 'a', '2026-01-01');
    expect(await outcomes.take(call)).toEqual([known]);
    expect(asked).toEqual([]);

    outcomes.add(waitingAnswer, 'b', '2026-01-02');
    outcomes.add(waitingAnswer, 'c', '2026-01-03');
    expect([await outcomes.take(call), outcomes.waiting]).toEqual([[], 2]);
    pages.push({ events: [event('c', 'ADD', 'early'), event('b', 'PROCESSED')], next_cursor: 'more' });
    pages.push({ events: [event('b', 'UPDATE', 'second'), event('x', 'ADD', 'of others'), event('b', 'ADD', 'first')] });
    expect((await outcomes.take(call)).map(({ memory: text }) => text)).toEqual(['first', 'second']);
    expect(outcomes.waiting).toBe(1);
    expect(asked).toEqual(['2026-01-02', '2026-01-02', 'more']);
    expect(await outcomes.take(call)).toEqual([]);
    expect(asked.at(-1)).toBe('2026-01-03');
  });
});
