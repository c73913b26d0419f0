import { type Change, type Claim, categoryOf, type Reader } from './claim.js';
import {
  assertionOf,
  attributeOf,
  denial,
  dwellingOf,
  frameOfVerb,
  holderOf,
  mainVerb,
  measuredOf,
  openers,
  readClaim,
  thingOf,
  valueTypeOf,
  verbFrames,
} from './english-claim.js';
import { isCompound, partsOf, sentencesOf } from './english-clauses.js';
import { freshForms, oldForms } from './english-forms.js';
import { habitChange } from './english-habit.js';
import { limitsOf, occasionsOf } from './english-limits.js';
import { readValue } from './english-value.js';
import {
  beginning,
  correcting,
  frameNouns,
  headOf,
  normalize,
  objectTerms,
  occupations,
  stem,
  termsOf,
  untilEnd,
  wordsOf,
} from './english-words.js';

/** What only explains or dates an ending; the rest of a sentence behind it brings no news. */
const aside =
  /\b(?:because|since|so that|so i can|as i|due to|after|when|thanks to|sadly|unfortunately|luckily|at all|any time|for good|(?:last|this|next) \w+|yesterday|today|recently|(?:a|two|three|few|couple|\d+) \w+ ago|in (?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|fall|winter|\d{4}))\b.*$|\b(?:it|that|this|they) (?:is|was|are|were|got|just|costs?|gave me|made me|hurts?|kept|did|does)\b.*$|\b(?:and|but) (?:i )?(?:am |feel |felt |sleep )(?:so |really |much |very )*(?:happy|glad|great|better|fine|relieved|sad|proud)\b.*$/;

const ending = /\b(?:quit|dropped|stopped|left|sold|gave up|given up|cancell?ed|finished|resigned|done|off)\b/;

/** A retraction that also says what holds instead, before or after it, is a replacement. */
function kindAfter({ before, rest }: { before: string; rest: string }): Change['kind'] {
  if (/\b(?:i|we|my)\b.*[,;.]|\bso i\b/.test(before) && wordsOf(before).length > 3 && !ending.test(before)) return 'replace';
  const clauses = rest
    .replace(/[,;.:!]? ?\banymore\b/, '')
    .replace(aside, '')
    .split(/[,;.:!]|\s[-–—]\s|\b(?:and|but|so)\b/)
    .slice(1);
  return clauses.some((clause) => wordsOf(clause).length > 1) ? 'replace' : 'retract';
}

const nowCue = new RegExp(
  `^i (?:have )?(?:just |recently |finally )?(?:became|become)\\b|\\bnow\\b|\\bthese days\\b|\\bnowadays\\b|^${beginning}`,
);
const correctionCue = new RegExp(`^(?:(?:sorry|oops|wait|well|oh|ok|no)[,. ]+)*(?:${correcting})(?=[,.:;!] |\\s(?:-|–|—) |(?<=actually) )`);
const addition = /\b(?:also|too(?=$|[,;.!])|as well(?! as)|another|in addition|additionally|both|besides)\b/;

function readOld(found: string, { frame, verbal }: { frame?: string | undefined; verbal: boolean }) {
  const phrase = found.replace(/^(?:i |we |am |is |are |be |do |not )+/, '');
  const first = wordsOf(phrase)[0] ?? '';
  const verb = /^(?:a|an|the|my|our|in|at|on|with|for)$/.test(first) ? undefined : mainVerb(phrase);
  const isVerb =
    verb !== undefined &&
    (first.endsWith('ing') ||
      verbFrames.get(verb) === 'into' ||
      (verbal && (verbFrames.has(verb) || wordsOf(untilEnd(phrase)).length > 1)));
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

/** What one does with several things at a time, so that a further one replaces none. */
const manyAtOnce =
  /^(?:be|have|setting|learn|into|pay|dislike|allergic|verb:(?:us|do|play|go|tak|eat|drink|watch|read|listen|writ|cook|speak|mak|build|collect|need|want|think|feel|see|know|try|enjoy|plan|lov|lik|can|start|remember|believ|hop|prefer|help|spend|carry|wear|hav|get|giv|ask|say|look|keep|let|put|run|visit|follow|support|practis|sing|danc|donat|send|invest))$/;

/** Of these one has many, so that nothing but its name tells which of them ended. */
const needsTerms = /^(?:like|dislike|into|prefer|ongoing|used)$/;

/** What is only planned, wished or supposed has not changed yet. */
const plan =
  /\b(?:might|may|would|could|should|if|want to|wants to|planning (?:to|on)|plan to|going to|thinking (?:of|about)|considering|wish|hope to|will|about to) (?:i |we |have |soon |also )*(?:switch|mov|chang|quit|leav|left|stop|sell|sold|giv|gave|replac|cancel|relocat|migrat|drop)/;

/** What is wished, dreamt, nearly done, or denied to have been said, and what others say, changes nothing. */
const unreal =
  /\b(?:wish|if only|dream(?:ed|t|s)?|imagin(?:e|ed)|pretend(?:ed|ing)?)\b|\b(?:never|not) (?:\w+ )?(?:say|said|claim(?:ed)?|mean|meant|told|tell|mention(?:ed)?|thought|like (?=i\b))\b|^(?:i|we|he|she|they|my [\w-]+) (?:have |had |was |am )?(?:almost|nearly|practically) (?!always\b|never\b|every|only\b|exclusively\b)|\b(?:not|never) (?:ever )?(?:quit|leave|left|stop(?:ped)?|moved?|sell|sold|join(?:ed)?|cancell?(?:ed)?|g[ai]ven? up|drop(?:ped)?|switch(?:ed)?)\b|\b(?:was|were) (?:going|about|supposed|offered|hoping)\b|\b(?:turned down|declined|rejected|refused)\b|\b(?:people|everyone|everybody|they|some|friends?|colleagues?|he|she|mother|father|boss) (?:all |still |often )?(?:think|say|believe|claim|assume|joke)s? (?:that )?(?:i|we)\b/;

/** A journey is no farewell: "I left Paris this morning by train". */
const journey =
  /\bleft\b.*\b(?:this (?:morning|afternoon|evening)|tonight|(?:by|on (?:an?|the)) (?:train|plane|flight|car|bus|bike|ferry|boat|taxi)|for (?:the (?:weekend|day|night|week|holidays?|airport|station)|(?:an?|two|three|four|five|a few|\d+) (?:\w+ )?(?:hours?|days?|nights?|weeks?|trip|conference|meeting|holiday|vacation)|(?:lunch|dinner|work|vacation|holiday)))\b/;

/** Whether two values can stand for each other wherever they are named; a day or a time of day says nothing by itself. */
function inOneCategory(one: string, other: string): boolean {
  const category = categoryOf(wordsOf(one));
  return category !== undefined && category !== 'day' && category !== 'time' && category === categoryOf(wordsOf(other));
}

/** Frames that a contrast names by itself: "call me Ann, not Anna". */
const tellingFrames = ['allergic', 'name', 'home', 'work', 'diet', 'commute'];

/** The frame that both sides of a contrast share, told by the side that says what holds; undefined where only "is" tells. */
function contrastFrame(clause: string): string | undefined {
  const { frames } = readClaim(clause);
  const verb = mainVerb(clause.replace(openers, ''));
  return (
    tellingFrames.find((frame) => frames.has(frame)) ??
    (frames.has('be') || /^(?:switch|swap|chang|convert|migrat|go|mov)$/.test(verb ?? '') ? undefined : frameOfVerb(verb))
  );
}

/** What is not eaten, watched or used any more is no favourite any more, where no such habit is known. */
const consumption = /^verb:(?:eat|drink|watch|listen|us|wear)$/;

/** Tells whether a clause says that one likes just what has these terms. */
function tasteFor(terms: readonly string[]): (clause: string) => number {
  return (clause) => {
    const { holder, frames, heads, closed, has } = readClaim(clause);
    const likes = holder === 'self' && frames.has('like') && !closed;
    return likes && heads.has(terms.at(-1) ?? '') && terms.every(has) ? 1 : 0;
  };
}

/** Of these one has one, so that a further number is another one than before. */
const single = /^(?:(?:phone|mobile|cell|telephone) number|number|age|(?:shoe|dress|ring) size|height|weight|zip code|postcode)$/;
const states = [
  // What one eats again, and the diet that it ends.
  [
    /^(?:i|we) (?:am |have )?(?:eat(?:ing)? meat (?:again|now)|(?:now|(?:started|began|(?:went |gone )?back to) eating) (?:eat )?meat)\b/,
    /\b(?:vegan|vegetarian|pescatarian|plant-based)\b|\bnot eat (?:any )?meat\b/,
  ],
  [
    /^(?:i|we|my [\w-]+) (?:have |has )?(?:just |finally |recently )?(?:(?:got )?married|got engaged)\b(?!.*(?:\d{4}|\bago\b))/,
    /\b(?:am|is|are) (?:\w+ )?(?:single|unmarried|not married)\b/,
  ],
] as const;

/** Tells whether a clause says what a statement without any sign of change cannot leave standing. */
function restated(text: string, normal: string): ((clause: string) => number) | undefined {
  const claim = readClaim(text);
  const held = (known: Claim) => known.holder === claim.holder && !known.closed;
  const name = /^my ([a-z ]+?) is \+?\d/.exec(normal)?.[1];
  if (name !== undefined && single.test(name))
    return (clause) => {
      const known = normalize(clause).replace(openers, '');
      return held(readClaim(clause)) && known.startsWith(`my ${name} is `) ? 1 : 0;
    };
  const ended = states.find(([now]) => now.test(normal.replace(openers, '')))?.[1];
  return ended && ((clause) => (held(readClaim(clause)) && ended.test(normalize(clause)) ? 1 : 0));
}

/** Every reading of a statement as a change, the surest first. */
function readChanges(text: string): Change[] {
  const normal = normalize(text);
  const assertion = assertionOf(normal);
  const contrary: Change = { kind: 'replace', holders: [holderOf(normal, text)], old: [], assertion };
  if (denial.test(normal.replace(openers, ''))) return [contrary];
  if (plan.test(normal) || unreal.test(normal) || journey.test(normal)) return [];
  const change = readSigns(text, normal);
  const meets = restated(text, normal);
  const habit = nowCue.test(normal) && !addition.test(normal) ? habitChange(text) : undefined;
  return [
    ...(change ? [change] : []),
    ...(change?.kind === 'retract' && !change.limits?.length && consumption.test(change.frame ?? '')
      ? [{ kind: 'replace' as const, holders: [], old: [], meets: tasteFor(change.old) }]
      : []),
    ...(habit ? [{ kind: 'replace' as const, holders: [], old: [], meets: habit }] : []),
    ...(meets ? [{ kind: 'replace' as const, holders: [], old: [], meets }] : []),
    // "I am a morning person" after "I am not a morning person".
    contrary,
  ];
}

/** The surest reading of what says, by its words, that something changed. */
function readSigns(text: string, normal: string): Change | undefined {
  const holder = holderOf(normal, text);
  for (const { find, frame: formFrame, retracts, owned, verbal, alike, limited } of oldForms) {
    const match = find.exec(normal);
    const groups = match?.groups;
    const held = groups?.old ?? groups?.old2;
    if (!match || !groups || held === undefined || /^(?:\w+ )?(?:it|that|them|him|her|this)\b[\s,;.!]*$/.test(untilEnd(held))) continue;
    const isAlike = inOneCategory(held, groups.fresh ?? '');
    if (alike && !isAlike) continue;
    // One moves from coffee to tea as well as from Rome to Oslo.
    const frame = formFrame === 'place' && isAlike ? undefined : formFrame;
    const phrase = untilEnd(held);
    const old = readOld(phrase, {
      frame,
      verbal: groups.clause !== undefined || (verbal === true && !/\b(?:am|is|are) $/.test(normal.slice(0, match.index))),
    });
    if (old.terms.length === 0 && (!old.frame || needsTerms.test(old.frame))) continue;
    const kind = retracts
      ? kindAfter({ before: normal.slice(0, match.index), rest: held.slice(phrase.length) + (groups.rest ?? '') })
      : /^(?:not anymore|anymore|i do not|i am not|no longer)\b/.test(groups.rest ?? '')
        ? 'retract'
        : 'replace';
    const attribute = groups.attribute ? wordsOf(untilEnd(groups.attribute)).map(stem) : undefined;
    return {
      kind,
      holders: owned ? ['self', 'it', ...old.terms] : [holder],
      subject: owned ? undefined : thingOf(normal, holder)?.key,
      old: old.terms,
      limits: limited
        ? limitsOf(`${held} ${groups.rest ?? ''}`, {
            statement: normal.replace(openers, ''),
            hasVerb: old.verb !== undefined,
          })
        : undefined,
      frame:
        frame ?? old.frame ?? (groups.clause ? contrastFrame(groups.clause) : retracts || old.verb ? frameOfVerb(old.verb) : undefined),
      attribute,
      category: categoryOf(wordsOf(groups.fresh ?? groups.clause ?? '')),
    };
  }
  return readFresh({ normal, text, holder });
}

const asOccupation = new RegExp(`\\bas (?:an? |the )?(?:[\\w-]+ ){0,2}(?:${occupations})\\b`);
const networks =
  /^(?:netflix|facebook|instagram|twitter|x|linkedin|discord|slack|reddit|tiktok|tinder|spotify|strava|mastodon|bluesky|whatsapp|telegram|signal|duolingo|twitch|youtube|github|costco|prime|zumba|toastmasters|mensa|greenpeace|amnesty|unicef|rotary|scouts?|weight)\b/;

/** Whether what one joined can be an employer: one name that is no network, and no club or the like. */
function isEmployer(text: string, fresh: string): boolean {
  return (
    /\bjoined \p{Lu}[\p{L}&-]*(?: \p{Lu}[\p{L}&-]*)?(?=[.,;!]|$| (?:last|this|in|on \w+day\b|as|recently|today|yesterday|two|three|a|and|full-time|part-time)\b)/u.test(
      text,
    ) &&
    (!/ as\b/.test(fresh) || asOccupation.test(fresh)) &&
    !networks.test(fresh) &&
    !/\b(?:club|choir|band|orchestra|league|church|party|association|society|union|team|gym|volunteers?|member|fc|to watch|for (?:lunch|dinner|drinks|a|the))\b/.test(
      fresh,
    )
  );
}

function readFresh({ normal, text, holder }: { normal: string; text: string; holder: string }): Change | undefined {
  const isCorrection = correctionCue.test(normal);
  const thing = thingOf(normal, holder);
  const attribute = attributeOf(normal, thing);
  const contrast = /^(?<fresh>.+?),? (?:and )?not (?:in |at |on |a |an |the |for |by |to |with )?(?<old>[^,;.]+)[.!]?$/.exec(
    normal,
  )?.groups;
  const frame = contrast && contrastFrame(contrast.fresh ?? '');
  if (contrast && (isCorrection || attribute.length > 0 || nowCue.test(contrast.fresh ?? '') || tellingFrames.includes(frame ?? ''))) {
    return {
      kind: 'replace',
      holders: [holder],
      subject: thing?.key,
      old: termsOf(contrast.old ?? ''),
      frame: attribute.length > 0 ? undefined : frame,
      attribute: attribute.length > 0 ? attribute : undefined,
    };
  }
  if (addition.test(normal) || /\b(?:not|never)\b/.test(normal)) return undefined;
  for (const { find, frame, heads, inverse, shared } of freshForms) {
    const groups = find.exec(normal)?.groups;
    // "My sister moved to Rome" tells where she lives, not who is the sister.
    if (
      !groups ||
      /\b(?:i|we|and)\b/.test(groups.attribute ?? '') ||
      (groups.attribute === holder.replace(':', ' ') && !/\b(?:is|are|named|renamed)\b/.test(normal))
    )
      continue;
    const fresh = groups.fresh ?? '';
    // "I moved to Notion" tells of no home.
    if (frame === 'home' && categoryOf(wordsOf(fresh)) !== undefined) continue;
    const dwelling = frame === 'home' && fresh !== '' ? dwellingOf(/\bmoved in with\b/.test(normal) ? `with ${fresh}` : fresh) : frame;
    if (frame === 'home' && dwelling === undefined) return undefined;
    // One joins an employer as well as a club or a network.
    if (/\bjoined\b/.test(find.source) && find.source.startsWith('^') && !isEmployer(text, fresh)) continue;
    const named = groups.attribute
      ? wordsOf(groups.attribute)
          .filter((word) => !shared || termsOf(word).length > 0)
          .filter((word) => !/^(?:new|current|now)$/.test(word))
          .map(stem)
      : undefined;
    return {
      kind: 'replace',
      holders: shared ? ['self', holder] : [holder],
      subject: thing?.key,
      measured: thing && measuredOf(thing),
      value: named && !inverse ? readValue(text) : undefined,
      old: [],
      frame:
        dwelling ??
        (named?.[0] === stem('home') && named.length === 1 ? 'home' : undefined) ??
        (named?.length === 1 && (inverse || valueTypeOf(text) !== 'other' || !/\b(?:is|are)\b/.test(normal))
          ? frameNouns.get(named[0] ?? '')
          : undefined),
      attribute: named,
      valueType: inverse ? undefined : valueTypeOf(text),
      heads: heads ? headOf(fresh).slice(frame ? 0 : 1) : undefined,
      category: frame ? undefined : categoryOf(wordsOf(fresh)),
    };
  }
  // What one can do now takes the place of nothing.
  if ((!nowCue.test(normal) && !isCorrection) || /^(?:i|we) can\b/.test(normal)) return undefined;
  const claim = readClaim(text);
  const stated =
    [...claim.frames].find((candidate) => candidate.startsWith('station:')) ??
    [...claim.frames].find((candidate) => !['be', 'like', 'dislike', 'member', 'ongoing'].includes(candidate)) ??
    (claim.frames.has('be') ? 'be' : undefined);
  if (attribute.length > 0 && (isCorrection || (thing && claim.frames.has('be'))))
    return {
      kind: 'replace',
      holders: [holder],
      measured: claim.measured,
      old: [],
      attribute,
      valueType: claim.valueType,
      value: claim.value,
    };
  const served = [...claim.frames].find((candidate) => candidate.startsWith('way:'));
  if (served) return { kind: 'replace', holders: [holder], old: [], frame: served, only: true };
  const taste = claim.frames.has('like') ? 'dislike' : claim.frames.has('dislike') ? 'like' : undefined;
  if (taste)
    return claim.heads.size > 0
      ? { kind: 'replace', holders: [holder], subject: thing?.key, old: [...claim.heads], frame: taste }
      : undefined;
  if (!stated || claim.closed) return undefined;
  const isInstead = /\b(?:instead|only|exclusively)\b/.test(normal);
  return {
    kind: 'replace',
    holders: [holder],
    subject: thing?.key,
    measured: thing && measuredOf(thing),
    old: [],
    frame: stated,
    heads: [...claim.heads],
    // To go somewhere is not the language.
    category: categoryOf(wordsOf(normal.replace(/\bgo(?= (?:to|for|on|by|out|with|\w+ing)\b)/, ''))),
    occasions: occasionsOf(normal),
    instead: isInstead,
    only: thing === undefined && (!manyAtOnce.test(stated) || (stated === 'learn' && isInstead)),
  };
}

/** Reads English, and any other language as far as it has English forms. */
export const english: Reader = {
  sentences: sentencesOf,
  parts: partsOf,
  isCompound,
  claim: readClaim,
  changes: readChanges,
};
