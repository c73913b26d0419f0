import { describe, expect, test } from 'vitest';
import type { Turn } from '../../../src/core/events.js';
import { createRulesExtractor } from '../../../src/models/rules/extraction.js';

const extractor = createRulesExtractor();

function extract(form: 'content' | 'messages', ...turns: (string | Turn)[]) {
  const spoken = turns.map((each): Turn => (typeof each === 'string' ? { role: 'user', content: each } : each));
  return extractor.extract({ form, turns: spoken, context: [], at: '2026-01-01T00:00:00Z' }, AbortSignal.timeout(1_000));
}

async function textsOf(form: 'content' | 'messages', ...turns: (string | Turn)[]): Promise<string[]> {
  return (await extract(form, ...turns)).facts.map((fact) => fact.text);
}

describe('conversation: kept', () => {
  test.each([
    'I live in Berlin.',
    "I don't like mushrooms.",
    'My cat died yesterday.',
    'Sarah works at Google.',
    'The staging database runs on port 5433.',
    "I'm planning a trip to Japan in May.",
    'If I drink coffee I get migraines.',
    "I'd like to learn the piano next year.",
    'Always answer in German.',
    "Don't use emojis.",
    'Keep your answers short.',
    'From now on, call me Sam.',
    'If you write code, always use tabs.',
    'Remember to water the plants on Friday.',
    'Remember: buy milk for my sister.',
    'Remember that day in Paris with my sister?!',
    'Remember my birthday.',
    'Can you remember that I am allergic to nuts?',
    'Remind me to call mum on Friday.',
    'I live in Berlin, right?',
    'I moved to Munich on 3.5.2024.',
    '我住在上海。',
    '以后叫我小王。',
    '不要用表情符号',
    '请记住我的生日。',
    '别忘了买牛奶给我妹妹。',
    '小王在北京工作。',
    'Ich wohne seit 2019 in Hamburg.',
    '私は東京に住んでいます。',
    'Я живу в Москве.',
    'أنا أسكن في عمان.',
    'Go code must pass golangci-lint.',
    'Rate limit for partners is 600 requests a minute',
    'Check digits are computed with Luhn',
    'Change requests need two approvals from Ann.',
    'Book club meets on Thursdays.',
    'im a cheerleader',
    'stopped vaping',
    'I always forget my keys.',
    'Use British spelling.',
    'Be concise.',
    'Avoid jargon.',
    'Please keep code comments minimal.',
    'Speak to me like a pirate.',
    'im lactose intolerant btw',
    'Allergic to shellfish.',
    'Married with two kids.',
    'cant stand cilantro',
    'Father of three.',
    'hate olives',
    'I am your neighbour in Ulm.',
    'I think you are wrong about my name, I am Ann.',
    '下周三下午两点和周建国过明年预算。',
    '海风ERP 3.0 昨天按时上线了。',
    '周五前提交报价单给王总。',
    '海鲜过敏',
    '青霉素过敏。',
    '已婚，两个孩子',
    '单身',
    '受不了香菜',
    '怕狗',
    '土生土长北京人',
    '老婆：小安。',
    '孩子：小天、小田。',
    '血型：O型',
    '本人程序员一枚，坐标杭州',
    '坐标成都',
    '左撇子',
    '用户在写小说',
    '我想象力丰富。',
    '我最喜欢的小说里的主角是福尔摩斯。',
    '我忘了密码。',
    '回答时先给结论。',
  ])('%s', async (text) => {
    expect(await textsOf('messages', text)).toEqual([text]);
  });
});

describe('what is to be remembered: kept without the words that ask for it', () => {
  test.each([
    ["Remember that I'm vegan.", "I'm vegan."],
    ['Remember that my sister Emma has her birthday on 3 March.', 'My sister Emma has her birthday on 3 March.'],
    ['please remember: the gate code is 4711', 'The gate code is 4711'],
    ["Don't forget that Emma likes tulips.", 'Emma likes tulips.'],
    ['Please note that we moved to Porto.', 'We moved to Porto.'],
    ['Keep in mind that I cannot eat nuts.', 'I cannot eat nuts.'],
    ['Remember that iPhone chargers are in the drawer.', 'iPhone chargers are in the drawer.'],
    ['记住，我妹妹艾玛的生日是三月三日。', '我妹妹艾玛的生日是三月三日。'],
    ['请记住我的车位是B12。', '我的车位是B12。'],
    ['記住我對花生過敏', '我對花生過敏'],
    ['别忘了，我周三不上班。', '我周三不上班。'],
  ])('%s', async (said, kept) => {
    expect(await textsOf('messages', said)).toEqual([kept]);
    expect(await textsOf('content', said)).toEqual([kept]);
  });
});

describe('conversation: left out, and why', () => {
  test.each([
    ['Hi there!', 'greeting'],
    ['thanks so much!! 👍', 'greeting'],
    ["I'm tired.", 'greeting'],
    ['你好！', 'greeting'],
    ['我知道了', 'greeting'],
    ['我先走了', 'greeting'],
    ['我明白你的意思。', 'greeting'],
    ['Danke!', 'greeting'],
    ['🙂', 'greeting'],
    ['What is my name?', 'question'],
    ['how do I cook rice', 'question'],
    ['Do you remember my dog?', 'question'],
    ['你记得我的狗吗？', 'question'],
    ['Wo wohnst du?', 'question'],
    ['Please write a poem about cats.', 'request'],
    ['Fix the bug in line 3', 'request'],
    ["Don't worry about it.", 'request'],
    ['帮我写一首诗。', 'request'],
    ['忘掉我的狗的名字吧。', 'forget tool'],
    ['把我的生日忘了吧。', 'forget tool'],
    ['忘掉我喜欢喝咖啡这件事。', 'forget tool'],
    ['把我喜欢喝咖啡这件事忘掉。', 'forget tool'],
    ['检查一下测试是否通过', 'request'],
    ['Update the docs to say 5', 'request'],
    ['Check that digits are right', 'request'],
    ['Check tests are green', 'request'],
    ['Please forget the name of my dog.', 'forget tool'],
    ['Delete all memories about me', 'forget tool'],
    ['Find restaurants that are open', 'request'],
    ['Delete rows older than 5 days', 'request'],
    ['把第3行改成红色。', 'request'],
    ['You must be tired of this.', 'no lasting'],
    ['删除第3行。', 'no lasting'],
    ['天空很蓝。', 'no lasting'],
    ['If I were rich I would move to Monaco.', 'hypothetical'],
    ['What if I worked at Amazon', 'hypothetical'],
    ['Suppose I take the train.', 'hypothetical'],
    ['如果我有钱，我就买房。', 'hypothetical'],
    ['Once upon a time I was a king.', 'fiction'],
    ['In my novel, I kill the dragon.', 'fiction'],
    ["Let's role-play: I am a knight.", 'fiction'],
    ['Act as a travel guide.', 'fiction'],
    ['I am your client and I own a bank.', 'fiction'],
    ['I think you are great', 'small talk'],
    ['I really like your answer', 'small talk'],
    ['Avoid the word here.', 'no lasting'],
    ['Use this spelling here.', 'request'],
    ['hate this', 'no lasting'],
    ['Prefer the second one', 'no lasting'],
    ['很久很久以前，我是国王。', 'fiction'],
    ['想象我住在火星上。', 'fiction'],
    ['我写的小说里，女主角是医生。', 'fiction'],
    ['我的小说里男主角住在上海。', 'fiction'],
    ['我们来玩游戏吧，我是巫师。', 'fiction'],
    ['来玩角色扮演吧，我当医生。', 'fiction'],
    ['The sky is blue.', 'no lasting'],
  ])('%s', async (text, reason) => {
    const { facts, skipped } = await extract('messages', text);
    expect(facts).toEqual([]);
    expect(skipped).toEqual([{ text, reason: expect.stringContaining(reason) }]);
  });
});

describe('conversation: parts of a sentence', () => {
  test.each([
    ["I live in Berlin, and if I were rich I'd move to Paris.", 'I live in Berlin'],
    ["If I were rich I'd move, but I live in Berlin.", 'I live in Berlin.'],
    ['I have a dog named Rex, do you know any good parks?', 'I have a dog named Rex'],
    ['我喜欢喝茶，如果有钱我会买茶园。', '我喜欢喝茶'],
  ])('a hypothetical or a question drops only itself: %s', async (text, kept) => {
    const { facts, skipped } = await extract('messages', text);
    expect(facts.map((fact) => fact.text)).toEqual([kept]);
    expect(skipped).toHaveLength(1);
  });
  test('what only follows from a hypothetical goes with it, what is true stays', async () => {
    expect(await textsOf('messages', 'Imagine it rains. I would buy a boat. I love sailing.')).toEqual(['I love sailing.']);
  });
  test('a pronoun keeps the sentence that it leans on', async () => {
    expect(await textsOf('messages', 'My sister is Anna. She has two kids. I like tea.')).toEqual([
      'My sister is Anna. She has two kids.',
      'I like tea.',
    ]);
  });
});

describe('conversation: speakers', () => {
  test('an assistant states nothing about the user', async () => {
    const { facts, skipped } = await extract('messages', { role: 'assistant', content: 'I live in Berlin. You like tea.' });
    expect(facts).toEqual([]);
    expect(skipped).toEqual([{ text: 'I live in Berlin. You like tea.', reason: 'not said by a person' }]);
    expect(await textsOf('messages', { role: 'assistant', name: 'Claude', content: 'I live in Berlin.' })).toEqual([]);
    expect(await textsOf('messages', { role: 'system', name: 'Ann', content: 'I live in Berlin.' })).toEqual([]);
  });
  test('a name is the subject of what is said about oneself', async () => {
    const { facts } = await extract(
      'messages',
      { role: 'assistant', name: 'Ann', content: 'I live in Rome. Bob lives in Oslo.' },
      { role: 'user', content: 'I like tea.' },
    );
    expect(facts).toEqual([
      { text: 'I live in Rome.', quote: 'I live in Rome.', turn: 0, subject: 'Ann' },
      { text: 'Bob lives in Oslo.', quote: 'Bob lives in Oslo.', turn: 0 },
      { text: 'I like tea.', quote: 'I like tea.', turn: 1 },
    ]);
  });
  test('who plays the client of an acted lawyer owns no bank, who merely names a role for the assistant speaks for real', async () => {
    expect(await textsOf('messages', 'Act as a lawyer. I am your client and I own a bank. I live in a castle.')).toEqual([]);
    expect(await textsOf('messages', 'Act as a travel guide. I live in Berlin.')).toEqual(['I live in Berlin.']);
  });
  test('a role play goes on over turns until it is called off', async () => {
    expect(await textsOf('messages', "Let's role-play.", 'I have a sword.', 'End of role-play.', 'I have a dog.')).toEqual([
      'I have a dog.',
    ]);
  });
});

describe('a deliberate save', () => {
  test.each([
    'User prefers dark mode. Works at Acme.',
    'The sky is blue.',
    'Please use British spelling.',
    'Use pnpm in this repository.',
    'Deploy: run make release, then tag.',
    'How to deploy:\n1. run make\n2. tag it',
    'Ann likes tea. She lives in Rome.\n\nBob hates it.',
  ])('stays one fact in its own words: %j', async (text) => {
    expect(await extract('content', text)).toEqual({ facts: [{ text, quote: text, turn: 0 }], skipped: [] });
  });
  test.each([
    'Hi there!',
    'What is my name?',
    'Write a poem about cats.',
    'Check tests are green',
    'Please forget the name of my dog.',
    '你好',
    '帮我写一首诗',
    '忘掉我的狗的名字吧',
    '检查一下测试是否通过',
  ])('of nothing that lasts yields nothing: %s', async (text) => {
    const { facts, skipped } = await extract('content', text);
    expect(facts).toEqual([]);
    expect(skipped).toHaveLength(1);
  });
  test('loses what does not last, and keeps the rest together', async () => {
    expect(await textsOf('content', 'Hello! I live in Berlin. I like tea. How are you?')).toEqual(['I live in Berlin. I like tea.']);
  });
  test('longer ones are cut at paragraphs and sentences, and nothing is lost', async () => {
    const paragraph = 'Anna works on the harbour crane in Rotterdam. She has two sons. They both like chess very much. '.repeat(6).trim();
    const text = `${paragraph}\n\nBob lives in Oslo.\n\n${paragraph}`;
    const { facts, skipped } = await extract('content', text);
    expect(skipped).toEqual([]);
    expect(
      facts
        .map((fact) => fact.text)
        .join(' ')
        .split(/\s+/),
    ).toEqual(text.split(/\s+/));
    expect(facts.every((fact) => fact.text.length <= 300 && /^(?:Anna|Bob|She|They)/.test(fact.text))).toBe(true);
    expect(facts.map((fact) => fact.text)).toContain('Bob lives in Oslo.');
  });
});

test.each([
  '“',
  'good morning ',
  'Mr. ',
  'a, ',
  'if i were ',
  '"',
  '\n',
  'I like a. ',
  '?',
  '如果',
  '*',
  'so ',
  '- ',
  'a@b.',
  '我',
  'that is great and ',
  '\u202e',
  '<',
])('200,000 characters of %j are read in time', { timeout: 3_000 }, async (unit) => {
  const text = unit.repeat(200_000 / unit.length);
  expect((await extract('messages', text)).skipped.every((part) => part.text.length <= 200)).toBe(true);
  expect(await extract('content', text)).toBeDefined();
});
