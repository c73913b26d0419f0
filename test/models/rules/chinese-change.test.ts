import { describe, expect, test } from 'vitest';
import { createRulesDecider } from '../../../src/models/rules/decision.js';

const about = ['我对花生过敏。', '我妹妹住在南京。', '我喜欢芒果。', '我出生在西安。'];

/** What is decided of a statement, said to someone of whom a few things and `known` are remembered. */
async function decide(known: string[], said: string) {
  const neighbours = [...about, ...known].map((text) => ({ text, said_at: '2026-01-01T00:00:00Z' }));
  const near = neighbours.map((_, neighbour) => ({ neighbour, score: 0.5 }));
  const cases = [{ fact: { text: said, turn: 0, quote: said }, at: '2026-01-02T00:00:00Z', near }];
  return (await createRulesDecider().decide(cases, neighbours, AbortSignal.timeout(1_000)))[0];
}

describe('nothing is lost', () => {
  test.each([
    ['我2010年在诺基亚工作过。', '我跳槽到小米了。'],
    ['我大学毕业后在诺基亚工作过三年。', '我换工作了，现在在小米上班。'],
    ['我从2001年到2006年在摩托罗拉工作。', '我跳槽到小米了。'],
    ['我曾在腾讯上班。', '我加入了小米。'],
    ['我前年在上海工作。', '我现在在北京工作。'],
    ['我2008年住在广州。', '我搬到上海了。'],
    ['我小时候住在广州。', '我现在住在上海。'],
    ['我上大学的时候住在武汉。', '我现在住在深圳。'],
    ['我二十多岁的时候在外企上班。', '我跳槽到美团了。'],
    ['我当过三年老师。', '我现在是程序员。'],
    ['我5岁开始学钢琴。', '我今年35岁。'],
  ])('of what was, where something else holds now: %s %s', async (known, said) => {
    expect(await decide([known], said)).toEqual({ action: 'ADD' });
  });
  test.each([
    ['我住在北京。', '我不想住在北京了。'],
    ['我住在北京。', '我真希望不再住在北京。'],
    ['我住在北京。', '要是我搬到上海就好了。'],
    ['我住在北京。', '我差点搬到上海。'],
    ['我住在北京。', '我没说过我搬到上海了。'],
    ['我在华为工作。', '我恨不得马上从华为辞职。'],
    ['我抽烟。', '我真想戒烟。'],
    ['我吃素。', '我差点又吃肉了。'],
    ['我在华为工作。', '我2005年跳槽到诺基亚。'],
  ])('to a wish, or to what all but happened or is long past: %s %s', async (known, said) => {
    expect(await decide([known], said)).toEqual({ action: 'ADD' });
  });
  test.each([
    ['我在华为工作。', '我现在在家工作。'],
    ['我在华为工作。', '我现在在咖啡馆工作。'],
    ['我在华为工作。', '我加入了读书会。'],
    ['我在华为做软件工程师。', '我现在是经理。'],
    ['我和妻子住在一起。', '我搬到柏林了。'],
    ['我住在一楼。', '我搬到柏林了。'],
    ['我一个人住。', '我搬到柏林了。'],
    ['我住在带花园的房子里。', '我搬到柏林了。'],
    ['我住在北京。', '我搬到新的办公桌了。'],
    ['我住在北京。', '我现在和女朋友住在一起。'],
    ['叫我老周。', '以后称呼我为您。'],
    ['叫我老周。', '以后叫我的时候请客气一点。'],
    ['我喜欢喝咖啡。', '我现在讨厌喝茶。'],
    ['我喜欢素食餐厅。', '我又开始吃肉了。'],
    ['我妹妹吃素。', '我又开始吃肉了。'],
    ['我喜欢猫。', '我的猫都送人了。'],
    ['我妹妹在华为工作。', '我以前在华为工作。'],
  ])('that answers another question: %s %s', async (known, said) => {
    expect(await decide([known], said)).toEqual({ action: 'ADD' });
  });
  test.each([
    ['我每月交房租900欧。', '我现在每月交健身费50欧。'],
    ['我每月交水费80元。', '我现在每月交电费120元。'],
    ['我每天跑5公里。', '我现在每天走3公里。'],
    ['我每天喝两杯咖啡。', '我现在每天喝三杯茶。'],
    ['我学法语。', '我现在学西班牙语。'],
    ['我在学法语。', '我现在在学德语。'],
    ['我会说法语。', '我现在会说德语。'],
    ['我喝咖啡。', '我现在喝果汁。'],
  ])('beside which something else of the same sort is told: %s %s', async (known, said) => {
    expect(await decide([known], said)).toEqual({ action: 'ADD' });
  });
  test.each([
    ['我喝咖啡。', '我晚上不再喝咖啡了。'],
    ['我喝咖啡。', '我不再每天喝咖啡了。'],
    ['我喝咖啡。', '咖啡我晚上不喝了。'],
    ['我在华为工作。', '我周末不再工作了。'],
    ['我在阿里上班。', '我周六不上班了。'],
    ['我吃肉。', '我周五不吃肉了。'],
    ['我用微信。', '我上班不用微信了。'],
    ['我看电视。', '我睡前不看电视了。'],
    ['我抽烟。', '我在家不再抽烟了。'],
    ['我跑步。', '我冬天不再跑步了。'],
    ['我吃米饭。', '我晚饭不吃米饭了。'],
    ['我打篮球。', '我下雨天不打篮球了。'],
    ['我打网球。', '我不再和小明打网球了。'],
    ['我喜欢吃苹果。', '我不再吃苹果皮了。'],
    ['我喜欢吃葡萄。', '我不再吃葡萄干了。'],
    ['我吃鸡蛋。', '我不吃鸡蛋黄了。'],
  ])('of which only a part is over: %s %s', async (known, said) => {
    expect(await decide([known], said)).toEqual({ action: 'ADD' });
  });
});

test('a new job replaces the present one, not one of long ago', async () => {
  expect(await decide(['我2010年在诺基亚工作过。', '我在华为工作。'], '我跳槽到小米了。')).toMatchObject({
    action: 'UPDATE',
    target: about.length + 1,
    text: '我跳槽到小米了。',
  });
});

test.each([
  ['我在华为工作。', '我加入了小米。'],
  ['我在华为工作。', '我刚加入了字节跳动。'],
  ['我住在北京。', '我上个月搬去了上海。'],
  ['我住在北京的一套公寓里。', '我搬到上海了。'],
  ['我住在五楼。', '我现在住八楼。'],
  ['我喜欢喝咖啡。', '我现在讨厌喝咖啡。'],
  ['我爱吃臭豆腐。', '我现在受不了臭豆腐了。'],
  ['我在华为工作。', '我以前在华为工作。'],
  ['我喜欢喝咖啡。', '我以前喜欢喝咖啡。'],
  ['我吃素。', '我又开始吃肉了。'],
  ['我戒烟了。', '我又抽烟了。'],
  ['我不再喜欢茶。', '我又喜欢茶了。'],
  ['我29岁。', '我今年30岁。'],
  ['我今年三十五岁。', '我今年三十六岁了。'],
  ['称呼我为您。', '以后称呼我为你。'],
  ['我2010年在诺基亚工作过。', '我说错了，我2010年在摩托罗拉工作过。'],
  ['我每月交房租900欧。', '我现在每月交房租950欧。'],
  ['我每天喝两杯咖啡。', '我现在每天喝三杯咖啡。'],
  ['我在学日语。', '我改学韩语了。'],
  ['我喝咖啡。', '我现在只喝绿茶。'],
])('a change takes the place of what it changes: %s %s', async (known, said) => {
  expect(await decide([known], said)).toMatchObject({ action: 'UPDATE', target: about.length, text: said });
});

test.each([
  ['我喜欢喝咖啡。', '我喝咖啡喝腻了。'],
  ['我喜欢看韩剧。', '我看韩剧看烦了。'],
  ['我养了两只猫。', '我的猫都送人了。'],
  ['我有两辆车。', '我的车都卖了。'],
  ['我有一辆车。', '我早上把车卖了。'],
  ['我晚上喝咖啡。', '我晚上不再喝咖啡了。'],
  ['我晚上喝咖啡。', '我不再喝咖啡了。'],
  ['我周五吃肉。', '我周五不吃肉了。'],
  ['我和小明打网球。', '我不再和小明打网球了。'],
  ['我喜欢吃苹果。', '我不再吃苹果了。'],
  ['我喝咖啡。', '我现在已经不喝咖啡了。'],
])('what is over is deleted: %s %s', async (known, said) => {
  expect(await decide([known], said)).toMatchObject({ action: 'DELETE', target: about.length });
});
