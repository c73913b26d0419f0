import { subjectOf } from './chinese-subject.js';

const relatives =
  '妈妈|母亲|爸爸|父亲|妈(?!妈)|爸(?!爸)|太太|先生|媳妇|爱人|伴侣|前妻|前夫|前任|婶婶|外孙女?|徒弟|师傅|师[兄姐弟妹]|导师|老师|学生|领导|上司|下属|客户|秘书|助理|搭档|合伙人|房东|房客|保姆|教练|队友|战友|网友|姐姐|妹妹|哥哥|弟弟|老婆|妻子|老公|丈夫|女儿|儿子|孩子|女朋友|男朋友|朋友|同事|老板|经理|表[哥姐弟妹]|堂[哥姐弟妹]|舅舅|舅妈|姑姑|姑妈|姨妈|阿姨|叔叔|伯伯|嫂子|姐夫|侄子|侄女|外甥|闺蜜|同学|爸妈|父母|公公|婆婆|岳父|岳母|丈母娘|丈人|奶奶家|孙子|孙女|室友|邻居|公司|团队|狗|猫|爷爷|奶奶|外公|外婆';
/** What announces that something said before was wrong, as alternatives of a pattern. */
export const correction = '其实|更正(?:一下)?|纠正(?:一下)?|我?(?:刚才|之前)?(?:说|搞|弄|记|写)错了|不对|准确地说|应该说|事实上|实际上';

export const openers = new RegExp(
  `^(?:对了|现在|目前|最近|如今|后来|今年|去年|上个?月|上周|昨天|今天|不过|但是?|从今天起|从现在起|顺便说一下|记住|请记住|更新|${correction})?[，,：:、\\s]*`,
);

/** 我姐姐, also with what tells one of several apart: 我大学同学现在… */
const relativeForm = new RegExp(
  `^我们?的?(?:家的?)?(?:(${relatives})(?!的?(?:电话|号码|邮箱))|([^，。现我养有爱喜看想和跟与把从对给买带没失讨戒在住是玩]{1,4}(?:${relatives}))(?=现在|已经|[住搬在是换不用从去开]))`,
);

/** 我二姨在…, 我隔壁老李住…: whoever stands between the speaker and the verb, by what persons are called. */
const otherForm =
  /^我(?!们|的)(\p{Script=Han}{0,3}?(?:[姨叔伯姑舅婶爷奶哥姐弟妹爸妈公婆嫂侄孙甥友伴师长娘]|[老小阿]\p{Script=Han}))(?:现在|已经|目前)?(?=[在住是用开有喜爱养搬])/u;
const ownWords =
  /[现目一已平最每周也还又都只不没从对和跟与把被正刚常总很真比更较非般曾以之原其早晚今昨明后前时自喜爱想要会能可去来家全们的住搬换改养戒辞开学做当打喝吃看听跑买卖用习特主了订取退停放弃离说]/;

/** Whose state a statement tells: `self`, a relative, or a name. */
export function holderOf(text: string): string {
  if (/^我们?(?:现在)?的?(?:女朋友|男朋友|老婆|妻子|老公|丈夫|对象|未婚[妻夫])(?:现在)?(?:叫|是)/.test(text)) return 'self';
  const body = text.replace(openers, '');
  const relative = relativeForm.exec(body)?.slice(1).find(Boolean);
  if (relative !== undefined) return relative;
  const other = otherForm.exec(body)?.[1];
  if (other !== undefined && !ownWords.test(other)) return other;
  if (/我|用户/.test(body.slice(0, 20)) || !/^[\p{Script=Han}]{2,4}(?:住|在|是|叫|喜欢|有|的|不)/u.test(body)) return 'self';
  return /^(?:小.|老.|阿.|[\p{Script=Han}]{2,3}?)(?=住|在|是|叫|喜欢|有|的|不|现在|已|从|搬|换)/u.exec(body)?.[0] ?? 'self';
}

/** The relative or acquaintance that a statement begins with; undefined where it is the speaker, or a name. */
export function personOf(text: string): string | undefined {
  const body = text.replace(openers, '');
  return relativeForm.exec(body)?.slice(1).find(Boolean) ?? otherForm.exec(body)?.[1];
}

/** The thing that a statement begins with, where it is not a person. */
export function thingOf(text: string): string | undefined {
  const body = text.replace(openers, '');
  const relative = relativeForm.exec(body)?.[0];
  return relative === undefined || body.startsWith('的', relative.length) ? subjectOf(body) : undefined;
}
