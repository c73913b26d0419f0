import { describe, expect, it } from 'vitest';
import { findTimePhrases, withoutPhrases, withoutTime } from '../../../src/core/time/phrases.js';
import { now, read } from './read-phrases.js';

describe('The window of a query', () => {
  it.each([
    ['What did I do last week?', '[last week] 2024-03-04..2024-03-11'],
    ['How old was I in 2019?', '[2019] 2019-01-01..2020-01-01 2019'],
    // The whole year: plans for its rest are asked about, too.
    ['What are my goals this year?', '[this year] 2024-01-01..2025-01-01 2024'],
    ['What happened in the last 24 hours?', '[the last 24 hours] 2024-03-12T10:00..2024-03-13T10:00:00.001Z 2024-03-12T10:00:00Z'],
    ['What did I do Sunday night?', '[Sunday night] 2024-03-10T17:00..2024-03-11T06:00 2024-03-10'],
    ['Did anything happen since Monday?', '[Monday] 2024-03-11..open 2024-03-11'],
    ['What will I do this weekend?', '[this weekend] 2024-03-16..2024-03-18'],
    ['What did she say recently, in May 2022?', '[in May 2022] 2022-05-01..2022-06-01 2022-05'],
    ['下个月我要去哪', '[下个月] 2024-04-01..2024-05-01 2024-04'],
    ['我2019年在哪里', '[2019年] 2019-01-01..2020-01-01 2019'],
    ['这个周五晚上八点有什么安排', '[这个周五晚上八点] 2024-03-15T20:00..2024-03-15T20:01 2024-03-15T20:00:00Z'],
  ])('of "%s" is %s', (query, expected) => {
    expect(read(query)).toBe(expected);
  });

  it.each([
    'When did I last go to Paris?',
    'How many years ago did we meet?',
    'How long ago did I move?',
    'What is the last movie I watched?',
    'the last time we met',
    'my last name',
    'When was the first time?',
    'Who sat next to me?',
    'What was the next step?',
    'What happened after the meeting?',
    'What did I do the day after?',
    'What did I do after work?',
    'the week after the wedding',
    'Which day works best?',
    'How often do I go in a week?',
    'How many books did I read in a month?',
    'We haven’t talked in 3 days',
    'a month later',
    'I may go',
    'a second attempt',
    'march forward',
    'fall in love',
    'spring roll',
    'mon ami',
    'I am 5',
    'What did June say?',
    'I talked with May and August',
    'in my 20s',
    'a 3 months old baby',
    'a 5 day trip',
    'a two-week vacation',
    'it took 2 weeks',
    'open 24/7',
    'version 2.1.2019',
    '我上次去北京是什么时候',
    '最后一次见面',
    '第一次',
    '上一本书',
    '会议之后发生了什么',
    '之前我说过什么',
    '后来怎么样了',
    '哪一年',
    '几月几号',
    '多少年前',
    '一年有多少天',
    '生日快乐',
    '月亮很圆',
    '我爱吃月饼',
    '日本旅行',
    '三年级',
    '三个月大的宝宝',
    '五天的旅行',
    '三天两夜',
    '十年工作经验',
    '一天两次',
    '五月天的演唱会',
    '80后',
    '春卷',
    '秋千',
    '周杰伦',
    '2023年2月29日',
  ])('is none in "%s"', (query) => {
    expect(read(query)).toBe('');
  });

  it('keeps the words that name more than a time among those to look for', () => {
    const query = 'What did I cook last week for Christmas?';
    const phrases = findTimePhrases(query, { now, zone: 'UTC' });
    expect(withoutPhrases(query, phrases)).toBe('What did I cook   for Christmas?');
    expect(withoutTime(query, phrases)).toBe('What did I cook   for  ?');
  });
});
