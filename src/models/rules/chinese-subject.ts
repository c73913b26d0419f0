/** What a predicate begins with: an adverb, a negation, a verb or an amount. */
const predicate = new RegExp(
  [
    '现在|目前|如今|当前|已经?|早就|刚|又|也|还(?!款)|都(?![市匀城])|只|一直|仍|最近|不再|不(?!动产)|没',
    '[是叫搬换抽骑喝吃养]|在(?!线)|有(?!道|限)|住(?![宅院房])|使?用(?!户)|改(?!进)|从(?!业)|把(?!手)|将(?![军来])|由(?!于)',
    '(?<![晨周例早晚年班大聚宴展协])会(?![议员计话场展])|请(?!假)|别(?!墅|人|名)|要(?!求)|被|喜欢|讨厌|爱(?!奇艺)|跑|弹(?!窗)|开(?![发始关放源])|运行|支持|部署|依赖|每',
    '(?<=[\\p{Script=Han}A-Za-z])\\d+(?!\\d|[号楼层班组期室栋店季级])|[一二两三四五六七八九十百千]+(?=[点个元块人天年次百千万]|小时|分钟)',
    '升级|迁移|切换|涨|推迟|提前|需要|负责',
  ].join('|'),
  'u',
);
const times =
  /^(?:(?:以后|从今以后|去年|今年|上个?[月周]|下个?[月周]|周末|平时|每[天周月年]|早上|晚上|中午|最近|这里|那里|其实|另外|结果)[，,]?)+/;
const speaker = /^(?:我|咱|俺|本人|用户(?![中服数网管表端系平模画名登权行]))/;
const possessive = /^(?:我们?|咱们?|俺|本人|用户)家?的/;

/**
 * The thing or the name that a statement begins with; undefined where it is the speaker or left out. A statement in
 * which no predicate is recognised is its own subject, which equals no other. `body`: without opening words.
 */
export function subjectOf(body: string): string | undefined {
  const said = body.slice(0, 500).replace(times, '');
  const text = said.replace(possessive, '');
  if (text === said && speaker.test(text)) return undefined;
  const end = predicate.exec(text)?.index;
  const subject = (end === undefined ? text : text.slice(0, end)).replace(/[的，,\s]+$/, '');
  return subject === '' || /[我咱俺]/.test(subject) ? undefined : subject;
}

/** A subject and what is said of it, with a sign for each number of the latter; undefined without a number. */
export function measuredOf(text: string, subject: string): string | undefined {
  const said = text.slice(text.indexOf(subject) + subject.length);
  return /\d/.test(said) && !/[不没]/.test(said)
    ? subject + said.replace(/现在|目前|如今|已经|了$/g, '').replace(/\d[\d.,:：]*/g, '#')
    : undefined;
}
