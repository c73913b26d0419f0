import { isCompound, partsOf, sentencesOf } from './chinese-clauses.js';
import { freshForms, move, oldForms } from './chinese-forms.js';
import { measuredOf, subjectOf } from './chinese-subject.js';
import { type Change, type Claim, exclusiveFrames, type Reader, wordsOfCategory } from './claim.js';

const relatives =
  '妈妈|母亲|爸爸|父亲|妈(?!妈)|爸(?!爸)|太太|先生|媳妇|爱人|伴侣|前妻|前夫|前任|婶婶|外孙女?|徒弟|师傅|师[兄姐弟妹]|导师|老师|学生|领导|上司|下属|客户|秘书|助理|搭档|合伙人|房东|房客|保姆|教练|队友|战友|网友|姐姐|妹妹|哥哥|弟弟|老婆|妻子|老公|丈夫|女儿|儿子|孩子|女朋友|男朋友|朋友|同事|老板|经理|表[哥姐弟妹]|堂[哥姐弟妹]|舅舅|舅妈|姑姑|姑妈|姨妈|阿姨|叔叔|伯伯|嫂子|姐夫|侄子|侄女|外甥|闺蜜|同学|爸妈|父母|公公|婆婆|岳父|岳母|奶奶家|孙子|孙女|室友|邻居|公司|团队|狗|猫|爷爷|奶奶|外公|外婆';

const occupations =
  '师|员|学生|研究生|经理|医生|护士|教授|记者|厨师|司机|作家|演员|画家|会计|警察|军人|农民|主管|总监|翻译|编辑|教练|主播|家教|中介';

/** Verbs and nouns that tell what a clause states of its holder. */
const frameMarks: [string, RegExp][] = [
  [
    'home',
    /住(?!院)|我们?家(?:现在)?(?:在|住)|租.{0,6}(?:房|公寓)|在.{1,10}(?:生活|定居)|搬离|搬到|搬去|搬进|搬回|定居|^[^，。我]{1,12}在[^，。]{1,10}(?:楼|层|室|路|街)$/,
  ],
  ['work', new RegExp(`在[^，]{1,10}(?:做|当)[^，]{0,8}(?:${occupations})`)],
  ['work', /在.{1,20}(?:工作|(?<!坐.{1,8}|骑.{1,8})上班|任职|就职)|入职|加入|跳槽|就职于|供职/],
  ['role', new RegExp(`(?:职业|工作|岗位|职位)是|(?:是|当|做|成为|成|担任)了?(?:一?[名个位])?[^，。不]{0,8}(?:${occupations})了?$`)],
  ['study', /在.{1,12}(?:读书|上学|念书|读研|读博|就读|留学|念大学|上大学)|(?:转学|考)[到去上]/],
  ['group', /[在到去].{1,8}(?:组|部门?|[小团]队|[一二三四五六七八九十\d]班|科室)(?:了|$|工作)/],
  ['commute', /(?:坐|骑|开|走|乘|打|搭|步行).{0,8}(?:上班|上学|去公司)/],
  ['name', /我叫|叫我|(?:我的)?名字(?:是|叫)|称呼我/],
  ['age', /\d+岁|[一二三四五六七八九十]+岁/],
  ['diet', /素食|吃素|吃荤|纯素|生酮/],
  [
    'partner',
    /单身|结婚|已婚|订婚|离婚|约会|恋爱|在一起|交往|我(?:们?的?)?(?:现在的?)?(?:女朋友|男朋友|老婆|妻子|老公|丈夫|对象|未婚[妻夫])(?:叫|是)|有(?:了|一?个)?(?:女朋友|男朋友|对象)/,
  ],
  ['dislike', /不喜欢|讨厌|不爱|受不了|厌恶/],
  ['like', /(?<!不)(?:喜欢|爱(?!人|奇艺)|热爱|喜爱|最爱|偏爱)|爱好|兴趣/],
  [
    'drive',
    new RegExp(
      `开(?:的是|着)?(?:一辆|辆)|开车|(?<!自行|单|电动|摩托|公交|火|婴儿)车是|我(?:现在)?开(?!始|会|心|店|发|了|公司|餐|直播|玩|学|放)|(?:开|有|买了?)(?:的是|着|一?辆)*[^，。]{0,4}(?:${wordsOfCategory('car').join('|')})`,
    ),
  ],
  ['allergic', /过敏/],
  ['born', /出生|老家|长大/],
  ['have', /有(?!时|点|些|的|关)|养/],
  ['pay', /订阅|付费|充(?:了|着)?会员|[买开]了?会员/],
  ...[
    '喝',
    '吃',
    '用',
    '玩',
    '打',
    '学',
    '看',
    '听',
    '抽',
    '跑',
    '弹',
    '骑',
    '练',
    '去',
    '做',
    '订',
    '读',
    '穿',
    '游',
    '写',
    '坐',
    '画',
    '当',
    '开',
  ].map((verb): [string, RegExp] => [`verb:${verb}`, new RegExp(verb)]),
];

function framesOf(text: string): Set<string> {
  return new Set(frameMarks.filter(([, mark]) => mark.test(text)).map(([frame]) => frame));
}

/** What announces that something said before was wrong, as alternatives of a pattern. */
const correction = '其实|更正(?:一下)?|纠正(?:一下)?|我?(?:刚才|之前)?(?:说|搞|弄|记|写)错了|不对|准确地说|应该说|事实上|实际上';

const openers = new RegExp(
  `^(?:对了|现在|目前|最近|如今|后来|今年|去年|上个?月|上周|昨天|今天|不过|但是?|从今天起|从现在起|顺便说一下|记住|请记住|更新|${correction})?[，,：:、\\s]*`,
);

/** 我姐姐, also with what tells one of several apart: 我大学同学现在… */
const relativeForm = new RegExp(
  `^我们?的?(?:家的?)?(?:(${relatives})(?!的?(?:电话|号码|邮箱))|([^，。现我养有爱喜看想和跟与把从对给买带没失讨戒在住是玩]{1,4}(?:${relatives}))(?=现在|已经|[住搬在是换不用从去开]))`,
);

/** 我二姨在…, 我隔壁老李住…: whoever stands between the speaker and the verb, unless the words tell of the speaker. */
const otherForm = /^我(?!们|的)(\p{Script=Han}{2,4}?)(?:现在|已经|目前)?(?=[在住是用开有喜爱养搬])/u;
const ownWords =
  /[现目一已平最每周也还又都只不没从对和跟与把被正刚常总很真比更较非般曾以之原其早晚今昨明后前时自喜爱想要会能可去来家全们的住搬换改养戒辞开学做当打喝吃看听跑买卖用习特主了订取退停放弃离说]/;

function holderOf(text: string): string {
  if (/^我们?(?:现在)?的?(?:女朋友|男朋友|老婆|妻子|老公|丈夫|对象|未婚[妻夫])(?:现在)?(?:叫|是)/.test(text)) return 'self';
  const body = text.replace(openers, '');
  const relative = relativeForm.exec(body)?.slice(1).find(Boolean);
  if (relative !== undefined) return relative;
  const other = otherForm.exec(body)?.[1];
  if (other !== undefined && !ownWords.test(other)) return other;
  if (/我|用户/.test(body.slice(0, 20)) || !/^[\p{Script=Han}]{2,4}(?:住|在|是|叫|喜欢|有|的|不)/u.test(body)) return 'self';
  return /^(?:小.|老.|阿.|[\p{Script=Han}]{2,3}?)(?=住|在|是|叫|喜欢|有|的|不|现在|已|从|搬|换)/u.exec(body)?.[0] ?? 'self';
}

function thingOf(text: string): string | undefined {
  const body = text.replace(openers, '');
  const relative = relativeForm.exec(body)?.[0];
  return relative === undefined || body.startsWith('的', relative.length) ? subjectOf(body) : undefined;
}

const attributeForm =
  /我们?(?:的)?((?:最喜欢的|常用的)?[^，。是在换改变不再有没喜欢叫住用的从把]{1,8}(?:的[^，。是换改变叫]{1,6})?)(?:现在|目前|已经)?(?:是|叫|换成|改成|变成|改为|变为)/;

function attributeOf(text: string): string[] {
  const body = text.replace(/现在|目前|已经|新的|新/g, '');
  const found =
    attributeForm.exec(body)?.[1] ??
    /^([^，。是在换改变不再有没喜叫住用的从把我]{2,8})(?:是|换成|改成|改到|改为|变成)/.exec(body)?.[1] ??
    /最喜欢的([^，。是]{1,8})(?:现在)?(?:是|换成|变成|改成)/.exec(body)?.[0].replace(/(?:现在)?(?:是|换成|变成|改成)$/, '');
  const timed =
    /^(?:我们?的?)?([^，。我在是有住从到]{2,8}?)(?:在(?=周|星期|每|早|上午|下午|晚|中午|[\d一二三四五六七八九十]+点)|(?=[\d一二两三四五六七八九十百千万]+(?:元|块|点|公斤|斤)))/.exec(
      body,
    )?.[1];
  const owned = /^([^，。是我]{2,16}的[^，。是我的]{1,8}?)(?:是|换成|改成|改到|改为|变成)/.exec(body.replace(openers, ''))?.[1];
  const attribute = (found ?? timed ?? owned)
    ?.replace(new RegExp(`${move}(?:到|成|为)?$`), '')
    .replace(/^的|现在|已经|每[天周月年]的?/g, '');
  return attribute ? [attribute] : [];
}

function valueTypeOf(text: string): Claim['valueType'] {
  const value = /(?:是|叫|成)(?:了)?([^，。]*)/.exec(text)?.[1] ?? '';
  return /\d/.test(value) ? 'number' : /^一?[名个位]/.test(value) ? 'article' : 'other';
}

/** The ends of a clause, from two to four characters, that hold no verb, and what is called by a name: what it is about in the end. */
function headsOf(text: string): string[] {
  const body = text.replace(/[。！!了\s]+$/, '');
  const names = [...body.matchAll(/(?:叫|名叫)([^的，。]{1,6})的/g)].map(([, name]) => name ?? '');
  return [2, 3, 4]
    .map((length) => body.slice(-length))
    .filter((end) => end.length > 1 && (end.length === 2 || framesOf(end).size === 0) && !/[在是的了]/.test(end))
    .concat(names);
}

function readClaim(clause: string): Claim {
  const text = clause.replace(/[。！!\s]+$/, '');
  const frames = framesOf(text);
  const attribute = attributeOf(text);
  if (attribute.length > 0 || /是/.test(text)) frames.add('be');
  const lower = text.toLowerCase();
  const subject = thingOf(text);
  return {
    holder: holderOf(text),
    subject: attribute.length > 0 && /^(?:我|咱)/.test(text.replace(openers, '')) ? undefined : subject,
    measured: subject === undefined ? undefined : measuredOf(text, subject),
    frames,
    attribute,
    valueType: valueTypeOf(text),
    closed: /不再|已经不|[^，]不[^，]+了$|不是|没有|戒了|以前|曾经|过去|之前.{0,12}过|(?:喝|吃|去|住|用|玩|看)过/.test(text),
    heads: new Set(headsOf(text)),
    has: (term) => lower.includes(term),
  };
}

const leadingVerb =
  /^(?:是|对|在|有|养|住在?|喜欢(?:[吃喝玩看听打])?|爱[吃喝玩看听打]?|喝|吃|用|玩|打|学|看|听|抽|跑|弹|骑|练|去|做|当|订阅?|读|穿|开|继续)/;
const trailers =
  /(?:严重|轻微)?过敏$|(?:了|的?(?:订阅|会员|账号|账户)|的(?:习惯|课程?)|饮食|住|居住|生活|读书|上学|工作|上班|任职|的工作|一起|这家公司|公司)$/;

function termOf(old: string): string {
  let term = old
    .toLowerCase()
    .replace(/^(?:从|我|我的|那个?|这个?|一[个只辆台])+/, '')
    .trim();
  term = term.replace(/^(?:没|再|有(?=养|[打学用])|正?在(?=[学养打用喝吃玩看听练]))+/, '');
  term = term.replace(leadingVerb, '').replace(/^(?:我的?|一[个只辆台条]|[个只辆台条])/, '');
  for (let next = term.replace(trailers, ''); next !== term; next = term.replace(trailers, '')) term = next;
  return term;
}

/** Nouns that only name what kind of thing ended, as a frame. */
const frameNouns: Record<string, string> = {
  工作: 'work',
  女朋友: 'partner',
  男朋友: 'partner',
  对象: 'partner',
  车: 'drive',
  车子: 'drive',
  房子: 'home',
};

/** Whether a retraction also says what holds instead, before or after it; a reason is none. */
function bringsNews({ before, rest }: { before: string; rest: string }): boolean {
  const more = rest.replace(/^[，,。；\s]+/, '');
  return (
    /(?:现在|改|换|转|开始|叫).*[，,。；]/.test(before) ||
    (more.length > 2 && !/^(?:因为|由于|太|实在|觉得|感觉|为了|毕竟|对身体|所以)/.test(more))
  );
}

function dayOf(text: string): string | undefined {
  return wordsOfCategory('day').some((day) => text.includes(day)) ? 'day' : undefined;
}

function readChange(text: string): Change | undefined {
  const holder = holderOf(text);
  const subject = thingOf(text);
  if (/(?<!再)也|还有|另外|同时|如果|(?:想|打算|计划|准备|可能|考虑|希望|应该)(?:要|会)?(?:搬|换|改|跳|离|辞|卖|戒|从)/.test(text))
    return undefined;
  for (const { find, retracts, frame, owned } of oldForms) {
    const match = find.exec(text);
    const groups = match?.groups;
    if (!match || groups?.old === undefined) continue;
    const frames = framesOf(groups.old);
    const object = termOf(groups.old);
    const term = object in frameNouns ? '' : object;
    const attribute = retracts
      ? [groups.attribute ?? ''].filter(Boolean)
      : attributeOf(text.replace(/不是[^，。]*[，,]?(?:而)?(?=是)/, ''));
    const named = /(?:把我?的?|^我们?的)([^，。从把]{2,8}?)从/.exec(text)?.[1];
    const own =
      frame ??
      frameNouns[object] ??
      (/过敏/.test(text) ? 'allergic' : undefined) ??
      (retracts || /以前|之前|原来|过去|不再|搬/.test(text)
        ? [...framesOf(/搬/.test(text) && !retracts ? '住' : groups.old)].find((each) => !(each === 'verb:当' || each === 'verb:做'))
        : undefined);
    if (term === '' && !own) continue;
    const terms = term !== '' ? [term] : [...frames].filter((each) => each.startsWith('verb:')).map((each) => each.slice(5));
    return {
      kind: retracts && !bringsNews({ before: text.slice(0, match.index), rest: groups.rest ?? '' }) ? 'retract' : 'replace',
      holders: owned ? ['self', 'it', ...terms] : [holder],
      subject: owned ? undefined : subject,
      old: terms,
      frame: own,
      attribute: named ? [named] : attribute.length > 0 && !find.source.startsWith('把') ? attribute : undefined,
    };
  }
  const attribute = attributeOf(text);
  if (attribute.length > 0 && new RegExp(`现在|${move}(?:到|成|为)|其实|更正|新`).test(text))
    return {
      kind: 'replace',
      holders: [holder],
      old: [],
      attribute,
      valueType: valueTypeOf(text) === 'other' ? undefined : valueTypeOf(text),
      category: dayOf(text),
    };
  const corrects = new RegExp(`^(?:${correction})`).test(text);
  const stated =
    corrects || /现在|如今|目前|改|成为?了|当上/.test(text) ? [...framesOf(text)].find((each) => exclusiveFrames.has(each)) : undefined;
  const frame = freshForms.find(({ find }) => find.test(text))?.frame ?? stated;
  if (frame && frame !== 'prefer') return { kind: 'replace', holders: [holder], subject, old: [], frame };
  const renewal = new RegExp(
    `^(?:我们?的?)?(?<attribute>[^，。我把从]{2,8}?)(?:已经|又|现在)?${move}(?:到|成|为)|^我们?换了?(?:个|新)?(?<renewed>[^，。了]{1,5})了?[，,](?:新的|现在)?(?:是|叫|在?用|改用)`,
  ).exec(text)?.groups;
  const valued = renewal?.attribute ?? renewal?.renewed;
  if (valued)
    return {
      kind: 'replace',
      holders: [holder, 'self'],
      old: [],
      attribute: [valued.replace(/^每[天周月]的?/, '')],
      category: dayOf(text),
    };
  const fresh =
    /(?<cue>现在(?!改)|改成?|换成|换到|换了?|开始)(?:我)?(?:早上|晚上|每天|只|都|在|主要)*(?<verb>[喝吃用骑开听学打坐看玩做写弹练跑])?了?(?<fresh>[^，。]+)/.exec(
      text,
    )?.groups;
  const measured = subject !== undefined && fresh?.cue === '现在' ? measuredOf(text, subject) : undefined;
  if (measured !== undefined) return { kind: 'replace', holders: [holder], subject, measured, old: [] };
  if (!fresh) return undefined;
  const value = fresh.fresh?.toLowerCase() ?? '';
  const category = ['drink', 'editor', 'phone', 'car', 'browser', 'messenger', 'vehicle', 'notes', 'language', 'mode'].find((each) =>
    wordsOfCategory(each).some((word) => value.includes(word)),
  );
  const verb = fresh.verb ? `verb:${fresh.verb}` : undefined;
  if (verb === undefined && category === undefined && fresh.cue !== '现在') return undefined;
  const main = verb ?? [...framesOf(text)].find((each) => each.startsWith('verb:'));
  if (framesOf(text).has('like')) return undefined;
  return {
    kind: 'replace',
    holders: [holder],
    subject,
    old: [],
    category,
    frame: main,
    heads: headsOf(text),
    only: subject === undefined && fresh.cue?.startsWith('改') === true && fresh.verb !== '用',
  };
}

/** One wording of what is said in several, without the end of the sentence; of at most 2,000 UTF-16 units. */
function unified(text: string): string {
  return text
    .slice(0, 2_000)
    .replace(/[。！!\s]+$/, '')
    .replace(/(?:已经|现在|早就)*不对([^，。]{1,12}?)过敏/, '不再对$1过敏')
    .replace(/对([^，。不]{1,12}?)(?:已经|现在|早就|也)*不(?:再)?过敏/, '不再对$1过敏');
}

/** Reads Chinese; terms are substrings, so nothing is cut into words. */
export const chinese: Reader = {
  sentences: sentencesOf,
  parts: partsOf,
  isCompound,
  claim: readClaim,
  change: (text) => readChange(unified(text)),
};
