/** How standing statements are worded in a language. Patterns see one sentence, with straight quotes. */
export interface StandingWords {
  says: RegExp;
  /** What makes such a sentence a question, a what-if, or a report of what was. */
  but?: RegExp;
  /** What makes a question a lasting request all the same. */
  asks?: RegExp;
}

const clauseStart =
  '(?:^|[,;:] |\\b(?:please|also|and|but|so|then|just|always|must|should|to|you|user|assistant|sure|now on|with me)[,]? )';
const past =
  '(?!(?:been|was|were|had|went|came|did|got|saw|said|knew|thought|took|made|found|left|told|gave|felt|heard|met|ate|drank|wrote|became|gone|seen|done|forgave|forgot|meant|(?!need|feed|embed|exceed|proceed|speed|shed|bleed|breed)\\w+ed)\\b)';
const person = '(?:i|we|he|she|they|(?:my|our|his|her|their) [\\w-]+)';
/** What one does always or never as a matter of choice: one wakes up at six without preferring it. */
const choice =
  'eat|drink|take|use|order|fly|book|want|need|write|squash|review|commit|push|merge|answer|reply|read|buy|wear|cook|choose|pick|prefer|ask|format|run|test|document|deploy|add|travel|pay|put|work|skip|listen|watch|indent|name|sign';
const often = '(?:(?:really|also|still|just|absolutely|especially|particularly|usually|generally|mostly|much|do|both|all|strongly|only) )*';

const english: StandingWords = {
  says: new RegExp(
    [
      `\\b(?:always|never)\\b(?<!\\b(?:it|that|this|there|was|were|had|have|has|would|will|'ve|the (?!user)\\w+|${person}) \\w+) ${past}\\w`,
      `\\b(?:${person}) (?:always|never) (?:${choice})(?:e?s)?\\b`,
      '\\b(?:from now on|from here on|henceforth|going forward)\\b|^in (?:the )?future,? (?!(?:i|we|he|she|they|it|there|the)\\b)',
      '^(?:use|write|show|give|prefer|assume|format|run)\\b.*\\bby default\\b|^by default,? (?:use|write|show|give|answer)',
      '\\b(?:call|address) me\\b(?! (?:back|at|on|when|later|tomorrow|tonight|today|if|in|an?|crazy|again|now|before|after|soon|as soon|about|maybe)\\b)',
      '\\bto be (?:called|addressed)\\b|\\brefer to (?:me|us|him|her|them|the user) as\\b|\\bpronouns\\b|\\b(?:i|user|she|he|they) go(?:es)? by (?!bus|car|train|bike|plane|foot|the|taxi|tram|boat)\\w',
      `${clauseStart}(?:reply|respond|answer|speak|talk|write)(?: back)?(?: to)?(?: me| us)?(?: only| exclusively)? in (?!order|time|general)`,
      `${clauseStart}(?:keep (?:your|all|the|every)? ?(?:answers?|replies|reply|responses?|explanations|summaries|messages|it|things) |be (?:concise|brief|direct|formal|informal|honest|blunt)\\b)`,
      `${clauseStart}give me (?:\\w+ ){0,2}(?:answers|replies|responses|explanations|summaries)\\b`,
      `${clauseStart}(?:(?:do not|don't) (?:ever |use|call|add|ask|say|include|apologi[sz]e|suggest|explain|recommend|mention|commit|push|touch|modify|edit|merge|repeat|assume|give|show|share|write|reply|answer|start|end|put|translate|tell)|avoid |stop \\w+ing\\b|no need to )`,
      `^(?:please,? )?no (?:more )?(?:emojis?|jargon|small talk|apologies|disclaimers|bullet points|comments|[\\w-]+(?: [\\w-]+)?,? please|[\\w-]+ in (?:my|your)\\b)`,
      `${clauseStart}use [^.]{1,60}(?:,? not |instead of|rather than| (?:in|for) (?:all|every|any|my) )`,
      '^(?:please )?(?!(?:i|we|he|she|it|they|you|my|the|there|who|people)\\b)[a-z]+ [^.]{1,80}(?:\\bwhenever|\\b(?:each|every) time) (?:i|you|we)\\b',
      '^(?:when(?:ever)?|if|every time|each time|any time) (?:i|we) (?:ask|mention|share|say|send|paste|write|give|show|talk|request|post|use|want|need)\\b[^.,]*, (?:please )?(?!(?:i|we|he|she|it|they|my|the|there|that|people|nobody|everyone)\\b)\\w',
      '^(?:please )?(?:write|include|add|put|format|use|end|start|begin|show|document|name|cite|wrap|test) .*\\b(?:each|every|all (?:code|documentation|docs|answers|replies|responses|files|comments|tests|commits|dates|names|functions|messages|summaries))\\b',
      `${clauseStart}(?:treat me (?:as|like)|explain (?:things|it|everything)|ask (?:me )?before|format (?:dates|times|numbers|code)|only (?:use|answer|reply|respond|write|show)|assume (?:i|that i|we)|(?:write|name|format|phrase|document) (?:\\w+ )?(?:messages|comments|tests|documentation|docs|code|variables|functions|answers|titles|names)|(?:speak|talk|write) (?:slowly|plainly|simply)|use (?:simple|plain|short) (?:words|language|sentences))\\b|^(?:show|put|give) [\\w ]{1,30} first\\b`,
      "\\b(?:wants?|needs?|(?:'d| would) like) you to (?:always|never|be|use|keep|avoid|address|reply|answer|call|speak)\\b",
      '\\bwants? (?:\\w+ ){0,2}(?:answers?|responses?|replies|explanations|comments|code|summaries|messages) (?:in|to be|without|with|short|brief)\\b',
      "\\b(?:do not|don't|doesn't|does not) want to be\\b",
      '\\b(?:answers?|responses?|replies|messages|comments|code|tests|documentation) must\\b',
      '^(?:please,? )?(?!.*\\b(?:here|this|that|these|those|now|today|tonight|again)\\b)(?:(?:use|write in|stick to) (?:[\\w-]+ ){0,3}(?:spelling|english|units|spaces|tabs|quotes|(?:date|time|number) formats?|notation|emojis?|celsius|fahrenheit|bullet points|markdown|grammar|commas?|pronouns)|keep (?:(?:all|your|the|my|code) ){0,3}(?:comments?|answers|replies|responses|explanations|summaries|messages|code|functions|commits) (?:\\w+ )?(?:short|brief|minimal|concise|simple|terse|small|formal|informal|light|plain)|(?:speak|talk|write|reply) to me (?:like|as) )',
      "\\bprefers?\\b|(?:\\b(?:my|his|her|our|their)|'s) preferred\\b|^preferred\\b|\\bpreferences? (?:is|are|for)\\b",
      "\\bfavou?rites? (?:[\\w-]+ ){0,4}(?:is|are)\\b|\\b(?:is|are) (?:[\\w']+ ){0,3}favou?rite|^favou?rite [\\w ]+:",
      `\\b(?:i|we|they|user|who) ${often}(?:like|love|enjoy|hate|dislike|adore|loathe|detest)\\b(?! (?:you|him|her|them|it|this|what|how|to (?:say|admit|break|ask|disagree|bother|be that))\\b)`,
      '\\b(?:likes|loves|enjoys|hates|dislikes|adores|loathes|detests)\\b(?<!\\b(?:the|of|my|more|many|\\d+) likes)(?! (?:you|me|him|her|them)\\b)',
      '\\bfollows? an? [\\w -]{3,25} diet\\b|\\btakes? (?:my|her|his|their) (?:coffee|tea)\\b|\\bi find [\\w ]{2,30} (?:annoying|irritating|distracting)\\b',
      "\\b(?:don't|do not|doesn't|does not|dont|cannot|can't) (?:really |particularly |usually |normally )?(?:like|love|enjoy|eat|drink|smoke|care for|stand (?!up|here|there|still|for election)|tolerate)",
      "(?:\\b(?:am|is|are)|'[mrs]e?) (?:not )?(?:an? )?(?:\\w+ )?fans? of\\b|\\b(?:'d|would) (?:much )?rather (?:be|have|get|see|use|not)\\b",
      '\\ballergic to\\b|\\ballerg(?:y|ies) (?:to|against)\\b|\\b(?:has|have|with) (?:an? )?(?:\\w+ )?allerg(?:y|ies)\\b|\\bintolerant\\b|\\bkeeps? (?:kosher|halal)\\b',
      "(?:\\b(?:am|is|are|be)|'[mrs]e?) (?:an? )?(?:strict |lifelong |mostly )?(?:vegan|vegetarian|pescatarian|teetotal|c(?:o)?eliac|diabetic|colou?r-?blind)",
      '\\b(?:i|we|user|he|she|they) (?:only (?:eat|drink|use|wear|buy|read)|avoid)s?\\b',
    ].join('|'),
    'i',
  ),
  but: /\bif (?:i|we|you|he|she|they|my|it|there|someone) ?(?:were|was|had|lived|could|won|owned|'d|[a-z]+ed)\b|^(?:imagine|suppose|supposing|what if|assume|assuming|pretend)\b|\b(?:whether|asked if|wonders? if|wondering)\b/i,
  asks: /\b(?:can|could|would|will) you\b.*\b(?:always|never|from now on|in future|going forward|call me|by default)\b/i,
};

/** German, French, Spanish, Italian and Portuguese in one, since their first letters are those of English. */
const romanceAndGerman: StandingWords = {
  says: new RegExp(
    `(?:^|[\\s,;:¡(])(?:${[
      // German
      '(?:ab (?:jetzt|sofort)|von nun an|künftig),? |nenn(?:e|t|en sie)? mich |(?:duze?|sieze?) mich',
      '(?:antworte|schreib|sprich|rede|verwende|nutze|benutze|gib|erkläre)n?(?: sie)?(?: mir| mit mir)? (?:[a-zäöüß]+ ){0,4}(?:immer|nie|niemals|stets|kein|auf (?:deutsch|englisch|französisch))',
      '(?:bitte )?(?:immer|nie|niemals|keine) [^.]{0,40}(?:bitte|antworten|verwenden|benutzen|schreiben)|vermeide ',
      'ich (?:bevorzuge|mag|liebe|hasse|esse (?:kein|nie)|trinke (?:kein|nie|nur)|verabscheue)|[\\p{L}]+ (?:mag|bevorzugt|hasst) |(?:mein|ihr|sein)e? lieblings|am liebsten|allergisch (?:gegen|auf)|allergie gegen|(?:bin|ist) (?:vegan|vegetari|laktoseintolerant|zöliakie)',
      // French
      "(?:désormais|dorénavant|à partir de maintenant)|appelle(?:z)?-moi |(?:tutoie|tutoyez|vouvoie|vouvoyez)-moi|(?:réponds|répondez|écris|écrivez|parle|parlez|utilise|utilisez)(?:-moi)? (?:toujours|uniquement|en (?:français|anglais|allemand))|ne .{2,20} (?:jamais|pas) d|n'utilise[zs]? (?:jamais|pas)",
      "je (?:préfère|déteste|n'aime|ne mange pas|ne bois pas|ne mange jamais|ne bois jamais|n'utilise)|j'(?:aime|adore)|[\\p{L}]+ (?:préfère|déteste) |préférée?s? (?:est|sont)|allergique (?:à|au)|(?:suis|est) (?:végétarien|végane?|intolérant)",
      // Spanish
      "(?:de ahora en adelante|a partir de ahora|de agora em diante|a partir de agora|d'ora in poi|da ora in poi)|ll[áa]m(?:a|e)me |(?:responde|contesta|escribe|habla|usa)(?:me)? (?:siempre|solo|en (?:español|inglés))|siempre (?:responde|usa|escribe)|nunca (?:uses|respondas|digas|me)",
      '(?:no )?(?:me|le) (?:gustan?|encantan?) |(?:prefiero|prefiere|odio|odia|detesto|detesta) |no (?:como|bebo|tomo) |(?:mi|su) [\\p{L} ]{1,30}(?:favorit|preferid)[oa]s?|(?:soy|es) (?:al[ée]rgic|vegetarian|vegan|cel[ií]ac|intolerante)|alergia (?:a|al) ',
      // Italian
      'chiamami |(?:rispondi|scrivi|parla|usa)(?:mi)? (?:sempre|solo|in (?:italiano|inglese))|non (?:usare|rispondere|scrivere) (?:mai)?|(?:preferisco|preferisce|odio|odia|detesto) |(?:non )?(?:mi|gli|le) (?:piace|piacciono) |non (?:mangio|bevo) |(?:mi[oa]|su[oa]) [\\p{L} ]{1,30}preferit[oa]|(?:sono|è) (?:allergic|vegetarian|vegan|celiac|intollerante)',
      // Portuguese
      '(?:me chame|chame-me) |(?:responda|escreva|fale|use)(?:-me)? (?:sempre|apenas|só|em (?:português|inglês))|nunca (?:use|responda|escreva|diga)|não (?:use|responda|escreva) |(?:prefiro|prefere|odeio|odeia|detesto) |(?:não )?gost[oa] (?:de|muito|d[oa])|adoro |não (?:como|bebo) |(?:meu|minha) [\\p{L} ]{1,30}(?:favorit|preferid)[oa]|(?:sou|é) (?:al[ée]rgic|vegetarian|vegan|cel[ií]ac|intolerante)',
    ].join('|')})`,
    'iu',
  ),
  but: /(?:^|[\s,])(?:wenn ich .{0,40}(?:wäre|hätte|würde)|si (?:j'étais|j'avais|yo fuera|tuviera)|se (?:io )?fossi|se eu fosse)/iu,
};

const chineseStart = '(?:^|[，,。；;、：:！!]|请|請|你|您)';
const chinese: StandingWords = {
  says: new RegExp(
    [
      `${chineseStart}(?:从今)?以[后後](?!再)|从现在(?:开始|起)|從現在(?:開始|起)|从今(?:往后|天起)|今[后後]|永远|永遠|总是|總是|从不|從不|从来不|每次|每当|一律|始终|务必|務必|默认(?!端口)`,
      `${chineseStart}(?:千万)?(?:不要|别|別|勿|禁止)(?!担心|客气|着急|介意|紧|说笑|闹|逗|人|的|处|提了|忘)`,
      `${chineseStart}(?:写|翻译|回答|回复|答复|解释|讲解?|总结|分析|生成|修改|润色|推荐|介绍)[^，。我你]{0,8}(?:的时候|时候?)[，,]?(?:请|都|要|尽量|先|使?用|不要|别|保留|保持|务必|必须)`,
      '(?:希望|想要|想让|需要)(?:你|您)(?!今天|明天|能来)[^，。]{0,10}(?:直接|简短|简洁|简单|详细|耐心|正式|幽默|温柔|严谨|严格|严肃|客观|礼貌|随意|口语|坦率|坦诚|诚实|委婉|友好|专业|叫我|称呼我)',
      `(?:${chineseStart}|可以|都|就|直接)(?:叫|称呼|稱呼|喊)我(?!明天|今天|去|来|起床|回|过|一声|吃|做|帮|等)`,
      '请(?:一直|都|只|尽量|统一)?用|請用|用(?:中|英|日|法|德|韩)[文语](?:来)?(?:回|答|交流|跟|和我|写)|(?:回答|回复|答案)(?:都)?(?:要|得|尽量|应该|必须)|请(?:保持|尽量|始终|直接|简短)',
      '喜[欢歡]|偏好|偏[爱愛]|最[爱愛]|热爱|[爱愛](?:吃|喝|看|听|玩|用)|[讨討][厌厭]|厌恶|不吃(?!了)|不喝(?!了)|不能吃|不抽烟|吃素|素食|[过過]敏|忌口|更愿意|宁愿|倾向于|[习習][惯慣](?:用|喝|吃|于|於)|受不了|反感',
    ].join('|'),
  ),
  but: /(?:如果|假如|假设|要是|倘若)(?!.*(?:请|你|务必|不要|别)).*(?:会|就)|(?:以前|曾经|过去|小时候|昨[天晚]|上周).*(?:喜欢|爱|讨厌)/,
  asks: /(?:能不能|可以|能否|可不可以).*(?:以后|总是|每次|叫我)/,
};

const japanese: StandingWords = {
  says: /(?:いつも|毎回).*(?:ください|下さい|て。?$)|常に|必ず.*(?:ください|下さい)|(?:今後|これから)は|決して|(?:と|って)呼んで|(?:日本語|英語|敬語)で.*(?:ください|下さい|お願い)|使わないで|しないでください|(?<!大変)(?:好き|嫌い|苦手)(?:です|だ|。|$)|大好き|お気に入り|好みは|アレルギー(?:が|です|持ち)|食べられ(?:ない|ません)|食べません|飲みません|ベジタリアン|ヴィーガン|菜食/,
  but: /もし/,
};
const korean: StandingWords = {
  says: /항상|매번 .*(?:주세요|줘)|언제나|절대|앞으로(?:는)?|라고 불러|(?:한국어|영어|존댓말|반말)로 .*(?:주세요|줘)|사용하지 마|쓰지 마|좋아(?:해|합|하는 .*(?:은|는))|싫어(?:해|합)|선호|알레르기|못 먹|안 먹|채식/,
  but: /만약|좋아했|싫어했/,
};
const russian: StandingWords = {
  says: /(?:^|[\s,])(?:всегда|никогда не) (?:отвеча|пиш|использу|говори|добавля|называ|предлага)|(?:с этого момента|отныне|впредь)|(?:называй|называйте|зови|зовите) меня|(?:отвечай|отвечайте|пиши|пишите|говори) (?:мне )?(?:только )?(?:по-|на )|не (?:используй|используйте|добавляй|пиши) |предпочита[юе]|(?:^|[\s,])я (?:очень |не )?(?:люблю|обожаю|ненавижу)|(?:не )?(?:любит|ненавидит|обожает) |мне (?:не )?нравится|любим(?:ый|ая|ое|ые) .* (?:—|-|это)|аллерги[яю] (?:на|у)|аллерги(?:к|чка)|вегетариан|веган|не (?:ем|пью) /iu,
  but: /если бы|любил[аи]? /iu,
};

/** The languages of a script, the one that is most likely first. */
export const standingWords = {
  latin: [english, romanceAndGerman],
  chinese: [chinese],
  japanese: [japanese],
  korean: [korean],
  russian: [russian],
};
