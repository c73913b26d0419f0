import { isCompound, partsOf, sentencesOf } from './chinese-clauses.js';
import { type Change, type Claim, categoryOf, type Reader, wordsOfCategory } from './claim.js';

const relatives =
  '妈妈|母亲|爸爸|父亲|姐姐|妹妹|哥哥|弟弟|老婆|妻子|老公|丈夫|女儿|儿子|孩子|女朋友|男朋友|朋友|同事|老板|经理|室友|邻居|公司|团队|狗|猫|爷爷|奶奶|外公|外婆';

/** Verbs and nouns that tell what a clause states of its holder. */
const frameMarks: [string, RegExp][] = [
  ['home', /住(?!院)|搬到|搬去|搬进|搬回|定居/],
  ['work', /在.{1,20}(?:工作|上班|任职|就职)|入职|加入|跳槽|就职于|供职/],
  [
    'role',
    /(?:职业|工作|岗位|职位)是|(?:是|当|做|成为|成|担任)了?(?:一?[名个位])?[^，。不]{0,8}(?:师|员|学生|研究生|经理|医生|护士|教授|记者|厨师|司机|作家|演员|画家|会计|警察|军人|农民|主管|总监|设计师|翻译|编辑|教练|主播|程序员|家教|中介|公务员)了?$/,
  ],
  ['study', /在.{1,12}(?:读书|上学|念书|读研|读博|就读|留学|念大学|上大学)|(?:转学|考)[到去上]/],
  ['group', /[在到去].{1,8}(?:组|部门?|[小团]队|班|科室)(?:了|$|工作)/],
  ['name', /我叫|叫我|(?:我的)?名字(?:是|叫)|称呼我/],
  ['age', /\d+岁|[一二三四五六七八九十]+岁/],
  ['diet', /素食|吃素|吃荤|纯素|生酮/],
  ['partner', /单身|结婚|已婚|订婚|离婚|约会|恋爱|在一起|交往|我(?:们?的?)?(?:现在的?)?(?:女朋友|男朋友|老婆|妻子|老公|丈夫|对象|未婚[妻夫])(?:叫|是)|有(?:了|一?个)?(?:女朋友|男朋友|对象)/],
  ['dislike', /不喜欢|讨厌|不爱|受不了|厌恶/],
  ['like', /(?<!不)(?:喜欢|爱(?!人)|热爱|喜爱|最爱|偏爱)|爱好|兴趣/],
  ['drive', new RegExp(`开(?:的是|着)?(?:一辆|辆)|开车|车是|(?:开|有|买了?)(?:的是|着|一?辆)*[^，。]{0,4}(?:${wordsOfCategory('car').join('|')})`)],
  ['allergic', /过敏/],
  ['born', /出生|老家|长大/],
  ['have', /有(?!时|点|些|的|关)|养/],
  ...['喝', '吃', '用', '玩', '打', '学', '看', '听', '抽', '跑', '弹', '骑', '练', '去', '做', '订', '读', '穿', '游', '写', '坐', '画', '当', '开'].map(
    (verb): [string, RegExp] => [`verb:${verb}`, new RegExp(verb)],
  ),
];

function framesOf(text: string): Set<string> {
  return new Set(frameMarks.filter(([, mark]) => mark.test(text)).map(([frame]) => frame));
}

const openers =
  /^(?:其实|更正(?:一下)?|纠正一下|对了|现在|目前|最近|如今|后来|今年|去年|上个?月|上周|昨天|今天|不过|但是?|从今天起|从现在起|顺便说一下|记住|请记住|更新|说错了|不对)?[，,：:、\s]*/;

function holderOf(text: string): string {
  if (/^我们?(?:现在)?的?(?:女朋友|男朋友|老婆|妻子|老公|丈夫|对象|未婚[妻夫])(?:现在)?(?:叫|是)/.test(text)) return 'self';
  const body = text.replace(openers, '');
  const relative = new RegExp(`^我(?:们)?(?:的)?(?:家的?)?(${relatives})(?!(?:的)?(?:电话|号码|邮箱))`).exec(body);
  if (relative?.[1]) return relative[1];
  if (/我|用户/.test(body.slice(0, 20)) || !/^[\p{Script=Han}]{2,4}(?:住|在|是|叫|喜欢|有|的|不)/u.test(body)) return 'self';
  return /^(?:小.|老.|阿.|[\p{Script=Han}]{2,3}?)(?=住|在|是|叫|喜欢|有|的|不|现在|已|从|搬|换)/u.exec(body)?.[0] ?? 'self';
}

const attributeForm =
  /(?:我|我们)(?:的)?((?:最喜欢的|常用的)?[^，。是在换改变不再有没喜欢叫住用的从把]{1,8}(?:的[^，。是换改变叫]{1,6})?)(?:现在|目前|已经)?(?:是|叫|换成|改成|变成|改为|变为)/;

function attributeOf(text: string): string[] {
  const body = text.replace(/现在|目前|已经|新的|新/g, '');
  const found =
    attributeForm.exec(body)?.[1] ??
    /^([^，。是在换改变不再有没喜叫住用的从把我]{2,8})(?:是|换成|改成|改到|改为|变成)/.exec(body)?.[1] ??
    /最喜欢的([^，。是]{1,8})(?:现在)?(?:是|换成|变成|改成)/.exec(body)?.[0].replace(/(?:现在)?(?:是|换成|变成|改成)$/, '');
  const timed = /^(?:我们?的?)?([^，。我在是有住]{2,8}?)(?:在(?=周|星期|每|早|上午|下午|晚|中午|[\d一二三四五六七八九十]+点)|(?=[\d一二两三四五六七八九十百千万]+(?:元|块|点|公斤|斤)))/.exec(body)?.[1];
  const attribute = (found ?? timed)?.replace(/^的|现在|已经|每[天周月年]的?/g, '');
  return attribute ? [attribute] : [];
}

function valueTypeOf(text: string): Claim['valueType'] {
  const value = /(?:是|叫|成)(?:了)?([^，。]*)/.exec(text)?.[1] ?? '';
  return /\d/.test(value) ? 'number' : /^一?[名个位]/.test(value) ? 'article' : 'other';
}

/** The ends of a clause, from two to four characters, that hold no verb: what it is about in the end. */
function headsOf(text: string): string[] {
  const body = text.replace(/[。！!了\s]+$/, '');
  return [2, 3, 4].map((length) => body.slice(-length)).filter((end) => end.length > 1 && framesOf(end).size === 0 && !/[在是的了]/.test(end));
}

function readClaim(text: string): Claim {
  const frames = framesOf(text);
  const attribute = attributeOf(text);
  if (attribute.length > 0 || /是/.test(text)) frames.add('be');
  const lower = text.toLowerCase();
  return {
    holder: holderOf(text),
    frames,
    attribute,
    valueType: valueTypeOf(text),
    closed: /不再|已经不|[^，]不[^，]+了$|不是|没有|戒了|以前|曾经|过去|之前.{0,12}过|(?:喝|吃|去|住|用|玩|看)过/.test(text),
    heads: new Set(headsOf(text)),
    has: (term) => lower.includes(term),
  };
}

/** A verb that gives something another value, place or time. */
const move =
  '(?:搬家?|换|改|跳槽|转学?行?|调|升级?|迁移?|切换|变|转行|提高|降低?|调整|增加|减少?|缩减|涨|推迟|提前|挪|更新|替换|搬迁)';

/** Groups: old, fresh, attribute, rest. `owned`: what ended is the subject itself. */
const forms: { find: RegExp; retracts?: boolean; frame?: string; owned?: boolean }[] = [
  { find: new RegExp(`从(?<old>[^，。从]{1,20}?)${move}(?:到|去|成|为|用|喝|吃|骑|学|开|当|做)了?(?<fresh>[^，。]+)`) },
  { find: new RegExp(`把(?<old>[^，。]{1,20}?)${move}(?:到|成|为)了?(?<fresh>[^，。]+)`) },
  { find: /用(?<fresh>[^，。]{1,20}?)(?:代替|替代|取代|替换)了?(?<old>[^，。]{1,20})/ },
  { find: /^(?<old>[^，。不]{1,12}?)不(?:再)?是我们?的?(?<attribute>[^，。]{1,10}?)了?(?<rest>[，,。；].*|)$/, retracts: true, owned: true },
  { find: /我(?:已经|现在|早就)?不(?:再)?是(?<old>[^，。,]{1,12})了(?<rest>[，,。；].*|)$/, retracts: true },
  { find: /不是(?<old>[^，。,]{1,20})[，,]?(?:而)?是(?<fresh>[^，。]+)/ },
  { find: /是(?<fresh>[^，。,]{1,20})[，,]?(?:而)?不是(?<old>[^，。]+)/ },
  { find: /(?:叫|住|在)(?<fresh>[^，。,]{1,20})[，,]?(?:而)?不是(?<old>[^，。]+)/ },
  {
    find: /(?:以前|之前|原来|过去|曾经|本来)(?:我)?(?:都|是|一直)?(?<old>[^，。,]{1,20})[，,。；]?(?:但|不过|可是|而)?(?:我)?(?<fresh>(?:现在|如今|目前|最近).+)/,
  },
  {
    find: /(?<fresh>(?:现在|改)(?:我)?(?:喝|吃|用|玩|开|骑|住|喜欢)[^，。,]{1,20})[，,]?(?:而)?(?:不再|不)(?<old>(?:喝|吃|用|玩|开|骑|住|喜欢)[^，。了]{1,20})了?/,
  },
  { find: /(?:不再|再也不|再不)(?:是|想|继续)?(?<old>[^，。,；]{1,20}?)(?:了)?(?<rest>[，,。；].*|)$/, retracts: true },
  {
    find: /(?:已经|现在|早就|最近|如今)?(?:都)?(?:不|没)(?!是|喜欢[^了]*$|太|想|知道|过|能|会|要|错)(?<old>[^，。,；]{1,20}?)了(?<rest>[，,。；].*|)$/,
    retracts: true,
  },
  { find: /对(?<old>[^，。,；]{1,12}?)(?:已经)?(?:没(?:有|什么|了)?兴趣|不感兴趣|失去了?兴趣|腻|厌倦)了?(?<rest>[，,。；].*|)$/, retracts: true },
  { find: /[和跟与](?<old>[^，。,；]{1,8}?)(?:已经)?(?:分手|离婚|分开)了?(?<rest>[，,。；].*|)$/, retracts: true, frame: 'partner' },
  { find: /(?:分手|离婚)(?<old>)了?(?<rest>[，,。；].*|)$/, retracts: true, frame: 'partner' },
  { find: /被(?<old>[^，。,；]{0,12}?)(?:裁员?|辞退|开除|解雇|炒鱿鱼|优化)掉?了?(?<rest>[，,。；].*|)$/, retracts: true, frame: 'work' },
  { find: /从(?<old>[^，。,；]{1,12}?)(?:搬走|搬出来|退学|离职|辞职|退出|调走|离开|退休)了?(?<rest>[，,。；].*|)$/, retracts: true },
  { find: /(?<old>)(?:辞职|离职|失业|退休)了?(?<rest>[，,。；].*|)$/, retracts: true, frame: 'work' },
  { find: new RegExp(`把(?<old>[^，。,；]{1,20}?)(?:都|给)?(?:卖|戒|扔|退|取消|送人?|卸载|停|删除?|辞|注销|丢|退订|处理|转让|断)掉?了(?<rest>[，,。；].*|)$`), retracts: true },
  {
    find: /^(?:我们?(?:家)?的?)?(?<old>[^，。,；我把]{1,8}?)(?:已经|上[周个]月?|昨天|去年)?(?:死|去世|走丢|跑丢|跑|飞走|卖掉?|送人|取消|停掉?|解散|丢)了(?<rest>[，,。；].*|)$/,
    retracts: true,
    owned: true,
  },
  { find: /(?:离开|辞掉?|辞去)了?(?<old>[^，。,；了]{1,20}?)(?:的工作)?了?(?<rest>[，,。；].*|)$/, retracts: true, frame: 'place' },
  {
    find: /(?:戒掉?了?|放弃了?|停止了?|停了|停掉了?|取消了?|卖掉?了?|扔掉?了?|退了|退掉了?|退订了?|卸载了?|退出了?|停用了?|注销了?)(?<old>[^，。,；了]{1,20})了?(?<rest>[，,。；].*|)$/,
    retracts: true,
  },
];

const freshForms: { find: RegExp; frame: string }[] = [
  { find: /搬(?:家)?(?:到|去|进|回)了?/, frame: 'home' },
  { find: /(?:现在|目前|如今)(?:我)?(?:住|定居)|住(?:在|到)?[^，。]+了$/, frame: 'home' },
  { find: /(?:调|转|换|分|调动|转岗)(?:到|去|进|入)了?[^，。]{1,8}(?:组|部门?|[小团]队|班|科室)/, frame: 'group' },
  { find: /(?:现在|目前|如今)(?:我)?在[^，。]{1,8}(?:组|部门?|[小团]队|班|科室)(?:了|$)/, frame: 'group' },
  { find: /转学(?:到|去)|(?:现在|目前|如今)(?:我)?在[^，。]{1,12}(?:读书|上学|念书|就读)|换了?学校/, frame: 'study' },
  { find: /跳槽(?:到|去)|入职了?|(?:现在|目前|如今)(?:我)?在[^，。]{1,20}(?:工作|上班|任职|就职)|换了?(?:新)?工作/, frame: 'work' },
  { find: /(?:改行|转行)(?:去|当|做|成|到|了)/, frame: 'role' },
  { find: /(?:现在|如今|已经)(?:我)?(?:和|跟|与).{1,8}(?:交往|恋爱|在一起|结婚)|换了?(?:新)?(?:女朋友|男朋友|对象)/, frame: 'partner' },
  { find: /换了?(?:新)?车了?|(?:改|换)开/, frame: 'drive' },
  { find: /(?:以后|现在)(?:请)?(?:叫我|我叫|称呼我)|改名/, frame: 'name' },
  { find: /(?:现在|已经|刚)(?:我)?(?:满)?\d+岁/, frame: 'age' },
  { find: /(?:现在|开始|改|变成|已经)(?:我)?(?:是|吃|成)?(?:素|吃素|纯素|生酮)/, frame: 'diet' },
  { find: /(?:现在|如今)(?:我)?(?:开的是|开(?:一)?辆)/, frame: 'drive' },
];

const leadingVerb = /^(?:是|在|有|养|住在?|喜欢(?:[吃喝玩看听打])?|爱[吃喝玩看听打]?|喝|吃|用|玩|打|学|看|听|抽|跑|弹|骑|练|去|做|当|订|读|穿|开|继续)/;
const trailers = /(?:了|的(?:订阅|会员|账号|账户|习惯|课程?)|饮食|工作|上班|任职|的工作|一起|这家公司|公司)$/;

function termOf(old: string): string {
  let term = old
    .toLowerCase()
    .replace(/^(?:从|我|我的|那个?|这个?|一[个只辆台])+/, '')
    .trim();
  term = term.replace(leadingVerb, '').replace(/^(?:我的?|一[个只辆台条]|[个只辆台条])/, '');
  for (let next = term.replace(trailers, ''); next !== term; next = term.replace(trailers, '')) term = next;
  return term;
}

/** Nouns that only name what kind of thing ended, as a frame. */
const frameNouns: Record<string, string> = { 工作: 'work', 女朋友: 'partner', 男朋友: 'partner', 对象: 'partner', 车: 'drive', 车子: 'drive', 房子: 'home' };

/** Whether a retraction also says what holds instead, before or after it; a reason is none. */
function bringsNews({ before, rest }: { before: string; rest: string }): boolean {
  const more = rest.replace(/^[，,。；\s]+/, '');
  return /(?:现在|改|开始).*[，,。；]/.test(before) || (more.length > 2 && !/^(?:因为|由于|太|实在|觉得|感觉|为了|毕竟|对身体|所以)/.test(more));
}

function readChange(text: string): Change | undefined {
  const holder = holderOf(text);
  if (/也|还有|另外|同时|如果|(?:想|打算|计划|准备|可能|考虑|希望|应该)(?:要|会)?(?:搬|换|改|跳|离|辞|卖|戒|从)/.test(text))
    return undefined;
  for (const { find, retracts, frame, owned } of forms) {
    const match = find.exec(text);
    const groups = match?.groups;
    if (!match || groups?.old === undefined) continue;
    const frames = framesOf(groups.old);
    const object = termOf(groups.old);
    const term = object in frameNouns ? '' : object;
    const attribute = retracts ? [groups.attribute ?? ''].filter(Boolean) : attributeOf(text.replace(/不是[^，。]*[，,]?(?:而)?(?=是)/, ''));
    const named = /(?:把我?的?)([^，。从]{2,8}?)从/.exec(text)?.[1];
    const own =
      frame ??
      frameNouns[object] ??
      (retracts || /以前|之前|原来|过去|不再|搬/.test(text)
        ? [...framesOf(/搬/.test(text) && !retracts ? '住' : groups.old)].find((each) => !(each === 'verb:当' || each === 'verb:做'))
        : undefined);
    if (term === '' && !own) continue;
    const terms = term !== '' ? [term] : [...frames].filter((each) => each.startsWith('verb:')).map((each) => each.slice(5));
    return {
      kind: retracts && !bringsNews({ before: text.slice(0, match.index), rest: groups.rest ?? '' }) ? 'retract' : 'replace',
      holders: owned ? ['self', 'it', ...terms] : [holder],
      old: terms,
      frame: own,
      attribute: named ? [named] : attribute.length > 0 && !find.source.startsWith('把') ? attribute : undefined,
    };
  }
  const attribute = attributeOf(text);
  if (attribute.length > 0 && new RegExp(`现在|${move}(?:到|成|为)|其实|更正|新`).test(text))
    return { kind: 'replace', holders: [holder], old: [], attribute, valueType: valueTypeOf(text) };
  const frame = freshForms.find(({ find }) => find.test(text))?.frame;
  if (frame) return { kind: 'replace', holders: [holder], old: [], frame };
  const fresh = /(?<cue>现在|改|换成|换到|换了|开始)(?:我)?(?:早上|晚上|每天|只|都|在|主要)*(?<verb>[喝吃用骑开听学打坐看玩做写])?了?(?<fresh>[^，。]+)/.exec(text)?.groups;
  if (!fresh) return undefined;
  const value = fresh.fresh?.toLowerCase() ?? '';
  const category = ['drink', 'editor', 'phone', 'car', 'browser', 'messenger', 'vehicle', 'notes', 'language', 'mode'].find((each) =>
    wordsOfCategory(each).some((word) => value.includes(word)),
  );
  const verb = fresh.verb ? `verb:${fresh.verb}` : undefined;
  if (verb === undefined && category === undefined && fresh.cue !== '现在') return undefined;
  const main = verb ?? [...framesOf(text)].find((each) => each.startsWith('verb:'));
  if (framesOf(text).has('like')) return undefined;
  return { kind: 'replace', holders: [holder], old: [], category, frame: main, heads: headsOf(text), only: fresh.cue === '改' };
}

/** Reads Chinese; terms are substrings, so nothing is cut into words. */
export const chinese: Reader = {
  sentences: sentencesOf,
  parts: partsOf,
  isCompound,
  claim: readClaim,
  change: (text) => readChange(text.replace(/[。！!\s]+$/, '').slice(0, 2_000)),
};
