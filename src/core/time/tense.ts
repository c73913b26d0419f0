import type { Preference } from './reading.js';

/** Characters on each side of a phrase that are looked at. */
const reach = 160;
/** Words that a phrase takes in and that belong to what is said of it. */
const opening = /^(?:since|for)\s/i;
const sentenceEnd = /[.!?](?=\s|$)|[;。！？；\n]/g;
const clauseEnd =
  /[,，:：()（）—]|\s(?:and|but|so|because|as|although|though|while|when|that|which|who|where)\s|但|因为|所以|而且|然后|不过/g;

// biome-ignore format: a line a dozen reads better
const irregular = [
  'was|were|had|did|been|went|met|got|bought|brought|began|became|broke|built|came|caught|chose|drew|drank|drove|ate|fell|felt|fought',
  'found|flew|forgot|gave|grew|heard|held|hid|kept|knew|laid|led|left|lent|lost|made|meant|paid|rang|rode|ran|said|saw|sold|sent',
  'shot|sang|sat|slept|spoke|spent|stood|stole|swam|took|taught|told|thought|threw|understood|woke|won|wore|wrote|agreed|died|tied|used',
].join('|');
/** The same in all tenses, and so past where nothing before them says otherwise. */
const unchanged = 'quit|read|put|set|cut|hit|let|hurt|split';
/** Words before a participle that is no past: "is held", "get married", "will have moved", "a used car". */
const notPast =
  "(?<!\\b(?:am|is|are|be|being|get|gets|getting|become|will|to|a|an|the|my|our|his|her|their|your|very|so|too)\\s|'(?:m|re|ll)\\s|\\b(?:will|to)\\shave\\s)";
const modal = "(?<!\\b(?:to|will|can|should|must|would|could|not|a|the|my|our|his|her|their|your)\\s|'(?:ll|d)\\s|n't\\s)";

const english = {
  future: [
    "\\b(?:will|won't|shall|should|must|gonna|wanna|about\\sto|scheduled|upcoming|tomorrow|soon)\\b|'ll\\b",
    '(?<!\\b(?:was|were)\\s)\\bgoing\\sto\\b|\\bnext\\b(?!\\sto\\b)',
    '\\b(?:plans?|planning|planned|intends?|hopes?|hoping|expects?|wants?|needs?|ha(?:ve|s)|supposed|looking\\sforward|would\\s(?:like|love))\\sto\\b',
    "'d\\s(?:like|love)\\sto\\b|\\b(?:booked|reserved|registered|signed\\sup|ordered|bought)(?=\\s[^,.]{0,40}\\bfor\\s$)",
    '\\b(?:moved|postponed|rescheduled|pushed(?:\\sback)?|shifted|brought\\sforward)\\sto\\s(?:the\\s)?$',
  ].join('|'),
  past: [
    `${notPast}\\b(?:${irregular})\\b|${modal}\\b(?:${unchanged})\\b`,
    "\\b(?:wasn't|weren't|hadn't|didn't|couldn't|ago|previously|yesterday)\\b|(?<!\\b(?:the|at|my|our)\\s)\\blast\\b|\\bsince\\s$",
    `${notPast}\\b(?!hundred|kindred|sacred|naked|wicked|embed)\\p{Ll}{2,}(?<!e)ed\\b`,
  ].join('|'),
};
const chinese = {
  future: [
    '(?<![重主必只首])要(?![求是么素点不紧])|(?<!不)将(?![近军来就])|(?<![社机协开学聚宴晚年大约体董议国联展])会(?=[去来在搬参飞回开结办举有是和跟带做买换离从再给陪出到])',
    '打算|计划|准备|预计|即将|快要|希望|想[去在]|得(?=[去交参做办回在])|下(?:个?月|周|星期|礼拜|次|学期|半年)|明年|后年|明天|后天',
    '(?:约|订|预定)[了好在到]|(?:改|推迟|延期|挪|提前|调整)到了?$',
  ].join('|'),
  past: [
    '了(?![解不结])|(?<=[去来到住学吃看做见当干玩待打读用坐养开聊试谈教])过(?![年节生春])|以前|之前|曾|刚|已经|当时|那时',
    '去年|前年|昨天|上(?:个?月|周|星期|礼拜|次|学期|半年)|(?:入职|离职|辞职|毕业|结婚|离婚|[搬买来去]|开始|认识)的$',
  ].join('|'),
};
/** What by itself says when something happens. */
const signals = new RegExp(`(?<future>${english.future}|${chinese.future})|(?<past>${english.past}|${chinese.past})`, 'gu');
/** What is still to come where nothing else says when: the present tense beside a date, and things one waits for. */
const awaited =
  /\b(?:appointment|deadline|due)\b|\b(?:starts?|begins?|ends?|expires?|leaves?|arrives?|opens?|closes?|graduates?|moves?|returns?|travels?|fl(?:y|ies))\b|\b(?:have|has)\s(?:an?|my|our|his|her|their|the)\s|(?:\b(?:am|is|are)|'(?:m|re|s))\s(?:\w+ly\s|not\s)?\w+ing\b|到期|截止|期限|考试|面试|比赛|手术|婚礼|航班|会议/u;
const presentBefore = /\b(?:am|is|are|falls)(?:\s[\w']+){0,2}\s*$/;
const celebration = /birthday|anniversary|生日|纪念日|周年/i;

/** The words around a phrase, up to the nearest bounds on either side. */
interface Around {
  before: string;
  after: string;
}

function within({ before, after }: Around, bound: RegExp): Around {
  const last = [...before.matchAll(bound)].at(-1);
  const next = after.matchAll(bound).next().value;
  return { before: last ? before.slice(last.index + last[0].length) : before, after: next ? after.slice(0, next.index) : after };
}

/** The signal nearest before the phrase, else the nearest after it, else what the present tense tells. */
function toldBy({ before, after }: Around): Preference | undefined {
  const groups = ([...before.matchAll(signals)].at(-1) ?? after.matchAll(signals).next().value)?.groups;
  if (groups) return groups.future === undefined ? 'past' : 'future';
  if (celebration.test(before) || celebration.test(after)) return undefined;
  return awaited.test(before) || awaited.test(after) || presentBefore.test(before) ? 'future' : undefined;
}

/**
 * Where in time a statement puts what happens at a phrase (character offsets; straight apostrophes, simplified
 * characters): as the tense of its clause tells, else that of its sentence, else as near as can be.
 */
export function tenseAt(text: string, start: number, end: number): Preference {
  const first = start + (opening.exec(text.slice(start, end))?.[0].length ?? 0);
  const near = { before: text.slice(Math.max(0, start - reach), first), after: text.slice(end, end + reach) };
  const { before, after } = within(near, sentenceEnd);
  const sentence = { before: before.replace(/^\s*\p{Lu}/u, (letter) => letter.toLowerCase()), after };
  return toldBy(within(sentence, clauseEnd)) ?? toldBy(sentence) ?? 'nearest';
}
