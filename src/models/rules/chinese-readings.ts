import { canEnd, endingForms, isOver, notOver, unsayings } from './chinese-endings.js';
import { personOf, thingOf } from './chinese-holder.js';
import { align, coverage, isTimeOnly, likeness, limitsOf, runsOf } from './chinese-likeness.js';
import { isHistory, isPast, isWish } from './chinese-past.js';
import { isOneOfMany, sameKind } from './chinese-values.js';
import type { Change } from './claim.js';

/** What may stand before a statement without being part of it. */
const lead =
  /^(?:(?:对了|唉|哎|哦|嗯|啊|等等|不好意思|抱歉|说实话|老实说|说真的|其实|顺便说一下|顺便|那个|所以|因此|但是?|不过|而且|我?发现|事实上|实际上|最近(?=[^，]))[，：:、]*)+/;
const correcting =
  /^(?:(?:更正|纠正|修正|订正|我?(?:刚才|刚刚|之前|上次)?(?:说|搞|弄|记|写|打)错了|不对|不是的|准确地?说|应该说)(?:一下)?[，：:、]*)+/;
const correctedAfter = /，(?:我)?(?:之前|刚才|刚刚|上次|前面)?(?:我)?(?:说|搞|弄|记|写|打)错了$/;

/** Comes in addition, sometimes, or is only asked or wished for. */
const beside =
  /要不要|能不能|该不该|会不会|(?<!再)也(?!不)|还有|另外|同时|除了|有时|偶尔|如果|要是|假如|为什么|什么时候|怎么(?!.*了$)|吗[？?]?$|[？?]$|(?<!最)想[^，不]{0,4}[换改搬变]|(?:打算|计划|准备|考虑|希望|应该(?!是)|可能|争取)[^，]{0,8}[换改搬变戒卖辞离]/;

const verbs = '喝吃用看听读玩学练打坐搭骑开穿戴睡住追刷逛养走写画跑背去做当选点订买付存在';
/** What gives something another value; a verb that is also part of other words, only where it says into what. */
const moves =
  '(?:改(?![善进革天编])|换(?![季届])|变(?![态化速])|转(?=[岗行学专])|说错|记错|写错|搞错|(?:转|调|迁移?|搬|移|升级?|切换?|涨|降|减|增|加|挪|推迟|提前|延后|延长|缩短|染|剪)(?=[成为到回至去了]))';
const move = new RegExp(moves);
const intoWhat = new RegExp(`${moves}[成为到在]?(?<fresh>[^了，]+)`);
/** X 改成 Y, 把 X 换成 Y, X 换了，现在是 Y: what stands before the verb is what has another value now. */
const movedForm = new RegExp(`^(?<topic>[^，]*?)(?:现在|已经|最近|都|又)*${moves}(?<verb>[成为到回${verbs}]{0,2})[了个]?(?<fresh>[^，]*)`);
const notMoved = /(?:没有?|不|别|不要|要不要|(?<!最)想|打算|准备|考虑|计划|希望|应该|可能|能不能|可以)(?:再|要|去|把)?[^，]{0,8}$/;
/** 看书我现在用 iPad: what stands before the adverb has another value now. */
const nowForm = /^(?<topic>[^，]*?)(?:现在|如今|目前|最近)我?(?<fresh>(?:都|只|更|用|主要|改|爱|喜欢)[^，]*)/;
const timed = /[\d一二三四五六七八九十]|[早晚]上|[上下]午|中午|周/;
const exclusive = /最|主|更|第一|唯一|固定|专门/;
const news = /现在|改|换|开始|更|迷上|爱上|喜欢上|入坑|入手|^(?:而)?[是在叫姓用对住]|转|买了|回/;
const reason = /^(?:因为|由于|主要是?|毕竟|觉得|感觉|实在|医生|对身体|太|老|为了|怕|全|没时间|没空|[他她它]|网上)|太|更方便|受不了|舍不得/;

/** Least shares of what is named that a clause must hold to be what is meant, 0 to 1. */
const least = { old: 0.65, topic: 0.7, unsaid: 0.7, corrected: 0.5, worn: 0.8 };

/** Allergies and origins are touched only by what speaks of them, and what is over already by nothing. */
function isApart(said: string, known: string): boolean {
  return (
    /过敏/.test(known) !== /过敏/.test(said) ||
    (/出生|老家|长大/.test(known) && !/出生|老家|长大/.test(said)) ||
    /[不没](?!太?好)|讨厌/.test(known) ||
    isOver(known)
  );
}

/** Who or what a statement is about; what stands before the speaker (宵夜我戒了) is what it tells of them. */
function aboutOf(said: string): { person: string | undefined; thing: string | undefined } {
  const thing = thingOf(said)?.split(move)[0];
  const isSpeakers = said.includes('我') || /^家里/.test(said);
  return { person: personOf(said), thing: isSpeakers || thing?.includes('，') || said.endsWith(thing ?? '') ? undefined : thing };
}

/** A change that is found by what it names rather than by its form. */
function resembling(said: string, { kind, meets }: { kind: Change['kind']; meets: (known: string) => number }): Change {
  const { person, thing } = aboutOf(said);
  return {
    kind,
    holders: [],
    old: [],
    meets: (clause) => {
      const share = meets(clause);
      if (share === 0) return 0;
      const known = aboutOf(clause);
      if (known.person !== person || (thing !== undefined && !clause.includes(thing))) return 0;
      if (known.thing !== undefined && !said.includes(known.thing)) return 0;
      // To one decimal, so that what is about as like counts as a tie, and neither is touched.
      return Math.round(10 * share + 5 * likeness(said, clause)) / 10;
    },
  };
}

interface Naming {
  about: string;
  /** Least share of it that a clause must hold. */
  share: number;
  kind: Change['kind'];
  verb?: string | undefined;
  /** What is meant must have the same verb. */
  sameVerb?: boolean;
  /** What else is asked of a clause that holds what is named. */
  fits?: (known: string) => boolean;
}

const firstOf = (text: string) => text.split('，', 1)[0] ?? '';

/** One character is enough to tell only of what people have or take. */
const single = /[狗猫车烟酒糖茶肉伤]/;

function holds(known: string, text: string): boolean {
  return text.length > 1 || runsOf(known).some((run) => run.length <= 2 && run.endsWith(text));
}

function named(said: string, { about, share, kind, verb, sameVerb = isTimeOnly(about), fits = () => true }: Naming): Change[] {
  const person = personOf(said);
  const own = runsOf(person === undefined ? about : about.replace(person, ''));
  const runs = own.length > 0 ? own : runsOf(about);
  const text = runs.join('');
  if (text === '' || (text.length === 1 && !single.test(text)) || (sameVerb && verb === undefined)) return [];
  const meets = (known: string) => {
    if (isApart(said, known) || (sameVerb && !known.includes(verb ?? '')) || (own.length === 0 && !/[叫是姓]/.test(known))) return 0;
    if ((own.length > 0 && !holds(known, text)) || (/最/.test(about) && !/最/.test(known)) || !fits(known)) return 0;
    const held = coverage(runs, known);
    // What a clause ends in is what it is about: 我喝咖啡, not 我喜欢咖啡味的冰淇淋.
    const isHead = firstOf(known).endsWith(runs.at(-1) ?? '');
    return held < share ? 0 : held + (isHead ? 0.2 : 0) + ((verb !== undefined && known.includes(verb)) || sameKind(said, known) ? 0.3 : 0);
  };
  return [resembling(said, { kind, meets })];
}

/** 手账我退坑了; 我不租房了，买房了 */
function readEnded(said: string, clauses: string[]): Change[] {
  const ends = (clause: string) => endingForms.some((form) => !form.news && form.find.test(clause));
  return clauses.flatMap((clause, index) => {
    const form = notOver.test(clause) ? undefined : endingForms.find(({ find }) => find.test(clause));
    const others = clauses.filter((other, each) => each !== index && !ends(other));
    const isNews = others.some((other) => news.test(other));
    if (!form || (form.news && !isNews)) return [];
    const own = clause.replace(form.find, ' ');
    // 螺蛳粉我吃伤了，不吃了: what it is about stands in the clause before.
    const before = /^(?<topic>[^我]{2,})我/.exec(clauses[index - 1] ?? '')?.groups?.topic;
    const about = runsOf(own).join('').length < 2 && before !== undefined ? before : own;
    const kind = isNews || others.some((other) => other.length > 2 && !reason.test(other)) ? 'replace' : 'retract';
    const limits = limitsOf(clause);
    // 我不再吃苹果皮了 says nothing of 我喜欢吃苹果.
    const end = runsOf(about).at(-1)?.slice(-2) ?? '';
    const fits = (known: string) =>
      canEnd(clause, known) && limits.every((limit) => known.includes(limit)) && (form.news === true || known.includes(end));
    return named(said, { about, share: form.news ? least.worn : least.old, kind, fits });
  });
}

function readUnsaid(said: string): Change[] {
  const match = unsayings.map((form) => form.exec(said)).find((found) => found !== null);
  const about = match?.groups?.old;
  if (!match || about === undefined) return [];
  const rest = said.slice(match.index + match[0].length);
  return named(about, { about, share: least.unsaid, kind: /[是在叫我]/.test(rest) ? 'replace' : 'retract' });
}

function readMoved(said: string, clauses: string[]): Change[] {
  return clauses.flatMap((clause, index) => {
    const groups = movedForm.exec(clause)?.groups;
    const { topic = '', verb = '', fresh = '' } = groups ?? {};
    if (!groups || notMoved.test(topic)) return [];
    const before = topic.replace(/从[^，]*$/, '');
    if (runsOf(before).length > 0)
      return named(said, { about: before, share: least.topic, kind: 'replace', verb: verb.at(-1) ?? /^名?叫/.exec(fresh)?.[0].at(-1) });
    // 我换医生了，现在的医生姓刘
    const isRenewed = verb === '' && /^(?:现在|新的|[是在去])/.test(clauses[index + 1] ?? '');
    if (isRenewed) return named(`我的${fresh}`, { about: `我的${fresh}`, share: least.topic, kind: 'replace' });
    // 我改成晚上跑步了
    return timed.test(fresh) ? named(said, { about: fresh, share: least.topic, kind: 'replace' }) : [];
  });
}

function readNow(said: string, clauses: string[]): Change[] {
  return clauses.flatMap((clause) => {
    const { topic = '', fresh = '' } = nowForm.exec(clause)?.groups ?? {};
    const verb = new RegExp(`[${verbs}]`).exec(fresh)?.[0];
    const isMore = fresh.startsWith('更');
    if (runsOf(topic).length === 0 || (verb === undefined && !isMore)) return [];
    return named(said, { about: topic, share: least.topic, kind: 'replace', verb, sameVerb: !isMore || isTimeOnly(topic) });
  });
}

/** The same sentence with another value. */
function readAligned(clause: string, corrects: boolean): Change[] {
  const fresh = intoWhat.exec(clause)?.groups?.fresh;
  const isMoved = fresh !== undefined;
  const isCued = corrects || isMoved || /现在|如今|目前|以后|从今|更|其实|[上读念][^，]{1,4}了$/.test(clause);
  if (!isCued) return [];
  const bare = clause.replace(new RegExp(`${moves}[成为到在]?了?`), '');
  const meets = (known: string) => {
    const found = isApart(clause, known) ? undefined : align(bare, known);
    if (!found) return 0;
    const fits =
      corrects ||
      fresh?.includes(found.value) ||
      exclusive.test(found.shared) ||
      /更/.test(clause) ||
      (!isOneOfMany(clause) && sameKind(found.value, found.other));
    return fits && (corrects || !isTimeOnly(found.shared)) && runsOf(found.shared).join('').length >= (corrects ? 1 : 2) ? 0.5 : 0;
  };
  return [
    resembling(clause, { kind: 'replace', meets }),
    ...(corrects ? named(clause, { about: clause, share: least.corrected, kind: 'replace' }) : []),
  ];
}

/** What people give up by one name and take up again by another. */
const opposites: [again: RegExp, given: RegExp][] = [
  [/吃[肉荤]|开荤/, /^我[^不没]*(?:吃素|(?:素食|纯素)(?![餐店馆菜]))|(?:不吃|戒)[肉荤]/],
  [/[抽吸]烟/, /戒烟|不[抽吸]烟/],
  [/喝酒/, /戒酒|不喝酒|滴酒不沾/],
];

/** What was not so is so now: 我不吃辣 → 我现在能吃辣了. */
function readTurned(said: string, [clause = '']: string[]): Change[] {
  if (/不|没/.test(clause) || !/(?:现在|已经|终于|又|开始|重新).*了$/.test(clause)) return [];
  const plain = (text: string) => text.replace(/现在|已经|终于|开始|重新|可以|[又能会敢了很太不没再我]/g, '');
  const isOpposite = (known: string) => opposites.some(([again, given]) => again.test(clause) && given.test(known));
  const meets = (known: string) => {
    const first = firstOf(known);
    return isOpposite(first) || (/不(?!是)|没/.test(first) && plain(first) === plain(clause)) ? 1 : 0;
  };
  return [resembling(said, { kind: 'replace', meets })];
}

/** 我现在讨厌喝咖啡: what was liked. */
function readDisliked(said: string, clauses: string[]): Change[] {
  return clauses.flatMap((clause) => {
    const thing = /(?:现在|如今|开始|越来越|已经).{0,2}?(?:讨厌|厌恶|反感|受不了)[吃喝看听玩]?(?<thing>[^，]+?)了?$/.exec(clause)?.groups
      ?.thing;
    if (thing === undefined) return [];
    return named(said, { about: thing, share: least.old, kind: 'replace', fits: (known) => /喜欢|爱/.test(known) });
  });
}

/** 我以前在华为工作: the very same words, of the past. */
function readPast(said: string, clauses: string[]): Change[] {
  const [clause = ''] = clauses;
  const was = clause.replace(/^(?<who>我[^，]{0,4}?)?(?:以前|曾经?|过去|之前|原来)/, '$<who>');
  if (was === clause || clauses.length > 1 || isPast(was)) return [];
  const plain = (text: string) => text.replace(/一直|[都的了\s。！!]/g, '');
  return [resembling(said, { kind: 'replace', meets: (known) => (plain(known) === plain(was) ? 1 : 0) })];
}

/** 我不是早起的人 after 我是早起的人: the very same words, denied. */
function readDenied(said: string, clauses: string[]): Change[] {
  const [clause = ''] = clauses;
  const affirmed = clause.replace(/并?不(?=是|会|喜欢|爱|能|吃|喝|抽)|没(?=有)/, '');
  if (affirmed === clause || clauses.length > 1) return [];
  const plain = (text: string) => text.replace(/非常|特别|一个|其实|[很挺都的了\s。！!]/g, '');
  return [resembling(said, { kind: 'replace', meets: (known) => (plain(known) === plain(affirmed) ? 1 : 0) })];
}

/** 我现在在读《活着》, 我现在追的是《琅琊榜》: one at a time. */
function readCurrent(said: string): Change[] {
  const verb = /现在(?:正?在)?(?<verb>[读看追听玩刷])的?(?:是)?《/.exec(said)?.groups?.verb;
  if (verb === undefined) return [];
  return [resembling(said, { kind: 'replace', meets: (known) => (known.includes(`在${verb}《`) ? 1 : 0) })];
}

/** Whether a text, without what leads up to it, says that something said before was wrong. */
function isCorrection(text: string): boolean {
  return correcting.test(text) || correctedAfter.test(text);
}

/** Whether a statement may change what was said before at all; what happened long ago does so only as a correction. */
export function mayChange(text: string): boolean {
  const whole = text.replaceAll(',', '，').replace(lead, '');
  return !beside.test(text) && (isCorrection(whole) || !isHistory(whole));
}

/**
 * The changes that a statement may tell, the surest first, found by the words that it shares with what was said before.
 * `text` is in unified wording.
 */
export function readingsOf(text: string): Change[] {
  const whole = text.replaceAll(',', '，').replace(lead, '');
  const said = whole.replace(correctedAfter, '').replace(correcting, '').replace(lead, '');
  const corrects = isCorrection(whole);
  const clauses = said
    .split(/[，。；;]/)
    .map((clause) => clause.trim().replace(lead, ''))
    .filter((clause) => clause !== '');
  const found = [
    ...readDisliked(said, clauses),
    ...readEnded(said, clauses),
    ...readMoved(said, clauses),
    ...readNow(said, clauses),
    ...clauses.flatMap((clause) => readAligned(clause, corrects)),
    ...readTurned(said, clauses),
    ...readDenied(said, clauses),
    ...readPast(said, clauses),
    ...readCurrent(said),
  ];
  const wishes = isWish(said);
  // A wish changes no more than a wish, and what was is changed only by a correction.
  const spared = (known: string) => (wishes && !isWish(known)) || (isPast(known) && !corrects);
  return [
    ...readUnsaid(said),
    ...found.map(({ meets, ...change }) => ({ ...change, meets: (known: string) => (spared(known) ? 0 : (meets?.(known) ?? 0)) })),
  ];
}
