/** The vocabulary of an index, searchable for words that look alike. */
export interface Spelling {
  add(term: string): void;
  remove(term: string): void;
  /** The known terms within one edit of a term, two from eight letters on. */
  near(term: string): string[];
}

const correctable = /^[a-z]{4,40}$/;
/** Letters from which two edits are forgiven: below, too many other words lie that near. */
const longWord = 8;

function trigrams(term: string): string[] {
  const padded = `^${term}$`;
  return Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3));
}

/** Edits (insert, remove, replace, swap of neighbours) between two words: optimal string alignment distance. */
function distance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const changed = (last[column - 1] ?? 0) + Number(left[row - 1] !== right[column - 1]);
      const edits = Math.min(changed, (last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(swapped ? Math.min(edits, (beforeLast[column - 2] ?? 0) + 1) : edits);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}

/** An empty vocabulary; only words of 4 to 40 letters a-z are kept, others have no near ones. */
export function createSpelling(): Spelling {
  const holders = new Map<string, Set<string>>();
  return {
    add(term) {
      if (!correctable.test(term)) return;
      for (const trigram of trigrams(term)) holders.set(trigram, (holders.get(trigram) ?? new Set<string>()).add(term));
    },
    remove(term) {
      if (!correctable.test(term)) return;
      for (const trigram of trigrams(term)) {
        const terms = holders.get(trigram);
        terms?.delete(term);
        if (terms?.size === 0) holders.delete(trigram);
      }
    },
    near(term) {
      if (!correctable.test(term)) return [];
      const edits = term.length >= longWord ? 2 : 1;
      const candidates = new Set(trigrams(term).flatMap((trigram) => [...(holders.get(trigram) ?? [])]));
      return [...candidates].filter((other) => Math.abs(other.length - term.length) <= edits && distance(term, other) <= edits);
    },
  };
}
