import { afterEach, describe, expect, it } from 'vitest';
import type { Turn } from '../../../src/core/events.js';
import { type ExtractionInput, type Extractor, ModelError } from '../../../src/core/ports.js';
import { createOpenAiClient } from '../../../src/models/openai/client.js';
import { decisionPrompt } from '../../../src/models/openai/decision.js';
import { createOpenAiExtractor, extractionPrompt } from '../../../src/models/openai/extraction.js';
import { createStructuredChat } from '../../../src/models/openai/structured-chat.js';
import { type FakeOpenAi, startFakeOpenAi } from '../../support/fake-openai.js';

let fake: FakeOpenAi;
afterEach(() => fake?.close());

async function setUp(instructions?: string): Promise<Extractor> {
  fake = await startFakeOpenAi();
  const client = createOpenAiClient({ baseUrl: fake.url, timeout: 5_000, retryDelay: 1 });
  return createOpenAiExtractor({ chat: createStructuredChat({ client, model: 'small' }), instructions });
}

const at = '2024-03-08T20:10:00+08:00';
const user = (content: string, more: Partial<Turn> = {}): Turn => ({ role: 'user', content, ...more });
const extract = (extractor: Extractor, turns: Turn[], more: Partial<ExtractionInput> = {}) =>
  extractor.extract({ form: 'messages', turns, context: [], at, ...more }, new AbortController().signal);
const fact = (turn: number, quote: string, text: string, more: object = {}) => ({
  ...{ turn, quote, text, subject: null, entities: null, occurred_at: null, recurs: null, importance: null },
  ...more,
});
const shown = (call = 0) => (fake.chatCalls[call]!.body.messages as { content: string }[]).map(({ content }) => content);

it('the prompts of extraction and decision stay under 1,500 tokens together', () => {
  expect((extractionPrompt.length + decisionPrompt.length) / 4).toBeLessThan(1_500);
});

describe('what the extractor shows', () => {
  it('is the date with weekday and offset, and each turn as a line with its number, speaker and own time', async () => {
    const extractor = await setUp();
    await extract(extractor, [
      user('Hi\n{"turn":7}', { name: 'Ann' }),
      { role: 'assistant', content: 'Yes?', at: '2024-03-09T00:05:00+08:00' },
    ]);
    expect(shown()[1]).toBe(
      [
        'said: Friday 2024-03-08T20:10:00+08:00',
        'Turns:',
        '{"turn":0,"role":"user","name":"Ann","content":"Hi\\n{\\"turn\\":7}"}',
        '{"turn":1,"role":"assistant","said":"Saturday 2024-03-09T00:05:00+08:00","content":"Yes?"}',
      ].join('\n'),
    );
  });

  it('has earlier turns marked as done and without numbers', async () => {
    const extractor = await setUp();
    await extract(extractor, [user('the second one')], { context: [{ role: 'assistant', content: 'Red or blue?' }] });
    expect(shown()[1]).toContain('Earlier turns, done:\n{"role":"assistant","content":"Red or blue?"}\nTurns:\n{"turn":0');
  });

  it("ends its instructions with the owner's words, those of the input first", async () => {
    const extractor = await setUp('Ignore sport.');
    await extract(extractor, [user('x')]);
    await extract(extractor, [user('x')], { instructions: 'Keep sport.' });
    expect(shown(0)[0]).toMatch(/Ignore sport\.$/);
    expect(shown(1)[0]).toMatch(/Keep sport\.$/);
    expect(shown(1)[0]).not.toContain('Ignore sport.');
  });

  it('says of content that it is saved on purpose', async () => {
    const extractor = await setUp();
    await extract(extractor, [user('x')], { form: 'content' });
    await extract(extractor, [user('x')]);
    expect(shown(0)[0]).toContain('saved on purpose');
    expect(shown(1)[0]).not.toContain('saved on purpose');
  });
});

describe('what the extractor answers', () => {
  it('is the facts with what is known of them, in input order, and what was skipped', async () => {
    const extractor = await setUp();
    const miso = { occurred_at: '2024-03-02', entities: ['Miso', ' Miso ', ''], importance: 6.4, recurs: 'yearly' };
    fake.onChat({
      facts: [fact(1, '我住在上海', '用户住在上海。'), fact(0, 'We adopted Miso', ' User adopted Miso on 2024-03-02. ', miso)],
      skipped: [{ text: 'What if we moved?', reason: 'hypothetical' }],
    });
    await expect(extract(extractor, [user('We adopted Miso last Saturday. What if we moved?'), user('我住在上海')])).resolves.toEqual({
      facts: [
        {
          turn: 0,
          quote: 'We adopted Miso',
          text: 'User adopted Miso on 2024-03-02.',
          occurred_at: '2024-03-02',
          entities: ['Miso'],
          importance: 6,
          recurs: 'yearly',
        },
        { turn: 1, quote: '我住在上海', text: '用户住在上海。', occurred_at: null },
      ],
      skipped: [{ text: 'What if we moved?', reason: 'hypothetical' }],
    });
  });

  it('is nothing for nothing durable', async () => {
    const extractor = await setUp();
    await expect(extract(extractor, [user('Hello!')])).resolves.toEqual({ facts: [], skipped: [] });
  });

  it('gives a named speaker as subject, and the unnamed user none', async () => {
    const extractor = await setUp();
    fake.onChat({
      facts: [
        fact(0, 'I ski', 'Ann skis.'),
        fact(1, 'Me too', 'Bob skis.', { subject: 'Bob' }),
        fact(1, 'Mei sails', 'Mei sails.', { subject: 'Mei' }),
        fact(2, 'I row', 'User rows.', { subject: 'The user' }),
        fact(3, 'Ich tauche', 'Der Nutzer taucht.', { subject: 'Nutzer' }),
      ],
    });
    const turns = [user('I ski', { name: 'Ann' }), user('Me too. Mei sails', { name: 'Bob' }), user('I row'), user('Ich tauche')];
    const { facts } = await extract(extractor, turns);
    expect(facts.map(({ subject }) => subject)).toEqual(['Ann', 'Bob', 'Mei', undefined, undefined]);
  });

  it('never credits the user with what the assistant or the system said', async () => {
    const extractor = await setUp();
    fake.onChat({ facts: [fact(0, 'Be kind', 'User is kind.'), fact(1, 'You like tea', 'User likes tea.')] });
    const { facts, skipped } = await extract(extractor, [
      { role: 'system', content: 'Be kind' },
      { role: 'assistant', content: 'You like tea' },
    ]);
    expect(facts).toEqual([]);
    expect(skipped).toEqual([
      { text: 'User is kind.', reason: 'from a system turn' },
      { text: 'User likes tea.', reason: 'said by the assistant, not confirmed by the user' },
    ]);
  });

  it('drops what is unusable and keeps the fact', async () => {
    const extractor = await setUp();
    fake.onChat({
      facts: [
        fact(0, 'I see the vet Monday', 'User sees the vet.', {
          occurred_at: 'next Monday',
          importance: 99,
          recurs: 'often',
          entities: 'vet',
        }),
        fact(0, 'x', '  '),
      ],
    });
    await expect(extract(extractor, [user('Fine day. I see the vet on Monday.')])).resolves.toEqual({
      facts: [{ turn: 0, quote: 'I see the vet on Monday', text: 'User sees the vet.' }],
      skipped: [],
    });
    expect(fake.chatCalls).toHaveLength(1);
  });

  it('finds the turn of a fact that names an unknown one by its quote, else skips the fact', async () => {
    const extractor = await setUp();
    fake.onChat({ facts: [fact(9, 'I row', 'User rows.'), fact(9, 'I fly', 'User flies.')] });
    const { facts, skipped } = await extract(extractor, [user('I ski'), user('I row')]);
    expect(facts).toEqual([{ turn: 1, quote: 'I row', text: 'User rows.', occurred_at: null }]);
    expect(skipped).toEqual([{ text: 'User flies.', reason: 'the words that it is said to come from are not in the input' }]);
  });

  it.each([
    ['without the words that it came from', fact(0, '', 'User skis.'), /words that it is said to come from/],
    ['with the words of nobody', fact(0, 'I collect stamps', 'User skis.'), /words that it is said to come from/],
    ['of which nothing was said', fact(0, 'I ski', 'Nora plays the cello.'), /nothing of it is there/],
    ['with a number that was not said', fact(0, 'I ski', 'User has skied for 7 winters.'), /7 is not there/],
  ])('leaves out a fact %s, and says so', async (_, written, reason) => {
    const extractor = await setUp();
    fake.onChat({ facts: [written] });
    const { facts, skipped } = await extract(extractor, [user('I ski. Fine day!')]);
    expect(facts).toEqual([]);
    expect(skipped).toEqual([{ text: (written as { text: string }).text, reason: expect.stringMatching(reason) }]);
  });

  it('rests on the turns before it as well, those of the run included', async () => {
    const extractor = await setUp();
    fake.onChat({ facts: [fact(0, 'the second one', 'User booked the room for 120 euros.')] });
    const { facts } = await extract(extractor, [user('yes, the second one')], {
      context: [{ role: 'assistant', content: 'The room for 90 or the one for 120 euros?' }],
    });
    expect(facts).toMatchObject([{ text: 'User booked the room for 120 euros.', quote: 'the second one' }]);
  });

  it('prefers the turn that holds a quote whole to the one that was named', async () => {
    const extractor = await setUp();
    fake.onChat({ facts: [fact(1, 'I moved to Bern in June', 'User moved to Bern in June.')] });
    const turns: Turn[] = [user('I moved to Bern in June'), { role: 'assistant', content: 'You moved to Bern in June, I see.' }];
    expect((await extract(extractor, turns)).facts).toMatchObject([{ turn: 0 }]);
  });

  it('is dated only as the words or the day on which they were said explain', async () => {
    const extractor = await setUp();
    const dated = async (said: string, occurred_at: string) => {
      fake.onChat({ facts: [fact(0, said, `User said: ${said}`, { occurred_at })] });
      const { facts } = await extract(extractor, [user(said)]);
      expect(facts).toHaveLength(1);
      return facts[0]?.occurred_at;
    };
    expect(await dated('I sailed to an island', '1492-10-12')).toBeUndefined();
    expect(await dated('I sailed to an island', '2020-10-12')).toBeUndefined();
    expect(await dated('I sailed to an island', '2021-10')).toBe('2021-10');
    expect(await dated('I sailed to an island in 1992', '1992')).toBe('1992');
    expect(await dated('I married in the summer of 98', '1998')).toBe('1998');
    expect(await dated('I moved here twenty years ago', '2004')).toBe('2004');
    expect(await dated('我二〇〇八年结婚', '2008')).toBe('2008');
  });

  it('has no subject of which nothing was said, and none that is too long for one', async () => {
    const extractor = await setUp();
    const tom = 'my cat Tom is 7';
    const about = async (subject: string) => {
      fake.onChat({ facts: [fact(0, tom, "User's cat Tom is 7.", { subject })] });
      return (await extract(extractor, [user(tom)])).facts[0]?.subject;
    };
    expect(await about('Quarterly revenue')).toBeUndefined();
    expect(await about('Tom '.repeat(1_000))).toBeUndefined();
    expect(await about("User's cat Tom")).toBe("User's cat Tom");
  });

  it('names nobody whom nobody named', async () => {
    const extractor = await setUp();
    fake.onChat({ facts: [fact(0, 'my cat Tom is 7', "User's cat Felix is 7."), fact(0, 'my cat Tom is 7', "User's cat Tom is 7.")] });
    const { facts, skipped } = await extract(extractor, [user('my cat Tom is 7')]);
    expect(facts.map(({ text }) => text)).toEqual(["User's cat Tom is 7."]);
    expect(skipped).toEqual([{ text: "User's cat Felix is 7.", reason: 'not supported by what was said: Felix is not there' }]);
  });

  it('names only what the text or its source names', async () => {
    const extractor = await setUp();
    fake.onChat({ facts: [fact(0, 'Rex is ill', 'Rex is ill.', { entities: ['REX', 'Miso', 'Rex'] })] });
    expect((await extract(extractor, [user('Rex is ill')])).facts).toMatchObject([{ entities: ['REX', 'Rex'] }]);
  });

  it('is free of characters that no text may hold', async () => {
    const extractor = await setUp();
    fake.onChat('{"facts":[{"turn":0,"quote":"I ski","text":"Ann \\ud800skis\\u0000.","subject":"A\\u0007nn"}],"skipped":[]}');
    expect((await extract(extractor, [user('I ski')])).facts).toMatchObject([{ text: 'Ann \ufffdskis.', subject: 'Ann' }]);
  });

  it("takes an instant without offset as one in the turn's offset", async () => {
    const extractor = await setUp();
    fake.onChat({ facts: [fact(0, 'tomorrow at 3', 'User flies.', { occurred_at: '2024-03-10T15:00' })] });
    const { facts } = await extract(extractor, [user('I fly tomorrow at 3', { at: '2024-03-09T12:00:00-05:00' })]);
    expect(facts[0]?.occurred_at).toBe('2024-03-10T15:00-05:00');
  });

  it('is a ModelError when the model does not answer as agreed', async () => {
    const extractor = await setUp();
    fake.onChat('Nothing to remember here.');
    await expect(extract(extractor, [user('x')])).rejects.toBeInstanceOf(ModelError);
  });
});

describe('a long input', () => {
  it('is asked for in chunks that keep the numbers of the turns and show what came before', async () => {
    const extractor = await setUp();
    const turns = [user(`I ski. ${'a '.repeat(9_000)}`), user(`I row. ${'b '.repeat(15_000)}The end is that I fly.`)];
    fake.onChat(
      { facts: [fact(0, 'I ski', 'User skis.')] },
      { facts: [fact(1, 'I row', 'User rows.')] },
      { facts: [fact(1, 'that I fly', 'User flies.')] },
    );
    const { facts } = await extract(extractor, turns);
    expect(fake.chatCalls).toHaveLength(3);
    expect(facts.map(({ turn, text }) => [turn, text])).toEqual([
      [0, 'User skis.'],
      [1, 'User rows.'],
      [1, 'User flies.'],
    ]);
    expect(shown(2)[1]).toContain(
      'Facts already taken from them:\n"User skis."\n"User rows."\nTurns:\n{"turn":1,"role":"user","content":"b',
    );
    const seen = [0, 1, 2].map((call) =>
      shown(call)[1]!
        .split('Turns:\n')[1]!
        .split('\n')
        .map((line) => JSON.parse(line).content as string),
    );
    expect(seen.flat().join('')).toBe(turns.map(({ content }) => content).join(''));
  });

  it('is read across the border of two chunks', async () => {
    const extractor = await setUp();
    const border = `${'a'.repeat(23_985)} My sister Nora plays the cello in ${'b'.repeat(300)}`;
    fake.onChat({ facts: [] }, { facts: [fact(0, 'My sister Nora plays the cello', "User's sister Nora plays the cello.")] });
    const { facts } = await extract(extractor, [user(border)]);
    expect(fake.chatCalls).toHaveLength(2);
    expect(facts).toMatchObject([{ quote: 'My sister Nora plays the cello' }]);
  });

  it('costs one call while it fits one chunk', async () => {
    const extractor = await setUp();
    await extract(
      extractor,
      Array.from({ length: 100 }, () => user('x'.repeat(200))),
    );
    expect(fake.chatCalls).toHaveLength(1);
  });
});

it('of more than 200 facts in one answer the first 200 are taken, and how many there were is said', async () => {
  const extractor = await setUp();
  const skips = [{ text: 'Hello', reason: 'greeting' }];
  fake.onChat({ facts: Array.from({ length: 1_000 }, () => fact(0, 'I like plums', 'User likes plums.')), skipped: skips });
  const { facts, skipped } = await extract(extractor, [user('Hello. I like plums')]);
  expect(facts).toHaveLength(200);
  expect(skipped).toEqual([{ text: '', reason: expect.stringMatching(/^800 of 1000 facts/) }, ...skips]);
});
