import { isStanding } from '../../core/standing.js';
import { fictionChinese, forgettingChinese, maskChinese, passingChinese, rolePlayChinese, telegraphicChinese } from './chinese-speech.js';

/** Why a sentence states nothing that lasts. */
export type Idle =
  | 'greeting or small talk'
  | 'question'
  | 'one-off request'
  | 'asks to forget, which the forget tool does'
  | 'hypothetical'
  | 'fiction or role play'
  | 'no lasting statement';

/** The language whose rules apply to a sentence. */
export type Language = 'english' | 'chinese' | 'other';

const foreignWords =
  /(?<![\p{L}])(?:und|ich|nicht|eine?|mein|meine|ist|wohne|est|je|mon|une|et|les|suis|habite|el|los|mi|yo|soy|tengo|vivo|una?|y|io|sono|gli|che|ho|il|ik|het|een|jag|och|är|eu|meu|minha|não|moro|jeg|og|ja|jestem|mam|nie|benim|ve|bir|saya|aku|tôi|ako)(?![\p{L}])/iu;
const englishWords =
  /\b(?:the|i|i'm|i've|i'd|my|me|and|are|have|has|with|you|your|of|this|that|to|likes?|works?|lives?|never|always|please)\b/i;

/** Guesses the language by script, then by a few frequent words; Latin script without foreign marks passes for English. */
function languageOf(text: string): Language {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text)) return 'other';
  if (/\p{Script=Han}/u.test(text)) return 'chinese';
  if (/[\p{L}]/u.test(text.replace(/\p{Script=Latin}/gu, ''))) return 'other';
  if (englishWords.test(text.replace(/[’]/g, "'")) && !/[äöüßñçãõøåæœłşğı¿¡]/i.test(text)) return 'english';
  return foreignWords.test(text) || /[^\p{ASCII}\p{P}\p{S}]/u.test(text) ? 'other' : 'english';
}

const smallWord =
  "(?:hi|hello|hey|yo|hiya|howdy|thanks?|thank you|thx|ty|cheers|ok|okay|k|kk|yes|yeah|yep|yup|no|nope|nah|sure|right|alright|great|cool|nice|awesome|perfect|wow|lol|haha+|hehe+|hmm+|oh|ah|uh|um|well|bye|goodbye|good(?:bye| morning| afternoon| evening| night| day| luck| job| point| idea| question)?|morning|evening|see you|see ya|later|soon|tomorrow|take care|welcome|you're welcome|no problem|no worries|np|never ?mind|got it|i see|makes sense|sounds good|fair enough|exactly|indeed|absolutely|of course|agreed|interesting|amazing|that's (?:great|nice|cool|good|awesome|amazing|interesting|fine|ok|true|right|funny|helpful|perfect|wonderful)|how are (?:you|things)|how's it going|what's up|nice to (?:meet|see) you|have a (?:nice|good|great) (?:day|one|weekend|evening|night)|i'm (?:fine|good|ok|okay|great|well|back|here|ready|done|sorry|kidding|not sure|tired|bored|hungry|sleepy|confused|stuck|lost|happy to help|glad to hear (?:that|it))|sorry|so much|very much|a lot|again|there|everyone|all|guys|folks|buddy|man|dude|claude|chatgpt|assistant|you too|and you|for (?:that|the help|your help|helping|everything|asking)|your help|help|i appreciate it|don't worry|today|now|just|so|very|really|and|but)";
/** What one thinks of the listener. */
const compliment =
  /^(?:(?:i|we) (?:really |honestly |just )?(?:think|believe|feel|find|guess|say|know) (?:that )?)?you(?:'re| are| were| seem| sound| look)\b(?!.*\b(?:i|i'm|my|me|we|our|must|should)\b)|^(?:i|we) (?:really |so |just )?(?:love|like|appreciate|trust|miss|hate|adore) (?:you|your (?:\w+ )?(?:help|answers?|style|work|humou?r|advice|attitude))\b(?! (?:to|in|with|for)\b)[^,;]{0,20}$/i;
const smallTalk: Record<Language, RegExp> = {
  english: new RegExp(`^(?:${smallWord}(?![\\w'])[^\\p{L}\\p{N}]*)+$`, 'iu'),
  chinese:
    /^(?:(?:你好|您好|大家好|嗨|哈喽|早上好|早安|早|晚上好|晚安|中午好|下午好|谢谢你?您?|多谢|感谢|非常感谢|好的?|好吧|可以|行|嗯+|哦+|噢|啊|呀|呢|是的?|对的?|没错|当然|不客气|没关系|没事|再见|拜拜|回头见|明天见|哈+|呵+|嘿+|太好了|真棒|不错|厉害|明白了?|知道了|懂了|了解|收到|最近怎么样|你好吗|吃了吗|辛苦了|加油|了|今天天气[真很不]?[错好热冷]+)[^\p{L}\p{N}]*)+$/u,
  other:
    /^(?:(?:hallo|guten (?:tag|morgen|abend)|danke(?: schön)?|tschüss|bonjour|salut|merci(?: beaucoup)?|au revoir|hola|gracias|buenos días|adiós|ciao|grazie|buongiorno|olá|obrigad[oa]|привет|здравствуйте|спасибо|пока|こんにちは|こんばんは|おはよう(?:ございます)?|ありがとう(?:ございます)?|さようなら|はい|안녕(?:하세요|히 가세요)?|감사합니다|고마워요?|네|مرحبا|شكرا|שלום|תודה|नमस्ते|धन्यवाद|ok)[^\p{L}\p{N}]*)+$/iu,
};

const askedToKeep =
  /\b(?:remember|note|keep in mind|memori[sz]e|save|store|bear in mind)[:,]? (?:that\b|this\b|to\b|my\b|i\b|i'm\b|we\b|our\b|the\b)|\b(?:don't|do not) forget\b|\bkeep in mind\b|\bfor (?:future|your) reference\b|\bfor the record\b|\bfyi\b|^(?:remember|note)\s*[:,]|^remind me\b|记住|记得(?!吗|么|.{0,12}[吗么？?])|请记|记一下|记下|别忘|提醒我/i;
const askedOf =
  /\b(?:do|did|does|don't|didn't) (?:you|i|we|they|he|she|anyone) (?:still |even |actually )?(?:remember|recall|note|know)\b|^(?:remember|recall) (?:when|how|what|who|the time)\b|(?:不|还|你)记得/i;
const standing =
  /(?:^|[,;:.!?]\s*|\b(?:please|also|and|but|so|then|to|you|should|must|can you|could you|would you|will you|just|i|user|assistant)\s+)(?:always|never)\b|\bfrom now on\b|\bgoing forward\b|\bin (?:the )?future\b|\bfrom here on\b|\bwhenever\b|\bevery time\b|\beach time\b|\bby default\b|\b(?:call|address) me\b(?! (?:back|at|on|when|later|tomorrow|if|in|a|an|crazy))|\brefer to (?:me|us) as\b|\bmake sure (?:you |to )?(?:always|never)\b|(?:^|[,;:]\s*|\bplease\s+)(?:do not|don't|avoid|stop|no need to)\s+(?:ever\s+)?(?:us(?:e|ing)|call|add|ask|writ|say|includ|apologi|suggest|explain|recommend|mention|commit|push|touch|chang|delet|edit|run|format|put|giv|send|start|end|translat|repeat|assum|remov|creat|creating|reply|answer)\w*\b|\b(?:reply|respond|answer|speak|talk|write)(?: to me)?(?: only)? in [A-Z]|\b(?:keep|give me) (?:your |all )?(?:short |brief |concise |detailed )?(?:answers|replies|responses|explanations|summaries|messages)\b|\bi (?:need|want|would like|'d like) you to (?:always|never|be|use|keep|avoid|address|reply|answer)\b/i;
/** How an assistant is to speak and write, with no text of the moment in sight. */
const manner =
  /^(?:please,? )?(?!.*\b(?:here|this|that|these|those|now|today|tonight|again)\b)(?:(?:use|write in|stick to) (?:[\w-]+ ){0,3}(?:spelling|english|units|(?:\d-)?spaces|tabs|quotes|(?:date|time|number) formats?|notation|emojis?|celsius|fahrenheit|bullet points|markdown|grammar|commas?|pronouns|tone|language|words|sentences)|be (?:more |less |very |always |a bit |as )?(?:concise|brief|direct|formal|informal|honest|blunt|polite|critical|specific|precise|terse|succinct|casual|friendly|straightforward|detailed|thorough)|avoid (?!(?:it|the|him|her|them|my|our)\b)[\w' -]{3,40}|keep (?:(?:all|your|the|my|code) ){0,3}(?:comments?|answers|replies|responses|explanations|summaries|messages|code|functions|commits|tone|language) (?:\w+ )?(?:short|brief|minimal|concise|simple|terse|small|formal|informal|light|plain)|(?:speak|talk|write|reply) to me (?:like|as|in) [\w' -]{2,40})[.!]*$/i;
const standingChinese =
  /以后|从现在(?:开始|起)|从今(?:以后|往后|天起)|永远|总是|每次|一律|始终|一直|(?:^|[，,。；;：:]|请|你)(?:千万)?(?:不要|别)(?!担心|客气|着急|介意|紧|说笑|闹|逗)|(?:叫我|称呼我|喊我)|务必|默认|一定要|用(?:中|英|日|法|德|韩)[文语](?:回|答|交流|跟|和|对|写)/;

const fiction =
  /^(?:["“']?)(?:once upon a time|long,? long ago|chapter \w+\b|in (?:my|the|this|our) (?:story|novel|fan ?fic(?:tion)?|screenplay|campaign|dream|role ?play|rpg|fantasy)\b|(?:the|my|our) (?:protagonist|main character|hero(?:ine)?|villain|narrator|character)\b|(?:here is|here's|this is) (?:a|my|the|an excerpt from (?:a|my|the)) (?:story|novel|poem|scene|fan ?fic(?:tion)?|screenplay|script)\b|in (?:a|the) (?:land|kingdom|galaxy) (?:far|of)\b|从前|很久很久以前|在(?:我的|这个|那个)?(?:小说|故事|梦|剧本|游戏)(?:里|中)|(?:小说|故事)?(?:的)?(?:主角|主人公|男主|女主)|第[一二三四五六七八九十百\d]+章)/i;
/** Opens a game that goes on over turns. */
const rolePlay =
  /\blet'?s (?:role-? ?play|pretend|play a role)|\brole-? ?play(?:ing)?:|\b(?:i'll|you'll|i will|you will|i|you) (?:play|be) (?:the|an?) \w+ (?:and|,) (?:i|you)\b|(?:我们)?来(?:玩)?(?:角色)?扮演|角色扮演游戏|(?:你|我)(?:来)?扮演.{0,12}[，,]\s*(?:你|我)/i;
/** A mask for the length of a turn. */
const mask =
  /^(?:now )?(?:pretend|imagine)(?: that)? (?:i|we)(?:'re|'m| are| am| were| was)\b|^(?:and )?(?:i am|i'm|i'll be|i will be) (?:now )?your (?:\w+ )?(?:client|patient|student|pupil|customer|guest|boss|king|queen|master|opponent|enemy|interviewer|interviewee|employee|apprentice|boyfriend|girlfriend|prisoner|captain|teacher|landlord|tenant)\b|^假装我/i;
/** Concerns the listener's mask, or an acted gesture, and nothing after it. */
const gesture =
  /^(?:please )?(?:now )?(?:pretend|imagine|act as if)(?: that)? you(?:'re| are| were)\b|^(?:please )?act as (?:an?|my|the)\b|^\*[^*\n]{2,200}\*$|^假装你|^你扮演/i;
const reality =
  /\b(?:in real(?:ity| life)|for real|out of character|ooc\b|back to reality|end of (?:the )?(?:story|role-? ?play|scene)|the end\b|stop (?:the )?(?:role-? ?play|pretending)|actually,? (?:i|my|in)|no more role-? ?play)|现实(?:中|里|生活)|(?:角色扮演|故事|游戏|扮演)(?:到此)?结束|不(?:演|玩)了|说真的|其实我/i;

const conditional = /\b(?:if|unless|what if|suppose|supposing|imagine|assuming|were i|had i)\b/i;
const hypothetical =
  /\b(?:if (?:i|we|you|he|she|they|my|it|there|only|someone) ?(?:were|was|had|could|ever|won|lived|owned|got|became|lost|worked|'d)\b)|\b(?:what if|let'?s (?:say|assume|suppose)|hypothetically|in theory|in a hypothetical)\b|(?:^|[,;:]\s*(?:and |but )?)(?:suppose|supposing|imagine|assuming|assume|say)(?: that)? (?:i|we|you|he|she|they|my|our|it|there|someone|a|an)\b|^(?:were|had) i\b/i;
const wouldBe =
  /\b(?:would|could|might)\b(?! (?:like|love|prefer|rather|appreciate|hate|never|always))|'d\b(?! (?:like|love|prefer|rather|appreciate|hate|never|always|better|been))/i;
const hypotheticalChinese = /如果|假如|假设|假使|倘若|要是|万一|设想|想象一下|想像一下/;

const question: Record<Language, RegExp> = {
  english:
    /^(?:(?:and|but|so|ok|okay|well|hey|hi|also|then|oh|by the way|btw)[,\s]+)*(?:(?:what|who|where|when|why|how|which|whose)(?:'s|'re|'d|'ll)?\s(?:is|are|am|was|were|do|does|did|can|could|should|would|will|has|have|many|much|long|often|far|old|about|come|time|kind|sort|else)\b|(?:what|who|where|how|why|when)(?:'s|'re)\s|(?:do|does|did|is|are|am|was|were|can|could|would|will|should|shall|have|has|may|might|isn't|aren't|don't|doesn't|didn't|can't|won't|wouldn't|couldn't|shouldn't)\s(?:i|you|we|they|he|she|it|there|the|my|your|our|this|that|these|those|any|anyone|someone)\b|any (?:idea|tips|advice|suggestions|recommendations|thoughts)\b|(?:i'm |i am |i was )?(?:just )?(?:wondering|curious|wonder),? (?:if|whether|what|how|why|about)\b)|[?？]["'”’)\]]*[^\p{L}\p{N}]*$/iu,
  chinese:
    /[?？][”"’）)]*[^\p{L}\p{N}]*$|(?:吗|呢|(?<!饿了)么)[。.!！~\s]*$|^(?:请问|什么|怎么|怎样|为什么|为何|哪|谁|多少|如何|能不能|能否|可不可以|可否|有没有|是不是|要不要|几点|我(?:想问|很?好奇|想知道))/u,
  other: /[?？؟;\u037e]["'”’»)\]]*[^\p{L}\p{N}]*$|か[。.]?$|까[.]?$|^¿/u,
};
const tag =
  /^(?:i|i'm|i've|my|we|our|the user)\b.*,\s*(?:right|you know|ok|okay|isn't it|don't i|haven't i|remember|eh|huh|yeah)\s?\?\W*$/i;

/** What is to be forgotten, other than "forget what I said about tea", which takes a statement back. */
const forgetting =
  /^(?:(?:please|can you|could you|would you|will you|i want you to|you (?:can|should))[,\s]+)*(?:forget (?:my|our|the \w+ of (?:my|our)|(?:everything|anything|all|whatever)\b)|(?:forget|erase|wipe|delete|remove) (?:everything|anything|all|whatever|(?:my|the|our) memor(?:y|ies))\b.*\b(?:me|my|i|us|our)\b)/i;

const lead =
  '^(?:(?:and|but|so|ok|okay|well|hey|hi|hello|also|now|then|great|thanks?|thank you|cool|perfect|claude|assistant)[,!.\\s]+)*(?:please,? )?(?:kindly )?(?:just )?(?:then )?';
const taskVerb =
  "(?:(?:can|could|would|will) you|help me|(?:tell|show|give|send|teach|write|make|find|get|bring|draw|read|pass|suggest|recommend) (?:me|us)\\b|translate|summari[sz]e|explain|rewrite|rephrase|proofread|paraphrase|let me know|let's (?:see|go|start|begin|try|talk|continue|discuss|do|make|write|work|look|fix|build|add|get)|(?:write|draft|compose|generate|create|design|make|build|implement|draw|plan|prepare) (?:a|an|another|some|the following|this|that|\\d|two|three|four|five|ten)\\b|fix (?:the|this|that|my|it)|check (?:tests?|builds?|ci|if|whether)\\b|(?:look|check) (?:up|this|it|that)|i (?:need|want|would like|'d like) (?:you to|help|some help|to know|to ask|advice)|i'm looking for (?:help|a way|advice|suggestions|recommendations|ideas)|i need (?:a|an|some) (?:recipe|list|example|recommendation|suggestion|poem|story|summary|translation|idea)s?|i have a question|continue\\b|go on\\b|go ahead|try again|do (?:it|that|this) again|calculate|compute|convert|define)";
const taskOnly = new RegExp(`${lead}${taskVerb}`, 'i');
const imperative = new RegExp(
  `${lead}(?:list|describe|compare|analy[sz]e|review|check|search|find|look|open|run|close|add|remove|delete|update|change|set|put|move|send|book|order|buy|schedule|show|print|give|tell|ask|read|write|make|create|draft|generate|build|implement|debug|fix|refactor|edit|improve|shorten|expand|format|sort|count|pick|choose|think|consider|wait|hold on|stop|start|take|get|play|suggest|recommend|provide|outline|brainstorm|evaluate|rate|simplify|clarify|elaborate|include|use|try|turn|keep|do|don't|do not|be|let|go|come|stay|guess|note)\\b(?!-|\\s+(?:is|are|was|were)\\b)`,
  'i',
);
/** A statement whose subject begins with what could be a verb: "Rate limit for partners is 600", "Go code must pass". */
const nominal =
  /^(?!(?:let|make|be|do|tell|ask|give|get|keep|guess|help|i|check (?:tests?|builds?|ci|if|whether))\b)[a-z]+(?: (?!(?:the|an?|my|our|your|his|her|their|its|this|that|these|those|it|me|us|you|i|we|what|who|which|how|why|when|where|whether|if|sure|and|or|to|then|so|until|because|not|all|any|every|each|please)\b)[\w-]+){1,6}? (?:(?:is|are|was|were|must|has|will|cannot|can|should|may|needs|uses|runs|meets|starts|takes|lives|contains|costs|belongs|goes)\b|(?<=s )(?:have|need|use|run|meet|start|take|contain|cost|belong|go|lag|expire)\b)/i;
const taskChinese =
  /^(?:(?:好的?|那|嗯|现在|谢谢|你好|您好|然后|麻烦|拜托)[，,！!。\s]*)*(?:请|麻烦)?(?:你|您)?(?:能|可以|能够)?(?:再)?(?:帮(?:我|忙|一下|助)|给我|替我|为我|教我|告诉我|翻译|解释|总结|概括|写(?:一|个|篇|首|封|段)|推荐|列(?:出|举|一)|生成|画|查(?:一下|找|询)|搜索|介绍(?:一下)?(?!我)|讲(?:个|一|讲)|说说|分析|比较|计算|算(?:一下|算)|改写|润色|继续|看看|看一下|我需要(?:你|一)|我要你|我想(?:请你|让你|要你|问|知道|了解))/;
/** Asks for a run of something now, or for something to be deleted. */
const errandChinese =
  /^(?:请|麻烦|帮我|你)*(?:把.{1,20}删(?:掉|除|了)(?:吧|$)|(?:检查|运行|跑|执行|修复|打开|测试|重启|试|查)(?:一?下|一遍|一次))/;
const taskChineseOnly = /^请(?!问|记)|^(?:麻烦|请)?把(?!.*了[。！!\s]*$)/;

const firstPerson = /(?<![\p{L}\p{N}])(?:i|i'm|i've|i'd|i'll|my|mine|myself|me|we|we're|we've|we'll|our|ours|us)(?![\p{L}\p{N}])/iu;
/** The first person written carelessly, or left out where something of one's own changed. */
const firstPersonImplied =
  /\b(?:im|ive)\b|^(?:just |recently |finally )?(?:(?:switched|moved|migrated) from .+ to |(?:stopped|quit|gave up) (?!working|responding|running|loading|building)\w+ing\b|no longer \w+ing\b|not (?:into|a (?:big |huge )?fan of)\b)|^(?:(?:i'm |im )?(?:severely |mildly |highly )?(?:allergic|intolerant) to|(?:lactose|gluten|fructose|histamine)[ -]intolerant\b|(?:happily |recently |newly )?(?:married|divorced|widowed|engaged|single)(?= (?:with|to|since|for|and|no|mum|mom|dad)\b|[,.]|$)|(?:proud )?(?:mum|mom|mother|dad|father|parent|grandmother|grandfather) (?:of|to) |(?:vegan|vegetarian|pescatarian|diabetic|c(?:o)?eliac|colou?r-?blind|left-?handed|retired)\b(?! (?:recipes?|options?|food|meals?|restaurants?|people)\b)|(?:cannot|can'?t|do not|don'?t) stand (?!it\b|this\b|that\b|you\b|up\b|here\b|there\b)|(?:love|hate|loathe|adore|dislike|prefer) (?!it\b|this\b|that\b|these\b|those\b|them\b|you|the\b|how\b|what\b|to\b|when\b)\w)/i;
/** A capitalised word that is not just the first one, a number, an address or a name in code. */
const named = /[\p{L}\p{N},;:)"'’]\s+["'(]?\p{Lu}[\p{L}\p{N}]+|[0-9]|https?:\/\/|\w@\w|[a-z]_[a-z]|[a-z]\.[a-z]{2,}|`[^`]+`/u;
const namedFirst =
  /^(?!(?:The|This|That|These|Those|There|It|He|She|They|You|What|When|Where|Who|Why|How|And|But|So|Then|If|In|On|At|For|Yes|No|Well|Oh|Some|Many|Most|People|Life|Everyone|Nothing|Everything|Today|Tomorrow|Yesterday|Maybe|Perhaps|Sounds|Looks|Let|Please|Not)\b)\p{Lu}[\p{L}'’-]*(?:\s\p{Lu}[\p{L}'’-]*)?\s(?:is|was|has|had|will|does|did|can|\p{Ll}+(?:s|ed))\b/u;
/** What others than persons must do: "Go code must pass the linter". */
const binding =
  /(?<!\b(?:you|it|this|that|he|she|they|there|one|someone|everyone|life) )\bmust\b(?! (?:have|feel|seem|be (?:so|very|nice|hard|great|fun|tough|kidding|joking|\w+ing))\b)/i;
const sayOfChinese = /[我咱俺]|[是在叫有住用去会要爱学开做]|喜欢|讨厌|工作|习惯|打算|计划/;

/** A date, a time of day, a number or a name in Latin letters, unless it begins like an order or a laugh. */
const datedChinese =
  /^(?!删|运行|打开|关闭|修复|检查|添加|修改|创建|重构|优化|执行|安装|测试一下|哈|呵|嘿).*?(?:(?:周|星期|礼拜)[一二三四五六日天\d]|[\d一二两三四五六七八九十]+(?:月|号|日|点)|[上下]个?月|[去明今后]年|(?<![\dA-Za-z])(?!6+(?!\d)|2{3,})\d|(?<![A-Za-z])[A-Z][A-Za-z]+)/u;

function unquoted(text: string): string {
  return text.replace(/"[^"\n]{0,300}"|“[^”\n]{0,300}”|「[^」\n]{0,300}」|(?<![\p{L}\p{N}])'[^'\n]{0,300}'(?![\p{L}\p{N}])/gu, '""');
}

/** How much of a sentence is looked at, in UTF-16 units. */
const examined = 2_000;

/** Whether a sentence is about whoever says it: first person, outside quoted speech. */
export function isAboutSpeaker(text: string): boolean {
  return /[我咱俺]/.test(unquoted(text)) || firstPerson.test(unquoted(text.replace(/’/g, "'")));
}

/** Whether a sentence needs the one before it to say who or what it is about. */
export function leansBack(text: string): boolean {
  return /^(?:(?:and|but|also|so|because|since|then|besides|plus)[,\s]+)?(?:he|she|they|it|his|her|hers|their|its|this|that|these|those|there|both|which|such)\b|^(?:because|since|and|but|so|also|instead|then)\b|^(?:他|她|它|这|那|其|因为|所以|而且|但|不过|并且|另外)/i.test(
    text,
  );
}

/** Marks where story-telling begins and ends; `turn` lasts to the end of its turn, `role` until it is called off. */
export function fictionMark(text: string): 'turn' | 'role' | 'reality' | undefined {
  if (reality.test(text)) return 'reality';
  if (rolePlay.test(text) || rolePlayChinese.test(text)) return 'role';
  return [fiction, mask, fictionChinese, maskChinese].some((mark) => mark.test(text)) ? 'turn' : undefined;
}

/** Whether a sentence only spins on the hypothetical before it: would, could, might. */
export function isConsequence(text: string): boolean {
  return wouldBe.test(text.replace(/’/g, "'")) || /^(?:then i|那我就|我就|我会)/i.test(text);
}

function isHypothetical(text: string, language: Language): boolean {
  if (language === 'chinese') return hypotheticalChinese.test(text) && !standingChinese.test(text);
  return language === 'english' && (hypothetical.test(text) || (conditional.test(text) && wouldBe.test(text)));
}

function isRequest(text: string, language: Language, deliberate: boolean): boolean {
  if (language === 'chinese') return taskChinese.test(text) || errandChinese.test(text) || (!deliberate && taskChineseOnly.test(text));
  return language === 'english' && !nominal.test(text) && (taskOnly.test(text) || (!deliberate && imperative.test(text)));
}

function isLasting(text: string, language: Language): boolean {
  if (language === 'other') return true;
  if (language === 'chinese')
    return [sayOfChinese, datedChinese, telegraphicChinese].some((form) => form.test(unquoted(text))) || isStanding(text);
  const spoken = unquoted(text);
  return (
    firstPerson.test(spoken) ||
    firstPersonImplied.test(spoken) ||
    named.test(spoken) ||
    namedFirst.test(spoken) ||
    binding.test(spoken) ||
    /\bthe user\b/i.test(spoken)
  );
}

/**
 * Why a sentence, or a clause of one, states nothing that lasts; undefined if it does. `deliberate`: it was given to
 * be saved, so only greetings, questions, one-off tasks, hypotheticals and fiction are left out.
 */
export function idleReason(sentence: string, { deliberate }: { deliberate: boolean }): Idle | undefined {
  const text = sentence
    .slice(0, examined)
    .replace(/[’ʼ]/g, "'")
    .replace(/^[\s\-•>]+/, '');
  const language = languageOf(text);
  if (!/[\p{L}\p{N}]/u.test(text) || (text.length <= 100 && [...Object.values(smallTalk), passingChinese].some((talk) => talk.test(text))))
    return 'greeting or small talk';
  if (language === 'english' && compliment.test(text)) return 'greeting or small talk';
  if ([fiction, rolePlay, mask, gesture, fictionChinese, rolePlayChinese, maskChinese].some((mark) => mark.test(text)))
    return 'fiction or role play';
  if (isHypothetical(text, language)) return 'hypothetical';
  const keep = askedToKeep.test(text) && !askedOf.test(text);
  const rule = language === 'chinese' ? standingChinese.test(text) : standing.test(text) || manner.test(text);
  if (keep) return undefined;
  if (forgetting.test(text) || forgettingChinese.test(text)) return 'asks to forget, which the forget tool does';
  if (question[language].test(text) && !tag.test(text) && !(rule && /^(?:can|could|would|will) you\b/i.test(text))) return 'question';
  if (rule) return undefined;
  if (isRequest(text, language, deliberate)) return 'one-off request';
  return deliberate || isLasting(text, language) ? undefined : 'no lasting statement';
}
