/** A word list as a map from each word to the name of its row. */
export function index(rows: [name: string, words: string][]): ReadonlyMap<string, string> {
  return new Map(rows.flatMap(([name, words]) => words.split(' ').map((word) => [word, name] as const)));
}

const contractions: [RegExp, string][] = [
  [/[’ʼ]/g, "'"],
  [/\bwon't\b/g, 'will not'],
  [/\bcan't\b|\bcannot\b/g, 'can not'],
  [/n't\b/g, ' not'],
  [/\b(do|does|did|is|are|was|were|have|has|had)nt\b/g, '$1 not'],
  [/\bcant\b/g, 'can not'],
  [/\bi'?m\b/g, 'i am'],
  [/'ve\b|(?<=\bi)ve\b/g, ' have'],
  [/'re\b/g, ' are'],
  [/'ll\b/g, ' will'],
  [/'d\b/g, ' would'],
  [/\b(he|she|it|that|there)'s\b/g, '$1 is'],
  [/\bany (?:more|longer)\b/g, 'anymore'],
  [/\b(fav|col|flav|neighb|hon)ou?r(?=ite|\b|s\b)/g, '$1or'],
  [/\bfavou?rite\b|\bfave?\b/g, 'favorite'],
  [/\b(?<=my |our )(?:(?:go-to|preferred|all-time|number one) )+(?:favorite )?/g, 'favorite '],
  [/\bfavorite ([\w ]{2,30})'s (?=\S)(?!.*\b(?:is|are|was|were|has)\b)/, 'favorite $1 is '],
  [/^favorite /, 'my favorite '],
  [/\bno more\b/g, 'no longer'],
  [/\b(?:the )?user\b/g, 'i'],
  [/\b(?:an? )?(?:(?:big|huge|great|massive|real|die-hard) )*fan of\b/g, 'into'],
  [/\bwould (?:much )?rather (?:have |use |do |get |take )?([^,;.]{1,40}?) than\b/, 'prefer $1 to'],
  [/\b(like|love|enjoy) ([^,;.]{1,40}?) (?:better|more) than\b/, 'prefer $2 to'],
  [/\b(is|are) not (my [\w' -]{2,30}?) anymore\b/, '$1 no longer $2'],
  [
    /^(?=(?:just |finally |recently )*(?:got|moved|switched|sold|left|joined|stopped|became|dropped|cancell?ed|replaced|started|bought|traded|swapped|quit|ditched|gave up|went|upgraded|migrated|changed|deleted|uninstalled|relocated|do not|can not|used to) )/,
    'i ',
  ],
  [/^(?=(?:no longer|done with|sick of|tired of|not(?= (?:into|an?|in|on|interested|keen)\b)) (?!.* (?:is|are|was)\b))/, 'i am '],
  [/^(.+?)[,;.] i take back what i (?:said|told you) about [^,;.]+[.!]?$/, 'correction, $1'],
  [/\bam (?:still )?subscribed to\b/g, 'subscribe to'],
  [/\b(?:has|have|had) an? (?:[\w-]+ )?(?:allergy|intolerance) to\b/g, 'am allergic to'],
  [/\b(?:have|had) an? ([\w-]+) (?:allergy|intolerance)\b/g, 'am allergic to $1'],
  [
    /^it is (?!(?:\w+ )?(?:not (?:true|the|correct|right|like)|untrue|wrong|false|a (?:lie|myth|rumor))\b)(.{1,60}?) that (i [^,;]{1,60}?)(,? (?:and )?not .+)?$/,
    'actually, $2 $1$3',
  ],
  [/^((?:[\w ]{1,20}[,:] )?)(?:instead of|rather than) ([^,;]{1,60}?),? (?=(?:i|we|my|our) )([^,;.]+)/, '$1$3 instead of $2'],
];

/** Lower case, contractions spelt out, one spelling of what is spelt in several ways; of at most 2,000 UTF-16 units. */
export function normalize(text: string): string {
  return contractions
    .reduce((normal, [find, replacement]) => normal.replace(find, replacement), text.slice(0, 2_000).toLowerCase())
    .replace(/\s+/g, ' ')
    .trim();
}

/** Stems of irregular forms. */
const irregular = index([
  ['emacs', 'emacs'],
  ['morning', 'morning mornings'],
  ['evening', 'evening evenings'],
  ['run', 'ran'],
  ['driv', 'drove driven'],
  ['eat', 'ate eaten'],
  ['drink', 'drank'],
  ['wear', 'wore'],
  ['speak', 'spoke'],
  ['teach', 'taught'],
  ['hav', 'has had'],
  ['get', 'got'],
  ['buy', 'bought'],
  ['keep', 'kept'],
  ['go', 'went goes gone'],
  ['sing', 'sang'],
  ['swim', 'swam'],
  ['sleep', 'slept'],
  ['wak', 'woke'],
  ['rid', 'rode'],
  ['child', 'kids children'],
  ['subscrib', 'subscription subscriptions'],
  ['bik', 'bicycle cycling cycle'],
]);

/** A word without its commonest endings; enough to match the forms of one verb or noun. */
export function stem(word: string): string {
  const known = irregular.get(word);
  if (known) return known;
  let base = word.replace(/'s?$/, '');
  if (base.length > 4 && base.endsWith('ies')) base = `${base.slice(0, -3)}y`;
  else if (base.length > 4 && base.endsWith('ing')) base = undouble(base.slice(0, -3));
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
const kindNouns = index([
  ['work', 'job work company employer position role workplace'],
  ['partner', 'girlfriend boyfriend fiance fiancee'],
  ['drive', 'car'],
  ['study', 'school university college major degree'],
  ['diet', 'diet'],
  ['name', 'name nickname'],
  ['home', 'home'],
]);
/** Nouns that only name what kind of thing changed, and their stems, as a frame. */
export const frameNouns: ReadonlyMap<string, string> = new Map(
  [...kindNouns].flatMap(([noun, frame]) => [
    [noun, frame],
    [stem(noun), frame],
  ]),
);

/** The words of a normalized text, versions and addresses whole. */
export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}](?:[\p{L}\p{N}+#'-]|\.(?=[\p{L}\p{N}])|:(?=\p{N}))*/gu) ?? [];
}

/** Stems of the words that tell something. */
export function termsOf(text: string): string[] {
  return wordsOf(text)
    .filter((word) => !fillers.has(word))
    .map(stem);
}

const phraseEnd =
  /[,;!?()]|[.:](?!\d)|\s(?:-|–|—)\s|\b(?:because|since|after|before|when|while|and|but|so|due|as|which|who|that|if|though|although|until|till|anymore|last|this|next|yesterday|recently|today|now|instead|(?:\w+ times|once|twice) (?:a|per|every|each)|years?|months?|weeks?|for good|for health|for medical|for years|a few|a couple|ago|these days|nowadays)\b/;
const preposition = /\b(?:in|at|on|for|with|from|by|to|of|near|into|during|around|about|every|each|named|called|as)\b/;

const leadingPreposition = new RegExp(`^\\s*(?:${preposition.source})`);

/** A text up to where its first phrase ends. */
export function untilEnd(text: string): string {
  const phrase = text.trimStart();
  const end = phraseEnd.exec(phrase);
  return end ? phrase.slice(0, end.index) : phrase;
}

/** Terms of the object in front: of its noun phrase, or where that is empty, of what its preposition leads to. */
export function objectTerms(text: string): string[] {
  const phrase = untilEnd(text);
  const terms = termsOf(phrase.split(preposition, 1)[0] ?? '');
  return terms.length > 0 ? terms : termsOf(phrase);
}

const unit =
  '(?:mg|milligrams?|g|grams?|kg|kilos?|ml|liters?|litres?|km|kilometers?|kilometres?|miles?|cups?|mugs?|pots?|glass(?:es)?|bottles?|cans?|pints?|bowls?|plates?|slices?|pieces?|spoons?|tablets?|pills?|capsules?|drops?|doses?|portions?|packs?|packets?|bars?|hours?|minutes?|pages?|euros?|dollars?|pounds?)';
/** "two cups of", "900 euros a month for" */
const amountOf = new RegExp(`\\b${unit}(?: (?:an?|per|each|every) (?:day|week|month|year))? (?:of|for|in|on|to) `, 'g');
const amountAtEnd = new RegExp(`(?<=[a-z] )\\d[\\d.,]* ?${unit}[.\\s]*$`);

/** Stems of the nouns that a text is about in the end: of its object, not of its amount, and of what it is for. */
export function headOf(text: string): string[] {
  return [
    untilEnd(text.replace(amountOf, '')).replace(amountAtEnd, '').replace(leadingPreposition, '').split(preposition, 1)[0] ?? '',
    ...[...text.matchAll(/\b(?:for|called|named) (?:my |the |our |all )?([\p{L}\p{N} -]+)/gu)].map((match) => `${match[1] ?? ''}`),
  ]
    .map((phrase) => termsOf(phrase).at(-1))
    .filter((head) => head !== undefined);
}

/** Nouns of what one does for a living, as alternatives of a pattern. */
export const occupations =
  'accountant|actor|actress|administrator|adviser|advisor|analyst|apprentice|architect|artist|astronomer|attorney|auditor|baker|banker|barber|barista|bartender|beautician|biologist|blogger|bookkeeper|bricklayer|broker|builder|butcher|cameraman|cardiologist|caretaker|carpenter|cashier|caterer|chauffeur|chef|chemist|choreographer|cleaner|clerk|coach|comedian|composer|conductor|consultant|contractor|cook|copywriter|courier|curator|decorator|dentist|dermatologist|designer|detective|developer|dietitian|director|dj|doctor|driver|economist|editor|electrician|engineer|executive|farmer|firefighter|fisherman|florist|foreman|founder|freelancer|gamekeeper|gardener|geologist|groomer|hairdresser|headhunter|historian|housekeeper|illustrator|inspector|instructor|intern|interpreter|investor|janitor|jeweller|jockey|journalist|judge|landscaper|lawyer|lead|lecturer|librarian|lifeguard|locksmith|logistician|magician|manager|marketer|masseuse|mathematician|mechanic|midwife|miner|model|musician|nanny|notary|nun|nurse|nutritionist|officer|operator|optician|paediatrician|painter|paralegal|paramedic|pediatrician|pharmacist|photographer|physicist|physiotherapist|pilot|planner|plumber|podiatrist|police officer|policeman|politician|porter|postman|potter|priest|principal|producer|product owner|professor|programmer|prosecutor|psychiatrist|psychologist|publisher|radiologist|ranger|realtor|receptionist|recruiter|registrar|reporter|researcher|roofer|sailor|salesman|salesperson|scientist|scrum master|sculptor|seamstress|secretary|soldier|solicitor|statistician|stay-at-home (?:dad|mom|mum|parent)|stewardess|streamer|student|stylist|supervisor|surgeon|surveyor|tailor|teacher|technician|tester|therapist|tiler|trader|translator|trucker|tutor|undertaker|underwriter|vet|veterinarian|videographer|waiter|waitress|watchmaker|welder|writer|youtuber|zoologist';

const month = 'january|february|march|april|may|june|july|august|september|october|november|december';

/** From when on something holds, as alternatives of a pattern. */
export const beginning = `(?:as of|since|starting|from) (?:(?:(?:this|last|next|early|mid|late) )?(?:today|tomorrow|yesterday|mon|tues|wednes|thurs|fri|satur|sun)?(?:day)?(?:week|month|year|spring|summer|autumn|fall|winter|${month}|\\d{4}|(?<=day))(?: \\d{4})?)(?=,? )`;

/** What announces that something said before was wrong, as alternatives of a pattern. */
export const correcting =
  'actually|(?:minor |small |quick )?correction|(?:scrap|scratch|strike|forget|ignore|disregard) what i (?:said|told you)(?: \\w+)?(?: about [^,;:.]{1,60})?|i (?:have )?changed my mind(?: (?:about|on) [^,;:.]{1,60})?|to correct (?:that|myself)|let me correct (?:that|myself)|i meant|i mean|no|sorry|oops|update|(?:scratch|strike|forget|ignore) that|i (?:misspoke|was wrong(?: about [^,;:.]{1,60})?|was mistaken|made a mistake|got (?:it|that) wrong|take (?:it|that) back)|my (?:mistake|bad)|on second thought|wait';
