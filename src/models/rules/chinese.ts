import { type Change, type Claim, categoryOf, type Reader, wordsOfCategory } from './claim.js';

const relatives =
  '妈妈|母亲|爸爸|父亲|姐姐|妹妹|哥哥|弟弟|老婆|妻子|老公|丈夫|女儿|儿子|孩子|女朋友|男朋友|朋友|同事|老板|经理|室友|邻居|公司|团队|狗|猫|爷爷|奶奶|外公|外婆';

/** Verbs and nouns that tell what a clause states of its holder. */
const frameMarks: [string, RegExp][] = [
  ['home', /住|搬到|搬去|搬进|搬回|定居/],
  ['work', /在.{1,20}(?:工作|上班|任职|就职)|入职|加入|跳槽|就职于|供职/],
  ['role', /(?:职业|工作|岗位|职位)是|我(?:现在)?是(?:一)?(?:名|个|位)?[^，。]{0,10}(?:师|员|生|经理|医生|护士|教授|律师|记者|厨师|司机)$/],
  ['name', /我叫|叫我|(?:我的)?名字(?:是|叫)|称呼我/],
  ['age', /\d+岁|[一二三四五六七八九十]+岁/],
  ['diet', /素食|吃素|吃荤|纯素|生酮/],
  ['partner', /单身|结婚|已婚|订婚|离婚|女朋友|男朋友|约会|恋爱|在一起|交往/],
  ['dislike', /不喜欢|讨厌|不爱|受不了|厌恶/],
  ['like', /(?<!不)(?:喜欢|爱(?!人)|热爱|喜爱|最爱|偏爱)|爱好|兴趣/],
  ['drive', /开(?:的是|着)?(?:一辆|辆)|开车|车是/],
  ['allergic', /过敏/],
  ['born', /出生|老家|长大/],
  ['have', /有(?!时|点|些|的|关)|养/],
  ...['喝', '吃', '用', '玩', '打', '学', '看', '听', '抽', '跑', '弹', '骑', '练', '去', '做', '订', '读', '穿', '游'].map(
    (verb): [string, RegExp] => [`verb:${verb}`, new RegExp(verb)],
  ),
];

function framesOf(text: string): Set<string> {
  return new Set(frameMarks.filter(([, mark]) => mark.test(text)).map(([frame]) => frame));
}

const openers =
  /^(?:其实|更正(?:一下)?|纠正一下|对了|现在|目前|最近|如今|后来|今年|去年|上个?月|上周|昨天|今天|不过|但是?|从今天起|从现在起|顺便说一下|记住|请记住|更新|说错了|不对)?[，,：:、\s]*/;

function holderOf(text: string): string {
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
  return found ? [found.replace(/^的|现在|已经/g, '')] : [];
}

function valueTypeOf(text: string): Claim['valueType'] {
  const value = /(?:是|叫|成)(?:了)?([^，。]*)/.exec(text)?.[1] ?? '';
  return /\d/.test(value) ? 'number' : /^一?[名个位]/.test(value) ? 'article' : 'other';
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
    closed: /不再|已经不|不是|没有|戒了|以前|曾经|过去|之前.{0,12}过|(?:喝|吃|去|住|用|玩|看)过/.test(text),
    heads: new Set(),
    has: (term) => lower.includes(term),
  };
}

/** Groups: old, fresh, attribute, rest. */
const forms: { find: RegExp; retracts?: boolean; frame?: string }[] = [
  {
    find: /从(?<old>[^，。从]{1,20}?)(?:搬家?到了?|搬去了?|换到了?|换成了?|改成了?|改为|跳槽到了?|跳槽去了?|转到了?|转成了?|转为|改用了?|换为|升级到了?|迁移到了?|切换到了?|变成了?|改喝|改吃|改骑)(?<fresh>[^，。]+)/,
  },
  { find: /把(?<old>[^，。]{1,20}?)(?:换成了?|改成了?|替换成了?|换为|改为)(?<fresh>[^，。]+)/ },
  { find: /用(?<fresh>[^，。]{1,20}?)(?:代替|替代|取代|替换)了?(?<old>[^，。]{1,20})/ },
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
  {
    find: /(?:戒掉?了?|放弃了?|停止了?|取消了?|卖掉?了?|扔掉?了?|退订了?|卸载了?|退出了?|停用了?|注销了?)(?<old>[^，。,；了]{1,20})了?(?<rest>[，,。；].*|)$/,
    retracts: true,
  },
  { find: /(?:把)(?<old>[^，。,；]{1,20}?)(?:卖掉?|戒掉?|扔掉?|退掉?|取消|送人|卸载)了(?<rest>[，,。；].*|)$/, retracts: true },
  { find: /(?<old>(?:从[^，。,；]{1,20}?)?)(?:辞职|离职)了?(?<rest>[，,。；].*|)$/, retracts: true, frame: 'work' },
  { find: /(?:离开|辞掉?|辞去)了?(?<old>[^，。,；了]{0,20}?)(?:的工作)?了?(?<rest>[，,。；].*|)$/, retracts: true, frame: 'work' },
  { find: /(?:分手|离婚)(?<old>)了?(?<rest>[，,。；].*|)$/, retracts: true, frame: 'partner' },
];

const freshForms: { find: RegExp; frame: string }[] = [
  { find: /搬(?:家)?(?:到|去|进|回)了?/, frame: 'home' },
  { find: /(?:现在|目前|如今)(?:我)?(?:住|定居)|住(?:在|到)?[^，。]+了$/, frame: 'home' },
  { find: /跳槽(?:到|去)|入职了?|(?:现在|目前|如今)(?:我)?在[^，。]{1,20}(?:工作|上班|任职|就职)|换了?(?:新)?工作/, frame: 'work' },
  { find: /(?:以后|现在)(?:请)?(?:叫我|我叫|称呼我)|改名/, frame: 'name' },
  { find: /(?:现在|已经|刚)(?:我)?(?:满)?\d+岁/, frame: 'age' },
  { find: /(?:现在|开始|改|变成)(?:我)?(?:是|吃)?(?:素食|吃素|纯素|生酮)/, frame: 'diet' },
  { find: /(?:现在|如今)(?:我)?(?:开的是|开(?:一)?辆)/, frame: 'drive' },
];

const leadingVerb = /^(?:是|在|有|养|住在?|喜欢|爱|喝|吃|用|玩|打|学|看|听|抽|跑|弹|骑|练|去|做|订|读|穿|开)/;
const trailers = /(?:了|工作|上班|任职|的工作|一起|这家公司|公司)$/;

function termOf(old: string): string {
  let term = old
    .toLowerCase()
    .replace(/^(?:从|我|我的|那个?|这个?|一[个只辆台])+/, '')
    .trim();
  term = term.replace(leadingVerb, '').replace(/^(?:我的?|一[个只辆台条]|[个只辆台条])/, '');
  for (let next = term.replace(trailers, ''); next !== term; next = term.replace(trailers, '')) term = next;
  return term;
}

function readChange(text: string): Change | undefined {
  const holder = holderOf(text);
  if (/也|还有|另外|同时|如果|(?:想|打算|计划|准备|可能|考虑|希望|应该)(?:要|会)?(?:搬|换|改|跳|离|辞|卖|戒|从)/.test(text))
    return undefined;
  for (const { find, retracts, frame } of forms) {
    const groups = find.exec(text)?.groups;
    if (groups?.old === undefined) continue;
    const renews = /现在|改|换|开始|加入|去了|入职|跳槽|搬/.test(groups.rest ?? '');
    const frames = framesOf(groups.old);
    const term = termOf(groups.old);
    const attribute = retracts ? [] : attributeOf(text.replace(/不是[^，。]*[，,]?(?:而)?(?=是)/, ''));
    const named = /(?:把我?的?)([^，。从]{2,8}?)从/.exec(text)?.[1];
    const own =
      frame ??
      (retracts || /以前|之前|原来|过去|不再|搬/.test(text)
        ? [...framesOf(/搬/.test(text) && !retracts ? '住' : groups.old)][0]
        : undefined);
    if (term === '' && !own) continue;
    if (!retracts && find.source.startsWith('把') && /^(?:我的)?[^\d]{2,6}$/.test(groups.old) && !categoryOf([term])) {
      return { kind: 'replace', holder, old: [], attribute: [term], valueType: valueTypeOf(text) };
    }
    const terms = term !== '' ? [term] : [...frames].filter((each) => each.startsWith('verb:')).map((each) => each.slice(5));
    return {
      kind: retracts && !renews ? 'retract' : 'replace',
      holder,
      old: terms,
      frame: own,
      attribute: named ? [named] : attribute.length > 0 && !retracts ? attribute : undefined,
    };
  }
  const attribute = attributeOf(text);
  if (attribute.length > 0 && /现在|改成|换成|变成|改为|变为|其实|更正|新/.test(text))
    return { kind: 'replace', holder, old: [], attribute, valueType: valueTypeOf(text) };
  const frame = freshForms.find(({ find }) => find.test(text))?.frame;
  if (frame) return { kind: 'replace', holder, old: [], frame };
  const fresh = /(?:现在|改|换成|换到|改用|改喝|开始)(?:我)?(?:只)?(?:喝|吃|用|骑|开|听)?了?(?<fresh>[^，。]+)/
    .exec(text)
    ?.groups?.fresh?.toLowerCase();
  if (fresh === undefined) return undefined;
  const category = ['drink', 'editor', 'phone', 'car', 'browser', 'messenger', 'vehicle', 'notes', 'language', 'mode'].find((each) =>
    wordsOfCategory(each).some((word) => fresh.includes(word)),
  );
  const verb = /喝|吃|用|骑|开|听/.exec(text)?.[0];
  return category ? { kind: 'replace', holder, old: [], category, frame: verb ? `verb:${verb}` : undefined } : undefined;
}

/** Reads Chinese; terms are substrings, so nothing is cut into words. */
export const chinese: Reader = {
  clauses: (text) =>
    text
      .split(/(?<=[。！？!?])|\n+|[；;]|，(?=我|而且|并且)/)
      .map((clause) => clause.trim())
      .filter((clause) => clause !== ''),
  claim: readClaim,
  change: (text) => readChange(text.replace(/[。！!\s]+$/, '').slice(0, 2_000)),
};
