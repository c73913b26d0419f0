import { describe, expect, it } from 'vitest';
import { keepsNamesOf, saysAllOf } from '../../src/core/holding.js';
import type { Named } from '../../src/core/holding-names.js';

const as = (given: string | Named): Named => (typeof given === 'string' ? { text: given } : given);

describe('a memory says what a statement in other words does', () => {
  it.each<[string | Named, string | Named]>([
    ['User drives a VW Golf.', 'User drives a Volkswagen Golf car.'],
    ['User drives a Volkswagen Golf.', { text: 'User has a VW Golf.', entities: ['VW Golf'] }],
    ['User goes running at 6 every morning.', 'User runs at 6 in the morning each day.'],
    ['User works at Siemens as an engineer.', 'User is employed by Siemens as an engineer.'],
    ['User works at Siemens.', "User's employer is Siemens."],
    ['User does not eat meat.', "User doesn't eat meat."],
    ['User quit smoking.', 'User no longer smokes.'],
    ['User does not like coffee.', 'User dislikes coffee.'],
    ['User has two cats named Miso and Tofu.', { text: "User's 2 cats are called Tofu and Miso.", entities: ['Miso', 'Tofu'] }],
    ["User's sister Nora lives in Bergen.", 'User has a sister, Nora, who lives in Bergen.'],
    ['User is allergic to peanuts.', 'User has a peanut allergy.'],
    ['User lives in New York City.', { text: 'User is based in NYC.', entities: ['NYC'] }],
    ['User lives in NYC.', 'User lives in New York City.'],
    ['User prefers short answers.', 'User likes answers to be short.'],
    ['User is learning to play the piano.', 'User learns the piano.'],
    ['User runs Postgres in production.', 'User uses PostgreSQL in production.'],
    [
      { text: 'User visited Rome in March with Ana.', occurred_at: '2024-03' },
      { text: 'User was in Rome with Ana in March 2024.', entities: ['Rome', 'Ana'] },
    ],
    [
      { text: 'Plays the cello.', subject: 'Nora' },
      { text: 'Nora plays the cello.', entities: ['Nora'] },
    ],
    ['User likes tea but not coffee.', 'User does not like coffee.'],
    ['User moved to Berlin in May and works at Bosch.', 'User works at Bosch.'],
    ['User comes from Germany.', 'User is from Germany.'],
    ['I like hiking in the Alps at weekends.', 'User enjoys hiking in the Alps on weekends.'],
    ['User always has oatmeal for breakfast.', 'User eats oatmeal for breakfast every day.'],
    ["User's wife is a doctor.", 'User is married to a physician; his wife is a doctor.'],
    ['User has been a vegetarian since 2015.', 'User became vegetarian in 2015.'],
    ['User is married with two kids.', 'User has a spouse and two children.'],
    ["User's dog Rex is a beagle.", 'Rex, the dog of the user, is a beagle.'],
    ['User never drinks alcohol.', 'User does not drink alcohol.'],
    ['User hates flying.', 'User does not like flying.'],
    ['我住在北京。', '用户住在北京。'],
    ['用户不喝酒。', '用户从不喝酒。'],
    ['用户毕业于清华大学。', '用户是清华大学毕业的。'],
    ['我在华为上班。', { text: '用户在华为工作。', entities: ['华为'] }],
    ['我老婆是老师。', '用户的妻子是一名教师。'],
    ['我养了一只猫，叫小白。', { text: '用户有一只猫，名字叫小白。', entities: ['小白'] }],
    ['用户每天早上六点跑步。', '用户每天早晨6点去跑步。'],
    ['我不喜欢喝咖啡。', '用户讨厌喝咖啡。'],
    ['我对花生过敏。', '用户有花生过敏。'],
    ['用户不吃香菜。', '我不吃香菜的。'],
    ['我在Google当软件工程师。', '用户是Google的软件工程师。'],
    ['用户喜欢猫。', '用户很喜欢猫咪，喜欢猫。'],
    ['我戒烟了。', '用户已经戒烟。'],
    ['咖啡我每天都喝。', '用户每天喝咖啡。'],
    ['我妈妈住在杭州。', '用户的母亲居住在杭州。'],
    ['我下班以后常去游泳。', '用户下班以后经常游泳。'],
    ['我的手机号是13800000000。', '用户的手机号为13800000000。'],
    ['請用繁體中文回答。', '请用繁体中文回答。'],
  ])('%j, %j', (memory, statement) => {
    expect(saysAllOf(as(memory), as(statement))).toBe(true);
  });
});

describe('a memory does not say what a statement does that', () => {
  it.each<[string | Named, string | Named]>([
    ['I have a cat named Tom.', 'I have a cat named Tim.'],
    ['I have a cat named Tom.', { text: 'Tim is my cat.', entities: ['Tim'] }],
    ['Tom is my cat.', 'Tim is my cat.'],
    ['I work in Ulm.', 'I am allergic to bees and need an EpiPen; I work in Ulm.'],
    ['I work in Ulm.', 'I am allergic to bees, and I work in Ulm.'],
    ['I work in Ulm.', 'I work in Ulm and own a boat.'],
    ['I like tea.', "I don't like tea."],
    ["I don't like tea.", 'I like tea.'],
    ['I smoke.', 'I stopped smoking.'],
    ['I eat meat.', 'I no longer eat meat.'],
    ['I like tea.', 'I hate tea.'],
    ['I like tea.', 'I like coffee.'],
    ['I have a dog.', 'I have a cat.'],
    ['User plays the piano every day.', 'User plays the guitar every day.'],
    ['I go to the gym on Monday.', 'I go to the gym on Tuesday.'],
    ['User lives in the UK.', 'User lives in Ukraine.'],
    ['User met Anna.', { text: 'User met Anna Schmidt.', entities: ['Anna Schmidt'] }],
    ['User knows Java.', 'User knows JavaScript.'],
    ['User has 2 cats.', 'User has 3 cats.'],
    ["User's brother lives in Graz.", "User's sister lives in Graz."],
    ['User is allergic to peanuts.', 'User is allergic to penicillin.'],
    ['User likes tea but not coffee.', 'User likes coffee.'],
    ['User visited Rome in March.', 'User visited Rome in May.'],
    ['User works at Siemens.', 'User works at Siemens as a welder on night shifts.'],
    ['User has a red bicycle.', 'User has a blue bicycle.'],
    ['User works in Ulm as a welder.', 'User works in Ulm as a manager.'],
    ['User used to live in Paris.', 'User lives in Paris.'],
    ['User has a cat.', 'User has no cat.'],
    ['用户没有孩子。', '用户有孩子。'],
    ['用户在学日语。', '用户在学法语。'],
    ['我住在北京。', '我住在上海。'],
    ['我养猫。', '我养狗。'],
    ['我喜欢喝咖啡。', '我喜欢喝绿茶。'],
    ['我喜欢喝茶。', '我不喜欢喝茶。'],
    ['我抽烟。', '我戒烟了。'],
    ['我吃肉。', '我不再吃肉。'],
    ['我对花生过敏。', '我对花粉过敏。'],
    ['我有一只猫叫小白。', { text: '我有一只猫叫小黑。', entities: ['小黑'] }],
    ['我有一只猫叫小白。', '我有一只猫叫小黑。'],
    ['我在华为工作。', '我在小米工作。'],
    ['我在华为工作。', '我对花生过敏，我在华为工作。'],
    ['我哥哥住在北京。', '我弟弟住在北京。'],
    ['我住在北京。', '我住在北京的朝阳区。'],
    ['我老婆是老师。', '我老公是老师。'],
    ['用户周一去健身房。', '用户周二去健身房。'],
    ['我会游泳。', '我不会游泳。'],
    ['我在Google工作。', '我在Apple工作。'],
    ['用户喜欢吃辣。', '用户喜欢吃甜。'],
    ['我结婚了。', '我离婚了。'],
    ['我父亲是医生。', '我母亲是医生。'],
  ])('differs: %j, %j', (memory, statement) => {
    expect(saysAllOf(as(memory), as(statement))).toBe(false);
  });
});

describe('the text of an update', () => {
  it.each([
    ['I now work in a bakery in Bonn.', 'I work in a bakery in Bonn and like it.', 'I work in a shop.'],
    ['User moved from Bern to Basel.', 'User lives in Basel with Ana.', 'User lives in Bern with Ana.'],
    ['User has 3 cats instead of 2.', 'User has three cats.', 'User has 2 cats.'],
    ['User now drives a VW.', 'User drives a Volkswagen.', 'User drives a Fiat.'],
  ])('for %j may be %j', (statement, text, memory) => {
    expect(keepsNamesOf({ text }, { text: statement }, memory)).toBe(true);
  });

  it.each([
    ['I now work in a bakery in Bonn.', 'I work in a bakery.', 'I work in a shop.'],
    ['I now work in a bakery in Bonn.', 'I work in a bakery.', 'I work in a shop in Bonn.'],
    ['User has 3 cats now.', 'User has cats.', 'User has 2 cats.'],
    ['User comes from Bonn.', 'User comes from Germany.', 'User comes from afar.'],
  ])('for %j may not be %j', (statement, text, memory) => {
    expect(keepsNamesOf({ text }, { text: statement }, memory)).toBe(false);
  });
});
