import { holdsContentOf, partsOf, sharedContent } from './holding-content.js';
import { holdsNamesOf, type Named, nameWords } from './holding-names.js';
import { meantNumbers, statedNumbers } from './numbers.js';
import { isDenied } from './polarity.js';

/**
 * Whether a memory says what a statement does, as far as code can tell: its numbers and names, yes for yes and no for no,
 * and most of its content. What a model takes for known is only known where this holds, since what it overlooks is lost.
 */
export function saysAllOf(memory: Named, statement: Named): boolean {
  const names = new Set([...nameWords(memory), ...nameWords(statement)]);
  return (
    holdsNumbersOf(memory, statement.text) &&
    holdsNamesOf(memory, statement) &&
    agrees(memory.text, statement.text) &&
    holdsContentOf([memory.subject, memory.text].filter(Boolean).join('\n'), statement.text, names)
  );
}

/** Whether a memory holds every number of a text, be it in its date (2 March and 2024-03-02). */
export function holdsNumbersOf({ text, occurred_at = '' }: Named, other: string): boolean {
  const held = new Set(statedNumbers(`${text} ${occurred_at}`));
  return statedNumbers(other).every((each) => held.has(each));
}

/** What a statement says is over or not so, by its words: "moved from Bern", "3 instead of 2". */
const replaced =
  /\b(?:from|left|leaving|quit|quitting|instead of|rather than|than|not|no longer (?:\w+ )?(?:in|at|with|for|on))\s+((?:(?:the|a|an)\s+)?(?:[\p{Lu}\p{N}][\p{L}\p{M}\p{N}'’.-]*\s*)+)/gu;

/**
 * Whether a text that is to replace a memory holds the names and numbers of the statement that changes it, without those
 * of the memory that the statement says are over. A date may stand for those in it.
 */
export function keepsNamesOf(text: Named, statement: Named, memory: string): boolean {
  const lasting = statement.text.replace(replaced, (whole, over: string) =>
    memory.includes(over.trim().replace(/[.]$/, '')) ? ' ' : whole,
  );
  const numbers = meantNumbers(`${text.text} ${text.occurred_at ?? ''}`);
  return statedNumbers(lasting).every((each) => numbers.has(each)) && holdsNamesOf(text, { ...statement, text: lasting });
}

/** Whether each part of a statement is said as the part of a memory that is nearest to it is: both deny, or neither does. */
function agrees(memory: string, statement: string): boolean {
  const parts = partsOf(memory);
  return partsOf(statement).every(({ part: own, content }) => {
    const shares = parts.map((each) => ({ ...each, share: sharedContent(each.content, content) }));
    const most = shares.reduce((highest, { share }) => Math.max(highest, share), 0);
    return most === 0 || shares.some(({ part, share }) => share === most && isDenied(part) === isDenied(own));
  });
}
