import { dayIn, daysFromTo } from '../calendar.js';
import { holidays, holidaysByName } from '../holidays.js';
import { type PhraseTable, phraseRule } from '../reading.js';
import { inSaidYear, saidYear } from './words.js';

/** A numeral that is no part of a longer word: "周五一起", "五一个". */
const mayFirst =
  '(?<![周期拜礼零一二三四五六七八九十百千第月])五一(?=节|劳动节|假期|小长假|长假|黄金周|期间|放假|前|后|去|那|的时候|我|你|他|她|$|[,，。？?])';
const { pattern, holidayIn } = holidaysByName([
  ['平安夜|圣诞前夜', holidays.christmasEve],
  ['圣诞节?', holidays.christmas],
  ['元旦节?', holidays.newYear],
  ['除夕|大年三十|年三十', holidays.lunarNewYearsEve],
  ['春节|大年初一', holidays.lunarNewYear],
  ['元宵节?', holidays.lantern],
  ['清明节?', holidays.qingming],
  ['端午节?', holidays.dragonBoat],
  ['七夕节?', holidays.qixi],
  ['中秋节?', holidays.midAutumn],
  ['重阳节', holidays.doubleNinth],
  ['国庆节?|十一(?=假期|长假|黄金周)', holidays.nationalDay],
  [`劳动节|${mayFirst}节?`, holidays.labourDay],
  ['情人节', holidays.valentine],
  ['妇女节', holidays.womensDay],
  ['愚人节', holidays.aprilFools],
  ['儿童节', holidays.childrensDay],
  ['教师节', holidays.teachersDay],
  ['万圣节', holidays.halloween],
  ['双十一|双11', holidays.singlesDay],
  ['感恩节', holidays.thanksgiving],
  ['复活节', holidays.easter],
]);
/** What is named after a holiday, or said about all of its kind, is not the day. */
const thing = '老人|树|卡|歌|帽|袜|礼物|贺|晚会|联欢|快乐|大衣|月饼|粽|汤圆|习俗|传统|文化|上河图|团圆饭';

/** Holidays by their Chinese names; with 期间 or 假期 the seven days from the day on. */
export const chineseHolidays: PhraseTable = {
  hint: /节|平安夜|圣诞|元旦|除夕|大年|年三十|元宵|清明|端午|七夕|中秋|国庆|十一|五一|双11/,
  rules: [
    phraseRule(
      `(?:${saidYear}|(?<![欢爱]|喜欢的节日是|是))(?:${pattern})(?<days>期间|小长假|长假|假期|黄金周|放假)?(?!${thing})`,
      (groups, context) => {
        const reading = inSaidYear(groups, context, (year) => {
          const date = holidayIn(groups)?.(year);
          return date === undefined || groups.days === undefined ? dayIn(date) : daysFromTo(date, date + 6);
        });
        return reading && { ...reading, topical: 'holiday' };
      },
    ),
  ],
};
