/** A form that says that something is over; what stands beside the match is what it was. */
export interface EndingForm {
  find: RegExp;
  /** Only where something else is said to hold: 咖啡喝得少了，现在喝茶. */
  news?: true;
}

/** Verbs that end what they are said of. */
const ending =
  '戒|放弃|弃用|弃坑?|退选|退坑|脱坑|出坑|脱粉|取关|取消关注|退订|退出|退会|退群|退|取消|停用?|断|卸载?|删除?|注销|销户?|卖|扔|丢|送人|送走|转让|清仓|割肉|还清|还完|摘|摘除|拆|拆除|剪|解约|关|辞退?|解雇|离开|毕业|忘|荒废|搁置|结束|告别|断舍离|搬出来|搬走|搬离|飞走|跑丢|走丢|去世|死|厌倦?|厌烦|[看吃喝听玩穿用刷][腻烦]';

/** The most telling first. */
export const endingForms: EndingForm[] = [
  { find: /(?:停止|不再|再也不|再不|没再|没有再|不会再|不想再|不用再|不必再|不打算再)(?:是|想|去|继续)?/ },
  { find: /(?:不怎么|不太|没怎么|不大|没那么|没有?以前那么|不那么|懒得)(?=[^，]*了$|(?<=(?:现在|最近|如今).*)[^，]*$)/ },
  { find: /(?:已经|早就|早|都|完全)*(?:好|正常|没事|没(?:什么)?问题|不疼|不痛|痊愈|康复|治好|消失)了$/ },
  { find: /[看听吃喝玩用穿]?不(?:下去|动|来|惯)了$/ },
  { find: /(?:没有?|失去了?|提不起)(?:什么)?(?:兴趣|热情|感觉)了?$/ },
  { find: /没(?:再)?续(?:费|订|签)?了?$/ },
  {
    find: /(?:已经|早就|现在|早|都)*(?:没(?!有?(?:变|改|换))|(?<!差)不(?!是.*是|好意思|对|错|过|知道|行了?$))(?:用|能|是|想|会|去)?(?=[^，]*了$)/,
  },
  { find: new RegExp(`(?:已经|早就|早|都|给|被|全)*(?:${ending})(?:掉|光|完|没|够|人|走|得差不多|了)*了(?:$|(?=[^，了]))`) },
  { find: /(?:戒|断|退|停|弃|辞|关|删)掉?(?=[^，了把从]{1,8}了$)/ },
  { find: /(?:算|拉倒|作罢)了$/ },
  { find: /[看听吃喝玩用穿去逛刷]?得(?:越来越)?少了?$/, news: true },
  { find: /(?:坏|丢|太旧|倒闭|关门|停产|停服|停运|下架|涨价|到期|过期)(?:掉|过)?了$/, news: true },
  { find: /不(?=[在是叫姓用对住])/, news: true },
  { find: /(?:太|老是?|总是?|实在|有点|[看穿用吃]得)[^，]*$/, news: true },
];

/** Not over after all: only wanted, planned, denied or asked. */
export const notOver =
  /还没|从没|从来没|并没|不想放弃|别|(?<![不最])想(?!要?.*了$)|(?<!不)打算|准备|考虑|计划|要不要|是不是|如果|差点|忘了(?!怎么)|忘记/;

const liking = /喜欢|爱|迷|热衷|粉|偏好|支持|感兴趣|爱好/;
/** Verbs that may stand for one another where something ends. */
const alike = ['吃喝戒', '用使玩', '看读追刷听', '去逛到上参报', '做搞弄办是当', '打练学', '养有', '穿戴背'];

const overAtEnd = new RegExp(`(?:${ending})(?:掉|光|完)*了$`);

/** Whether a clause says in its end that something is over. */
export function isOver(clause: string): boolean {
  return overAtEnd.test(clause);
}

/** Whether what ceased can be what a clause states: who no longer watches TV still has one, who no longer likes a city may live there. */
export function canEnd(clause: string, known: string): boolean {
  if (/卖|扔|丢|送|拆|摘|剪|还清|注销|销户|卸载/.test(clause)) return !liking.test(known);
  if (/搬/.test(clause)) return /[住搬家在]/.test(known) && !liking.test(known);
  const verb =
    /[不没戒再想爱欢止](?:去|在|再|有|用(?=[吃喝看穿接做去戴]))*(?<verb>[吃喝看听读玩打学用做穿戴写订练追背坐骑开养去逛买刷接])/.exec(
      clause,
    )?.groups?.verb;
  if (verb !== undefined) {
    const others = [verb, ...alike.filter((group) => group.includes(verb)).join('')];
    return verb === '用' || liking.test(known) || others.some((other) => known.includes(other));
  }
  return !/喜欢|兴趣|爱/.test(clause) || liking.test(known) || (/[吃喝玩看听打读逛]/.test(known) && !/[住有养]|工作|上班/.test(known));
}

/** What was said is taken back: 我之前说…，当我没说. */
export const unsayings: RegExp[] = [
  /收回(?:我)?(?:之前|刚才|上次)?(?:说)?的?(?:那句|关于)?(?<old>[^，]+)/,
  /(?:之前|刚才|上次|以前|前面)?我?(?:说|提|讲)[过到]?(?:的|我)?(?<old>[^，]+?)，?(?:[那这][个句条是]?(?:话)?(?:是)?(?:不对|错的?|有误|不准确|开玩笑|随口|不算数?|不成立)|不对|错了|有误|当我没说|别当真|作废|(?:是)?(?:开玩笑|随口|记错|说错)|不是真的|已经过时|其实(?:没有|不是|不会|并不))/,
  /^(?<old>[^，]+?)(?:[那这][句个条]话?|的话)，?就?(?:当我没说|不算数?|作废|别当真)/,
];
