import type { Decider, DecisionCase, Neighbour, Proposal } from '../../core/ports.js';
import { breathe } from '../breathe.js';
import { chinese } from './chinese.js';
import { type Assertion, type Change, type Claim, categoryOf, exclusiveFrames, type Reader, wordsOfCategory } from './claim.js';
import { english } from './english.js';
import { valuesMeet } from './english-value.js';
import { frameNouns } from './english-words.js';

function readerOf(text: string): Reader {
  return /\p{Script=Han}/u.test(text) ? chinese : english;
}

/** Frames that no correction of another frame touches. */
const apart = ['like', 'prefer', 'dislike', 'allergic', 'born'];

/** Frames that name the same state in other words: "I pay for Netflix" is what "I subscribe to Netflix" says. */
const kin: ReadonlyMap<string, string[]> = new Map([
  ['study', ['learn']],
  ['learn', ['study']],
  ['verb:订', ['pay', 'verb:用']],
  ['pay', ['have']],
  ['have', ['drive', 'pay']],
  ['work', ['role']],
  ['verb:see', ['partner', 'verb:go']],
  ['place', ['home', 'work', 'study', 'group', 'member', 'station', 'verb:us']],
  ['used', ['verb:us', 'drive', 'prefer']],
]);

/** Categories whose words tell by themselves what is meant, whatever the verb: "I have a Pixel", "my phone is a Pixel". */
const telling: ReadonlySet<string> = new Set([
  'editor',
  'browser',
  'system',
  'phone',
  'notes',
  'messenger',
  'car',
  'bank',
  'music',
  'mode',
]);

function isKin(frame: string, claim: Claim): boolean {
  return [frame, ...(kin.get(frame) ?? [])].some((each) => claim.frames.has(each));
}

/** Whether what is claimed can be what changed; a frame that is left open meets all but tastes and origins. */
function framesMeet(change: Change, claim: Claim): boolean {
  const { frame } = change;
  if (frame !== undefined && isKin(frame, claim)) return true;
  if (frame === 'work' && change.old.length > 0 && claim.frames.has('setting')) return true;
  if (frame === 'like' || frame === 'prefer') {
    // "I now prefer tea to coffee" ends the habit as well as the taste; no longer liking something does not.
    const habit = frame === 'prefer' && change.old.length > 0 && [...claim.frames].some((each) => each.startsWith('verb:'));
    return habit || claim.frames.has('like') || claim.frames.has('prefer');
  }
  if (frame === 'gone') return !claim.frames.has('like');
  if (frame === 'into') return claim.frames.has('like') || [...claim.frames].some((each) => each.startsWith('verb:'));
  if (frame !== undefined && apart.includes(frame)) return false;
  if (claim.frames.has('allergic') || claim.frames.has('born') || claim.frames.has('dislike')) return false;
  if (frame === undefined || frame === 'be')
    return frame === undefined || !(claim.frames.has('like') || claim.frames.has('have') || claim.frames.has('prefer'));
  if (frame.startsWith('verb:') && claim.has(frame.slice(5))) {
    // Giving up a sport is not ceasing to like it; playing it no more is, where the same game is named.
    return !claim.frames.has('like') || change.old.some((term) => term !== frame.slice(5));
  }
  if (frame === 'place' || frame === 'home' || frame === 'partner' || frame === 'used' || frame === 'ongoing') return false;
  if (frame === 'verb:us' && claim.frames.has('have')) return change.old.some((term) => categoryOf([term]) !== undefined);
  if (frame === 'verb:us' && !claim.frames.has('like') && [...claim.frames].some((each) => each.startsWith('verb:'))) return true;
  // "We have no stand-up anymore" ends what "my stand-up" is about.
  if (frame === 'have' && (claim.attribute.length > 0 || claim.frames.has('verb:us')))
    return (
      (claim.attribute.length > 0 && change.old.every((term) => claim.attribute.includes(term))) ||
      telling.has(categoryOf(change.old) ?? '')
    );
  return claim.frames.has('be') && !['like', 'home', 'name', 'age', 'diet'].some((each) => claim.frames.has(each));
}

/** Whether a claim names anything of a category. */
function ofOneCategory(category: string | undefined, claim: Claim): boolean {
  return category !== undefined && wordsOfCategory(category).some((word) => claim.has(word));
}

/** Whether "my phone number" is what another statement calls "my number": the same words, or at least the same last one. */
function attributeScore(
  attribute: readonly string[],
  { claim, change: { valueType, value, category } }: { claim: Claim; change: Change },
): number {
  const known = claim.attribute;
  const person = claim.holder !== 'self' && claim.holder !== 'it';
  if (known.length > 0 && !valuesMeet(value, { other: claim.value, attribute, person }) && !ofOneCategory(category, claim)) return 0;
  // "My cat is asleep now" is not what "I have a cat named Tom" says.
  if (claim.frames.has('have') && known.length > 0 && valueType !== undefined && valueType !== 'name') return 0;
  // "My phone is an iPhone now" is about what "I have a Samsung phone" says.
  if (known.length === 0 && attribute.length === 1 && valueType !== 'other' && (claim.frames.has('have') || claim.frames.has('verb:用')))
    return claim.heads.has(attribute[0] ?? '') ? 1 : 0;
  if (known.length === 0 || (person && valueType !== undefined && valueType !== claim.valueType)) return 0;
  const shared = attribute.filter((word) => known.includes(word)).length;
  if (shared === attribute.length && shared === known.length) return 3;
  // "My work email" may be another one than "my email".
  const sameEnd = attribute.at(-1) === known.at(-1);
  return sameEnd && shared === attribute.length && !attribute.includes('favorit') && !known.includes('favorit') ? 1 : 0;
}

/** Whether two holders can be one: "my sister" may be the one called Eva, but Eva is not Ana. */
function sameHolder(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}:`) || other.startsWith(`${one}:`);
}

/** Whether a claim is about what a change is about; what has an attribute is told by the attribute. */
function isSubject(change: Change, claim: Claim): boolean {
  const held = change.holders.some((holder) => sameHolder(holder, claim.holder));
  // "Acme let me go", "my dog died": what ended is the subject itself.
  if (change.attribute?.length || change.holders.length > 1) return held;
  const { subject } = change;
  return subject === claim.subject ? held || subject !== undefined : subject !== undefined && held && subject === claim.attribute.join(' ');
}

/** Whether a claim names a term, or for the name of a category one of its members. */
function mentions(claim: Claim, term: string): boolean {
  return claim.has(term) || ofOneCategory(term, claim);
}

/** "My yoga class moved to Fridays" is about what "I do yoga on Mondays" says. */
function sameDay({ attribute, category, holders }: Change, claim: Claim): boolean {
  if (category !== 'day' || claim.attribute.length > 0 || !mentions(claim, 'day')) return false;
  return holders.length > 1 ? (attribute ?? []).every((word) => claim.has(word)) : (attribute ?? []).some((word) => claim.has(word));
}

/** "I moved my banking to N26" is about what "I bank with Chase" says. */
function isDone({ attribute, valueType }: Change, claim: Claim): boolean {
  return attribute?.length === 1 && valueType === 'name' && claim.frames.has(`verb:${attribute[0]}`);
}

function areContrary(one: Assertion, other: Assertion): boolean {
  return one.core === other.core && one.affirmed !== other.affirmed && other.isPast !== true;
}

/** Whether an occasion goes without saying: one wakes up in the morning. */
function isUsual(occasion: string, { frame }: Change): boolean {
  return frame === 'wake' ? occasion === 'morning' : frame === 'sleep' && (occasion === 'night' || occasion === 'bed');
}

/** How surely a clause is what a change corrects: 0 if it is not. */
function correctionScore(change: Change, claim: Claim): number {
  const attribute = change.attribute ? attributeScore(change.attribute, { claim, change }) : 0;
  if (change.assertion) return claim.assertion && areContrary(change.assertion, claim.assertion) ? 5 : 0;
  // "Sarah is no longer my manager" is about what "my manager is Sarah" is about.
  if (claim.closed && change.frame !== 'dislike') return 0;
  if (change.measured !== undefined && change.measured === claim.measured) return 3;
  if (!isSubject(change, claim) && attribute < 3) return 0;
  // A new position does not tell that the employer is another one.
  if (change.frame === 'role' && claim.frames.has('work') && change.old.length === 0) return 0;
  const sameHead = change.heads?.some((head) => claim.heads.has(head)) ?? false;
  if (change.old.length > 0) {
    if (![...change.old, ...(change.limits ?? [])].every((term) => mentions(claim, term))) return 0;
    if (change.attribute) {
      if (attribute > 0) return 5;
      // "My nickname changed from Sam to Max" is about what "call me Sam" says.
      return change.attribute.some((word) => claim.has(word) || claim.frames.has(frameNouns.get(word) ?? ''))
        ? 4
        : claim.attribute.length === 0 && telling.has(categoryOf(change.old) ?? '')
          ? 3
          : 0;
    }
    // Of one and the same thing, what held before is told by its words.
    if (!framesMeet(change, claim) && (change.subject === undefined || change.kind === 'retract')) return 0;
    // "I no longer have a dog" says nothing of a dog allergy.
    if (
      change.frame === 'have' &&
      claim.attribute.length === 0 &&
      claim.heads.size > 0 &&
      ![...claim.heads].some((head) => head.endsWith(change.old.at(-1) ?? ''))
    )
      return 0;
    return (
      3 +
      (change.frame !== undefined && claim.frames.has(change.frame) ? 2 : 0) -
      (claim.frames.has('like') && change.frame !== 'like' ? 1 : 0)
    );
  }
  if (change.attribute && (attribute > 0 || !change.frame))
    return attribute > 0 ? attribute : sameDay(change, claim) || isDone(change, claim) ? 2 : 0;
  if (change.kind === 'retract') {
    if (change.frame === undefined || !isKin(change.frame, claim)) return 0;
    return claim.frames.has(change.frame) ? 4 : 3;
  }
  const onOccasion = (change.occasions ?? []).every((word) => claim.has(word) || isUsual(word, change));
  if (
    onOccasion &&
    change.frame !== undefined &&
    change.frame !== 'prefer' &&
    claim.frames.has(change.frame) &&
    exclusiveFrames.has(change.frame)
  ) {
    return sameHead ? 4 : 3;
  }
  // One drinks tea as well as milk.
  const isFurther = change.category === 'drink' && change.frame !== undefined && change.frame !== 'prefer' && change.instead !== true;
  const sameCategory =
    ofOneCategory(change.category, claim) && !isFurther && (change.category === 'day' || change.category === 'time' || onOccasion);
  // A thing may open at 6 on Mondays and at 7 on Fridays.
  const perDay = (change.category === 'day' || change.category === 'time') && change.measured !== undefined;
  // One plays golf on Fridays as well as chess.
  const things = change.heads?.filter((head) => categoryOf([head]) === undefined) ?? [];
  const sameThing =
    !change.frame?.startsWith('verb:') ||
    (change.category !== 'day' && change.category !== 'time') ||
    things.every((head) => claim.has(head));
  if (
    sameCategory &&
    sameThing &&
    !perDay &&
    (change.frame === undefined
      ? framesMeet(change, claim) || claim.frames.has('prefer')
      : claim.frames.has(change.frame) || (telling.has(change.category ?? '') && !apart.some((each) => claim.frames.has(each))))
  )
    return 2;
  const sameSort =
    change.frame === undefined
      ? framesMeet(change, claim)
      : claim.frames.has(change.frame) || (change.instead === true && change.frame === 'learn' && isKin('learn', claim));
  const elsewhere = [...claim.frames].some((each) => exclusiveFrames.has(each) && each !== change.frame && each !== 'group');
  return !sameSort || !onOccasion ? 0 : sameHead && !elsewhere ? 2 : change.only === true ? 1 : 0;
}

/** Up to this score a clause is only of the right sort: if two memories are, none of them is what is meant. */
const vague = 2;

/** The part of a memory that a change corrects: `parts` are those of its sentence `sentence`. */
interface Found {
  target: number;
  score: number;
  sentences: string[];
  sentence: number;
  parts: string[];
  part: number;
}

function findCorrected(
  change: Change,
  { near, neighbours, fact }: { near: DecisionCase['near']; neighbours: Neighbour[]; fact: DecisionCase['fact'] },
): Found | 'several' | undefined {
  let best: Found | undefined;
  let rivals = 0;
  for (const { neighbour: target } of near) {
    const neighbour = neighbours[target];
    if (!neighbour || neighbour.subject !== fact.subject) continue;
    const reader = readerOf(neighbour.text);
    const sentences = reader.sentences(neighbour.text);
    for (const [sentence, text] of sentences.entries()) {
      const parts = reader.parts(text, fact.text);
      for (const [part, clause] of parts.entries()) {
        const score = change.meets ? change.meets(clause) : correctionScore(change, reader.claim(clause));
        if (score > (best?.score ?? 0)) best = { target, score, sentences, sentence, parts, part };
        else if (best && score === best.score && target !== best.target && score <= vague) rivals = score;
      }
    }
  }
  return best && rivals === best.score ? 'several' : best;
}

/** What remains of a memory when a part of it is replaced or taken out; the others stay in their own words. */
function rewrite({ sentences, sentence, parts, part }: Found, replacement: string[]): string {
  const kept = sentences.toSpliced(sentence, 1, ...parts.toSpliced(part, 1, ...replacement));
  return kept
    .map((text) => (/[.!?。！？]$/.test(text) ? text : `${text}${/\p{Script=Han}/u.test(text) ? '。' : '.'}`))
    .reduce((text, next) => (text === '' || /[。！？]$/.test(text) ? `${text}${next}` : `${text} ${next}`), '');
}

function propose({ fact, near }: DecisionCase, neighbours: Neighbour[]): Proposal {
  for (const change of readerOf(fact.text).changes(fact.text)) {
    const found = findCorrected(change, { near, neighbours, fact });
    // Where several may be meant, a vaguer reading does not know better.
    if (found === 'several') break;
    if (found) return proposeFor(change, { found, fact });
  }
  return { action: 'ADD' };
}

function proposeFor(change: Change, { found, fact }: { found: Found; fact: DecisionCase['fact'] }): Proposal {
  const { target, parts, part } = found;
  const corrected = parts[part] ?? '';
  if (readerOf(corrected).isCompound(corrected, fact.text)) return { action: 'ADD' };
  const reason = change.kind === 'retract' ? 'says that it no longer holds' : 'says what holds instead';
  const text = rewrite(found, change.kind === 'retract' ? [] : [fact.text]);
  return text === '' ? { action: 'DELETE', target, reason } : { action: 'UPDATE', target, text, reason };
}

/**
 * The built-in decision, without a model: only an explicit correction changes anything, and only the one statement
 * that it corrects; when in doubt the fact is added. It raises nothing.
 */
export function createRulesDecider(): Decider {
  return {
    name: 'rules',
    remote: false,
    // "I moved to Rome" and "I live in Oslo" share hardly a word, so that no score can rule a neighbour out.
    reach: { limit: 500, floor: 0 },
    async decide(cases, neighbours) {
      const proposals: Proposal[] = [];
      for (const each of cases) {
        proposals.push(propose(each, neighbours));
        await breathe();
      }
      return proposals;
    },
  };
}
