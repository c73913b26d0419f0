import type { Value } from './english-value.js';
import { stem } from './english-words.js';

/** What a clause says, apart from whether it affirms or denies it. */
export interface Assertion {
  core: string;
  affirmed: boolean;
  /** Tells of what was, which nothing that holds now replaces. */
  isPast?: boolean;
}

/** What a clause states, as far as rules can tell. */
export interface Claim {
  /** Whose state it is: `self`, a relative ("sister"), a name, or `it`. */
  holder: string;
  /** The thing or name that the clause begins with, as stems: another one is never what a correction means. */
  subject?: string | undefined;
  /** The subject and what is said of it, with a sign for each number of the latter: where two are equal, only those differ. */
  measured?: string | undefined;
  /** What "is Y" gives, by its form. */
  value?: Value | undefined;
  /** What is stated of the holder: `home`, `work`, `like`, `verb:play` ...; several where the words leave it open. */
  frames: ReadonlySet<string>;
  /** What "my X is Y" names, as stems; empty in any other form. */
  attribute: readonly string[];
  /** The kind of value that "is Y" gives: a name, a number, "a nurse", or else. */
  valueType: 'name' | 'number' | 'article' | 'other';
  /** Says what is not, or what is over. */
  closed: boolean;
  /** Last words of its noun phrases: what it is about in the end. */
  heads: ReadonlySet<string>;
  /** What it says, to be compared with what denies or affirms the same. */
  assertion?: Assertion | undefined;
  /** Whether it mentions a term. */
  has(term: string): boolean;
}

/** What a statement says to have changed. */
export interface Change {
  /** replace: something new holds; retract: something ceased and nothing new is said. */
  kind: 'replace' | 'retract';
  /** Whose state it may be: one holder, or for "my dog died" the owner as well as the dog. */
  holders: readonly string[];
  /** The thing or name that changed: only a claim about the same one is corrected. Of an attribute, its stems tell. */
  subject?: string | undefined;
  measured?: string | undefined;
  value?: Value | undefined;
  /** Terms of what held before; all of them must be found in what is corrected. */
  old: readonly string[];
  /** What limits the change to a part of what holds, as stems; a claim that lacks it says more than what changed. */
  limits?: readonly string[] | undefined;
  /** Frame of what changed, `place` for home or work; undefined if any may be meant. */
  frame?: string | undefined;
  /** Stems of the attribute that has a new value. */
  attribute?: readonly string[] | undefined;
  valueType?: Claim['valueType'] | undefined;
  /** What the new state is about: a correction without `old` must share one of them, or a category. */
  heads?: readonly string[] | undefined;
  /** When it holds, as stems: tea in the morning and wine with dinner go together. */
  occasions?: readonly string[] | undefined;
  /** Says that it takes the place of what was, without naming it: "I drink tea instead", "I only drink tea now". */
  instead?: boolean | undefined;
  /** Category of the new value: a drink, an editor ... */
  category?: string | undefined;
  /** Only what says the contrary of this is corrected. */
  assertion?: Assertion | undefined;
  /** Whatever is of the frame is meant, if there is only one such memory. */
  only?: boolean | undefined;
  /** Tells by the words of a clause how surely it is meant, above 0 and below 2; then nothing else counts. */
  meets?: ((clause: string) => number) | undefined;
}

/** One language's reading of statements. */
export interface Reader {
  /** The sentences of a memory, and those of their clauses that have a subject of their own. */
  sentences(text: string): string[];
  /** What a sentence says, each part with its subject restored; a pair that `said` names as one stays together. */
  parts(sentence: string, said: string): string[];
  /** Whether a part still says several things, so that correcting one of them would lose the others. */
  isCompound(part: string, said: string): boolean;
  claim(clause: string): Claim;
  /** What a statement may say to have changed, the surest reading first; the first that finds something counts. */
  changes(text: string): Change[];
}

/** Frames of which a person has one at a time, so that a new value replaces the old one. */
export const exclusiveFrames: ReadonlySet<string> = new Set([
  'home',
  'lodging',
  'household',
  'floor',
  'work',
  'role',
  'name',
  'address',
  'age',
  'diet',
  'partner',
  'drive',
  'study',
  'commute',
  'group',
  'wake',
  'sleep',
  'prefer',
]);

const categoryWords = {
  editor:
    'vscode vim neovim nvim emacs zed sublime atom cursor intellij webstorm pycharm jetbrains eclipse nano helix xcode windsurf vs visual studio',
  browser: 'chrome firefox safari edge brave opera arc vivaldi chromium 火狐',
  system: 'windows pc linux macos mac ubuntu fedora debian arch manjaro nixos 苹果电脑',
  phone: 'iphone android pixel samsung galaxy oneplus xiaomi huawei nokia motorola fairphone 苹果 安卓 华为 小米 三星',
  shell: 'bash zsh fish powershell nushell',
  packager: 'npm yarn pnpm bun pip poetry uv conda',
  language: 'python javascript typescript rust go golang java kotlin swift ruby php scala haskell elixir clojure perl',
  database: 'postgres postgresql mysql sqlite mongodb mariadb redis dynamodb',
  notes: 'notion obsidian evernote onenote logseq roam bear joplin 印象笔记',
  messenger: 'whatsapp telegram signal slack discord teams messenger 微信 钉钉 飞书',
  drink:
    'coffee tea water juice soda cola coke beer wine matcha espresso latte decaf milk kombucha lemonade 咖啡 茶 绿茶 红茶 奶茶 可乐 果汁 牛奶 啤酒',
  diet: 'vegan vegetarian pescatarian keto paleo carnivore omnivore flexitarian 素食 纯素 生酮',
  car: 'tesla toyota honda bmw audi ford volkswagen volvo mazda subaru kia hyundai nissan mercedes porsche prius civic 特斯拉 丰田 本田 宝马 奥迪 比亚迪 大众 奔驰 日产 福特 别克 吉利 蔚来 小鹏 马自达 沃尔沃',
  bank: 'chase citibank hsbc barclays revolut monzo n26 招商银行 工商银行',
  music: 'spotify tidal deezer pandora 网易云音乐 qq音乐',
  vehicle: 'bike bicycle bus train car subway tram metro scooter foot 地铁 公交 自行车 开车',
  day: 'monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday saturdays sunday sundays 周一 周二 周三 周四 周五 周六 周日',
  mode: 'dark light 深色 浅色',
  time: 'morning mornings evening evenings afternoon afternoons night nights',
};
const categories = new Map(
  Object.entries(categoryWords).flatMap(([category, words]) => words.split(' ').map((word) => [word, category] as const)),
);
const categoriesOfStems = new Map([...categories].map(([word, category]) => [stem(word), category]));

/** The category of the first word, or stem, that has one; of a term of several words, of one of them. */
export function categoryOf(words: Iterable<string>): string | undefined {
  for (const word of [...words].flatMap((each) => [each, ...each.split(' ')])) {
    const category = categories.get(word) ?? categoriesOfStems.get(word);
    if (category) return category;
  }
  return undefined;
}

/** All words of a category. */
export function wordsOfCategory(category: string): string[] {
  return [...categories].filter(([, of]) => of === category).map(([word]) => word);
}
