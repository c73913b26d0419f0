import type { Decider, DecisionCase, Neighbour, Proposal } from '../../core/ports.js';
import { chinese } from './chinese.js';
import { type Change, type Claim, exclusiveFrames, type Reader, wordsOfCategory } from './claim.js';
import { english } from './english.js';

function readerOf(text: string): Reader {
  return /\p{Script=Han}/u.test(text) ? chinese : english;
}

/** Frames that no correction of another frame touches. */
const apart = ['like', 'prefer', 'dislike', 'allergic', 'born'];

/** Whether what is claimed can be what changed; a frame that is left open meets all but tastes and origins. */
function framesMeet(change: Change, claim: Claim): boolean {
  const { frame } = change;
  if (frame !== undefined && claim.frames.has(frame)) return true;
  if (frame === 'like' || frame === 'prefer') return claim.frames.has('like') || claim.frames.has('prefer');
  if (frame !== undefined && apart.includes(frame)) return false;
  if (claim.frames.has('allergic') || claim.frames.has('born') || claim.frames.has('dislike')) return false;
  if (frame === undefined || frame === 'be')
    return frame === undefined || !(claim.frames.has('like') || claim.frames.has('have') || claim.frames.has('prefer'));
  if (frame.startsWith('verb:') && claim.has(frame.slice(5))) {
    // Giving up a sport is not ceasing to like it; playing it no more is, where the same game is named.
    return !claim.frames.has('like') || change.old.some((term) => term !== frame.slice(5));
  }
  if (frame === 'place') return claim.frames.has('home') || claim.frames.has('work');
  if (frame === 'home' || frame === 'partner') return false;
  if (frame === 'have' && claim.frames.has('drive')) return true;
  return claim.frames.has('be') && !claim.frames.has('like') && !exclusiveFramesMeet(claim);
}

function exclusiveFramesMeet(claim: Claim): boolean {
  return ['home', 'name', 'age', 'diet'].some((frame) => claim.frames.has(frame));
}

/** Whether "my phone number" is what another statement calls "my number": the same words, or at least the same last one. */
function attributeScore(
  attribute: readonly string[],
  { claim, valueType }: { claim: Claim; valueType: Claim['valueType'] | undefined },
): number {
  const known = claim.attribute;
  if (known.length === 0 || (claim.holder !== 'self' && claim.holder !== 'it' && valueType !== undefined && valueType !== claim.valueType))
    return 0;
  const shared = attribute.filter((word) => known.includes(word)).length;
  if (shared === attribute.length && shared === known.length) return 3;
  const sameEnd = attribute.at(-1) === known.at(-1);
  return sameEnd && shared === Math.min(attribute.length, known.length) && !attribute.includes('favorit') && !known.includes('favorit')
    ? 1
    : 0;
}

/** How surely a clause is what a change corrects: 0 if it is not. */
function correctionScore(change: Change, claim: Claim): number {
  const attribute = change.attribute ? attributeScore(change.attribute, { claim, valueType: change.valueType }) : 0;
  // "Sarah is no longer my manager" is about what "my manager is Sarah" is about.
  const sameAttribute = attribute === 3 && change.old.length > 0;
  if (claim.closed || (claim.holder !== change.holder && !sameAttribute)) return 0;
  const sameHead = change.heads?.some((head) => claim.heads.has(head)) ?? false;
  if (change.old.length > 0) {
    if (!change.old.every((term) => claim.has(term))) return 0;
    if (change.attribute) return attribute > 0 ? 5 : change.attribute.some((word) => claim.has(word)) ? 4 : 0;
    if (!framesMeet(change, claim)) return 0;
    // "I no longer have a dog" says nothing of a dog allergy.
    if (change.frame === 'have' && claim.heads.size > 0 && !claim.heads.has(change.old.at(-1) ?? '')) return 0;
    return (
      3 +
      (change.frame !== undefined && claim.frames.has(change.frame) ? 2 : 0) -
      (claim.frames.has('like') && change.frame !== 'like' ? 1 : 0)
    );
  }
  if (change.attribute) return attribute;
  if (change.frame !== undefined && claim.frames.has(change.frame) && (exclusiveFrames.has(change.frame) || change.kind === 'retract')) {
    if (change.frame !== 'prefer') return sameHead ? 4 : 3;
  }
  if (change.kind === 'retract') return 0;
  const sameCategory = change.category !== undefined && wordsOfCategory(change.category).some((word) => claim.has(word));
  if (
    sameCategory &&
    (change.frame === undefined ? framesMeet(change, claim) || claim.frames.has('prefer') : claim.frames.has(change.frame))
  )
    return 2;
  return sameHead && change.frame !== undefined && claim.frames.has(change.frame) ? 2 : 0;
}

interface Found {
  target: number;
  score: number;
  clauses: string[];
  clause: number;
}

function findCorrected(
  change: Change,
  { near, neighbours, subject }: { near: DecisionCase['near']; neighbours: Neighbour[]; subject: string | undefined },
) {
  let best: Found | undefined;
  for (const { neighbour: target } of near) {
    const neighbour = neighbours[target];
    if (!neighbour || neighbour.subject !== subject) continue;
    const reader = readerOf(neighbour.text);
    const clauses = reader.clauses(neighbour.text);
    for (const [clause, text] of clauses.entries()) {
      const score = correctionScore(change, reader.claim(text));
      if (score > (best?.score ?? 0)) best = { target, score, clauses, clause };
    }
  }
  return best;
}

/** What remains of a memory when one clause of it is replaced or taken out; the others stay in their own words. */
function rewrite({ clauses, clause }: Found, replacement: string | undefined): string {
  const kept = clauses.flatMap((text, at) => (at === clause ? (replacement ?? []) : text));
  return kept.map((text) => (/[.!?。！？]$/.test(text) ? text : `${text}${/\p{Script=Han}/u.test(text) ? '。' : '.'}`)).join(' ');
}

function propose({ fact, near }: DecisionCase, neighbours: Neighbour[]): Proposal {
  const change = readerOf(fact.text).change(fact.text);
  if (!change) return { action: 'ADD' };
  const found = findCorrected(change, { near, neighbours, subject: fact.subject });
  if (!found) return { action: 'ADD' };
  const { target } = found;
  const reason = change.kind === 'retract' ? 'says that it no longer holds' : 'says what holds instead';
  if (change.kind === 'retract') {
    return found.clauses.length > 1
      ? { action: 'UPDATE', target, text: rewrite(found, undefined), reason }
      : { action: 'DELETE', target, reason };
  }
  return { action: 'UPDATE', target, text: found.clauses.length > 1 ? rewrite(found, fact.text) : fact.text, reason };
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
    decide: async (cases, neighbours) => cases.map((each) => propose(each, neighbours)),
  };
}
