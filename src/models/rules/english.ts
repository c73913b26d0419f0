import { type Change, type Claim, categoryOf, type Reader } from './claim.js';

const contractions: [RegExp, string][] = [
  [/[’ʼ]/g, "'"],
  [/\bwon't\b/g, 'will not'],
  [/\bcan't\b|\bcannot\b/g, 'can not'],
  [/n't\b/g, ' not'],
  [/\bi'm\b/g, 'i am'],
  [/'ve\b/g, ' have'],
  [/'re\b/g, ' are'],
  [/'ll\b/g, ' will'],
  [/'d\b/g, ' would'],
  [/\b(he|she|it|that|there)'s\b/g, '$1 is'],
  [/\bany more\b/g, 'anymore'],
  [/\b(fav|col|flav|neighb|hon)ou?r(?=ite|\b|s\b)/g, '$1or'],
  [/\bfavou?rite\b/g, 'favorite'],
  [/\bno more\b/g, 'no longer'],
  [/\b(?:the )?user\b/g, 'i'],
];

function normalize(text: string): string {
  return contractions.reduce((normal, [find, replacement]) => normal.replace(find, replacement), text.slice(0, 2_000).toLowerCase()).replace(/\s+/g, ' ').trim();
}

const irregular: Record<string, string> = {
  ran: 'run', drove: 'driv', driven: 'driv', ate: 'eat', eaten: 'eat', drank: 'drink', wore: 'wear', spoke: 'speak', taught: 'teach', has: 'hav', had: 'hav',
  got: 'get', bought: 'buy', kept: 'keep', went: 'go', goes: 'go', gone: 'go', sang: 'sing', swam: 'swim', slept: 'sleep', woke: 'wak', rode: 'rid', kids: 'child',
  children: 'child', bicycle: 'bik', cycling: 'bik', cycle: 'bik',
};

/** A word without its commonest endings; enough to match the forms of one verb or noun. */
function stem(word: string): string {
  const known = irregular[word];
  if (known) return known;
  let base = word.replace(/'s?$/, '');
  if (base.length > 4 && base.endsWith('ies')) base = `${base.slice(0, -3)}y`;
  else if (base.length > 5 && base.endsWith('ing')) base = undouble(base.slice(0, -3));
  else if (base.length > 4 && base.endsWith('ed')) base = undouble(base.slice(0, -2));
  else if (base.length > 3 && base.endsWith('s') && !/(?:ss|us|is)$/.test(base)) base = base.slice(0, -1);
  return base.length > 3 && base.endsWith('e') ? base.slice(0, -1) : base;
}

function undouble(base: string): string {
  return /([bdgmnprt])\1$/.test(base) ? base.slice(0, -1) : base;
}

const fillers = new Set(
  (
    'a an the my our your his her their its this that these those some any all much many more most few little lot lots of kind and or but not no to in on at by for ' +
    'with from as is am are was were be been being do does did have having i me we you he she it they them us now really very so too also just still even ' +
    'already again currently recently lately finally officially usually often sometimes always never ever anymore longer instead actually honestly ' +
    'old new current previous former favorite own regular first thing things stuff one ones job work position role company employer subscription ' +
    'membership account app every day each week daily weekly time times can could will would should about up out off over back there here ' +
    'completely entirely altogether totally fully both drinking eating using playing doing'
  ).split(' '),
);
/** Nouns that only name what kind of thing changed, as a frame. */
const frameNouns: Record<string, string> = {
  job: 'work', work: 'work', company: 'work', employer: 'work', position: 'work', role: 'work', workplace: 'work', girlfriend: 'partner', boyfriend: 'partner',
  fiance: 'partner', fiancee: 'partner', car: 'drive', school: 'study', university: 'study', college: 'study', diet: 'diet',
};

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}](?:[\p{L}\p{N}+#'-]|\.(?=[\p{L}\p{N}]))*/gu) ?? [];
}

function termsOf(text: string): string[] {
  return wordsOf(text).filter((word) => !fillers.has(word)).map(stem);
}

const phraseEnd =
  /[,.;:!?()]|\s(?:-|–|—)\s|\b(?:because|since|after|before|when|while|and|but|so|due|as|which|who|that|if|though|although|until|till|anymore|last|this|next|yesterday|recently|today|now|instead|years?|months?|weeks?|for good|for health|for medical|for years|a few|a couple|ago)\b/;
const preposition = /\b(?:in|at|on|for|with|from|by|to|of|near|into|during|around|about|every|each|named|called|as)\b/;

function untilEnd(text: string): string {
  const phrase = text.trimStart();
  const end = phraseEnd.exec(phrase);
  return end ? phrase.slice(0, end.index) : phrase;
}

/** Terms of the object in front: of its noun phrase, or where that is empty, of what its preposition leads to. */
function objectTerms(text: string): string[] {
  const phrase = untilEnd(text);
  const terms = termsOf(phrase.split(preposition, 1)[0] ?? '');
  return terms.length > 0 ? terms : termsOf(phrase);
}

function headOf(text: string): string[] {
  return [untilEnd(text).split(preposition, 1)[0] ?? '', ...[...text.matchAll(/\bfor (?:my |the |our |all )?([\p{L}\p{N} -]+)/gu)].map((match) => `${match[1] ?? ''}`)]
    .map((phrase) => termsOf(phrase).at(-1))
    .filter((head) => head !== undefined);
}

const verbFrames: Record<string, string> = {
  liv: 'home', resid: 'home', mov: 'home', relocat: 'home', settl: 'home', work: 'work', join: 'work', like: 'like', lik: 'like', lov: 'like', enjoy: 'like', ador: 'like',
  prefer: 'prefer', favor: 'prefer', hat: 'dislike', hate: 'dislike', dislik: 'dislike', loath: 'dislike', hav: 'have', own: 'have', keep: 'have', adopt: 'have', get: 'have', buy: 'have',
  driv: 'drive', dat: 'partner', date: 'partner', see: 'partner', marry: 'partner', engag: 'partner', study: 'study', major: 'study', wak: 'wake', wake: 'wake', commut: 'commute',
  sleep: 'sleep', nam: 'name', call: 'name', us: 'verb:us', use: 'verb:us', practic: 'verb:do', practis: 'verb:do', subscrib: 'have', turn: 'age', follow: 'be', becom: 'be', became: 'be',
};

const adverbs = new Set(
  'i we he she they it also really just now still currently usually often always sometimes mostly mainly only generally typically actually recently never ever am is are was were be been being have has had do does did will would can could not started start began begin going love-to to never so absolutely definitely truly totally finally regularly both then'.split(
    ' ',
  ),
);

const frameMarks: [string, RegExp][] = [
  ['home', /\b(?:live|lives|living|reside|based) (?:\w+ )?(?:in|at|near|on|with|alone)\b|\b(?:moved|relocated) (?:back |out )?to\b|\bi am (?:from|in) (?!the|a|my|love|good|charge|need|favor)\w+$|\bmy (?:home|home ?town|city|apartment|house|flat) is\b/],
  ['work', /\b(?:work|works|working) (?:\w+ )?(?:at|for|as|with|in)\b|\b(?:job|employer|company)\b.*\b(?:is|at|with|as)\b|\bemployed\b|\bjoined [a-z]|\b(?:engineer|developer|teacher|nurse|doctor|manager|designer|analyst|lawyer|chef|writer|scientist|consultant|director|lead|architect|accountant|intern|barista|researcher|programmer) (?:at|for|with)\b/],
  ['role', /\b(?:work|works|working|job) (?:\w+ )?as\b|\bi am (?:now )?an? (?:[\w-]+ ){0,2}(?:engineer|developer|teacher|nurse|doctor|manager|designer|analyst|student|lawyer|chef|writer|scientist|consultant|director|lead|architect|accountant|intern|barista|researcher|programmer|freelancer|founder|photographer|journalist|pilot|baker|plumber|electrician)\b/],
  ['name', /\bmy name is\b|\bcall me\b|\bi go by\b|\bi am (?:called|named)\b/],
  ['age', /\byears? old\b|\bturned \d+|\bmy age\b|\bi am \d{1,3}$/],
  ['diet', /\b(?:vegan|vegetarian|pescatarian|keto|paleo|carnivore|omnivore|flexitarian|gluten-free|eat meat|diet)\b/],
  ['partner', /\b(?:dating|married|engaged|single|divorced|in a relationship|girlfriend|boyfriend)\b/],
  ['like', /\b(?:fan of|into|keen on|fond of|hobby|hobbies|passionate about|favorite)\b/],
  ['drive', /\b(?:drive|drives|driving)\b|\bmy car is\b/],
  ['allergic', /\ballerg|\bintoleran/],
  ['born', /\bborn\b|\bgrew up\b|\boriginally\b/],
];

const relatives =
  'sister|brother|mother|mom|mum|father|dad|parents?|wife|husband|son|daughter|kids?|child|children|boyfriend|girlfriend|partner|friend|colleague|coworker|boss|manager|roommate|flatmate|cousin|uncle|aunt|grandma|grandpa|grandmother|grandfather|neighbor|nephew|niece|dog|cat|baby|team|company|landlord|dentist|therapist|doctor|trainer|fiance|fiancee';
const openers = /^(?:(?:well|oh|ok|okay|so|and|but|also|actually|update|correction|sorry|wait|no|oops|btw|fyi|by the way|just so you know|heads up|now|currently|these days|nowadays|recently|lately|as of \w+|since \w+|remember that|remember|note that|please note that|yesterday|today|last \w+|finally|honestly|turns out|it turns out|i changed my mind|change of plans)[,:;.!\s-]+)+/;

function holderOf(normal: string, original: string): string {
  const body = normal.replace(openers, '');
  const relative = new RegExp(`^my (?:[\\w-]+ ){0,2}?(${relatives})\\b(?! (?:phone|number|email))`).exec(body);
  if (relative?.[1]) return relative[1];
  if (/^(?:i|we|my|our|call|forget)\b/.test(body) || /\b(?:i|my)\b/.test(body.slice(0, 40))) return 'self';
  const name = /^(?:\W|\b(?:Actually|Now|Also|So|And|But|Update)\b)*(\p{Lu}[\p{L}-]+)(?:'s)?\s/u.exec(original.trim());
  if (name?.[1] && !/^(?:The|This|That|It|He|She|They|There|No|Not)$/.test(name[1])) return name[1].toLowerCase();
  return /^(?:he|she|they)\b/.exec(body)?.[0] ?? 'it';
}

function mainVerb(text: string): string | undefined {
  const words = wordsOf(text);
  const at = words.findIndex((word) => !adverbs.has(word));
  const verb = words[at];
  if (verb === undefined) return undefined;
  const next = words[at + 1];
  return stem(verb) === 'go' && next?.endsWith('ing') ? stem(next) : stem(verb);
}

function frameOfVerb(verb: string | undefined): string | undefined {
  return verb === undefined ? undefined : (verbFrames[verb] ?? `verb:${verb}`);
}

function valueTypeOf(original: string): Claim['valueType'] {
  const value = /\b(?:is|am|are|now|called|named|to)\s+((?:now\s+)?\S+)\W*(?:\s|$)/.exec(original)?.[1]?.replace(/^now\s+/, '') ?? '';
  if (/^\p{Lu}/u.test(value)) return 'name';
  if (/\d/.test(value)) return 'number';
  return /^an?$/.test(value) ? 'article' : 'other';
}

/** "my (new) X is Y", also "X: Y". */
const attributeForm = /\b(?:my|our|the) (?:new |current |preferred )?((?:[\p{L}\p{N}'-]+ ){0,4}?[\p{L}\p{N}'-]+?)(?: (?:of choice|now|currently|these days))? (?:is|are|has become|became|will be)\b/u;

function attributeOf(normal: string): string[] {
  const form = attributeForm.exec(normal) ?? /^([a-z][a-z -]{2,30}):\s/.exec(normal);
  return form?.[1] ? wordsOf(form[1]).filter((word) => !/^(?:my|the|our|new|current|now|is|are)$/.test(word)).map(stem) : [];
}

/** Past forms after which something still holds: "I moved to Rome". */
const lasting = /^(?:moved|relocated|joined|adopted|bought|got|started|became|switched|changed|have|turned|named|called|settled|subscribed|learned|married|engaged|retired|decided)$/;
const pastForm = /^(?:went|was|were|had|ate|drank|met|saw|took|made|did|said|felt|\p{L}{2,}ed)$/u;

function isClosed(normal: string): boolean {
  if (/\b(?:not|no longer|never|used to|formerly|stopped|quit|gave up)\b/.test(normal)) return true;
  const verb = /^(?:i|we|he|she|they) (?:also |just |once |recently )?([\p{L}]+)/u.exec(normal.replace(openers, ''))?.[1];
  return verb !== undefined && pastForm.test(verb) && !lasting.test(verb);
}

function readClaim(clause: string): Claim {
  const normal = normalize(clause);
  const words = new Set(wordsOf(normal).map(stem));
  const frames = new Set(frameMarks.filter(([, mark]) => mark.test(normal)).map(([frame]) => frame));
  const body = normal.replace(openers, '').replace(new RegExp(`^my (?:[\\w-]+ ){0,2}?(?:${relatives})\\b(?: \\p{Lu}\\w+)?`, 'u'), '');
  const attribute = attributeOf(normal);
  const verb = mainVerb(body);
  const frame = attribute.length > 0 || /^(?:\w+ )?(?:am|is|are) (?!\w+ing\b)/.test(body) ? 'be' : frameOfVerb(verb);
  if (frame && !(frame === 'home' && !frames.has('home')) && !(frame === 'work' && frames.size > 0)) frames.add(frame);
  if (/\b(?:do|does|can) not (?:really |particularly )?(?:like|love|enjoy|stand|care)\b|\bnot (?:a fan|into|keen|fond)\b/.test(normal)) frames.add('dislike');
  const after = verb === undefined ? '' : normal.slice(Math.max(0, normal.indexOf(verb))).replace(/^\S+\s*/, '');
  return {
    holder: holderOf(normal, clause),
    frames,
    attribute,
    valueType: valueTypeOf(clause),
    closed: isClosed(normal),
    heads: new Set(headOf(after)),
    has: (term) => words.has(term) || (term.length >= 5 && [...words].some((word) => word.length >= 5 && (word.startsWith(term) || term.startsWith(word)))),
  };
}

const news = /\b(?:now|instead|joined|start(?:ed)?|switched|moved|became|prefer|these days|got a|took|only)\b|(?:,|;|\.|\band\b|\bbut\b)\s*(?:i|i am|my) (?:am|have|live|work|use|drink|eat|like|love|play|go|is)\b/;

function kindAfter(rest: string): Change['kind'] {
  return news.test(rest.replace(/\b(?:because|since|so that|as i|due to|after)\b.*$/, '')) ? 'replace' : 'retract';
}

interface Found {
  old?: string;
  verb?: string | undefined;
  kind?: Change['kind'];
  attribute?: string;
  fresh?: string;
  frame?: string | undefined;
}

/** The forms of explicit corrections, the most telling first. Groups: old, verb, attribute, fresh, rest. */
const forms: { find: RegExp; frame?: string; retracts?: boolean }[] = [
  { find: /\b(?:changed|switched|moved|updated|renamed|pushed|rescheduled|shifted) (?:my|our|the) (?<attribute>[\w' -]{2,40}?) from (?<old>.+?) to (?<fresh>.+)/ },
  { find: /\b(?:switch|mov|chang|transition|migrat|upgrad|downgrad|relocat|convert|shift|transferr|jump)(?:e?d)? (?:\w+ ){0,2}?from (?<old>.+?) (?:over )?(?:to|into) (?<fresh>.+)/ },
  { find: /\b(?:replaced|swapped|traded(?: in)?|exchanged|ditched|dropped|abandoned|gave up|left|quit) (?<old>.+?) (?:with|for|in favor of|to join|and joined) (?!good\b|health|medical|personal|years|now\b|the sake)(?<fresh>.+)/ },
  { find: /\b(?<verb>\w+) (?<fresh>[\w'+#. -]{1,60}?),? (?:instead of|rather than|in place of) (?<old>.+)/ },
  { find: /\bused to (?:be )?(?<old>.+?)[,;.]? (?:but|and|,)? ?(?<rest>(?:i |i am |we |it is )?(?:have |am )?(?:now|nowadays|these days|switched|moved|changed|no longer|not anymore|currently|recently)\b.*)/ },
  { find: /\bused to (?:be )?(?<old>.+?)[,;.] (?:but |and )?(?<rest>(?:now|these days|not anymore|anymore|i do not|i am not)\b.*)/ },
  { find: /\bno longer (?:am |is )?(?<old>.+)/, retracts: true },
  { find: /\b(?:not|never) (?:really |even )?(?<old>[^,;.]{2,80}?) (?:anymore|these days|nowadays)\b(?<rest>.*)/, retracts: true },
  { find: /\b(?:stopped|quit|gave up|given up) (?!to\b|by\b|at\b|in\b|for\b)(?<old>.+)/, retracts: true },
  { find: /\b(?:got rid of|gotten rid of|sold|cancell?ed|uninstalled|unsubscribed from|resigned from|ditched|gave away|lost interest in|grew out of|fell out of love with|am done with|dropped out of|broke up with|split up with|am over|got over|went off) (?<old>.+)/, retracts: true },
  { find: /\bi (?:have )?(?:just |recently |finally )?(?:left) (?<old>.+)/, retracts: true, frame: 'work' },
  { find: /^(?:please )?(?:forget|scratch|disregard) (?:that|what i said about|about) (?<old>.+)/, retracts: true },
];

const freshForms: { find: RegExp; frame?: string }[] = [
  { find: /\b(?:changed|updated|switched|renamed) (?:my|our|the) (?<attribute>[\w' -]{2,40}?) to (?<fresh>.+)/ },
  { find: /\bmy (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+) (?:is|are|was|has been|have been) (?:now|changed to|currently|actually|no longer [\w ]+ but) (?<fresh>.+)/ },
  { find: /\bmy (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+) (?:(?:has |have )?(?:changed to|become|became|turned into|switched to|moved to))(?: now)? (?<fresh>.+)/ },
  { find: /\bmy new (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+)(?: now)? is (?<fresh>.+)/ },
  { find: /(?:\bnow|these days|nowadays|actually|correction|as of \w+),?:? (?:that )?my (?:current )?(?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+) (?:is|are) (?<fresh>.+)/ },
  { find: /\bmy (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+)(?: now)? (?:is|are) (?<fresh>.+?),? (?:now|these days|nowadays)\b/ },
  { find: /\bthe (?<attribute>(?:[\w'-]+ ){0,4}?[\w'-]+) is now (?<fresh>.+)/ },
  { find: /\bmoved (?:back |out |over |down |up |in )?(?:to|into) (?!a (?:new )?(?:team|role|position|department)|another (?:team|role)|(?:using|drinking|eating)\b)(?<fresh>.+)|\brelocated (?:back )?to (?<fresh2>.+)/, frame: 'home' },
  { find: /\b(?:started|got|accepted|took|landed|begun|have|found) (?:a new|my new|a|new) (?:job|position|role) (?:at|with|for) (?<fresh>.+)|\bstarted (?:working|work) (?:at|for|with) (?<fresh2>.+)/, frame: 'work' },
  { find: /\b(?:started|got|accepted|took) (?:a new|my new|a|new) (?:job|position|role) as (?<fresh>.+)|\b(?:got|was|been) promoted to (?<fresh2>.+)|\bstarted working as (?<fresh3>.+)/, frame: 'role' },
  { find: /\bcall me (?<fresh>\w+) (?:now|instead|from now on)\b|\b(?:now|from now on|instead),? (?:please )?call me (?<fresh2>\w+)|\bgo by (?<fresh3>\w+) (?:now|these days|instead)|\bnow go by (?<fresh4>.+)/, frame: 'name' },
  { find: /\b(?:just |recently |have )?turned (?<fresh>\d{1,3})\b/, frame: 'age' },
  { find: /\b(?:became|have become|turned|went|have gone|have turned|am now|am) (?:an? |fully )?(?<fresh>(?:vegan|vegetarian|pescatarian|keto|paleo|carnivore|omnivore|flexitarian))(?: now)?\b/, frame: 'diet' },
  { find: /\b(?:switched|converted|changed|migrated|moved|upgraded) (?:over |completely |fully )?to (?<fresh>.+)/ },
  { find: /\bgot a new (?<attribute>phone|car|job|apartment|laptop|number|address|email|boss|manager|roommate|phone number)\b(?<fresh>.*)/ },
];

const nowCue = /\bnow\b|\bthese days\b|\bnowadays\b|^(?:actually|correction|update)\b/;
const addition = /\b(?:also|too|as well|another|in addition|additionally|both|besides)\b/;

function readOld(found: string, { frame }: { frame?: string | undefined }) {
  const phrase = found.replace(/^(?:i |we |am |is |are |be |do |not )+/, '');
  const first = wordsOf(phrase)[0] ?? '';
  const verb = /^(?:a|an|the|my|our|in|at|on|with|for)$/.test(first) ? undefined : mainVerb(phrase);
  const isVerb = verb !== undefined && (first.endsWith('ing') || verbFrames[verb] !== undefined || wordsOf(untilEnd(phrase)).length > 1);
  const rest = isVerb ? phrase.replace(/^\S+\s*/, '').replace(stem(first) === 'go' ? /^\w+ing\s*/ : /^$/, '') : phrase;
  const nouns = wordsOf(untilEnd(rest)).map((word) => frameNouns[word]).find((noun) => noun !== undefined);
  const terms = objectTerms(rest);
  return { terms: terms.length > 0 || nouns ? terms : [verb ?? ''].filter(Boolean), verb: isVerb ? verb : undefined, frame: frame ?? (terms.length === 0 ? nouns : undefined) };
}

function readChange(text: string): Change | undefined {
  const normal = normalize(text);
  const holder = holderOf(normal, text);
  for (const { find, frame, retracts } of forms) {
    const groups = find.exec(normal)?.groups;
    if (!groups?.old) continue;
    const phrase = untilEnd(groups.old);
    const old = readOld(retracts || /\bused to\b/.test(normal) ? phrase : phrase, { frame });
    if (old.terms.length === 0 && !old.frame) continue;
    const kind = retracts ? kindAfter(groups.old.slice(phrase.length) + (groups.rest ?? '')) : /^(?:not anymore|anymore|i do not|i am not|no longer)\b/.test(groups.rest ?? '') ? 'retract' : 'replace';
    const verb = old.verb ?? (groups.verb ? stem(groups.verb) : undefined);
    const attribute = groups.attribute ? wordsOf(groups.attribute).map(stem) : undefined;
    return { kind, holder, old: old.terms, frame: old.frame ?? (retracts || groups.verb || old.verb ? frameOfVerb(verb) : undefined), attribute, category: categoryOf(wordsOf(groups.fresh ?? '')) };
  }
  return readFresh({ normal, text, holder });
}

function readFresh({ normal, text, holder }: { normal: string; text: string; holder: string }): Change | undefined {
  const not = /,? (?:and )?not (?:in |at |on |a |an |the |for |by )?(?<old>[^,;.]+)[.!]?$/.exec(normal)?.groups?.old;
  const correcting = /^(?:(?:no|sorry|oops|wait|well|oh|ok)[,. ]+)*(?:actually|correction|i meant|i mean|to correct|no,|sorry,|oops|update)\b/.test(normal);
  const attribute = attributeOf(normal);
  if (not && (correcting || attribute.length > 0)) {
    return { kind: 'replace', holder, old: termsOf(not), attribute: attribute.length > 0 ? attribute : undefined };
  }
  if (addition.test(normal) || /\b(?:not|never)\b/.test(normal)) return undefined;
  for (const { find, frame } of freshForms) {
    const groups = find.exec(normal)?.groups;
    if (!groups) continue;
    const fresh = groups.fresh ?? groups.fresh2 ?? groups.fresh3 ?? groups.fresh4 ?? '';
    const named = groups.attribute ? wordsOf(groups.attribute).filter((word) => !/^(?:new|current|now)$/.test(word)).map(stem) : undefined;
    return { kind: 'replace', holder, old: [], frame, attribute: named, valueType: valueTypeOf(text), category: frame || named ? undefined : categoryOf(wordsOf(fresh)) };
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
