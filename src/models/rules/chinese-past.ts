const stage =
  '(?:小|儿|年轻|年少|少年|童年|幼年)时|小时候|[\\d一二三四五六七八九十多几]岁(?:多|左右)?(?:的时候|时|那年|以前|之前)|(?:幼儿园|小学|初中|高中|中学|大学|本科|研究生|读研|读博|读书|上学|留学|出差|实习|当兵|在[^，]{2,8})(?:的时候|时(?=[住在学喜爱养])|期间|那会儿?|那几?年)|(?:毕业|刚[^，]{1,6})那[年会几]';
const before =
  '(?:^|[我，])之前(?=[我在住是叫喜爱养用的当做])|之前.{0,12}过|(?<![点觉饭班睡])以前|曾|过去(?!了)|从前|早年|当[年时](?!的?天)|那[时年](?!的?起)|(?:[一二两三四五六七八九十几多数百\\d]|好几)+年前|前(?:公司|东家|单位|雇主)|上一[家份]|原[来先本](?=[我在住是叫喜爱养的当做])';
/** 工作过, 住过: an experience; not 过敏, 通过 and other words with this character. */
const experienced = '(?<=\\p{Script=Han})(?<![通超不经度难透路错好])过(?![敏来去程年节得期户生度于滤夜冬夏往早晚错不分日桥])';
const past = new RegExp([stage, before, experienced].join('|'), 'u');

const year =
  /(?<!\d)(?:(?:19|20)\d\d|[789]\d|0\d)年|[一二][九〇零][〇零一二三四五六七八九]{2}年|\d{2,4}年?[到至~—-]\d{2,4}年|(?:去|前|大前)年|上个月|上周/;
const state = /住(?!进)|工作|上班|任职|实习|打工|读书|上学|留学|当|做|喜欢|爱/;
const lasting = /开始|起|以来|至今|一直|现在|[就搬养买换转]|加入|入职|跳槽|定居/;

/** Whether a clause tells of what was: 以前…, 小时候…, 工作过, 我2008年住在…; what began then and lasts is not past. */
export function isPast(clause: string): boolean {
  return past.test(clause) || (year.test(clause) && state.test(clause) && !lasting.test(clause));
}

/** Whether a change is dated in a year, or a time of life, that may be long over: 我2012年加入了诺基亚. */
export function isHistory(clause: string): boolean {
  return new RegExp(`${stage}|(?:^|[我，])(?:在|于)?(?:19|20)\\d\\d年(?!起|开始)|年前`).test(clause);
}

const wish =
  /希望(?!你|您)|差一?点|险些|几乎(?=[就要搬换])|恨不得|巴不得|[盼渴]望|但愿|梦想|做梦|(?<!当[我作]?)没(?:有)?说过?|要是|如果|(?<![最思感理幻联猜料构梦])想(?!法|念|起|到|象|像|不到|让你|请你|要你)/;

/** Whether a clause tells what is wished, or all but happened, rather than what is so. */
export function isWish(clause: string): boolean {
  return wish.test(clause);
}
