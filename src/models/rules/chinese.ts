import { simplify } from '../../core/simplified-chinese.js';
import { readChange } from './chinese-change.js';
import { readClaim } from './chinese-claim.js';
import { isCompound, partsOf, sentencesOf } from './chinese-clauses.js';
import { isWish } from './chinese-past.js';
import { mayChange, readingsOf } from './chinese-readings.js';
import type { Reader } from './claim.js';

/** One wording of what is said in several, in simplified characters and without the end of the sentence; of at most 2,000 UTF-16 units. */
function unified(text: string): string {
  return text
    .slice(0, 2_000)
    .replace(/\p{Script=Han}/gu, simplify)
    .replace(/(?<=\p{Script=Han})\s+|\s+(?=\p{Script=Han})/gu, '')
    .replace(/[。！!～~\s]+$/, '')
    .replace(/最爱|最钟意/g, '最喜欢')
    .replace(/钟意/g, '喜欢')
    .replace(/[啦咯喽](?=$|[，,。；;])/g, '了')
    .replace(/(?:已经|现在|早就)*不对([^，。]{1,12}?)过敏/, '不再对$1过敏')
    .replace(/对([^，。不]{1,12}?)(?:已经|现在|早就|也)*不(?:再)?过敏/, '不再对$1过敏');
}

/** Reads Chinese; terms are substrings, so nothing is cut into words. */
export const chinese: Reader = {
  sentences: sentencesOf,
  parts: partsOf,
  isCompound: (part, said) => isCompound(unified(part), unified(said)),
  claim: (clause) => readClaim(unified(clause)),
  changes: (text) => {
    const whole = unified(text);
    if (!mayChange(whole)) return [];
    const stated = whole.split(/[，,]/).filter((clause) => !isWish(clause));
    const said = stated.length > 0 ? stated.join('，') : whole;
    const form = stated.length > 0 ? readChange(said) : undefined;
    const known = new Map<string, string>();
    const unify = (clause: string) => {
      const one = known.get(clause) ?? unified(clause);
      known.set(clause, one);
      return one;
    };
    const readings = readingsOf(said).map(({ meets, ...change }) => ({
      ...change,
      meets: (clause: string) => meets?.(unify(clause)) ?? 0,
    }));
    return [...readings, ...(form ? [form] : [])];
  },
};
