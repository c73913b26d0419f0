import { describe, expect, it } from 'vitest';
import { askedAspects } from '../../../src/core/ranking/aspects.js';
import { createLexicalIndex } from '../../../src/core/ranking/lexical-index.js';
import { defaultFloor, rank } from '../../../src/core/ranking/ranking.js';

const life = [
  'The plumber comes on Thursday.',
  'I lent my drill to Marcus.',
  'The invoice of the electrician is still open.',
  'My neighbour upstairs renovates until October.',
  'I changed the insurance to the cheaper tariff.',
  'The washing machine makes a strange noise.',
  'The town plants trees along our street.',
  'Please answer briefly.',
  '水管工周四上午来。',
  '我把电钻借给了马强。',
  '电工的发票还没付。',
  '楼上邻居装修到十月。',
  '我换了一个便宜点的保险。',
  '洗衣机有怪声。',
  '镇上沿着我们那条街种树。',
  '回答请简短。',
];

function found(texts: string[], query: string): string[] {
  const index = createLexicalIndex();
  for (const [order, text] of [...life, ...texts].entries()) index.add(text, { text, order: order * 10 });
  return rank({ index, query, windows: [], floor: defaultFloor })
    .best(5)
    .map(({ id }) => id);
}

describe('What is asked of a life', () => {
  it.each([
    ['My hobby is playing the piano.', 'What do I do for fun?'],
    ['My hobby is playing the piano.', 'What do you know about my pastimes?'],
    ['My hobby is playing the piano.', '我平时喜欢做什么？'],
    ['I love bouldering.', 'What do I do in my free time?'],
    ['I love bouldering.', 'hobbies'],
    ['I like spelunking.', 'What are my hobbies?'],
    ['I am vegetarian.', "What can't I eat?"],
    ['Penicillin gives me a rash.', 'What am I allergic to?'],
    ['We settled in Ghent.', 'Where do I live?'],
    ["I'm from Kerala.", 'Where do I come from?'],
    ['I am a midwife at the hospital.', 'What do I do for a living?'],
    ['My husband is called Daniel.', 'Who is my spouse?'],
    ['Our twins start kindergarten.', 'Do I have kids?'],
    ['We adopted a parrot.', 'What pets do I have?'],
    ['I cycle to the office.', 'How do I get to work?'],
    ['German is my mother tongue.', 'What languages do I speak?'],
    ['Spiders terrify me.', 'What am I afraid of?'],
    ['I inject insulin before meals.', 'What medicine do I take?'],
    ['I get up at half past five.', 'When do I wake up?'],
    ['My alarm goes off at six.', 'What time do I get up?'],
    ['I was born in May 1988.', 'How old am I?'],
    ['I mostly listen to jazz.', 'Which songs do I like?'],
    ['My laptop runs Fedora.', 'Which operating system do I use?'],
    ['The orders are kept in Postgres.', 'Which database do we use?'],
    ['It runs behind Cloudflare.', 'Where is the app deployed?'],
    ['我的爱好是弹钢琴。', '你知道我的乐趣是什么吗？'],
    ['我的爱好是弹钢琴。', '我空闲时间干什么'],
    ['我喜欢攀岩。', '我有什么爱好？'],
    ['我吃素。', '我有什么忌口？'],
    ['我们在成都买了房。', '我住在哪里？'],
    ['我在市医院当护士。', '我的职业是什么？'],
    ['我老公叫李航。', '我的丈夫是谁？'],
    ['我家金毛叫可乐。', '我有什么宠物？'],
    ['我每天坐地铁去公司。', '我怎么上下班？'],
    ['我恐高。', '我害怕什么？'],
    ['订单都存在Postgres里。', '我们用的什么数据库？'],
  ])('finds what is told in other words: %s %s', (told, query) => {
    expect(found([told], query)).toContain(told);
  });

  it('is told of oneself rather than of somebody else', () => {
    const [mine, other] = ['I am a nurse.', 'Nora is a lawyer.'];
    expect(found([mine, other], 'What is my job?')[0]).toBe(mine);
    expect(found([other, mine], 'What is my job?')[0]).toBe(mine);
  });

  it('gives way to what is asked in particular', () => {
    const [mole, hike] = ['The mole museum has new hours.', 'I love hiking.'];
    expect(found([hike, mole], 'Which hobby article mentions a mole museum and its hours for me?')[0]).toBe(mole);
  });

  it.each([
    'Which book won the Pulitzer Prize in 1961?',
    'What is the most spoken language in the world?',
    'How does a database index function?',
    'Is a tomato a fruit?',
    '世界上使用人数最多的语言是什么？',
    '西红柿是水果吗？',
    '数据库索引是怎么实现的？',
  ])('is not asked by a question about the world: %s', (query) => {
    expect(askedAspects(query, false).told.size).toBe(0);
  });

  it('is asked of a person who is known by name', () => {
    expect(askedAspects('What are the hobbies of Melanie?', false).told.size).toBe(0);
    expect(askedAspects('What are the hobbies of Melanie?', true).told.has('hike')).toBe(true);
  });

  it('counts less the more a query says beside it', () => {
    expect(askedAspects('What are my hobbies?', false).share).toBe(1);
    expect(askedAspects('Which of my hobbies needs a helmet?', false).share).toBeLessThan(0.6);
  });
});
