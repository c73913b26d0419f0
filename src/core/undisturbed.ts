import type { OpenSpace } from './spaces.js';

/**
 * Runs work that looks at a space more than once, again if its log was replaced meanwhile: after a merge the same
 * numbers stand for other events.
 */
export async function undisturbed<T>(open: OpenSpace, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const before = await generationOf(open);
    const result = await work();
    if ((await generationOf(open)) === before) return result;
  }
}

function generationOf(open: OpenSpace): Promise<number> {
  return open.read(({ projection }) => projection.position.generation);
}
