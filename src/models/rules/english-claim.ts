import { type Assertion, type Claim, wordsOfCategory } from './claim.js';
import { type Subject, subjectOf } from './english-subject.js';
import { readValue } from './english-value.js';
import { beginning, correcting, headOf, index, normalize, occupations, stem, wordsOf } from './english-words.js';
import { memoized } from './memo.js';

/** Frames by the stems of their verbs; other verbs make a frame of their own. */
export const verbFrames = index([
  ['home', 'liv resid mov relocat settl'],
  ['work', 'work join'],
  ['like', 'like lik lov enjoy ador'],
  ['into', 'into keen fond stand'],
  ['prefer', 'prefer favor'],
  ['dislike', 'hat hate dislik loath'],
  ['have', 'hav own keep adopt get buy subscrib'],
  ['drive', 'driv'],
  ['partner', 'dat date marry engag'],
  ['study', 'study major'],
  ['learn', 'learn'],
  ['pay', 'pay'],
  ['wake', 'wak wake'],
  ['commute', 'commut'],
  ['sleep', 'sleep'],
  ['name', 'nam call'],
  ['verb:us', 'us use'],
  ['verb:do', 'practic practis'],
  ['age', 'turn'],
  ['be', 'follow becom became'],
  ['allergic', 'allergic intolerant'],
]);

const adverbs = new Set(
  'i we he she they it also really just now still currently usually often always sometimes mostly mainly only generally typically actually recently never ever am is are was were be been being have has had do does did will would can could not started start began begin going to never so absolutely definitely truly totally finally regularly both then'.split(
    ' ',
  ),
);

const frameMarks: [string, RegExp][] = [
  [
    'home',
    /\b(?:live|lives|living|reside|based) (?:\w+ )?(?:in|at|near|on|off|by|outside|with|alone)\b|\b(?:moved|relocated) (?:back |out )?to\b|\bi am (?:from|in) (?!the|a|my|love|good|charge|need|favor)\w+$|\bmy (?:home|home ?town|city|apartment|house|flat) is\b|\b(?:rent|own|share|have)\b.*\b(?:flat|apartment|house|room|studio|place|condo) (?:in|near|on)\b/,
  ],
  [
    'work',
    new RegExp(
      `\\b(?:work|works|working) (?:\\w+ )?(?:at|for|with|in)\\b|\\b(?:job|employer|company)\\b.*\\b(?:is|at|with)\\b|\\bemployed\\b|\\bjoined (?!(?:the|a|an|my)\\b)[a-z]|\\b(?:${occupations}) (?:at|for|with)\\b`,
    ),
  ],
  [
    'role',
    new RegExp(
      `\\b(?:work|works|working|job|employed) (?:[\\w ]+ )?as\\b|\\bmy job is\\b|\\b(?:am|became|become) (?:now )?an? (?:[\\w-]+ ){0,2}(?:${occupations})\\b`,
    ),
  ],
  [
    'group',
    /\b(?:on|in|of|joined|to) (?:the |our |a |an )?(?:[\w'-]+ ){0,3}(?:team|group|department|squad|division|crew|unit|branch|shift|class)\b/,
  ],
  [
    'station',
    /^(?:i|we) (?:(?:teach|stud(?:y|ies)|train|volunteer|practi[cs]e|coach|intern|bank|shop|lecture|serve|swim|climb|lift|row|sing|dance)\b.*|play) (?:at|in|for|with) |\bmember of\b/,
  ],
  [
    'member',
    /\b(?:in|on|to|of|attend|joined) (?:the |our |a |an |my )?(?:[\w'-]+ ){0,3}(?:club|choir|band|orchestra|league|church|committee|board|society|union|party|association|program|programme|relationship)\b/,
  ],
  [
    'ongoing',
    /^i am (?:currently |still |now )?(?:reading|watching|taking|doing|playing|studying|learning|training|working on|writing|halfway|enrolled|in (?:therapy|physio|physiotherapy|rehab|treatment))\b/,
  ],
  [
    'study',
    /\bgo(?:es)? to (?:\w+ ){0,4}(?:school|primary|secondary|elementary|high|middle|college|academy|university|uni|kindergarten|nursery|daycare)\b/,
  ],
  ['payment', /\bpay (?:for )?(?:(?:everything|most things|mostly|usually) )?(?:with|by|in) /],
  ['commute', /\b(?:take|rid|ride|drive|cycle|bike|walk|run|go|get|commute)\b.*\bto (?:work|the office|school|class|campus)\b/],
  ['name', /\bmy name is\b|\bcall me\b|\bi go by\b|\bi am (?:called|named)\b/],
  ['age', /\byears? old\b|\bturned \d+|\bmy age\b|\bi am (?:now )?\d{1,3}(?: now)?[.!]?$/],
  ['diet', /\b(?:vegan|vegetarian|pescatarian|keto|paleo|carnivore|omnivore|flexitarian|gluten-free|eat meat|diet)\b/],
  [
    'partner',
    /\b(?:dating|going out with|married|engaged|single|divorced|in a relationship)\b|\bseeing (?!an?\b|the\b|my\b|more\b|less\b)|\bhave an? (?:girlfriend|boyfriend|wife|husband|partner|fiance|fiancee)\b/,
  ],
  [
    'like',
    /\b(?:fan of|into|interested in|keen on|big on|fond of|hobby|hobbies|(?:passionate|crazy|mad|nuts) about|obsessed with|hooked on|addicted to|favorite)\b/,
  ],
  [
    'drive',
    new RegExp(
      `(?<!\\b(?:while|can|to|learned|hate|love|like|enjoy) )\\b(?:drive|drives|driving)\\b|\\bmy car is\\b|\\b(?:have|own|bought|got)\\b.*\\b(?:car|${wordsOfCategory('car').join('|')})\\b`,
    ),
  ],
  ['wake', /\b(?:wake|get) up\b/],
  ['allergic', /\ballerg|\bintoleran/],
  ['born', /\bborn\b|\bgrew up\b|\boriginally\b/],
];

const relatives =
  'sister|brother|mother|mom|mum|father|dad|parents?|wife|husband|son|daughter|kids?|child|children|boyfriend|girlfriend|partner|friend|colleague|coworker|boss|manager|roommate|flatmate|cousin|uncle|aunt|grandma|grandpa|grandmother|grandfather|neighbor|nephew|niece|dog|cat|baby|team|company|landlord|dentist|therapist|doctor|trainer|fiance|fiancee';
/** What stands before a statement and says nothing of it. */
export const openers = new RegExp(
  `^(?:(?:well|oh|ok|okay|hey|hi|hello|tbh|ngl|honestly|to be honest|frankly|so|and|but|also|${correcting}|btw|fyi|by the way|just so you know|heads up|now|currently|these days|nowadays|recently|lately|${beginning}|from now on|remember that|remember|note that|please note that|yesterday|today|last \\w+|finally|honestly|turns out|it turns out|(?:the|my) (?:doctor|vet|dentist) (?:says|said|told me)(?: that)?|i (?:have )?(?:found out|realized|realised|decided)(?: that)?|i (?:think|guess)|change of plans)[,:;.!\\s-]+)+`,
);

/** "My girlfriend is Emma" is about the speaker; "my girlfriend is a nurse" is about her. */
const partnerNamed =
  /\b[Mm]y (?:new )?(?:girlfriend|boyfriend|wife|husband|partner|fianc[eé]e?)(?:'s name)?(?: is|'s) (?:now )?(?:(?:called|named) )?(?=\p{Lu})/u;

const relativeForm = new RegExp(
  `^my (?:(?:new|current|dear|lovely) )*(?<relative>(?:[\\w-]+ ){0,2}?(?:${relatives}))\\b(?! (?:phone|number|email))`,
);
const namedRelative = new RegExp(`\\b[Mm]y (?:[\\w-]+ ){0,2}?(?:${relatives}),? (\\p{Lu}[\\p{L}-]+)`, 'u');

/** Who a statement is about; of a relative with a name, both: "sister:eva". */
export function holderOf(normal: string, original: string): string {
  if (partnerNamed.test(original)) return 'self';
  const body = normal.replace(openers, '');
  const relative = relativeForm.exec(body)?.groups?.relative;
  if (relative !== undefined) {
    const named = namedRelative.exec(original)?.[1]?.toLowerCase();
    return named === undefined ? relative : `${relative}:${named}`;
  }
  if (/^(?:i|we|my|our|call|forget)\b/.test(body) || /\b(?:i|my|me)\b/.test(body.slice(0, 40))) return 'self';
  const name = /^(?:\W|\b(?:Actually|Now|Also|So|And|But|Update)\b)*(\p{Lu}[\p{L}-]+)(?:'s)?\s/u.exec(original.trim());
  if (name?.[1] && !/^(?:The|This|That|It|He|She|They|There|No|Not)$/.test(name[1])) return name[1].toLowerCase();
  return /^(?:he|she|they)\b/.exec(body)?.[0] ?? 'it';
}

/** The thing or the name that a statement begins with; undefined where it is about the speaker or a relative. */
export function thingOf(normal: string, holder: string): Subject | undefined {
  const body = normal.replace(openers, '');
  if (relativeForm.test(body) && !/^my (?:[\w-]+ ){0,3}?[\w-]+'s /.test(body)) return undefined;
  return holder === 'self' && !/^(?:the|my|our|an?|this|that|these|those)\b/.test(body) ? undefined : subjectOf(body);
}

const dwellings =
  /\b(?:house|flat|apartment|studio|room|condo|loft|dorm|bungalow|cottage|floor|place|flatshare|home|villa|van|houseboat|cabin|basement|building)\b/;
const regions = /\b(?:village|town|city|country|farm|island|neighborhood|suburbs?|district|area|state|region|continent|valley)\b/;

/** Where one sits, or stands in a plan or in life, rather than lives. */
const elsewhere =
  /^(?:(?:in|at|near|on|by|into|to) )?(?:the |my )?(?:(?:\w+ )?(?:sofa|couch|desk|chair|bed|bench|table|seat|stool|kitchen|garden|balcony|shade|sun|moment)\b|(?:plan|step|phase|stage|level|chapter|page|point|round|version|question)\b|(?:fear|peace|hope|luxury|poverty|harmony|sin)\b)/;

/** What "live ..." or "move to ..." tells: the `home` is a place, the `lodging` a house, the `household` who shares it. */
export function dwellingOf(where: string): 'home' | 'lodging' | 'household' | undefined {
  if (/^(?:alone|by (?:my|him|her)self|on (?:my|his|her) own|(?:together )?with)\b/.test(where)) return 'household';
  if (elsewhere.test(where)) return undefined;
  const thing = /^(?:(?:in|at|near|on|by|into|to) )?(?:an?|my|our|another|the (?=(?:\w+ )?floor\b)) ?(?<kind>.*)/.exec(where)?.groups?.kind;
  if (
    thing === undefined ||
    / (?:in|at|near|outside|of) (?!an?\b|the\b|my\b|our\b|\w+ (?:dream|head|story)\b)\w/.test(thing) ||
    regions.test(thing)
  )
    return 'home';
  return dwellings.test(thing) ? 'lodging' : undefined;
}

/** How and with whom one works, which says nothing of for whom. */
const setting =
  /\b(?:works?|working) (?:\w+ )?(?:from (?!\d)|at home\b|with (?:an?|my|his|her|our|two|three|\d+)\b|in (?:an?|the|my|our) (?:[\w-]+ ){0,3}(?:office|room|cubicle|building|basement|garage|shed|library|cafe|kitchen|garden)\b)/;

/** What makes a form of "have" before it an auxiliary. */
const participle = /^(?:been|just|also|already|recently|always|never|not|finally|since|become|gone|got|had|taken|begun|to|\p{L}+ed)$/u;

/** The stem of the verb that carries a clause. */
export function mainVerb(text: string): string | undefined {
  const words = wordsOf(text);
  const at = words.findIndex(
    (word, index) => !adverbs.has(word) || (/^ha(?:ve|s|d)$/.test(word) && !participle.test(words[index + 1] ?? '')),
  );
  const verb = words[at];
  if (verb === undefined) return undefined;
  const next = words[at + 1];
  return stem(verb) === 'go' && next?.endsWith('ing') ? stem(next) : stem(verb);
}

/** The frame of a verb's stem. */
export function frameOfVerb(verb: string | undefined): string | undefined {
  return verb === undefined ? undefined : (verbFrames.get(verb) ?? `verb:${verb}`);
}

/** What kind of value "is Y" gives. */
export function valueTypeOf(original: string): Claim['valueType'] {
  const value =
    /(?:\b(?:is|am|are|now|called|named|to|renamed (?:my|our|the) \w+)|\b(?:it|that)['’]s)\s+(?:(?:now|called|named|to)\s+)*(\S+)/.exec(
      original,
    )?.[1] ?? '';
  if (/^\p{Lu}/u.test(value)) return 'name';
  if (/\d/.test(value)) return 'number';
  return /^an?$/.test(value) ? 'article' : 'other';
}

/** "my (new) X is Y", also "X: Y". */
const attributeForm =
  /\b(?:my|our|the) (?:new |current |preferred )?((?:[\p{L}\p{N}'-]+ ){0,4}?[\p{L}\p{N}'-]+?)(?: (?:of choice|now|currently|these days))? (?:is|are|has become|became|will be)\b/u;

/** A thing and what is said of it, with a sign for each number of the latter; undefined without a number. */
export function measuredOf({ key, predicate }: Subject): string | undefined {
  if (!/\d/.test(predicate) || /\b(?:not|never)\b/.test(predicate)) return undefined;
  return `${key} ${predicate
    .replace(/\b(?:now|currently|still|these days|nowadays) ?/g, '')
    .replace(/\d[\d.,:]*/g, '#')
    .trim()}`;
}

/** The stems of what "my X is Y" or "X is Y" names; empty in another form. `thing`: what the clause begins with. */
export function attributeOf(normal: string, thing: Subject | undefined): string[] {
  const form =
    attributeForm.exec(normal) ??
    /\bhave (?:an?|two|\d+) ([\w -]{2,30}?),? (?:called|named)\b/.exec(normal) ??
    /^([a-z][a-z -]{2,30}):\s/.exec(normal.replace(openers, ''));
  return form?.[1]
    ? wordsOf(form[1])
        .filter((word) => !/^(?:my|the|our|new|current|now|is|are)$/.test(word))
        .map(stem)
    : thing &&
        /^(?:(?:now|currently|still) )?(?:(?:is|are) (?!\w+ing\b)|(?:starts?|begins?|meets?|takes? place|happens?) (?:at|on|in) )/.test(
          thing.predicate,
        )
      ? thing.key.split(' ')
      : [];
}

/** Past forms after which something still holds: "I moved to Rome". */
const lasting =
  /^(?:moved|relocated|joined|adopted|bought|got|started|became|switched|changed|have|turned|named|called|settled|subscribed|learned|married|engaged|retired|decided)$/;
const pastForm =
  /^(?:went|was|were|had|ate|drank|met|saw|took|made|did|said|felt|drove|rode|ran|spoke|taught|wore|kept|slept|woke|wrote|sang|swam|spent|\p{L}{2,}ed)$/u;
/** Tells of another time before the statement itself: "as a child I lived in Canton". */
const formerly =
  /^(?:(?:as an? [\w -]{2,30}|in (?:\d{4}|my \w+)|back (?:then|in [\w ]{2,20})|when i was [^,]{1,40}?|(?:\w+ ){1,3}ago),? )(?=(?:i|we|he|she|they|my)\b)/;

function isClosed(normal: string): boolean {
  if (/\b(?:not|no longer|never|used to|formerly|stopped|quit|gave up)\b/.test(normal)) return true;
  const verb = /^(?:i|we|he|she|they) (?:also |just |once |recently )?([\p{L}]+)/u.exec(
    normal.replace(openers, '').replace(formerly, ''),
  )?.[1];
  return verb !== undefined && pastForm.test(verb) && !lasting.test(verb);
}

/** Denies all that follows. */
export const denial =
  /^(?:it is|that is) (?:(?:simply |just )?not (?:true|the case|correct|right)|(?:un|not )true|wrong|false|a (?:lie|myth|rumor)) that /;

/** A statement without its negation and its "now", and whether it was negated. */
export function assertionOf(normal: string): Assertion {
  const plain = normal.replace(openers, '').replace(/[.!]+$/, '');
  const said = plain.replace(denial, '');
  const isPast = /^(?:\w+ ){1,3}?used to\b/.test(said);
  const isNegative = /\b(?:not|never|no longer)\b/.test(said) || isPast;
  const words = said
    .replace(/\b(?:do|does) not\b|\b(?:used to|not|never|no longer|now|again|anymore|these days|nowadays|really|after all|at all)\b/g, ' ')
    .split(' ')
    .filter((word) => word !== '');
  return { affirmed: isNegative === (said !== plain), isPast, core: words.map(stem).join(' ') };
}

const languages = new Set(
  'arabic bengali bulgarian cantonese catalan chinese croatian czech danish dutch english esperanto estonian finnish french german greek hebrew hindi hungarian icelandic indonesian irish italian japanese korean latin latvian lithuanian mandarin norwegian persian polish portuguese romanian russian serbian slovak slovenian spanish swahili swedish thai tibetan turkish ukrainian urdu vietnamese welsh'
    .split(' ')
    .map(stem),
);

/** Clauses whose reading is remembered: a fact is held against up to 500 memories, and so is the next one. */
const mostRemembered = 2000;
/** Reads one clause of English. */
export const readClaim = memoized(claimOf, mostRemembered);

function claimOf(clause: string): Claim {
  const normal = normalize(clause);
  const words = new Set(wordsOf(normal).flatMap((word) => [word, ...word.split('-')].map(stem)));
  const frames = new Set(frameMarks.filter(([, mark]) => mark.test(normal)).map(([frame]) => frame));
  const body = normal.replace(openers, '').replace(new RegExp(`^my (?:[\\w-]+ ){0,2}?(?:${relatives})\\b(?: \\p{Lu}\\w+)?`, 'u'), '');
  const holder = holderOf(normal, clause);
  const thing = thingOf(normal, holder);
  const predicate = thing?.predicate ?? body;
  const attribute = attributeOf(normal, thing);
  const verb = mainVerb(predicate);
  const frame =
    (attribute.length > 0 && verb !== 'hav') || /^(?:\w+ )?(?:am|is|are) (?!\w+ing\b)/.test(predicate) ? 'be' : frameOfVerb(verb);
  if (frame && !(frame === 'work' && thing) && !(frame === 'home' && !frames.has('home')) && !(frame === 'work' && frames.size > 0))
    frames.add(frame);
  const dwelling = /\b(?:liv(?:es?|ed|ing)|resid(?:es?|ed|ing)) (?:now |currently |still )?(?<where>.+)/.exec(normal)?.groups?.where;
  if (dwelling !== undefined && frames.delete('home')) frames.add(dwellingOf(dwelling) ?? 'lodging');
  const isEmployed = /\b(?:at|for|with|in|as|job|employer|company|employed|joined)\b/.test(normal);
  if ((setting.test(normal) || !isEmployed) && frames.delete('work')) frames.add('setting');
  const paid = /^(?:i|we) (?:now )?pay for (?!everything\b|most\b)([\w' -]{2,30}?) (?:with|by|in|via|using) /.exec(body);
  if (paid?.[1]) frames.add(`way:pay ${paid[1]}`);
  // A program works with a format, and then with a further one.
  if (thing !== undefined && !/\bworks? (?:\w+ )?(?:at|for)\b|\bemployed\b|\bjoined\b/.test(normal)) frames.delete('work');
  if (partnerNamed.test(clause)) frames.add('partner');
  if (/\b(?:do|does|can) not (?:really |particularly )?(?:like|love|enjoy|stand|care)\b|\bnot (?:a fan|into|keen|fond)\b/.test(normal))
    frames.add('dislike');
  // "I take my tea black": how one has something, of which there is one way at a time.
  const served =
    /^(?:i|we) (?:now )?(?:usually |always )?(?:like|prefer|take|drink|have|eat|want|order) (?:my|our) ([\w-]+) (?!to\b|and\b|or\b|a lot\b|very\b|so\b|too\b|more\b|now\b|these\b|at\b|in\b|on\b)/.exec(
      body,
    );
  if (served?.[1]) frames.add(`way:${stem(served[1])}`);
  if (frames.has('station') && verb) frames.add(`station:${verb}`);
  const copula = /\b(?:am|is|are) (?:now )?(?!\w+ing\b)(.*)/.exec(normal);
  const after =
    frame === 'be' && copula ? (copula[1] ?? '') : verb === undefined ? '' : normal.slice(normal.indexOf(verb)).replace(/^\S+\s*/, '');
  const heads = new Set(headOf(after));
  // One studies one subject, and may learn several languages.
  if (frame === 'study' && [...heads].some((head) => languages.has(head)) && frames.delete('study')) frames.add('learn');
  return {
    holder,
    subject: attribute.length > 0 && /^(?:my|our)\b/.test(normal.replace(openers, '')) ? undefined : thing?.key,
    measured: thing && measuredOf(thing),
    value: readValue(clause),
    frames,
    attribute,
    valueType: valueTypeOf(clause),
    closed: isClosed(normal),
    heads,
    assertion: assertionOf(normal),
    has: (term) =>
      words.has(term) ||
      (term.length >= 5 && [...words].some((word) => word.length >= 5 && (word.startsWith(term) || term.startsWith(word)))),
  };
}
