import { join } from 'node:path';
import fc from 'fast-check';
import type OpenAI from 'openai';
import { beforeAll, expect, it } from 'vitest';
import type { Core } from '../../../src/core/core.js';
import type { Event } from '../../../src/core/events.js';
import type { Space } from '../../../src/core/ports.js';
import { isLive, statementOf } from '../../../src/core/projection.js';
import { remember } from '../../../src/core/remember.js';
import { createSpaces } from '../../../src/core/spaces.js';
import type { OpenAiClient } from '../../../src/models/openai/client.js';
import { createOpenAiDecider } from '../../../src/models/openai/decision.js';
import { createOpenAiExtractor } from '../../../src/models/openai/extraction.js';
import { createStructuredChat } from '../../../src/models/openai/structured-chat.js';
import { openHistoryLog } from '../../../src/store/history-log.js';
import { silentLogger } from '../../store/chroma/fixtures.js';
import { temporaryHome } from '../../support/home.js';

const now = Date.parse('2024-03-08T12:10:00Z');
const sentences = [
  'I live in Bern.',
  'I moved to Basel last week.',
  'I no longer like mango, but I like 3 kinds of plums.',
  '我搬到上海了。',
  'My sister Nora plays the cello 🎻 in Bergen.',
  'Call me Bob.',
  'The port is 8443.',
];

/** What the model says next, in order; then the last again. */
let answers: string[] = [];
let core: Core;
let spaces = 0;

beforeAll(async () => {
  const folder = await temporaryHome();
  const places = { folder, lockFolder: join(folder, 'locks'), checkpointFolder: join(folder, 'checkpoints'), shape: 'test' };
  let made = 0;
  const name = () => `made-${String(++made).padStart(8, '0')}`;
  const clock = { now: () => now };
  const ids = { memory: name, event: name };
  const sdk = {
    chat: {
      completions: {
        create: async () => ({
          choices: [{ finish_reason: 'stop', message: { content: answers.length > 1 ? answers.shift() : answers[0] } }],
        }),
      },
    },
  };
  const client: OpenAiClient = {
    baseUrl: 'http://fake',
    request: (send, signal) => send(sdk as unknown as OpenAI, { signal }),
    begin: async (send, signal) => ({ answer: await send(sdk as unknown as OpenAI, { signal }), told: () => undefined }),
  };
  const chat = createStructuredChat({ client, model: 'any' });
  core = {
    spaces: createSpaces({
      history: openHistoryLog({ ...places, logger: silentLogger }),
      clock,
      ids,
      device: 'desk',
      zone: 'UTC',
      onChange: () => undefined,
    }),
    vectors: { scale: { noise: 0, knows: 'spellings', weight: 0 }, embed: async () => [], search: async () => ({ hits: [] }) },
    extractor: createOpenAiExtractor({ chat }),
    // All that is remembered is near, so that every answer finds something to change.
    decider: { ...createOpenAiDecider({ chat }), reach: { limit: 5, floor: 0 } },
    claims: { claim: async () => async () => undefined },
    own: new Set(),
    keepInput: Number.POSITIVE_INFINITY,
    zone: 'UTC',
    logger: silentLogger,
    clock,
    ids,
  } as unknown as Core;
});

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constant('\ud800\u0000'));
const said = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...sentences) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...sentences), fc.nat(30), fc.nat(30)).map(([text, from, to]) => text.slice(from, to)) },
  { weight: 1, arbitrary: anyText },
);
const anyNumber = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 4 }) },
  fc.integer({ min: -2, max: 8 }),
  fc.constantFrom('0', '1', 1e300, 0.5, null, -0),
);
const written = fc.record(
  {
    turn: anyNumber,
    quote: said,
    text: said,
    subject: fc.option(said),
    entities: fc.oneof(fc.array(said, { maxLength: 3 }), anyText),
    occurred_at: fc.option(fc.oneof(fc.constantFrom('2024-03-01', '2024-02-30', '0000'), anyText)),
    recurs: fc.constantFrom('yearly', 'often', null),
    importance: anyNumber,
  },
  { requiredKeys: ['turn', 'quote', 'text'] },
);
/** What a careful model would write of a sentence. */
const honest = fc
  .tuple(fc.constantFrom(...sentences), fc.constantFrom('', ' indeed', ' as before', ' now'))
  .map(([text, more]) => ({ turn: 0, quote: text, text: `${text.replace(/^(I|My) /, 'User ')}${more}` }));
const extraction = fc.record({
  facts: fc.array(fc.oneof(written, honest, honest), { maxLength: 6 }),
  skipped: fc.option(fc.array(fc.record({ text: said, reason: said }), { maxLength: 2 })),
});
const decided = fc.record({
  fact: anyNumber,
  action: fc.constantFrom('ADD', 'UPDATE', 'DELETE', 'NONE'),
  memory: anyNumber,
  text: fc.option(said),
  reason: fc.option(said),
});
const decision = fc.record({ decisions: fc.array(decided, { minLength: 5, maxLength: 12 }) });
const stray = fc.oneof(
  anyText,
  fc.json(),
  fc.json().map((json) => `{"facts": ${json}, "decisions": ${json}}`),
  fc.constantFrom(
    '',
    '{',
    '{"facts":[]}'.repeat(3),
    `${'{"facts":['.repeat(500)}`,
    `{"facts":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    '\u0000'.repeat(10_000),
  ),
  fc.constant(JSON.stringify({ facts: [{ turn: 0, quote: 'I live in Bern.', text: 'Bern '.repeat(20_000) }], skipped: [] })),
);
const right = fc
  .tuple(
    extraction,
    fc.oneof(
      decision,
      decision,
      stray.map((text) => ({ decisions: text })),
    ),
  )
  .map(([first, second]) => [JSON.stringify(first), JSON.stringify(second)]);
const anyAnswers = fc.oneof({ weight: 5, arbitrary: right }, { weight: 1, arbitrary: fc.tuple(stray, stray) });
const call = fc.record({ turns: fc.shuffledSubarray(sentences, { minLength: 2 }), answers: anyAnswers });

it('whatever the model answers: nothing is lost, nothing is remembered that was not said, nothing said twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 2, maxLength: 5 }), async (calls) => {
      spaces += 1;
      const space: Space = `user:${spaces}`;
      for (const [index, { turns, answers: given }] of calls.entries()) {
        answers = [...given];
        const request = { space, form: 'messages', kind: 'observation', infer: true } as const;
        const messages = turns.map((content) => ({ role: 'user' as const, content }));
        const answer = await remember(core, { ...request, turns: messages }, { id: `call-${index}`, signal: new AbortController().signal });
        const waiting = await core.spaces.open(space).read(({ projection }) => projection.pending.size);
        expect(answer.pending).toBe(waiting > 0 && answer.input_id !== undefined);
      }
      const events = await allEvents(space);
      for (const event of events) expectSupported(event, events);
      await expectSaidOnce(space);
    }),
    { numRuns: 100 },
  );
});

async function allEvents(space: Space): Promise<Event[]> {
  const open = core.spaces.open(space);
  const last = await open.read(({ projection }) => projection.position.sequence);
  return open.events(Array.from({ length: last }, (_, index) => index + 1));
}

/** Each change names the words of the input that it came from; what is gone names its successor and says why. */
function expectSupported(event: Event, events: Event[]): void {
  if (event.event !== 'ADD' && event.event !== 'UPDATE' && event.event !== 'DELETE') return;
  const received = events.find((each) => each.event === 'RECEIVED' && each.event_id === event.source?.input_id);
  const turn = received?.event === 'RECEIVED' ? received.input.turns[event.source?.turn ?? -1] : undefined;
  const words = event.source?.text ?? ('state' in event ? event.state.text : '');
  expect(turn?.content).toContain(words);
  expect(words).toMatch(/[\p{L}\p{N}\p{Extended_Pictographic}]/u);
  if ('state' in event) expect(event.state.text.isWellFormed()).toBe(true);
  if (event.event !== 'DELETE') return;
  expect(event.reason).toContain(event.successor);
  expect(events.some((each) => 'memory_id' in each && each.memory_id === event.successor && 'state' in each)).toBe(true);
}

async function expectSaidOnce(space: Space): Promise<void> {
  const statements = await core.spaces
    .open(space)
    .read(({ projection }) =>
      [...projection.memories.values()].filter((memory) => isLive(memory, now)).map(({ state }) => statementOf(state)),
    );
  expect(new Set(statements).size).toBe(statements.length);
}
