import { type Change, categoryOf, type Reader } from './claim.js';
import { attributeOf, frameOfVerb, holderOf, mainVerb, readClaim, valueTypeOf, verbFrames } from './english-claim.js';
import { isCompound, partsOf, sentencesOf } from './english-clauses.js';
import { frameNouns, headOf, normalize, objectTerms, stem, termsOf, untilEnd, wordsOf } from './english-words.js';

/** What only explains or dates an ending; the rest of a sentence behind it brings no news. */
const aside =
  /\b(?:because|since|so that|so i can|as i|due to|after|when|thanks to|sadly|unfortunately|luckily|at all|any time|for good|(?:last|this|next) \w+|yesterday|today|recently|(?:a|two|three|few|couple|\d+) \w+ ago|in \w+)\b.*$|\b(?:it|that|this|they) (?:is|was|are|were|got|just|costs?|gave me|made me|hurts?|kept|did|does)\b.*$|\b(?:and|but) (?:i )?(?:am |feel |felt |sleep )(?:so |really |much |very )*(?:happy|glad|great|better|fine|relieved|sad|proud)\b.*$/;

/** A retraction that also says what holds instead, before or after it, is a replacement. */
function kindAfter({ before, rest }: { before: string; rest: string }): Change['kind'] {
  if (/\b(?:now|instead|these days)\b.*[,;.]|[a-z]{2,} [a-z]+[,;.].*$/.test(before)) return 'replace';
  const news = rest.replace(aside, '').replace(/^[\s,;.:!-]*(?:and|but|so|or|anymore|either|too|for me|with me|right now|now)?[\s,;.:!-]*/, '');
  return wordsOf(news).length > 1 ? 'replace' : 'retract';
}

/** The forms of explicit corrections, the most telling first. Groups: old, verb, attribute, fresh, rest. `owned`: what ended is the subject itself. */
const forms: { find: RegExp; frame?: string; retracts?: boolean; owned?: boolean }[] = [
  {
    find: /\b(?:changed|switched|moved|updated|renamed|pushed|rescheduled|shifted) (?:my|our|the) (?<attribute>[\w' -]{2,40}?) from (?<old>.+?) to (?<fresh>.+)/,
  },
  { find: /\b(?:moved|relocated) (?:back |away |out )?from (?<old>.+?) (?:over )?to (?<fresh>.+)/, frame: 'place' },
  {
    find: /\b(?:switch|mov|chang|transition|migrat|upgrad|downgrad|relocat|convert|shift|transferr|jump)(?:e?d)? (?:\w+ ){0,2}?from (?<old>.+?) (?:over )?(?:to|into) (?<fresh>.+)/,
  },
  {
    find: /\b(?:replaced|swapped|traded(?: in)?|exchanged|ditched|dropped|dumped|abandoned|g[ai]ven? up|left|quit|cancell?ed) (?<old>.+?) (?:with|for|in favor of|to join|and (?:joined|started|got|took up|bought|chose)) (?!good\b|health|medical|personal|years|now\b|me\b|lent\b|\d|the (?:sake|summer|winter))(?<fresh>.+)/,
  },
  { find: /\b(?:traded|swapped|gave) (?<old>.+?) in for (?<fresh>.+)/ },
  { find: /\b(?:bought|got|took|hired|chose|started|adopted) (?<fresh>.+?) (?:to replace|as a replacement for) (?<old>.+)/ },
  { find: /\b(?<verb>\w+) (?<fresh>[\w'+#. -]{1,60}?),? (?:instead of|rather than|in place of) (?<old>.+)/ },
  {
    find: /\bused to (?:be )?(?<old>.+?)[,;.]? (?:but|and|,)? ?(?<rest>(?:i |i am |we |it is )?(?:have |am )?(?:now|nowadays|these days|switched|moved|changed|no longer|not anymore|currently|recently)\b.*)/,
  },
  { find: /\bused to (?:be )?(?<old>.+?)[,;.] (?:but |and )?(?<rest>(?:now|these days|not anymore|anymore|i do not|i am not)\b.*)/ },
  { find: /^(?:.*[,;.] )?(?<old>[\w' -]{2,60}?) (?:is|are) no longer my (?<attribute>[\w' -]+)(?<rest>.*)/, retracts: true },
  { find: /\bmy (?<attribute>[\w' -]{2,40}?) (?:is|are) no longer (?<old>.+)/, retracts: true },
  {
    find: /\b(?:now|these days) prefer (?<fresh>.+?) (?:over|to) (?<old>.+)|\bprefer (?<fresh2>.+?) (?:over|to) (?<old2>.+?) (?:now|these days)\b/,
    frame: 'prefer',
  },
  { find: /\b(?<old>[\w'-]+) and i (?:have )?(?:broke|broken|split|separated|parted|got divorced|are divorced|are no longer together)\b(?<rest>.*)/, retracts: true, frame: 'partner' },
  { find: /\b(?:broke|broken|split|separated) (?:up )?(?:with|from) (?<old>.+)/, retracts: true, frame: 'partner' },
  { find: /\b(?<old>)(?:(?:got|am) divorced|(?:broke|split|broken) up)\b(?<rest>.*)/, retracts: true, frame: 'partner' },
  { find: /\b(?:was|got|been|were) (?:fired|laid off|let go|made redundant|sacked|dismissed)(?: (?:by|from|at) (?<old>[^,;.]+)|)(?<rest>.*)/, retracts: true, frame: 'work' },
  { find: /^(?<old>[\w' -]{2,40}?) (?:let me go|fired me|laid me off|sacked me)\b(?<rest>.*)/, retracts: true, owned: true, frame: 'work' },
  { find: /\bno longer (?:am |is )?(?<old>.+)/, retracts: true },
  { find: /\b(?:not|never) (?:really |even )?(?<old>[^,;.]{2,80}?) (?:anymore|these days|nowadays)\b(?<rest>.*)/, retracts: true },
  { find: /\b(?:stopped|quit|gave up|given up|giving up)(?: on)? (?!to\b|by\b|at\b|in\b|for\b)(?<old>.+)/, retracts: true },
  {
    find: /\b(?:got rid of|gotten rid of|parted with|sold|cancell?ed|uninstalled|deleted|unsubscribed from|resigned from|ditched|dropped|dumped|cut out|gave away|dropped out of|moved (?:out of|away from)|said goodbye to|opted out of|kicked) (?!by\b|off\b|out\b|in\b)(?<old>.+)/,
    retracts: true,
  },
  { find: /\b(?:gave|given|threw|thrown|put|sent) (?<old>my [\w' -]+?) (?:away|out|down|up for adoption)\b(?<rest>.*)/, retracts: true },
  { find: /\b(?:am|came|got|have been|took me|taken) off (?!to\b|work\b|today\b|the hook)(?:of )?(?<old>.+)/, retracts: true },
  { find: /\b(?:am|have been) (?:done with|through with|finished with|over|out of) (?<old>.+)/, retracts: true },
  {
    find: /^(?:my |our |the )?(?!phone|battery|laptop|computer|car\b|grand|mother|father|mom|mum|dad|uncle|aunt)(?<old>[\w'-]+(?: [\w'-]+)?) (?:has |have )?(?:died|passed away|ran away|flew away)\b(?<rest>.*)/,
    retracts: true,
    owned: true,
    frame: 'have',
  },
  {
    find: /^(?:my |our |the )(?<attribute>(?<old>[\w' -]{2,40}?)) (?:has been|have been|was|were|got|is|are) (?:cancell?ed|called off|scrapped|discontinued|abolished)\b(?<rest>.*)/,
    retracts: true,
    owned: true,
  },
  {
    find: /\b(?:lost interest in|gr[eo]wn? out of|fell out of love with|(?:went|gone) off|got over) (?<old>.+)/,
    retracts: true,
    frame: 'like',
  },
  { find: /\b(?:i|we) (?:have )?(?:just |recently |finally )?left (?<old>.+)/, retracts: true, frame: 'place' },
  { find: /^(?:please )?(?:forget|scratch|disregard) (?:that|what i said about|about) (?<old>.+)/, retracts: true },
];

const name = "(?:my|our|the) (?:new |current )?(?<attribute>(?:[\\w'-]+ ){0,4}?[\\w'-]+)";
/** An attribute whose verb says that its value is another one than before. */
const set =
  '(?:changed|updated|switched|renamed|moved|shifted|pushed|postponed|delayed|rescheduled|raised|lifted|lowered|cut|reduced|increased|bumped|extended|shortened|set|brought forward)';

/** The forms that say what holds from now on. Groups: fresh, attribute. */
const freshForms: { find: RegExp; frame?: string; heads?: boolean }[] = [
  { find: new RegExp(`\\brenamed ${name} (?:to |as )?(?<fresh>[\\w'-]+)[.!]?$`) },
  { find: new RegExp(`\\b${set} (?:up |down |back )?${name} (?:up |down |back |forward )?to (?<fresh>.+)`) },
  { find: new RegExp(`\\b${name} (?:(?:is|are|was|were|has|have|got|been) )*${set} (?:up |down |back |forward )?(?:to|until|till) (?<fresh>.+)`) },
  { find: new RegExp(`\\b${name} (?:has |have )?(?:went|gone|rose|risen|fell|fallen|dropped|grew|grown|came|come) (?:up |down )?to (?<fresh>.+)`) },
  { find: new RegExp(`\\b${name} (?:has |have )?(?:became|become|turned into)(?: now)? (?<fresh>.+)`) },
  { find: new RegExp(`\\b${name} (?:is|are|was|has been|have been) (?:now|currently|actually|no longer [\\w ]+ but) (?<fresh>.+)`) },
  { find: new RegExp(`\\b${name}(?: has changed| changed)?[:,;.] (?:it is|they are) now (?<fresh>.+)`) },
  { find: /\bmy new (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+)(?: now)? is (?<fresh>.+)/ },
  { find: new RegExp(`(?:\\bnow|these days|nowadays|actually|correction|as of \\w+),?:? (?:that )?${name} (?:is|are) (?<fresh>.+)`) },
  { find: new RegExp(`\\b${name}(?: now)? (?:is|are) (?<fresh>.+?),? (?:now|these days|nowadays)\\b`) },
  { find: /^(?<fresh>[\w' -]{1,40}?) (?:is|are|has become|became) (?:now my|my new) (?<attribute>[\w' -]+?)(?: now)?[.!]?$/ },
  { find: /^(?<fresh>[\w' -]{1,40}?) (?:is|are) my (?<attribute>[\w' -]+?) (?:now|these days|nowadays)[.!]?$/ },
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
  { find: /\b(?:relocated (?:back )?to|moved in with|settled (?:down )?in|moved (?:house|homes?|flats?|apartments?)\b) ?(?<fresh>.*)/, frame: 'home' },
  {
    find: /\b(?:started|got|accepted|took|taken|landed|begun|have|found) (?:a new|my new|a|new) (?:job|position|role) (?:at|with|for) (?<fresh>.+)/,
    frame: 'work',
  },
  { find: /\bstarted (?:working|work|a job) (?:at|for|with) (?<fresh>.+)/, frame: 'work' },
  { find: /^(?<fresh>[\w'& -]{2,40}?) (?:has )?(?:hired|recruited|poached|employed) me\b/, frame: 'work' },
  { find: /\b(?:got|been|was) hired (?:by|at) (?<fresh>.+)/, frame: 'work' },
  { find: /\b(?:started|got|accepted|took|taken) (?:a new|my new|a|new) (?:job|position|role) as (?<fresh>.+)/, frame: 'role' },
  { find: /\b(?:(?:got|was|been) promoted to|started working as|retrained as|requalified as|(?:switched|changed) careers?\b.*?\b(?:to|become|became)) (?<fresh>.+)/, frame: 'role' },
  { find: /\b(?:i am|we are) (?:now )?(?:dating|seeing|going out with|in a relationship with|engaged to|married to) (?<fresh>.+)/, frame: 'partner' },
  { find: /\bi am (?:now )?(?<fresh>single) (?:again|now)\b|\bi am (?:now|back to being) single\b/, frame: 'partner' },
  { find: /\bcall me (?<fresh>\w+) (?:now|instead|from now on)\b/, frame: 'name' },
  { find: /\b(?:now|from now on|instead),? (?:please )?call me (?<fresh>\w+)|\bgo by \w+ (?:now|these days|instead)|\bnow go by /, frame: 'name' },
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

const nowCue = /\bnow\b|\bthese days\b|\bnowadays\b|^(?:actually|correction|update)\b/;
const addition = /\b(?:also|too|as well|another|in addition|additionally|both|besides)\b/;

function readOld(found: string, { frame }: { frame?: string | undefined }) {
  const phrase = found.replace(/^(?:i |we |am |is |are |be |do |not )+/, '');
  const first = wordsOf(phrase)[0] ?? '';
  const verb = /^(?:a|an|the|my|our|in|at|on|with|for)$/.test(first) ? undefined : mainVerb(phrase);
  const isVerb = verb !== undefined && (first.endsWith('ing') || verbFrames.has(verb) || wordsOf(untilEnd(phrase)).length > 1);
  const rest = isVerb ? phrase.replace(/^\S+\s*/, '').replace(stem(first) === 'go' ? /^\w+ing\s*/ : /^$/, '') : phrase;
  // "I quit my job" names what ended; "I no longer bike to work" does not.
  const names = !isVerb || frameOfVerb(verb) === 'have';
  const nouns = names
    ? wordsOf(untilEnd(rest))
        .map((word) => frameNouns.get(word))
        .find((noun) => noun !== undefined)
    : undefined;
  const terms = objectTerms(rest).filter((term) => nouns === undefined || !frameNouns.has(term));
  return {
    terms: terms.length > 0 || nouns ? terms : [verb ?? ''].filter(Boolean),
    verb: isVerb ? verb : undefined,
    frame: frame ?? (terms.length === 0 ? nouns : undefined),
  };
}

/** What is only planned, wished or supposed has not changed yet. */
const plan =
  /\b(?:might|may|would|could|should|if|want to|wants to|planning (?:to|on)|plan to|going to|thinking (?:of|about)|considering|wish|hope to|will|about to) (?:i |we |have |soon |also )*(?:switch|mov|chang|quit|leav|left|stop|sell|sold|giv|gave|replac|cancel|relocat|migrat|drop)/;

function readChange(text: string): Change | undefined {
  const normal = normalize(text);
  if (plan.test(normal)) return undefined;
  const holder = holderOf(normal, text);
  for (const { find, frame, retracts, owned } of forms) {
    const match = find.exec(normal);
    const groups = match?.groups;
    const held = groups?.old ?? groups?.old2;
    if (!match || !groups || held === undefined || /^(?:\w+ )?(?:it|that|them|him|her|this)\b[\s,;.!]*$/.test(untilEnd(held))) continue;
    const phrase = untilEnd(held);
    const old = readOld(phrase, { frame });
    if (old.terms.length === 0 && !old.frame) continue;
    const kind = retracts
      ? kindAfter({ before: normal.slice(0, match.index), rest: held.slice(phrase.length) + (groups.rest ?? '') })
      : /^(?:not anymore|anymore|i do not|i am not|no longer)\b/.test(groups.rest ?? '')
        ? 'retract'
        : 'replace';
    const verb = old.verb ?? (groups.verb ? stem(groups.verb) : undefined);
    const attribute = groups.attribute ? wordsOf(untilEnd(groups.attribute)).map(stem) : undefined;
    return {
      kind,
      holders: owned ? ['self', 'it', ...old.terms] : [holder],
      old: old.terms,
      frame: frame ?? old.frame ?? (retracts || groups.verb || old.verb ? frameOfVerb(verb) : undefined),
      attribute,
      category: categoryOf(wordsOf(groups.fresh ?? '')),
    };
  }
  return readFresh({ normal, text, holder });
}

function readFresh({ normal, text, holder }: { normal: string; text: string; holder: string }): Change | undefined {
  const not = /,? (?:and )?not (?:in |at |on |a |an |the |for |by )?(?<old>[^,;.]+)[.!]?$/.exec(normal)?.groups?.old;
  const correcting =
    /^(?:(?:no|sorry|oops|wait|well|oh|ok)[,. ]+)*(?:actually|correction|i meant|i mean|to correct|no,|sorry,|oops|update)\b/.test(normal);
  const attribute = attributeOf(normal);
  if (not && (correcting || attribute.length > 0)) {
    return { kind: 'replace', holders: [holder], old: termsOf(not), attribute: attribute.length > 0 ? attribute : undefined };
  }
  if (addition.test(normal) || /\b(?:not|never)\b/.test(normal)) return undefined;
  for (const { find, frame, heads } of freshForms) {
    const groups = find.exec(normal)?.groups;
    if (!groups) continue;
    const fresh = groups.fresh ?? '';
    const named = groups.attribute
      ? wordsOf(groups.attribute)
          .filter((word) => !/^(?:new|current|now)$/.test(word))
          .map(stem)
      : undefined;
    return {
      kind: 'replace',
      holders: [holder],
      old: [],
      frame,
      attribute: named,
      valueType: valueTypeOf(text),
      heads: heads ? headOf(fresh).slice(frame ? 0 : 1) : undefined,
      category: frame || named ? undefined : categoryOf(wordsOf(fresh)),
    };
  }
  if (!nowCue.test(normal) && !correcting) return undefined;
  const claim = readClaim(text);
  const frame = [...claim.frames].find((candidate) => !['be', 'like', 'dislike'].includes(candidate)) ?? (claim.frames.has('be') ? 'be' : undefined);
  if (attribute.length > 0 && correcting) return { kind: 'replace', holders: [holder], old: [], attribute, valueType: claim.valueType };
  if (!frame || claim.closed) return undefined;
  return { kind: 'replace', holders: [holder], old: [], frame, heads: [...claim.heads], category: categoryOf(wordsOf(normal)) };
}

/** Reads English, and any other language as far as it has English forms. */
export const english: Reader = {
  sentences: sentencesOf,
  parts: partsOf,
  isCompound,
  claim: readClaim,
  change: readChange,
};
