import type { RecalledMemory } from './answers.js';
import { beginningOf, memoryLine } from './memory-lines.js';
import { type ProfilePart, partHeadings, partShares, profileParts, shareOut } from './profile-parts.js';
import { lineTokens } from './tokens.js';

/**
 * The lines of a profile that fit the tokens, a heading before each part, and how many memories were left out. While a
 * pinned one does not fit, nothing of the other parts is shown, and as much of it as there is room for.
 */
export function fitProfile(
  memories: readonly RecalledMemory[],
  { ownSpace, maxTokens }: { ownSpace: string; maxTokens: number },
): { shown: string[]; left: number } {
  const lineOf = (memory: RecalledMemory) => memoryLine(memory, { ownSpace });
  const cost = (memory: RecalledMemory) => lineTokens(lineOf(memory));
  const roomBeside = (some: RecalledMemory[], room: number) => some.reduce((rest, memory) => rest - cost(memory), room);
  const itemsOf = (part: ProfilePart) => memories.filter((memory) => memory.part === part);

  const parts = profileParts.filter((part) => itemsOf(part).length > 0);
  const room = parts.reduce((rest, part) => rest - lineTokens(partHeadings[part]), maxTokens);
  const [pinned = []] = shareOut([{ share: 1, items: itemsOf('pinned') }], room, cost);
  const missing = itemsOf('pinned').find((memory) => !pinned.includes(memory));
  const others = parts.flatMap((part) => (part === 'pinned' || missing ? [] : [{ items: itemsOf(part), share: partShares[part] }]));
  const whole = [...pinned, ...shareOut(others, roomBeside(pinned, room), cost).flat()];
  const lines = new Map(whole.map((memory) => [memory, lineOf(memory)]));
  // An answer that found something shows something, and be it the beginning.
  const cuttable = missing ?? (whole.length === 0 ? memories[0] : undefined);
  const beginning = cuttable && beginningOf(cuttable, { ownSpace, maxTokens: roomBeside(whole, room) });
  if (cuttable && beginning !== undefined) lines.set(cuttable, beginning);
  const shown = parts.flatMap((part) => {
    const own = itemsOf(part).flatMap((memory) => lines.get(memory) ?? []);
    return own.length > 0 ? [partHeadings[part], ...own] : [];
  });
  return { shown, left: memories.length - lines.size };
}
