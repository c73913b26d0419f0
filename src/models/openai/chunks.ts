import type { Turn } from '../../core/events.js';

/** A turn, or a stretch of a long one, as one call sees it; `turn` is the index in the whole input. */
export interface Stretch {
  turn: number;
  text: string;
}

/**
 * Splits turns into chunks of at most `limit` characters, at the borders of turns; a turn that is longer than that is
 * split after its last paragraph, line, sentence or word that fits. Nothing is lost and nothing is doubled.
 */
export function chunksOf(turns: Turn[], limit: number): Stretch[][] {
  const chunks: Stretch[][] = [];
  let room = 0;
  for (const [turn, { content }] of turns.entries()) {
    for (const text of stretchesOf(content, limit)) {
      if (chunks.length === 0 || text.length > room) {
        chunks.push([]);
        room = limit;
      }
      chunks.at(-1)?.push({ turn, text });
      room -= text.length;
    }
  }
  return chunks;
}

/** Where a text may be cut, best first; the cut comes after the match. */
const borders = [/\n\s*\n/g, /\n/g, /[.!?…]["')\]]*\s|[。!?…]/g, /\s/g];

function stretchesOf(text: string, limit: number): string[] {
  const stretches: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const window = rest.slice(0, limit);
    const end = borders.map((border) => lastEnd(window, border)).find((end) => end > limit / 2) ?? wholeCharacters(window);
    stretches.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...stretches, rest];
}

function lastEnd(window: string, border: RegExp): number {
  const match = [...window.matchAll(border)].at(-1);
  return match === undefined ? 0 : match.index + match[0].length;
}

/** The length of a text without the half of a surrogate pair at its end. */
function wholeCharacters(text: string): number {
  return /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length;
}
