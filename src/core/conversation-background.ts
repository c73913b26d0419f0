import type { RecalledMemory } from './answers.js';
import { memoryPrefix } from './gate.js';
import { fitMemories } from './memory-lines.js';
import type { Space } from './ports.js';
import { fitProfile } from './profile-lines.js';
import { partHeadings } from './profile-parts.js';
import { lineTokens } from './tokens.js';

/** What a model is shown of the memory in one turn. */
export interface Background {
  /** The memories behind the lines, what was searched for first. */
  memories: RecalledMemory[];
  /** In recall's own rendering. */
  lines: string[];
  degraded: string[];
}

/** Of the tokens what a search found may take; the standing picture has the rest, and what is not used. */
const shareOfHits = 0.5;

/** The memories, each once. */
function distinct(memories: readonly RecalledMemory[]): RecalledMemory[] {
  const seen = new Set<string>();
  return memories.filter(({ id }) => !seen.has(id) && seen.add(id));
}

/** As much as fits the tokens of what a search found, and of the standing picture beside it. */
export function backgroundOf(
  { hits: found, profile }: { hits: RecalledMemory[]; profile: RecalledMemory[] },
  { ownSpace, maxTokens }: { ownSpace: Space; maxTokens: number },
): Omit<Background, 'degraded'> {
  const tokensOf = (lines: readonly string[]) => lines.reduce((tokens, line) => tokens + lineTokens(line), 0);
  const hits = distinct(found);
  const fitting = fitMemories(hits, { ownSpace, maxTokens: maxTokens * shareOfHits }).shown;
  const hitLines = fitting.length > 0 ? [partHeadings.hits, ...fitting] : [];
  const known = new Set(idsIn(hitLines));
  const others = profile.filter(({ id }) => !known.has(id));
  const standing = fitProfile(others, { ownSpace, maxTokens: maxTokens - tokensOf(hitLines) }).shown;
  const lines = [...standing, ...hitLines];
  const shown = new Set(idsIn(lines));
  return { memories: distinct([...hits, ...others]).filter(({ id }) => shown.has(id)), lines };
}

/** The ids at the beginnings of lines. */
function idsIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => memoryPrefix.exec(line)?.[1] ?? []);
}
