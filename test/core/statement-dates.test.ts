import { describe, expect, it } from 'vitest';
import { datesIn } from '../../src/core/facts.js';

/** A Wednesday. */
const march = '2026-03-11';
/** A Saturday. */
const november = '2026-11-21';

/** What is said, when, and the date that it means; none for "". */
type Statement = readonly [text: string, said: string, occurred: string];

// biome-ignore format: a statement a line
const english: Statement[] = [
  ['I moved to Lyon in May.', march, '2025-05'],
  ['I moved to Lyon in March.', november, '2026-03'],
  ['I moved here in March', march, '2026-03'],
  ['In May, I moved to Lyon.', march, '2025-05'],
  ['I got married in June.', march, '2025-06'],
  ["I'm getting married in June.", march, '2026-06'],
  ['My contract ended in April.', march, '2025-04'],
  ['My contract ends in April.', march, '2026-04'],
  ['My contract ends in December.', march, '2026-12'],
  ['I started at Bosch on May 4.', march, '2025-05-04'],
  ['I start at Bosch on May 4.', march, '2026-05-04'],
  ['I met Joe on Friday.', march, '2026-03-06'],
  ['I will meet Joe on Tuesday.', march, '2026-03-17'],
  ['A week from Tuesday we fly.', march, '2026-03-24'],
  ['We fly two weeks from Monday.', november, '2026-12-07'],
  ['We fly three days from Monday.', november, '2026-11-26'],
  ['I met Joe on Friday to plan the trip.', march, '2026-03-06'],
  ['I will visit Rome in December.', march, '2026-12'],
  ["I'm flying to Oslo in January", march, '2027-01'],
  ["I've been living in Oslo since May.", march, '2025-05'],
  ['I live in Oslo since May.', march, '2025-05'],
  ["We're going to visit Rome in December.", march, '2026-12'],
  ['We were going to the gym on Friday.', march, '2026-03-06'],
  ["I'll see the dentist on Tuesday.", march, '2026-03-17'],
  ['I have a dentist appointment on Tuesday.', march, '2026-03-17'],
  ['I had a dentist appointment on Thursday.', march, '2026-03-05'],
  ['The deadline is on Tuesday.', march, '2026-03-17'],
  ['The deadline was on Thursday.', march, '2026-03-05'],
  ['The report is due on Tuesday.', march, '2026-03-17'],
  ['I want to see Rome in November.', march, '2026-11'],
  ['I have to renew my passport in November.', march, '2026-11'],
  ['We plan to move in November.', march, '2026-11'],
  ['We are gonna move in November.', march, '2026-11'],
  ['The conference is in November.', march, '2026-11'],
  ['The conference was in November.', march, '2025-11'],
  ['The upcoming conference in November matters a lot.', march, '2026-11'],
  ['The meeting is scheduled for Tuesday.', march, '2026-03-17'],
  ['I booked a flight to Oslo for November 4.', march, '2026-11-04'],
  ['I moved to Lyon in May and will visit Rome in December.', march, '2025-05'],
  ['I will visit Rome in December and moved to Lyon in May.', march, '2026-12'],
  ['I will visit Rome in December because I loved it.', march, '2026-12'],
  ['I bought a house in July, and my sister will move in with us.', march, '2025-07'],
  ['I will buy a used car in November.', march, '2026-11'],
  ['I need to see the doctor on Tuesday.', march, '2026-03-17'],
  ['I adopted a cat on December 24.', march, '2025-12-24'],
  ['We ran a marathon on April 12.', march, '2025-04-12'],
  ['I have quit smoking in April.', march, '2025-04'],
  ['I plan to quit smoking in November.', march, '2026-11'],
  ['I went to Rome at Christmas.', march, '2025-12-25'],
  ["I'm going to Rome at Christmas.", march, '2026-12-25'],
  ['My sister was promoted in August.', march, '2025-08'],
  ["My sister will be promoted in August.", march, '2026-08'],
  ['I was told that the exam will be in November.', march, '2026-11'],
  ['I passed the exam. The ceremony is in November.', march, '2026-11'],
  ['I moved to Lyon in May 2023.', march, '2023-05'],
  ['I will retire in May 2031.', march, '2031-05'],
  ['I lost my keys yesterday.', march, '2026-03-10'],
  ['I met Ann last May.', march, '2025-05'],
  ['My birthday is on May 3', march, '2026-05-03'],
  ['I was born on May 4, 1990.', march, '1990-05-04'],
  ['I read Dune in August.', march, '2025-08'],
  ["He didn't come on Friday.", march, '2026-03-06'],
  ['The exhibition is held in November.', march, '2026-11'],
  ['Will and I met on Friday.', march, '2026-03-06'],
  ['I need a new passport, mine expired in November.', march, '2025-11'],
  ['Next to the park, a fire broke out on Friday.', march, '2026-03-06'],
  ['The meeting was moved to Friday.', march, '2026-03-13'],
  ['The meeting was moved from Monday to Friday.', march, ''],
  ['Alex has moved to Kyoto in October.', november, '2026-10'],
  ['Alex moves to Kyoto in October.', march, '2026-10'],
  ['I have an exam in November.', march, '2026-11'],
  ['I fly to Oslo in January.', march, '2027-01'],
  ['I had lunch with Joe on Wednesday.', march, '2026-03-11'],
  ['I went hiking last week.', march, '2026-03-02'],
];

// biome-ignore format: a statement a line
const chinese: Statement[] = [
  ['我五月搬到了里昂。', march, '2025-05'],
  ['我三月搬到了里昂。', november, '2026-03'],
  ['我十二月要去罗马。', march, '2026-12'],
  ['我十二月去过罗马。', march, '2025-12'],
  ['我十二月去了罗马。', march, '2025-12'],
  ['国庆节我要去西藏', march, '2026-10-01'],
  ['国庆节我去了西藏', march, '2025-10-01'],
  ['我打算十一月搬家。', march, '2026-11'],
  ['我准备十一月考驾照。', march, '2026-11'],
  ['我計劃十一月搬家。', march, '2026-11'],
  ['会议将在十一月举行。', march, '2026-11'],
  ['我们十一月会去东京。', march, '2026-11'],
  ['我们四月结婚了。', march, '2025-04'],
  ['我四月要结婚了。', march, '2026-04'],
  ['我是五月搬来的。', march, '2025-05'],
  ['我曾在十月去北京。', march, '2025-10'],
  ['以前我五月都在北京，', march, '2025-05'],
  ['周四我见了老王。', march, '2026-03-05'],
  ['周二我得去看牙医。', march, '2026-03-17'],
  ['我约了周二看牙医。', march, '2026-03-17'],
  ['我订了十一月去东京的机票。', march, '2026-11'],
  ['合同四月到期了。', march, '2025-04'],
  ['合同十一月到期。', march, '2026-11'],
  ['我五月搬到了里昂，十二月要去罗马。', march, '2025-05'],
  ['我2023年5月搬到了里昂。', march, '2023-05'],
  ['我去年五月搬到了里昂。', march, '2025-05'],
  ['我明年五月要搬到里昂。', march, '2027-05'],
  ['我的生日是5月3日。', march, '2026-05-03'],
  ['我农历八月十五出生。', march, ''],
  ['我的阴历生日是八月十五。', march, ''],
  ['我十一月有考试。', march, '2026-11'],
  ['我十月参加了考试。', march, '2025-10'],
  ['会议改到了周二。', march, '2026-03-17'],
  ['会员十一月涨价了。', march, '2025-11'],
  ['我预约了周二体检。', march, '2026-03-17'],
  ['主要是十一月去过日本。', march, '2025-11'],
  ['我六月入职的。', march, '2025-06'],
  ['上周我去爬山了。', march, '2026-03-02'],
];

describe('A statement means the date that its tense tells', () => {
  it.each([...english, ...chinese])('%s (said %s): %s', (text, said, occurred) => {
    expect(datesIn(text, said, 'UTC').occurred_at ?? '').toBe(occurred);
  });
});

it('A birthday comes round, in whatever tense it is told', () => {
  expect(datesIn('My birthday is on May 3', march, 'UTC').recurs).toBe('yearly');
  expect(datesIn('我的生日是5月3日。', march, 'UTC').recurs).toBe('yearly');
});
