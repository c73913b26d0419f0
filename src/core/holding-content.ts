import { terms } from './ranking/analysis.js';
import { fold } from './ranking/folding.js';

/** Share of a statement's words that another must hold to say the same, above it. */
const leastShare = 0.5;
/** Words and characters up to which a statement is short: one word for another makes it another statement. */
const short = { words: 4, characters: 12 };
/** Letters that two forms of one word begin with. */
const beginning = 6;
const spacedWord = /[\p{L}\p{M}\p{N}]+/gu;
const chinese = /(?:\p{Script=Han})+/gu;

const clauseEnd = /[;!?\n]|[,.](?!\d)|[，。；！？、]|\b(?:and|but|though|although|while|whereas|or)\b|但是|但|而且|并且|还有|以及|和/iu;

/** Words of one meaning, a line a meaning: the first stands for all. Compiled by hand for this project. */
const english = firstOfLine(`
work employed employ job position employer occupation profession
live reside residence home based
begin start
large big
child kid
marry spouse
want prefer wish
train prepare
vehicle car automobile
doctor physician
bike bicycle
film movie
phone telephone
celebrate birthday born birth
study major student
company firm
speak language fluent`);
const chineseWords = firstOfLine(`
妻子 老婆 太太 爱人 媳妇
丈夫 老公 先生
母亲 妈妈 老妈 妈
父亲 爸爸 老爸 爸
孩子 小孩 宝宝
儿子 男孩
女儿 女孩 闺女
工作 上班 任职 就职 供职 职业 当
老师 教师
医生 大夫
住 居住 定居 家在 住在
喜欢 爱好 喜爱 热爱 爱
讨厌 不喜欢 厌恶 反感
跑步 晨跑
咖啡 拿铁
手机 电话
汽车 车
单车 自行车
电影 影片
早上 早晨 清晨 上午
晚上 夜里 晚间
吃素 素食 素食者 素食主义者
小名 名叫 名字 叫做 取名 姓名 叫
学 学习
希望 要求 想要
出生 生于 生日`);

const chineseMeant = new RegExp([...chineseWords.keys()].sort((a, b) => b.length - a.length).join('|'), 'gu');

/** What stands in nearly every statement, and what polarity tells apart. */
const commonWords = new Set(
  terms(
    'user assistant go goes do make use take become currently now nowadays day daily week weekly month monthly year yearly time often usually always regularly generally call name title person people one two three four five six seven eight nine ten own have has type piece old longer stop quit cease like likes love enjoy fond adore dislike hate loathe detest stand',
  ),
);
const commonChinese =
  /用户|使用者|从不|从来|正在|目前|现在|已经|一直|平时|平常|通常|经常|常常|总是|每天|每日|每周|天天|都会|非常|特别|有点|比较|自己|个人|一名|一位|一种|一个|一只|一条|一家|一辆|一台|工作是|叫|名|[我你您他她它的了吗呢吧啊是在和与也就都有养过着去会要能对很只条位名个辆台家当从于里上下到给把被让为以之其这那因并且而但不没未无戒别、，。；！？\s]/gu;

/** A word of a statement: the forms in which another may hold it. */
interface Word {
  forms: string[];
}

/** What a text says, without what stands in nearly every statement. */
export interface Content {
  words: Word[];
  /** How many of the names it holds. */
  names: number;
  has(word: Word): boolean;
  isShort: boolean;
}

/** Whether most of what a statement says stands in another, and something of each part of it; the names in them aside. */
export function holdsContentOf(holder: string, other: string, names: ReadonlySet<string>): boolean {
  const held = contentOf(holder, names);
  const own = contentOf(other, names);
  const parts = clausesOf(other).map((part) => contentOf(part, names).words);
  if (parts.some((part) => part.length > 0 && !part.some(held.has))) return false;
  const missing = own.words.filter((word) => !held.has(word));
  if (missing.length === 0) return true;
  const isReplaced = own.isShort && held.words.some((word) => !own.has(word));
  return !isReplaced && missing.length < (own.words.length + own.names) * (1 - leastShare);
}

/** The parts of a text that say something each. */
function clausesOf(text: string): string[] {
  return text.split(clauseEnd).filter((part) => part.trim() !== '');
}

/** The content of each part of a text. */
export function partsOf(text: string): { part: string; content: Content }[] {
  return clausesOf(text).map((part) => ({ part, content: contentOf(part, new Set()) }));
}

/** How much of a content another holds, 0 to 1. */
export function sharedContent(holder: Content, { words }: Content): number {
  return words.length === 0 ? 0 : words.filter(holder.has).length / words.length;
}

function contentOf(text: string, names: ReadonlySet<string>): Content {
  const folded = fold(text);
  const spaced = spacedWords(folded, names);
  const runs = chineseRuns(folded);
  const words = [...spaced, ...runs.flatMap(charactersOf)];
  const known = new Set([...spaced.flatMap(({ forms }) => forms), ...runs.flatMap(heldForms)]);
  const isShort = spaced.length <= short.words && runs.join('').length <= short.characters;
  const held = new Set(folded.match(spacedWord)?.filter((word) => names.has(word))).size;
  return { words, names: held, isShort, has: ({ forms }) => forms.some((form) => known.has(form)) };
}

/** Words with spaces between them, by their stem, the first word of their meaning, and how they begin. */
function spacedWords(folded: string, names: ReadonlySet<string>): Word[] {
  const bare = folded.replace(chinese, ' ').replace(spacedWord, (word) => (names.has(word) ? ' ' : word));
  return terms(bare)
    .filter((term) => !commonWords.has(term) && !/^\p{N}/u.test(term))
    .map((term) => {
      const meant = english.get(term) ?? term;
      return { forms: meant.length >= beginning ? [meant, `${meant.slice(0, beginning)}-`] : [meant] };
    });
}

/** What is left of Chinese without what stands in every statement, each word by the first of its meaning. */
function chineseRuns(folded: string): string[] {
  return (folded.match(chinese) ?? [])
    .flatMap((run) => run.replace(chineseMeant, (word) => chineseWords.get(word) ?? word).split(commonChinese))
    .filter((run) => run !== '');
}

/** A character is held where it stands beside the same one, or by itself. */
function charactersOf(run: string): Word[] {
  const characters = [...run];
  if (characters.length === 1) return [{ forms: [run] }];
  return characters.map((character, index) => {
    const before = index > 0 ? [`${characters[index - 1]}${character}`] : [];
    const after = index < characters.length - 1 ? [`${character}${characters[index + 1]}`] : [];
    return { forms: [...before, ...after, `=${character}`] };
  });
}

function heldForms(run: string): string[] {
  const characters = [...run];
  const pairs = characters.slice(1).map((character, index) => `${characters[index]}${character}`);
  return [...characters, ...pairs, ...(characters.length === 1 ? [`=${run}`] : [])];
}

function firstOfLine(lines: string): Map<string, string> {
  return new Map(
    lines
      .trim()
      .split('\n')
      .flatMap((line) => {
        const [first = '', ...others] = line.split(' ').map((word) => (/^[a-z]/.test(word) ? (terms(word)[0] ?? word) : word));
        return [first, ...others].map((word) => [word, first] as const);
      }),
  );
}
