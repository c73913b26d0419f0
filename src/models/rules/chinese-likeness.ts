/** Words that say nothing of what a clause is about: pronouns, adverbs, particles, tastes and the verbs of change. */
const idle = new RegExp(
  [
    '我们?家里?的?|我们?的?|咱们?的?|自己的?|本人|用户|家里的?',
    '今年|去年|今天|昨天|这个月|本月|时间|现在|目前|如今|最近|近来|已经|早已|早就|曾经|一直|平时|通常|一般|经常|常常|总是|主要|基本上?|特别|非常|其实|真的|实在|继续|决定|开始|彻底|完全|终于|之前|以前|以后|原来',
    '喜欢|喜爱|热爱|偏爱|偏好|钟爱|讨厌|习惯|愿意|怎么|那么|这么|什么|没有|不再|[一两三四五六七八九十几]+[个只条台辆匹头]|这个|那个|更加?|比较|使用',
    '爱(?=[吃喝看玩听穿用打去逛做买养背坐和跟在])|想(?=[去要学吃喝看买养再])|会(?=[说弹用做去看])|对(?![象手联])|都(?![市会])(?<![成首古丰]都)|过(?=$|[，,])',
    '[了啦吧的着呢啊呀嘛哦也还又就很挺蛮最不没是在把从和跟与]',
  ].join('|'),
  'gu',
);
const timeWords =
  /每(?:天|日|晚|周[一二三四五六日天末]?|个?月|年)?|(?:周|星期|礼拜)[一二三四五六日天末]|周末|(?:早|晚|中)上|早晨|上午|下午|中午|白天|晚饭后|睡前|饭后|上班(?!$)|下班后?|[\d一二两三四五六七八九十半]+(?:点半?|号|次|分钟)/gu;

const limits =
  /(?:周|星期|礼拜)[一二三四五六日天末]|平日|工作日|节假日|(?:早|晚|中)上|早晨|上午|下午|中午|白天|夜里|半夜|睡前|[早午晚][饭餐][前后]?|饭[前后]|下?[雨雪]天|上班时?(?=[不没再])|下班后|[春夏秋冬][天季]|(?<=(?<!现)在)[^，不没再]{1,6}?(?:里|外|上)?(?=(?:已经|现在|也|都)*[不没再])|每[天日周晚]/gu;

/** The times and occasions that a clause names: who no longer does something in the evening may do it at noon. */
export function limitsOf(clause: string): string[] {
  // When a car was sold limits nothing.
  return /[不没戒]|停止/.test(clause) ? (clause.match(limits) ?? []) : [];
}

/** What is done with a thing is often left out or said in another word: 吃榴莲, 喜欢榴莲. */
const leadingVerb = /^[吃喝看听玩打学用做穿戴写读订练追背坐骑开养住去逛买](?=\p{Script=Han}{2})/u;

const loneVerb = /^[吃喝看听玩打学用做穿戴写读订练追背坐骑开养住去逛买刷]$/;

/** Whether nothing but times of day and days are named. */
export function isTimeOnly(clause: string): boolean {
  return clause.replace(timeWords, ' ').replace(idle, ' ').trim() === '';
}

/** What a clause is about, as stretches of characters between its idle words; times of day, and a verb left alone, only where there is nothing else. */
export function runsOf(clause: string): string[] {
  const split = (text: string) =>
    (text.replace(idle, ' ').match(/\p{Script=Han}+|[\p{Script=Latin}\d.+#-]+/gu) ?? []).map((run) => run.replace(leadingVerb, ''));
  const lasting = split(clause.replace(timeWords, ' '));
  const things = lasting.filter((run) => !loneVerb.test(run));
  return [things, lasting, split(clause)].find((runs) => runs.length > 0) ?? [];
}

const isHan = (run: string) => /\p{Script=Han}/u.test(run);

/** How many of a run's characters stand in a text beside the same neighbour; all or none of one that has no neighbour. */
function covered(run: string, text: string): number {
  if (run.length === 1 || !isHan(run)) return text.includes(run) ? run.length : 0;
  const found = new Set<number>();
  for (let index = 0; index < run.length - 1; index++) {
    if (text.includes(run.slice(index, index + 2))) found.add(index).add(index + 1);
  }
  return found.size;
}

/** The share of the runs that a text holds, 0 to 1; 0 where their last one, which is what they are about, is missing. */
export function coverage(runs: readonly string[], text: string): number {
  const last = runs.at(-1);
  if (last === undefined || covered(last, text) === 0) return 0;
  const all = runs.join('').length;
  return runs.reduce((sum, run) => sum + covered(run, text), 0) / all;
}

/** How much two clauses have in common, 0 to 1: pairs of neighbouring characters shared, of both (Dice). */
export function likeness(one: string, other: string): number {
  const pairs = (text: string) => new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => text.slice(index, index + 2)));
  const first = pairs(one);
  const second = pairs(other);
  if (first.size + second.size === 0) return 0;
  return (2 * [...first].filter((pair) => second.has(pair)).length) / (first.size + second.size);
}

/** Two clauses that are one sentence with another value: what they share around it, and the two values. */
export interface Alignment {
  shared: string;
  value: string;
  other: string;
}

const unsaid = /现已|今年|应该|平时|通常|一般|一直|特别|现在|目前|如今|最近|已经|以后|[都也就只才的是了吧啦]/g;

/** Lays one clause over another, from both ends; undefined where either has no value left in between. */
export function align(clause: string, known: string): Alignment | undefined {
  const one = clause.replace(unsaid, '').replace(/^我/, '');
  const other = (known.split(/[，,]/, 1)[0] ?? '').replace(unsaid, '').replace(/^我/, '');
  const least = Math.min(one.length, other.length);
  let start = 0;
  while (start < least && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < least - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const value = one.slice(start, one.length - end);
  const rest = other.slice(start, other.length - end);
  if (value === '' || rest === '') return undefined;
  return { shared: one.slice(0, start) + one.slice(one.length - end), value, other: rest };
}
