/** A verb that gives something another value, place or time. */
export const move =
  '(?:搬家?|换|改|跳槽|转学?行?|调|升级?|迁移?|切换|变|转行|提高|降低?|调整|增加|减少?|缩减|涨|推迟|提前|挪|更新|替换|搬迁)';

/** A form that names what held before, in the group `old`; further groups: attribute, fresh, rest. */
interface OldForm {
  find: RegExp;
  frame?: string;
  /** Says only that something ended. */
  retracts?: boolean;
  /** What ended is the subject itself: 柯基走丢了. */
  owned?: boolean;
}

/** The forms that name what held before, the most telling first. */
export const oldForms: OldForm[] = [
  { find: new RegExp(`从(?<old>[^，。从]{1,20}?)${move}(?:到|去|成|为|用|喝|吃|骑|学|开|当|做)了?(?<fresh>[^，。]+)`) },
  { find: new RegExp(`把(?<old>[^，。]{1,20}?)${move}(?:到|成|为)了?(?<fresh>[^，。]+)`) },
  { find: /用(?<fresh>[^，。]{1,20}?)(?:代替|替代|取代|替换)了?(?<old>[^，。]{1,20})/ },
  {
    find: /^(?<old>[^，。不]{1,12}?)不(?:再)?是我们?的?(?<attribute>[^，。]{1,10}?)了?(?<rest>[，,。；].*|)$/,
    retracts: true,
    owned: true,
  },
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
  {
    find: /对(?<old>[^，。,；]{1,12}?)(?:已经)?(?:没(?:有|什么|了)?兴趣|不感兴趣|失去了?兴趣|腻|厌倦)了?(?<rest>[，,。；].*|)$/,
    retracts: true,
    frame: 'into',
  },
  { find: /(?:不再|再也不|再不)(?:是|想|继续)?(?<old>[^，。,；]{1,20}?)(?:了)?(?<rest>[，,。；].*|)$/, retracts: true },
  {
    find: /(?:已经|现在|早就|最近|如今)?(?:都)?(?:不|没)(?!是|喜欢[^了]*$|太|想|知道|过|能|会|要|错)(?<old>[^，。,；]{1,20}?)了(?<rest>[，,。；].*|)$/,
    retracts: true,
  },
  { find: /[和跟与](?<old>[^，。,；]{1,8}?)(?:已经)?(?:分了?手|离了?婚|分开)了?(?<rest>[，,。；].*|)$/, retracts: true, frame: 'partner' },
  { find: /(?:分了?手|离了?婚)(?<old>)了?(?<rest>[，,。；].*|)$/, retracts: true, frame: 'partner' },
  { find: /被(?<old>[^，。,；]{0,12}?)(?:裁员?|辞退|开除|解雇|炒鱿鱼|优化)掉?了?(?<rest>[，,。；].*|)$/, retracts: true, frame: 'work' },
  { find: /从(?<old>[^，。,；]{1,12}?)(?:搬走|搬出来|搬离|退学|离职|辞职|退出|调走|离开|退休)了?(?<rest>[，,。；].*|)$/, retracts: true },
  { find: /(?<old>)(?:辞职|离职|失业|退休)了?(?<rest>[，,。；].*|)$/, retracts: true, frame: 'work' },
  {
    find: /把(?<old>[^，。,；]{1,20}?)(?:都|给)?(?:卖|戒|扔|退|取消|送(?:人|走|给[^，。]{1,6})?|卸载|停|删除?|辞|注销|丢|退订|处理|转让|断)掉?了(?<rest>[，,。；].*|)$/,
    retracts: true,
  },
  {
    find: /^(?:我们?(?:家)?的?)?(?<old>[^，。,；我把]{1,8}?)(?:已经|上[周个]月?|昨天|去年)?(?:死|去世|走丢|跑丢|跑|飞走|卖掉?|送(?:人|走)|取消|停掉?|解散|丢)了(?<rest>[，,。；].*|)$/,
    retracts: true,
    owned: true,
  },
  {
    find: /(?:离开|搬离|搬出|辞掉?|辞去)了?(?<old>[^，。,；了]{1,20}?)(?:的工作)?了?(?<rest>[，,。；].*|)$/,
    retracts: true,
    frame: 'place',
  },
  {
    find: /(?:戒掉?了?|放弃了?|停止了?|停了|停掉了?|取消了?|卖掉?了?|扔掉?了?|退了|退掉了?|退订了?|卸载了?|退出了?|停用了?|注销了?)(?<old>[^，。,；了]{1,20})了?(?<rest>[，,。；].*|)$/,
    retracts: true,
  },
];

/** The forms that tell only that something of a frame is another one now. */
export const freshForms: { find: RegExp; frame: string }[] = [
  { find: /搬(?:家)?(?:到|去|进|回)了?/, frame: 'home' },
  { find: /住(?:在|到)?[^，。]+了$/, frame: 'home' },
  { find: /(?:调|转|换|分|调动|转岗)(?:到|去|进|入)了?[^，。]{1,8}(?:组|部门?|[小团]队|[一二三四五六七八九十\d]班|科室)/, frame: 'group' },
  { find: /转学(?:到|去)|换了?学校/, frame: 'study' },
  { find: /跳槽(?:到|去)|入职了?|换了?(?:新)?工作/, frame: 'work' },
  { find: /(?:改行|转行)(?:去|当|做|成|到|了)/, frame: 'role' },
  { find: /(?:现在|如今|已经)(?:我)?(?:和|跟|与).{1,8}(?:交往|恋爱|在一起|结婚)|换了?(?:新)?(?:女朋友|男朋友|对象)/, frame: 'partner' },
  { find: /换了?(?:新)?车了?|(?:改|换)开/, frame: 'drive' },
  { find: /(?:以后|现在)(?:请)?(?:叫我|我叫|称呼我)|改名/, frame: 'name' },
  { find: /(?:现在|已经|刚)(?:我)?(?:满)?\d+岁/, frame: 'age' },
  { find: /(?:现在|开始|改|变成|已经)(?:我)?(?:是|吃|成)?(?:素|吃素|纯素|生酮)/, frame: 'diet' },
];
