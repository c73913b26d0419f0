import { attributeOf, headsOf, valueTypeOf } from './chinese-claim.js';
import { freshForms, move, oldForms } from './chinese-forms.js';
import { framesOf } from './chinese-frames.js';
import { correction, holderOf, thingOf } from './chinese-holder.js';
import { homeFrame } from './chinese-home.js';
import { limitsOf } from './chinese-likeness.js';
import { measuredOf } from './chinese-subject.js';
import { isOneOfMany } from './chinese-values.js';
import { type Change, exclusiveFrames, wordsOfCategory } from './claim.js';

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

/** The first explicit correction in a statement, by the forms that name what held before or what holds now. */
export function readChange(text: string): Change | undefined {
  const holder = holderOf(text);
  const subject = thingOf(text);
  if (
    /(?<!再)也|还有|另外|同时|如果|(?:想|打算|计划|准备|可能|考虑|希望|应该|争取)(?:要|会)?(?:以后|将来|明年|下个?月)?(?:能|可以)?(?:搬|换|改|跳|离|辞|卖|戒|从)/.test(
      text,
    )
  )
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
      (retracts && /卖|送|扔|丢/.test(match[0]) ? 'gone' : undefined) ??
      (/过敏/.test(text) ? 'allergic' : undefined) ??
      (retracts || /以前|之前|原来|过去|不再|搬/.test(text)
        ? [...framesOf(/搬/.test(text) && !retracts ? '住' : groups.old)].find((each) => !(each === 'verb:当' || each === 'verb:做'))
        : undefined);
    if (term === '' && !own) continue;
    // 新闻联播我不看了: what ended stands before the speaker.
    if (term === '' && frame === undefined && /^[^我，]{2,}我/.test(text)) continue;
    const terms = term !== '' ? [term] : [...frames].filter((each) => each.startsWith('verb:')).map((each) => each.slice(5));
    return {
      kind: retracts && !bringsNews({ before: text.slice(0, match.index), rest: groups.rest ?? '' }) ? 'retract' : 'replace',
      holders: owned ? ['self', 'it', ...terms] : [holder],
      subject: owned ? undefined : subject,
      old: terms,
      limits: retracts ? limitsOf(text) : undefined,
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
  if (frame === 'home') {
    const home = homeFrame(text);
    return home === undefined || home === 'dwelling' ? undefined : { kind: 'replace', holders: [holder], subject, old: [], frame: home };
  }
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
  const isFurther = fresh.verb === '喝' && fresh.cue === '现在' && isOneOfMany(text);
  const category = ['drink', 'editor', 'phone', 'car', 'browser', 'messenger', 'vehicle', 'notes', 'language', 'mode'].find(
    (each) => !(each === 'drink' && isFurther) && wordsOfCategory(each).some((word) => value.includes(word)),
  );
  const verb = fresh.verb ? `verb:${fresh.verb}` : undefined;
  if (verb === undefined && category === undefined && fresh.cue !== '现在') return undefined;
  const main = verb ?? [...framesOf(text)].find((each) => each.startsWith('verb:'));
  if (framesOf(text).has('like') || framesOf(text).has('dislike')) return undefined;
  return {
    kind: 'replace',
    holders: [holder],
    subject,
    old: [],
    category,
    instead: !isFurther,
    frame: main,
    heads: headsOf(text),
    only: subject === undefined && fresh.cue?.startsWith('改') === true && fresh.verb !== '用',
  };
}
