import { describe, expect, it } from 'vitest';
import { findTimePhrases, withoutPhrases } from '../../../src/core/time/phrases.js';
import { now, read } from './read-phrases.js';

describe('English phrases of time', () => {
  it.each([
    ['what did I do yesterday?', '[yesterday] 2024-03-12..2024-03-13 2024-03-12'],
    ['the day after tomorrow', '[the day after tomorrow] 2024-03-15..2024-03-16 2024-03-15'],
    ['3 days ago', '[3 days ago] 2024-03-10..2024-03-11 2024-03-10'],
    ['two weeks ago', '[two weeks ago] 2024-02-25..2024-03-03'],
    ['a couple of months ago', '[a couple of months ago] 2024-01-01..2024-02-01 2024-01'],
    ['a year ago', '[a year ago] 2023-01-01..2024-01-01 2023'],
    ['in 3 days', '[in 3 days] 2024-03-16..2024-03-17 2024-03-16'],
    ['2 hours ago', '[2 hours ago] 2024-03-13T08:00..2024-03-13T09:00 2024-03-13T08:00:00Z'],
    ['last week', '[last week] 2024-03-04..2024-03-11'],
    ['next month', '[next month] 2024-04-01..2024-05-01 2024-04'],
    ['this year', '[this year] 2024-01-01..2025-01-01 2024'],
    ['last weekend', '[last weekend] 2024-03-09..2024-03-11'],
    ['last Friday', '[last Friday] 2024-03-08..2024-03-09 2024-03-08'],
    ['this Friday', '[this Friday] 2024-03-15..2024-03-16 2024-03-15'],
    ['next Friday', '[next Friday] 2024-03-22..2024-03-23 2024-03-22'],
    ['last summer', '[last summer] 2023-06-01..2023-09-01'],
    ['in the summer of 2022', '[in the summer of 2022] 2022-06-01..2022-09-01'],
    ['in March 2024', '[in March 2024] 2024-03-01..2024-04-01 2024-03'],
    ['March of last year', '[March of last year] 2023-03-01..2023-04-01 2023-03'],
    ['on 9 November', '[9 November] 2023-11-09..2023-11-10 2023-11-09'],
    ['on 9 November 2022', '[9 November 2022] 2022-11-09..2022-11-10 2022-11-09'],
    ['Nov 9th', '[Nov 9th] 2023-11-09..2023-11-10 2023-11-09'],
    ['Nov. 9, 2022', '[Nov. 9, 2022] 2022-11-09..2022-11-10 2022-11-09'],
    ['the 15th of May', '[the 15th of May] 2023-05-15..2023-05-16 2023-05-15'],
    ['2024-03-09', '[2024-03-09] 2024-03-09..2024-03-10 2024-03-09'],
    ['back in 2016', '[2016] 2016-01-01..2017-01-01 2016'],
    ['early May', '[early May] 2023-05-01..2023-05-11 2023-05'],
    ['late May', '[late May] 2023-05-21..2023-06-01 2023-05'],
    ['the second week of May', '[the second week of May] 2023-05-08..2023-05-15'],
    ['between Aug 11 and 15', '[between Aug 11 and 15] 2023-08-11..2023-08-16'],
    ['between Aug 11 and Sep 2, 2022', '[between Aug 11 and Sep 2, 2022] 2022-08-11..2022-09-03'],
    ['from November to January', '[November to January] 2023-11-01..2024-02-01'],
    ['from 2019 to 2021', '[2019 to 2021] 2019-01-01..2022-01-01'],
    ['the past 3 weeks', '[the past 3 weeks] 2024-02-21..2024-03-14'],
    ['since 2019', '[2019] 2019-01-01..open 2019'],
    ['before May', '[before May] ever..2023-05-01'],
    ['after March 3', '[after March 3] 2024-03-04..open'],
    ['on Thursday, 4 July 2024', '[Thursday, 4 July 2024] 2024-07-04..2024-07-05 2024-07-04'],
    [
      '2024-07-04 (Thursday), then Friday',
      '[2024-07-04 (Thursday] 2024-07-04..2024-07-05 2024-07-04; [Friday] 2024-03-08..2024-03-09 2024-03-08',
    ],
    ['tomorrow at 10:30', '[tomorrow at 10:30] 2024-03-14T10:30..2024-03-14T10:31 2024-03-14T10:30:00Z'],
    ['at 12 am on May 3', '[12 am on May 3] 2023-05-03..2023-05-03T00:01 2023-05-03T00:00:00Z'],
    ['2024-03-09T10:00:00+01:00', '[2024-03-09T10:00:00+01:00] 2024-03-09T09:00..2024-03-09T09:00:00.001Z 2024-03-09T09:00:00Z'],
    ['15/3/2024', '[15/3/2024] 2024-03-15..2024-03-16 2024-03-15'],
  ])('reads "%s"', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    'I am here',
    'I am 5 and you are 6',
    'you may go',
    'you may 2 times',
    'this may be wrong',
    'just a second',
    'second place',
    'we march on',
    'they march 3 miles',
    'the sun is out',
    'I sat down',
    'leaves fall',
    'fall down the stairs',
    'a spring in the mattress',
    '3/4/2024',
    'February 30',
    'room 2024',
  ])('finds no time in "%s"', (text) => {
    expect(read(text)).toBe('');
  });

  it.each([
    ['my birthday is on May 3', 'yearly'],
    ['her birthday, May 3 1990, is near', 'yearly'],
    ['we meet every Friday', 'weekly'],
    ['I swim on Mondays', 'weekly'],
    ['every year', 'yearly'],
    ['every day', 'daily'],
    ['I was there on May 3', undefined],
    ['I bought a birthday present yesterday', undefined],
  ])('sees how "%s" comes round', (text, recurs) => {
    expect(findTimePhrases(text, { now, zone: 'UTC' })[0]?.recurs).toBe(recurs);
  });

  it('reads a bare date back in time, forward after words of the future, and as near as asked for', () => {
    expect(read('what was on Friday')).toContain('2024-03-08');
    expect(read('what will be on Friday')).toContain('2024-03-15');
    expect(read('on May 3')).toContain('2023-05-03');
    expect(read('on May 3', { prefer: 'future' })).toContain('2024-05-03');
    expect(read('on May 3', { prefer: 'nearest' })).toContain('2024-05-03');
    expect(read('on December 24', { prefer: 'nearest' })).toContain('2023-12-24');
  });

  it('takes days of the zone, also where the clock changes', () => {
    expect(read('today', { now: Date.parse('2024-03-13T20:00:00Z'), zone: 'Asia/Shanghai' })).toContain('2024-03-14');
    const [day] = findTimePhrases('2024-03-31', { now, zone: 'Europe/Berlin' });
    expect((day?.span.end ?? 0) - (day?.span.start ?? 0)).toBe(23 * 3_600_000);
  });
});

describe('Chinese phrases of time', () => {
  it.each([
    ['2024年7月4日（周四）', '[2024年7月4日（周四] 2024-07-04..2024-07-05 2024-07-04'],
    ['昨天', '[昨天] 2024-03-12..2024-03-13 2024-03-12'],
    ['昨天下午三点', '[昨天下午三点] 2024-03-12T15:00..2024-03-12T15:01 2024-03-12T15:00:00Z'],
    ['后天', '[后天] 2024-03-15..2024-03-16 2024-03-15'],
    ['上周我做了什么', '[上周] 2024-03-04..2024-03-11'],
    ['下週', '[下週] 2024-03-18..2024-03-25'],
    ['上周五', '[上周五] 2024-03-08..2024-03-09 2024-03-08'],
    ['周五', '[周五] 2024-03-08..2024-03-09 2024-03-08'],
    ['上个月', '[上个月] 2024-02-01..2024-03-01 2024-02'],
    ['上個月15號', '[上個月15號] 2024-02-15..2024-02-16 2024-02-15'],
    ['去年', '[去年] 2023-01-01..2024-01-01 2023'],
    ['去年三月', '[去年三月] 2023-03-01..2023-04-01 2023-03'],
    ['去年夏天', '[去年夏天] 2023-06-01..2023-09-01'],
    ['三月九日', '[三月九日] 2024-03-09..2024-03-10 2024-03-09'],
    ['2024年3月', '[2024年3月] 2024-03-01..2024-04-01 2024-03'],
    ['2022年11月9日', '[2022年11月9日] 2022-11-09..2022-11-10 2022-11-09'],
    ['两周前', '[两周前] 2024-02-25..2024-03-03'],
    ['二十三天前', '[二十三天前] 2024-02-19..2024-02-20 2024-02-19'],
    ['三天后', '[三天后] 2024-03-16..2024-03-17 2024-03-16'],
    ['三个月前', '[三个月前] 2023-12-01..2024-01-01 2023-12'],
    ['三月之前', '[三月之前] ever..2024-03-01'],
    ['2019年以来', '[2019年以来] 2019-01-01..open 2019'],
    ['周一到周五', '[周一到周五] 2024-03-04..2024-03-09'],
    ['每周五', '[每周五] 2024-03-08..2024-03-09 2024-03-08 weekly'],
    ['每年三月九日', '[每年三月九日] 2024-03-09..2024-03-10 2024-03-09 yearly'],
    ['我的生日是5月3日', '[5月3日] 2023-05-03..2023-05-04 2023-05-03 yearly'],
    ['一周一次', ''],
    ['三个月', ''],
  ])('reads "%s"', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('Numbers that are no day', () => {
  it.each(['0号', '3月0日', '上个月0号', '三月三一日', 'on the 0th.', 'March 0th', 'the 0th of May'])('%j stands for none', (text) => {
    expect(findTimePhrases(text, { now: 0, zone: 'UTC' }).filter(({ precision }) => precision === 'day')).toEqual([]);
  });
});

describe('Time phrases in long texts', () => {
  // biome-ignore format: a line reads better
  const parts = [
    'today ', '1 ', 'may ', 'in the ', '一', '2024-', '每', '  ', '3 days ', 'a', 'in a day did ', 'two days before ', 'the first monday ',
    'before christmas ', '春节前', '2024年', '第一', '上', 'the early ',
  ];
  it.each(parts)('stay bounded in 200,000 characters of "%s"', (part) => {
    expect(findTimePhrases(part.repeat(200_000 / part.length), { now, zone: 'UTC' }).length).toBeLessThanOrEqual(1000);
  });

  it('can be taken out', () => {
    const text = 'What did Ann do last week and on Friday?';
    expect(withoutPhrases(text, findTimePhrases(text, { now, zone: 'UTC' }))).toBe('What did Ann do   and on  ?');
  });
});
