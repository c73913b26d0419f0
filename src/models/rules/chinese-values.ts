import { categoryOf, wordsOfCategory } from './claim.js';

const numeral = /^(?:每[天周月年])?[\d一二两三四五六七八九十半]/;

/** Kinds of value of which an instruction or a habit has one at a time. */
const kinds: RegExp[] = [
  /[中英日法德韩俄西]文?|粤语|[中英日法德韩俄]语|普通话|双语/,
  /简短|简洁|简单|精简|详细|具体|短|长|细/,
  /正式|随意|口语|幽默|严肃|轻松|客气|直接|委婉/,
  /早上|早晨|上午|中午|白天|下午|傍晚|晚上|夜里|睡前|饭后/,
  /周[一二三四五六日末]|星期[一二三四五六日]/,
  /[红黄蓝绿紫黑白灰粉棕橙]色/,
  /浅|深|亮|暗|冷|暖/,
  /幼儿园|小学|初中|高中|大学|研究生|年级/,
];

/** Whether two values answer the same question: two numbers, two languages, two times of day. */
export function sameKind(one: string, other: string): boolean {
  if (numeral.test(one) && numeral.test(other)) return true;
  if (kinds.some((kind) => kind.test(one) && kind.test(other))) return true;
  const category = categoryOf([one.trim().toLowerCase()]);
  return category !== undefined && wordsOfCategory(category).some((word) => other.includes(word));
}

/** Whether a statement tells of what one drinks, learns or speaks, of which one has several, and not that it is the only one. */
export function isOneOfMany(clause: string): boolean {
  return /[喝懂]|(?<=^|[我在始])学|[说讲](?!我|错).{1,6}[语话文]/.test(clause) && !/[只改换]|都|主要|而不|跟我|回答/.test(clause);
}
