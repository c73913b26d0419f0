import { type Change, categoryOf, type Reader } from './claim.js';
import { attributeOf, frameOfVerb, holderOf, mainVerb, readClaim, valueTypeOf, verbFrames } from './english-claim.js';
import { frameNouns, normalize, objectTerms, stem, termsOf, untilEnd, wordsOf } from './english-words.js';

const news =
  /\b(?:now|new|instead|joined|bought|adopted|start(?:ed)?|switched|moved|became|prefer|these days|got a|took|only)\b|(?:,|;|\.|\band\b|\bbut\b)\s*(?:i|i am|my) (?:am|have|live|work|use|drink|eat|like|love|play|go|is)\b/;

/** A retraction that also says what holds instead, before or after it, is a replacement. */
function kindAfter({ before, rest }: { before: string; rest: string }): Change['kind'] {
  if (/\b(?:now|instead)\b.*[,;.]/.test(before)) return 'replace';
  return news.test(rest.replace(/\b(?:because|since|so that|as i|due to|after)\b.*$/, '')) ? 'replace' : 'retract';
}

/** The forms of explicit corrections, the most telling first. Groups: old, verb, attribute, fresh, rest. */
const forms: { find: RegExp; frame?: string; retracts?: boolean }[] = [
  {
    find: /\b(?:changed|switched|moved|updated|renamed|pushed|rescheduled|shifted) (?:my|our|the) (?<attribute>[\w' -]{2,40}?) from (?<old>.+?) to (?<fresh>.+)/,
  },
  { find: /\b(?:moved|relocated) (?:back |away |out )?from (?<old>.+?) (?:over )?to (?<fresh>.+)/, frame: 'place' },
  {
    find: /\b(?:switch|mov|chang|transition|migrat|upgrad|downgrad|relocat|convert|shift|transferr|jump)(?:e?d)? (?:\w+ ){0,2}?from (?<old>.+?) (?:over )?(?:to|into) (?<fresh>.+)/,
  },
  {
    find: /\b(?:replaced|swapped|traded(?: in)?|exchanged|ditched|dropped|abandoned|gave up|left|quit) (?<old>.+?) (?:with|for|in favor of|to join|and joined) (?!good\b|health|medical|personal|years|now\b|the sake)(?<fresh>.+)/,
  },
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
  { find: /\b(?<old>)(?:got divorced|(?:broke|split|broken) up$)/, retracts: true, frame: 'partner' },
  { find: /\bno longer (?:am |is )?(?<old>.+)/, retracts: true },
  { find: /\b(?:not|never) (?:really |even )?(?<old>[^,;.]{2,80}?) (?:anymore|these days|nowadays)\b(?<rest>.*)/, retracts: true },
  { find: /\b(?:stopped|quit|gave up|given up) (?!to\b|by\b|at\b|in\b|for\b)(?<old>.+)/, retracts: true },
  {
    find: /\b(?:got rid of|gotten rid of|sold|cancell?ed|uninstalled|deleted|unsubscribed from|resigned from|ditched|gave away|am done with|dropped out of|broke up with|split up with) (?<old>.+)/,
    retracts: true,
  },
  {
    find: /\b(?:lost interest in|grew out of|grown out of|fell out of love with|went off|got over) (?<old>.+)/,
    retracts: true,
    frame: 'like',
  },
  { find: /\bi (?:have )?(?:just |recently |finally )?(?:left) (?<old>.+)/, retracts: true, frame: 'work' },
  { find: /^(?:please )?(?:forget|scratch|disregard) (?:that|what i said about|about) (?<old>.+)/, retracts: true },
];

const freshForms: { find: RegExp; frame?: string }[] = [
  { find: /\b(?:changed|updated|switched|renamed) (?:my|our|the) (?<attribute>[\w' -]{2,40}?) to (?<fresh>.+)/ },
  {
    find: /\bmy (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+) (?:is|are|was|has been|have been) (?:now|changed to|currently|actually|no longer [\w ]+ but) (?<fresh>.+)/,
  },
  {
    find: /\bmy (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+) (?:(?:has |have )?(?:changed to|become|became|turned into|switched to|moved to))(?: now)? (?<fresh>.+)/,
  },
  { find: /\bmy (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+)(?: has changed| changed)?[:,;.] (?:it is|they are) now (?<fresh>.+)/ },
  { find: /\bmy new (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+)(?: now)? is (?<fresh>.+)/ },
  {
    find: /(?:\bnow|these days|nowadays|actually|correction|as of \w+),?:? (?:that )?my (?:current )?(?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+) (?:is|are) (?<fresh>.+)/,
  },
  { find: /\bmy (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+)(?: now)? (?:is|are) (?<fresh>.+?),? (?:now|these days|nowadays)\b/ },
  { find: /\bthe (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+) is now (?<fresh>.+)/ },
  {
    find: /\bmoved (?:back |out |over |down |up |in )?(?:to|into) (?!the (?:front|back|next|left|right|top|bottom|other|first|second|last|middle|window|couch|floor)\b|a (?:new )?(?:team|role|position|department)|another (?:team|role)|(?:using|drinking|eating)\b)(?<fresh>.+)|\brelocated (?:back )?to (?<fresh2>.+)/,
    frame: 'home',
  },
  {
    find: /\b(?:started|got|accepted|took|landed|begun|have|found) (?:a new|my new|a|new) (?:job|position|role) (?:at|with|for) (?<fresh>.+)|\bstarted (?:working|work) (?:at|for|with) (?<fresh2>.+)/,
    frame: 'work',
  },
  {
    find: /\b(?:started|got|accepted|took) (?:a new|my new|a|new) (?:job|position|role) as (?<fresh>.+)|\b(?:got|was|been) promoted to (?<fresh2>.+)|\bstarted working as (?<fresh3>.+)/,
    frame: 'role',
  },
  {
    find: /\bcall me (?<fresh>\w+) (?:now|instead|from now on)\b|\b(?:now|from now on|instead),? (?:please )?call me (?<fresh2>\w+)|\bgo by (?<fresh3>\w+) (?:now|these days|instead)|\bnow go by (?<fresh4>.+)/,
    frame: 'name',
  },
  { find: /\b(?:just |recently |have )?turned (?<fresh>\d{1,3})\b/, frame: 'age' },
  {
    find: /\b(?:became|have become|turned|went|have gone|have turned|am now|am) (?:an? |fully )?(?<fresh>(?:vegan|vegetarian|pescatarian|keto|paleo|carnivore|omnivore|flexitarian))(?: now)?\b/,
    frame: 'diet',
  },
  { find: /\b(?:switched|converted|changed|migrated|moved|upgraded) (?:over |completely |fully )?to (?<fresh>.+)/ },
  {
    find: /\bgot a new (?<attribute>phone|car|job|apartment|laptop|number|address|email|boss|manager|roommate|phone number)\b(?<fresh>.*)/,
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
  const terms = objectTerms(rest);
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
  for (const { find, frame, retracts } of forms) {
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
      holder,
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
    return { kind: 'replace', holder, old: termsOf(not), attribute: attribute.length > 0 ? attribute : undefined };
  }
  if (addition.test(normal) || /\b(?:not|never)\b/.test(normal)) return undefined;
  for (const { find, frame } of freshForms) {
    const groups = find.exec(normal)?.groups;
    if (!groups) continue;
    const fresh = groups.fresh ?? groups.fresh2 ?? groups.fresh3 ?? groups.fresh4 ?? '';
    const named = groups.attribute
      ? wordsOf(groups.attribute)
          .filter((word) => !/^(?:new|current|now)$/.test(word))
          .map(stem)
      : undefined;
    return {
      kind: 'replace',
      holder,
      old: [],
      frame,
      attribute: named,
      valueType: valueTypeOf(text),
      category: frame || named ? undefined : categoryOf(wordsOf(fresh)),
    };
  }
  if (!nowCue.test(normal) && !correcting) return undefined;
  const claim = readClaim(text);
  const frame = [...claim.frames].find((candidate) => candidate !== 'be' && candidate !== 'like' && candidate !== 'dislike');
  if (attribute.length > 0 && correcting) return { kind: 'replace', holder, old: [], attribute, valueType: claim.valueType };
  if (!frame || claim.closed) return undefined;
  return { kind: 'replace', holder, old: [], frame, heads: [...claim.heads], category: categoryOf(wordsOf(normal)) };
}

/** Reads English, and any other language as far as it has English forms. */
export const english: Reader = {
  clauses: (text) =>
    text
      .split(/(?<=[.!?])\s+|\n+|;\s*|,?\s+(?:and|but)\s+(?=(?:I|I'm|I’m|my|My|we)\b)/)
      .map((clause) => clause.trim())
      .filter((clause) => clause !== ''),
  claim: readClaim,
  change: readChange,
};
