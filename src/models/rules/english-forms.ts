/**
 * A form that names what held before, in the group `old`; further groups: attribute, fresh, rest, and clause, which
 * says what holds instead.
 */
interface OldForm {
  find: RegExp;
  frame?: string;
  /** Says only that something ended. */
  retracts?: boolean;
  /** What ended is the subject itself: "my dog died". */
  owned?: boolean;
  /** The old state is told as a verb phrase: "no longer bike to work". */
  verbal?: boolean;
  /** What else is said of the old state limits what is over: "no longer drink coffee after 5pm". */
  limited?: boolean;
  /** Counts only where both sides are of one category: one also goes from Paris to Rome. */
  alike?: boolean;
}

/** The forms that name what held before, the most telling first. */
export const oldForms: OldForm[] = [
  {
    find: /\b(?:changed|switched|moved|updated|renamed|pushed|rescheduled|shifted|migrated|transferred|ported) (?:all )?(?:of )?(?:my |our |the |(?=\w+s from ))(?<attribute>[\w' -]{2,40}?) from (?<old>.+?) to (?<fresh>.+)/,
  },
  { find: /\b(?:not|no longer|never|stop) (?:call(?:ing)? me|go(?:ing)? by) (?<old>[\w'-]+)(?<rest>.*)/, frame: 'name', retracts: true },
  {
    find: /\b(?:outgrown|outgrew|over|lost|cured of) my (?:allergy to (?<old>.+)|(?<old2>[\w-]+) allergy)/,
    frame: 'allergic',
    retracts: true,
  },
  {
    find: /\bmy (?:allergy to (?<old>[\w' -]+?)|(?<old2>[\w-]+) allergy) (?:is|has|was|went) (?:\w+ )?(?:gone|over|away|disappeared|vanished|cured)\b/,
    frame: 'allergic',
    retracts: true,
    owned: true,
  },
  {
    find: /\b(?:gone|went) from (?<old>.+?) to (?<fresh>.+)/,
    alike: true,
  },
  { find: /\b(?:have (?:\w+ )?gone|went back|switched back|moved back) (?:over )?from (?<old>.+?) to (?<fresh>.+)/, frame: 'used' },
  { find: /\b(?:gone|went|switched|moved) back to (?<fresh>.+?) from (?<old>.+)/, frame: 'used' },
  { find: /\b(?:switched|moved|changed) me (?:over )?from (?<old>.+?) to (?<fresh>.+)/, owned: true },
  { find: /^(?<clause>.+?) after (?:leaving|quitting|selling|dropping|returning|giving up|cancell?ing) (?<old>.+)/ },
  {
    find: /\bmy (?<attribute>[\w' -]{2,40}?) (?:is|are) (?:no longer|not) (?<old>[^,;.]+?)(?: anymore)?[,;.] (?:but )?(?:it is|they are) (?<fresh>.+)/,
  },
  {
    find: /(?:^|[,;.] )(?:i was wrong about|i take back what i (?:said|told you) about|(?:please )?(?:scrap|scratch|strike|forget|ignore|disregard) what i (?:said|told you) about) (?<old>[^,;.:]+)[,;.:] (?:i (?:do not|no longer) (?:really )?(?:like|love|enjoy) (?:it|them)\b)/,
    frame: 'like',
    retracts: true,
  },
  { find: /\b(?:moved|relocated) (?:back )?to (?<fresh>.+?) from (?<old>.+)/, frame: 'place' },
  {
    find: /\b(?:switch|mov|chang|transition|migrat|convert|shift)(?:e?d)? (?:\w+ )?to (?<fresh>.+?) from (?<old>.+)/,
  },
  { find: /\b(?:moved|relocated) (?:back |away |out )?from (?<old>.+?) (?:over )?to (?<fresh>.+)/, frame: 'place' },
  {
    find: /\b(?:switch|mov|chang|transition|migrat|upgrad|downgrad|relocat|convert|shift|transferr|jump)(?:e?d)? (?:\w+ ){0,2}?from (?<old>.+?) (?:over )?(?:to|into) (?<fresh>.+)/,
  },
  {
    find: /\b(?!(?:quit|g[ai]ven? up) \w+ing\b.* with\b)(?:replaced|swapped|traded(?: in)?|exchanged|ditched|dropped|dumped|abandoned|g[ai]ven? up|left|quit|cancell?ed) (?<old>.+?) (?:with|for|in favor of|to join|and (?:joined|started|got|took up|bought|chose)) (?!good\b|health|medical|personal|years|now\b|me\b|lent\b|\d|the (?:sake|summer|winter))(?<fresh>.+)/,
  },
  { find: /\b(?:traded|swapped|gave) (?<old>.+?) in for (?<fresh>.+)/ },
  { find: /^(?<fresh>[\w' .-]{1,40}?) (?:has |have )?(?:replaced|superseded) (?<old>.+)/ },
  {
    find: /^(?:my |our |the )?(?<old>[\w' .-]{1,40}?) (?:was|were|got|has been|have been) (?:replaced|superseded) (?:by|with) (?<fresh>.+)/,
  },
  { find: /\b(?:bought|got|took|hired|chose|started|adopted) (?<fresh>.+?) (?:to replace|as a replacement for) (?<old>.+)/ },
  { find: /^(?<clause>.+?),? (?:instead of|rather than|in place of) (?<old>.+)/, limited: true },
  {
    find: /\bused to (?:be )?(?<old>.+?)[,;.]? (?:but|and|,)? ?(?<rest>(?:i |i am |we |it is )?(?:have |am )?(?:now|nowadays|these days|switched|moved|changed|no longer|not anymore|currently|recently)\b.*)/,
    verbal: true,
  },
  {
    find: /\bused to (?:be )?(?<old>.+?)[,;.] (?:but |and )?(?<rest>(?:now|these days|not anymore|anymore|i do not|i am not)\b.*)/,
    verbal: true,
  },
  {
    find: /^(?<old>[\w' -]{2,60}?) (?:is|are) no longer my (?<attribute>[\w' -]+)[,;.] (?:now )?(?:its|it is|that is) (?<fresh>.+)/,
  },
  { find: /^(?:.*[,;.] )?(?<old>[\w' -]{2,60}?) (?:is|are) no longer my (?<attribute>[\w' -]+)(?<rest>.*)/, retracts: true },
  { find: /\bmy (?<attribute>[\w' -]{2,40}?) (?:is|are) no longer (?<old>.+)/, retracts: true },
  {
    find: /\b(?:now|these days|come to|came to|changed my mind[,;.:]? (?:and )?(?:now )?i) prefer (?<fresh>.+?) (?:over|to) (?<old>.+)|\bprefer (?<fresh2>.+?) (?:over|to) (?<old2>.+?) (?:now|these days)\b/,
    frame: 'prefer',
  },
  {
    find: /^(?<old>[^,;.?]{2,60}?) (?:(?:is|are) not (?:really )?(?:my thing|for me|my cup of tea|my jam|my style)|(?:does|do) not (?:really )?(?:do it for|appeal to|interest|excite) me|no longer (?:appeals? to|interests?|excites?) me|(?:is|are) no longer (?:my thing|for me|my cup of tea))(?: anymore| these days|$)(?<rest>.*)/,
    retracts: true,
    owned: true,
    frame: 'like',
  },
  {
    find: /^(?<old>[^,;.?]{2,60}?) (?:has|have) (?:(?:really|definitely|slowly|finally) )*(?:grown on me|won me over)\b/,
    owned: true,
    frame: 'dislike',
  },
  {
    find: /\b(?:come (?:a)?round to|warmed (?:up )?to|learn(?:ed|t) to (?:like|love|enjoy)|started (?:liking|loving|enjoying)) (?<old>.+)/,
    frame: 'dislike',
  },
  {
    find: /\b(?:(?:am|got|gotten|become|grown) (?:(?:so|really|completely|kind of) )?(?:sick|tired|bored|weary) (?:of|with)|am (?:so )?fed up with|(?:fell|fallen) out of love with|cooled on|(?:gone|went) right off) (?<old>.+)/,
    retracts: true,
    frame: 'like',
  },
  {
    find: /\b(?<old>[\w'-]+) and i (?:have )?(?:broke|broken|split|separated|parted|got divorced|are divorced|are no longer together)\b(?<rest>.*)/,
    retracts: true,
    owned: true,
    frame: 'partner',
  },
  {
    find: /\b(?:broke|broken|split|separated|ended) (?:(?:it|things) )?(?:up |off )?(?:with|from) (?<old>.+)/,
    retracts: true,
    frame: 'partner',
  },
  {
    find: /\b(?:i|we) (?:have )?(?:divorced|dumped|left) my (?<old>wife|husband|girlfriend|boyfriend|partner)\b(?<rest>.*)/,
    retracts: true,
    frame: 'partner',
  },
  { find: /\bi (?:have )?(?:divorced) (?<old>[\w'-]+)(?<rest>.*)/, retracts: true, frame: 'partner' },
  { find: /\b(?<old>)(?:(?:got|am) divorced|(?:broke|split|broken) up)\b(?<rest>.*)/, retracts: true, frame: 'partner' },
  {
    find: /\b(?:was|got|been|were) (?:fired|laid off|let go|made redundant|sacked|dismissed)(?: (?:by|from|at) (?<old>[^,;.]+)|)(?<rest>.*)/,
    retracts: true,
    frame: 'work',
  },
  {
    find: /\b(?:handed|turned|put|given|gave) in my (?:notice|resignation)(?: (?:at|to|with) (?<old>[^,;.]+)|)(?<rest>.*)/,
    retracts: true,
    frame: 'work',
  },
  { find: /\blet my (?<old>[\w' -]{2,40}?) (?:lapse|expire|run out)\b(?<rest>.*)/, retracts: true },
  { find: /^(?<old>[\w' -]{2,40}?) (?:let me go|fired me|laid me off|sacked me)\b(?<rest>.*)/, retracts: true, owned: true, frame: 'work' },
  {
    find: /^(?:my |our |the )(?<attribute>(?<old>[\w' -]{2,40}?)) (?:no longer|does not|do not) (?:takes? place|happens?|exists?|meets?|runs?)\b(?<rest>.*)/,
    retracts: true,
    owned: true,
  },
  { find: /\bno longer (?:am |is )?(?<old>.+)/, retracts: true, verbal: true, limited: true },
  {
    find: /\b(?:not|never) (?:(?:really|even|that|so|too|all|quite|as) )*(?<old>[^,;.]{2,80}?) (?:anymore|these days|nowadays|after all)\b(?<rest>.*)/,
    retracts: true,
    verbal: true,
    limited: true,
  },
  {
    find: /\bmoved out of (?:my |our |the )?(?<old>[\w' -]{2,30}?) (?:place|house|home|flat|apartment|basement)\b(?<rest>.*)/,
    frame: 'home',
    retracts: true,
  },
  { find: /\b(?:finished|completed) (?:reading |watching |doing |taking |my )?(?<old>.+)/, retracts: true, frame: 'ongoing' },
  { find: /\b(?:stopped|quit|gave up|given up|giving up)(?: on)? (?!to\b|by\b|at\b|in\b|for\b)(?<old>.+)/, retracts: true, limited: true },
  {
    find: /\b(?:got rid of|gotten rid of|let go of|parted (?:ways )?with|disposed of|sold|donated|returned|rehomed|cancell?ed|ended|terminated|discontinued|shut down|closed|uninstalled|deleted|unsubscribed from|(?:resigned|retired|withdrew|walked away) from|stepped down (?:from|as)|ditched|dropped|dumped|abandoned|scrapped|cut out|swore off|gave away|(?:shaved|cut) off(?= my )|shaved|(?:dropped|pulled|backed|opted|moved) out of|moved away from|said goodbye to|kicked) (?!by\b|off\b|out\b|in\b)(?<old>.+)/,
    retracts: true,
  },
  {
    find: /\bhad to (?:give up|stop|quit|sell|rehome|drop|cancel|leave|get rid of|let go of|part with|cut out|give away|put down|resign from|break up with) (?<old>.+)/,
    retracts: true,
  },
  {
    find: /\bhad to (?:give|put|send) (?<old>(?:my |our |the )?[\w'-]+(?: [\w'-]+)?) (?:away|down|up for adoption)\b(?<rest>.*)/,
    retracts: true,
  },
  {
    find: /\b(?:gave|given|threw|thrown|put|sent) (?<old>(?:my |our |the )?[\w'-]+(?: [\w'-]+){0,3}) (?:away|out|down|up for adoption)\b(?<rest>.*)/,
    retracts: true,
  },
  { find: /\b(?:am|came|come|got|have been|taken) off (?!to\b|work\b|today\b|the hook)(?:of )?(?<old>.+)/, retracts: true },
  {
    find: /\b(?:got|had|have) my (?<old>[\w' -]{2,30}?) (?:off|out|removed|taken (?:off|out))\b(?<rest>.*)/,
    retracts: true,
    frame: 'have',
  },
  { find: /\b(?:took|taken) me off (?:of )?(?<old>.+)/, retracts: true, owned: true },
  { find: /\b(?:am|have been) (?:done with|through with|finished with|over|out of) (?<old>.+)/, retracts: true },
  {
    find: /^(?:my |our |the )?(?!phone|battery|laptop|computer|car\b|grand|mother|father|mom|mum|dad|uncle|aunt)(?<old>[\w'-]+(?: [\w'-]+){0,2}?) (?:has |have )?(?:died|passed away|ran away|flew away)\b(?<rest>.*)/,
    retracts: true,
    owned: true,
    frame: 'have',
  },
  {
    find: /^(?:my |our |the )(?<attribute>(?<old>[\w' -]{2,40}?)) (?:has been|have been|was|were|got|is|are) (?:cancell?ed|called off|scrapped|discontinued|abolished|sold|given away|rehomed|gone|healed|cured|cleared up)\b(?<rest>.*)/,
    retracts: true,
    owned: true,
  },
  {
    find: /\b(?:lost interest in|gr[eo]wn? out of|fell out of love with|(?:went|gone) off|got over) (?<old>.+)/,
    retracts: true,
    frame: 'like',
  },
  {
    find: /(?:^|[,.] )(?:it )?(?:turns out|turned out|actually|correction|i was wrong)[,:]? (?:that )?(?:i|we|my \w+) (?:am|do|is|does|are|have) not (?<old>(?:[\w'-]+ )?(?:(?:to|in|at|for|an?|the|my|any|like|from) )*[\w'-]+(?: [\w'-]+)?)[.!]?$/,
    retracts: true,
    verbal: true,
  },
  {
    find: /\b(?:i|we|my [\w-]+(?: [\w-]+)?) (?:have |has )?(?:just |recently |finally )?(?:left|moved on from) (?!.* (?:at (?:noon|midnight|\d)|on the|in the|early|late)\b)(?<old>.+)/,
    retracts: true,
    frame: 'place',
  },
  { find: /^(?:please )?(?:forget|scratch|disregard) (?:that|what i said about|about) (?<old>.+)/, retracts: true },
];

const name = "(?:my|our|the) (?:new |current )?(?<attribute>(?:[\\w'-]+ ){0,4}?[\\w'-]+)";
/** An attribute whose verb says that its value is another one than before. */
const set =
  '(?:changed|updated|switched|renamed|moved|shifted|pushed|postponed|delayed|rescheduled|raised|lifted|lowered|cut|reduced|increased|bumped|extended|shortened|set|brought forward)';

/** A form that names only what holds from now on, in the groups attribute and fresh. */
interface FreshForm {
  find: RegExp;
  frame?: string;
  /** The end of the new value says what it is about: "the search team". */
  heads?: boolean;
  /** The attribute is what the speaker does: "tennis is on Fridays now". */
  shared?: boolean;
  /** The value stands in front of its attribute: "Ann is my new boss". */
  inverse?: boolean;
}

/** The forms that name only what holds from now on, the most telling first. */
export const freshForms: FreshForm[] = [
  {
    find: /^(?<attribute>(?!my |our |the )[\w' -]{2,60}?) (?:(?:is|are|meets?) (?:now )?on (?=.* now\b|\w+ now\b)|(?:is |are |has |have |has been |got )?(?:moved|shifted|pushed|switched|rescheduled) to )(?<fresh>(?:\w+ )?(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b.*)/,
    shared: true,
  },
  { find: new RegExp(`\\brenamed ${name} (?:to |as )?(?<fresh>[\\w'-]+)[.!]?$`) },
  { find: new RegExp(`\\b(?:rewrote|rewritten|rebuilt|ported|converted|migrated) ${name} (?:in|to|into|onto) (?<fresh>.+)`) },
  { find: new RegExp(`\\b${set} (?:up |down |back )?${name} (?:up |down |back |forward )?to (?<fresh>.+)`) },
  {
    find: new RegExp(
      `\\b${name} (?:(?:is|are|was|were|has|have|got|been) )*${set} (?:up |down |back |forward )?(?:to|until|till) (?<fresh>.+)`,
    ),
  },
  {
    find: new RegExp(
      `\\b${name} (?:has |have )?(?:went|gone|rose|risen|fell|fallen|dropped|grew|grown|came|come) (?:up |down )?to (?<fresh>.+)`,
    ),
  },
  { find: new RegExp(`\\b${name} (?:has |have )?(?:became|become|turned into)(?: now)? (?<fresh>.+)`) },
  { find: /^(?<fresh>[\w' -]{1,40}?) (?:is|are) my (?<attribute>[\w' -]+?) (?:now|these days|nowadays)[.!]?$/, inverse: true },
  { find: new RegExp(`\\b${name} (?:is|are|was|has been|have been) (?:now|currently|actually|no longer [\\w ]+ but) (?<fresh>.+)`) },
  { find: new RegExp(`\\b${name}(?: has changed| changed)?[:,;.] (?:it is|they are) now (?<fresh>.+)`) },
  {
    find: /\b(?:changed|switched) (?<attribute>[\w-]+s)[,;:.]? (?:and |so )?(?:now )?(?:it is|they are|i am (?:now )?(?:with|at|on|using)|my new one is) (?<fresh>.+)/,
  },
  { find: /\bmy new (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+)(?: now)? is (?<fresh>.+)/ },
  { find: new RegExp(`(?:\\bnow|these days|nowadays|actually|correction|as of \\w+),?:? (?:that )?${name} (?:is|are) (?<fresh>.+)`) },
  { find: new RegExp(`\\b${name}(?: now)? (?:is|are) (?<fresh>.+?),? (?:now|these days|nowadays)\\b`) },
  {
    find: /^(?<fresh>[\w' -]{1,40}?) (?:is|are|has become|became) (?:now my|my new) (?<attribute>[\w' -]+?)(?: now)?[.!]?$/,
    inverse: true,
  },
  {
    find: /[,;.] (?<fresh>it|that|which) is (?:now )?my (?:new )?(?<attribute>favorite [\w ]+?)(?: now| these days)?[.!]?$/,
    inverse: true,
  },
  {
    find: /\b(?:moved|switched|transferred|changed|reassigned|assigned)(?: over)? to (?:the |a |our |another )?(?<fresh>(?:[\w'-]+ ){0,3}?(?:team|group|department|squad|division|crew|unit|branch|shift|class))\b/,
    frame: 'group',
    heads: true,
  },
  { find: /\b(?:transferred|changed schools?|switched schools?) to (?<fresh>.+)/, frame: 'study' },
  {
    find: /\bmoved (?:back |out |over |down |up |in )?(?:to|into) (?!the (?:front|back|next|left|right|top|bottom|other|first|second|last|middle|window|couch|floor)\b|(?:a |the )?(?:new )?(?:role|position)|(?:using|drinking|eating)\b)(?<fresh>.+)/,
    frame: 'home',
  },
  {
    find: /\b(?:relocated (?:back )?to|moved in with|settled (?:down )?in|moved (?:house|homes?|flats?|apartments?)\b) ?(?<fresh>.*)/,
    frame: 'home',
  },
  {
    find: /\b(?:started|got|accepted|took|taken|landed|begun|have|found) (?:a new|my new|a|new) (?:job|position|role) (?:at|with|for) (?<fresh>.+)/,
    frame: 'work',
  },
  { find: /\bstarted (?:working|work|a job) (?:at|for|with) (?<fresh>.+)/, frame: 'work' },
  { find: /^(?<fresh>[\w'& -]{2,40}?) (?:has )?(?:hired|recruited|poached|employed) me\b/, frame: 'work' },
  { find: /^(?:i|we|my [\w-]+) (?:have |has )?(?:just |recently |finally )?joined (?<fresh>.+)/, frame: 'work' },
  { find: /\bstarted (?:waking|getting) up (?:at )?(?=\d)(?!.*\bon\b)(?<fresh>.+)/, frame: 'wake' },
  { find: /\b(?:got|been|was) hired (?:by|at) (?<fresh>.+)/, frame: 'work' },
  { find: /\b(?:started|got|accepted|took|taken) (?:a new|my new|a|new) (?:job|position|role) as (?<fresh>.+)/, frame: 'role' },
  {
    find: /\b(?:(?:got|was|been) promoted to|started working as|retrained as|requalified as|(?:switched|changed) careers?\b.*?\b(?:to|become|became)) (?<fresh>.+)/,
    frame: 'role',
  },
  {
    find: /\b(?:i am|we are) (?:now )?(?:dating|seeing|with(?= [a-z]+ now)|going out with|in a relationship with|engaged to|married to) (?!an?\b|the\b|my\b)(?<fresh>.+)/,
    frame: 'partner',
  },
  { find: /\bi am (?:now )?(?<fresh>single) (?:again|now)\b|\bi am (?:now|back to being) single\b/, frame: 'partner' },
  { find: /\bcall me (?<fresh>\w+) (?:now|instead|from now on)\b/, frame: 'name' },
  {
    find: /\b(?:now|from now on|instead),? (?:please )?call me (?<fresh>\w+)|\bgo by \w+ (?:now|these days|instead)|\bnow go by /,
    frame: 'name',
  },
  { find: /\b(?:just |recently |have )?turned (?<fresh>\d{1,3})\b/, frame: 'age' },
  {
    find: /\b(?:became|have become|turned|went|have gone|have turned|am now|am) (?:an? |fully )?(?<fresh>(?:vegan|vegetarian|pescatarian|keto|paleo|carnivore|omnivore|flexitarian))(?: now)?\b/,
    frame: 'diet',
  },
  { find: /\b(?:switched|converted|changed|migrated|moved|upgraded) (?:over |completely |fully )?to (?<fresh>.+)/, heads: true },
  {
    find: /\b(?:got|bought|have) a new (?<attribute>phone|car|job|apartment|laptop|number|address|email|boss|manager|roommate|phone number)\b(?<fresh>.*)/,
  },
];
