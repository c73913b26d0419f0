import { describe, expect, it } from 'vitest';
import type { Core } from '../src/core/core.js';
import type { Space } from '../src/core/ports.js';
import { createProjection } from '../src/core/projection.js';
import { createTakeover } from '../src/takeover.js';
import { silentLogger } from './store/chroma/fixtures.js';

const names = Array.from({ length: 50 }, (_, number): Space => `user:u${number}`);

/** A home of many spaces, of which none is held and nothing is due; `onGlance` hears of each that is looked at. */
function watched({ bytes = () => 1, onGlance = () => undefined }: { bytes?: (space: Space) => number; onGlance?: () => void } = {}) {
  const glances: Space[] = [];
  let now = 0;
  const core = {
    spaces: { known: async () => names, bytes: async (space: Space) => bytes(space), isOpen: () => false },
    clock: { now: () => now },
    logger: silentLogger,
  } as unknown as Core;
  const takeover = createTakeover(() => core, {
    glanceAt: async (space) => {
      glances.push(space);
      onGlance();
      return createProjection(space);
    },
    isDue: () => false,
    onDue: () => undefined,
    every: 1e9,
  });
  return {
    takeover,
    /** The spaces that one look glances at. */
    async look() {
      glances.length = 0;
      await takeover.look();
      return [...glances];
    },
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe('a look at the spaces of a home', () => {
  it('gives way after each of them to whatever waits in the process', async () => {
    let glanced = 0;
    let most = 0;
    const { look, takeover } = watched({ onGlance: () => (glanced += 1) });
    const looking = look();
    let isOver = false;
    void looking.then(() => (isOver = true));
    while (!isOver) {
      const before = glanced;
      await new Promise((resolve) => setImmediate(resolve));
      most = Math.max(most, glanced - before);
    }
    expect(await looking).toEqual(names);
    expect(most).toBe(1);
    await takeover.close();
  });

  it('reads again only what grew since, and everything after a day', async () => {
    const sizes = new Map<Space, number>();
    const { look, pass, takeover } = watched({ bytes: (space) => sizes.get(space) ?? 1 });
    expect(await look()).toEqual(names);
    expect(await look()).toEqual([]);
    sizes.set('user:u7', 2);
    expect(await look()).toEqual(['user:u7']);
    pass(24 * 3600 * 1000);
    expect(await look()).toEqual(names);
    await takeover.close();
  });

  it('ends after the space that is being looked at', async () => {
    let glanced = 0;
    const { look, takeover } = watched({
      onGlance: () => {
        glanced += 1;
        void takeover.close();
      },
    });
    await look();
    await takeover.close();
    expect(glanced).toBe(1);
  });
});
